"""Starts an image and looks whether it does what a service should."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace

from dflint.containers.container import Container
from dflint.containers.health import Health, HealthPlan, Probe, health_plan, watch
from dflint.containers.listeners import answers, listeners
from dflint.containers.status import number_of, signal_number, status_of
from dflint.errors import BuildError
from dflint.executor.namespaces import RunningProcess

OK, FAILED, SKIPPED = "ok", "failed", "skipped"
_SHOWN_LINES = 5
_KEPT_BYTES = 65536
_LOOK = 0.05
_NOT_STARTED = (125, 126, 127)


@dataclass(frozen=True, slots=True)
class SmokeOptions:
    """How long is waited, in seconds, and whether root will do.

    `wait` is for what no health check decides, `timeout` for the end. `interval` takes the place
    of those of the image's health check.
    """

    wait: float = 5.0
    timeout: float = 10.0
    interval: float | None = None
    allows_root: bool = False


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was looked at: `status` is `ok`, `failed` or `skipped`."""

    name: str
    status: str
    message: str


def smoke(container: Container, options: SmokeOptions) -> list[Check]:
    """Run a container until all is known of it, and end it."""
    output = _Output()
    with container.executor.running(container.root, container.process, output) as running:
        return list(_Smoke(container, options, running, output).checks())


class _Output:
    """Keeps the end of what a process writes."""

    def __init__(self) -> None:
        self._kept = b""

    def __call__(self, number: int, data: bytes) -> None:
        del number
        self._kept = (self._kept + data)[-_KEPT_BYTES:]

    def told(self) -> str:
        """Its last lines, for a message; empty for none."""
        lines = self._kept.decode(errors="replace").strip().splitlines()[-_SHOWN_LINES:]
        return "; it wrote: " + " | ".join(lines) if lines else ""


class _Smoke:
    def __init__(
        self, container: Container, options: SmokeOptions, running: RunningProcess, output: _Output
    ) -> None:
        self._container = container
        self._config = container.image.document.config
        self._options = options
        self._running = running
        self._output = output
        self._is_over = threading.Event()
        self._cancel = threading.Event()
        self._status = 0
        self._failure: BuildError | None = None
        self._begun = time.monotonic()
        self._thread = threading.Thread(target=self._follow, daemon=True)

    def checks(self) -> Iterator[Check]:
        """Look at everything, one after the other, and end the process."""
        self._thread.start()
        self._running.is_ready.wait()
        plan = health_plan(self._config, self._options.interval)
        health = None if plan is None else watch(plan, self._probe, self._is_over)
        ports = [] if self._is_over.is_set() else list(self._ports())
        if health is None and not self._config.exposed_ports:
            self._is_over.wait(self._options.wait)
        if self._failure is not None:
            raise self._failure
        yield self._started(plan is not None or bool(self._config.exposed_ports))
        yield self._healthy(plan, health)
        yield from ports or self._no_ports()
        yield self._user()
        yield self._stop()

    def _follow(self) -> None:
        try:
            self._status = self._running.follow(self._cancel)
        except BuildError as error:
            self._failure = error
        self._is_over.set()

    def _started(self, is_service: bool) -> Check:
        command = " ".join(self._container.process.arguments)
        if not self._is_over.is_set():
            return Check("start", OK, f"`{command}` is running")
        seconds = time.monotonic() - self._begun
        told = f"`{command}` ended with status {self._status} after {seconds:.1f} s"
        if self._status or is_service:
            return Check("start", FAILED, told + self._output.told())
        return Check("start", OK, told + ": it is no service")

    def _probe(self, plan: HealthPlan) -> Probe:
        output, cancel = _Output(), threading.Event()
        timer = threading.Timer(plan.timeout, cancel.set)
        timer.start()
        process = replace(self._container.process, arguments=plan.command, terminal=None)
        process = replace(process, has_init=False)
        try:
            code = self._container.executor.join(
                self._running, self._container.root, process, output, cancel
            )
        except BuildError as error:  # the container has ended meanwhile
            return Probe(1, f": {error}")
        finally:
            timer.cancel()
        return Probe(None if cancel.is_set() else code, output.told())

    def _healthy(self, plan: HealthPlan | None, health: Health | None) -> Check:
        if plan is None or health is None:
            return Check("health", SKIPPED, "the image has no HEALTHCHECK")
        checks = f"{health.count} check{'s' if health.count != 1 else ''}"
        told = f"{health.status} after {checks} and {health.seconds:.1f} s"
        if health.status == "healthy":
            return Check("health", OK, told)
        if health.status == "starting":
            return Check("health", FAILED, f"the container ended after {checks}")
        assert health.last is not None
        if health.last.exit_code is None:
            return Check("health", FAILED, f"{told}: the last took longer than {plan.timeout:g} s")
        code = f"the last gave {health.last.exit_code}"
        return Check("health", FAILED, f"{told}: {code}{health.last.output}")

    def _ports(self) -> Iterator[Check]:
        end = time.monotonic() + self._options.wait
        for port in sorted(self._config.exposed_ports):
            number, _, kind = port.partition("/")
            if kind not in ("", "tcp", "udp") or not number.isdigit():
                yield Check(f"port {port}", SKIPPED, "only tcp and udp are looked at")
                continue
            yield self._port(int(number), kind or "tcp", end)

    def _port(self, number: int, kind: str, end: float) -> Check:
        name = f"port {number}/{kind}"
        while True:
            process = number_of(self._running.descriptor)
            found = [one for one in listeners(process) if (one.kind, one.port) == (kind, number)]
            if found or self._is_over.is_set() or time.monotonic() >= end:
                break
            self._is_over.wait(_LOOK)
        if not found:
            if self._is_over.is_set():
                return Check(name, FAILED, "the container ended before anything listened there")
            others = sorted({f"{one.port}/{one.kind}" for one in listeners(process)})
            instead = f", but on {', '.join(others)}" if others else ""
            return Check(name, FAILED, f"EXPOSE names it, and nothing listens there{instead}")
        if all(one.is_loopback for one in found):
            told = "listens on the loopback address alone, where nothing outside reaches it"
            return Check(name, FAILED, told)
        if kind == "udp":
            return Check(name, OK, "something listens")
        is_own = self._container.process.network == "none"
        if answers(self._running.descriptor if is_own else None, number):
            return Check(name, OK, "takes connections")
        return Check(name, FAILED, "something listens, and takes no connection")

    def _no_ports(self) -> Iterator[Check]:
        told = "the container has ended" if self._config.exposed_ports else "EXPOSE names none"
        yield Check("ports", SKIPPED, told)

    def _user(self) -> Check:
        process = number_of(self._running.descriptor)
        status = None if self._is_over.is_set() else status_of(process)
        named = self._container.process.user
        if status is None:
            is_root = named.partition(":")[0] in ("", "0", "root")
            told = f"USER is `{named}`" if named else "the image has no USER"
        else:
            is_root = status.uid == 0
            told = f"PID 1 runs as {status.uid}" + (f" (`{named}`)" if named else ", without USER")
        if not is_root:
            return Check("user", OK, told)
        if self._options.allows_root:
            return Check("user", OK, f"{told}: root, which is allowed")
        return Check("user", FAILED, f"{told}: root")

    def _stop(self) -> Check:
        name = self._config.stop_signal or "SIGTERM"
        number = signal_number(name)
        if self._is_over.is_set():
            return Check("stop", SKIPPED, "the container has ended by itself")
        status = status_of(number_of(self._running.descriptor))
        begun = time.monotonic()
        self._running.signal(number)
        if self._is_over.wait(self._options.timeout):
            seconds = time.monotonic() - begun
            told = f"PID 1 took {name} and ended with status {self._status} after {seconds:.1f} s"
            return Check("stop", OK, told)
        self._cancel.set()
        self._is_over.wait()
        told = f"killed: PID 1 did not end within {self._options.timeout:g} s of {name}"
        if status is not None and not status.handles(number):
            told += ": it has no handler for it, and the kernel does nothing else to a PID 1"
            told += " (exec form, `exec` in a script, or `--init` help)"
        return Check("stop", FAILED, told)
