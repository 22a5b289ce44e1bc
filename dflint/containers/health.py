"""HEALTHCHECK as docker runs it, until it is decided."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

from dflint.oci.image_document import ContainerConfig

_SHELL = ("/bin/sh", "-c")
_SECOND = 1_000_000_000
#: Docker's values where the image has none.
_INTERVAL, _TIMEOUT, _START_INTERVAL, _RETRIES = 30.0, 30.0, 5.0, 3


@dataclass(frozen=True, slots=True)
class HealthPlan:
    """What is run to check a container, and how often; times in seconds.

    Checks that fail within `start_period` do not count; in it they come every `start_interval`.
    """

    command: tuple[str, ...]
    interval: float = _INTERVAL
    timeout: float = _TIMEOUT
    start_period: float = 0.0
    start_interval: float = _START_INTERVAL
    retries: int = _RETRIES


@dataclass(frozen=True, slots=True)
class Probe:
    """One check that was run: `exit_code` is None when it took longer than it may."""

    exit_code: int | None
    output: str


@dataclass(frozen=True, slots=True)
class Health:
    """What the checks have found: `healthy`, `unhealthy`, or `starting` if it ended before."""

    status: str
    count: int
    seconds: float
    last: Probe | None = None


def health_plan(config: ContainerConfig, interval: float | None = None) -> HealthPlan | None:
    """The plan of an image, None when it has none; `interval` takes the place of both of its own.

    The form `CMD-SHELL` runs by the image's SHELL.
    """
    check = config.healthcheck
    if check is None or not check.test or check.test[0] == "NONE":
        return None
    command = check.test[1:]
    if check.test[0] == "CMD-SHELL":
        command = (*(config.shell or _SHELL), *command)
    if not command:
        return None
    return HealthPlan(
        command,
        interval or check.interval / _SECOND or _INTERVAL,
        check.timeout / _SECOND or _TIMEOUT,
        check.start_period / _SECOND,
        interval or check.start_interval / _SECOND or _START_INTERVAL,
        check.retries or _RETRIES,
    )


def watch(
    plan: HealthPlan, probe: Callable[[HealthPlan], Probe], is_over: threading.Event
) -> Health:
    """Run checks until the first that succeeds, or until as many fail as the plan says."""
    begun = time.monotonic()
    count = failures = 0
    last: Probe | None = None
    while True:
        is_early = time.monotonic() - begun < plan.start_period
        if is_over.wait(plan.start_interval if is_early else plan.interval):
            return Health("starting", count, time.monotonic() - begun, last)
        is_early = time.monotonic() - begun < plan.start_period
        last = probe(plan)
        count += 1
        if last.exit_code == 0:
            return Health("healthy", count, time.monotonic() - begun, last)
        failures += not is_early
        if failures >= plan.retries:
            return Health("unhealthy", count, time.monotonic() - begun, last)
