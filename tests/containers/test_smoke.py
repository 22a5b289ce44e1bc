"""`dflint smoke`: what is looked at, and what is said of it."""

from __future__ import annotations

import json
import signal

import pytest

from dflint.containers.health import Health, HealthPlan, Probe, health_plan, watch
from dflint.containers.status import signal_number
from dflint.errors import BuildError
from dflint.oci.image_document import ContainerConfig, Healthcheck
from tests.build.test_rootless import processes, wait_for

SERVE = "trap 'exit 0' TERM; httpd -p 8080; while :; do sleep 0.05; done"
GOOD = (
    "EXPOSE 8080",
    "USER 7",
    f'CMD ["sh", "-c", "{SERVE}"]',
    "HEALTHCHECK --interval=100ms CMD"
    " until wget -q -O /dev/null 127.0.0.1:8080/etc/passwd; do sleep 1; done",
)


def checks(dflint, *words):
    """The exit status, and the checks by name."""
    done = dflint("smoke", "--format", "json", *words)
    said = json.loads(done.stdout)
    assert said["passed"] == (done.returncode == 0)
    return done.returncode, {one["name"]: (one["status"], one["message"]) for one in said["checks"]}


@pytest.fixture(scope="module")
def good(dflint):
    dflint.image("good", *GOOD)
    return dflint


def test_a_good_image_passes(good):
    status, found = checks(good, "good")

    assert status == 0, found
    assert [one for one, _ in found.values()] == ["ok"] * 5
    assert found["health"][1].startswith("healthy after 1 check")
    assert found["port 8080/tcp"][1] == "takes connections"
    assert found["user"][1] == "PID 1 runs as 7 (`7`)"
    assert found["stop"][1].startswith("PID 1 took SIGTERM and ended with status 0")
    assert good.containers() == []


def test_the_text_has_a_line_for_each(good):
    done = good("smoke", "-u", "0", "good")

    lines = done.stdout.decode().splitlines()
    assert done.returncode == 1
    assert [line[:4].strip() for line in lines] == ["ok", "ok", "ok", "FAIL", "ok"]
    assert lines[3] == "FAIL  user: PID 1 runs as 0 (`0`): root"
    assert good("smoke", "-u", "0", "--allow-root", "good").returncode == 0


def test_the_health_check_fails_as_often_as_it_may(dflint):
    dflint.image(
        "ill", "USER 7", 'CMD ["sleep", "60"]',
        "HEALTHCHECK --interval=50ms --retries=2 CMD echo not well; exit 3",
    )  # fmt: skip

    status, found = checks(dflint, "--timeout", "0.1", "ill")

    assert status == 1
    assert found["health"][0] == "failed"
    assert found["health"][1].startswith("unhealthy after 2 checks")
    assert found["health"][1].endswith("the last gave 3; it wrote: not well")
    assert found["stop"][0] == "failed"
    assert "it has no handler for it" in found["stop"][1]


def test_a_health_check_that_takes_too_long_is_killed(dflint):
    seconds = "983011"
    dflint.image(
        "slow", "USER 7", 'CMD ["sleep", "60"]',
        f"HEALTHCHECK --interval=50ms --timeout=100ms --retries=1 CMD sleep {seconds}",
    )  # fmt: skip

    _, found = checks(dflint, "--timeout", "0.1", "slow")

    assert found["health"][1].endswith("the last took longer than 0.1 s")
    assert wait_for(lambda: not processes(seconds))


def test_the_health_check_runs_by_the_shell_and_the_user_of_the_image(dflint):
    dflint.image(
        "shell", "USER 7", "ENV NAME=value", 'SHELL ["/bin/ash", "-x", "-c"]',
        'CMD ["sleep", "60"]', "WORKDIR /etc",
        "HEALTHCHECK --interval=50ms --retries=1 CMD echo $(id -u) $NAME $PWD >&2; exit 1",
    )  # fmt: skip

    _, found = checks(dflint, "--timeout", "0.1", "shell")

    assert "7 value /etc" in found["health"][1]
    assert "+ echo 7 value /etc" in found["health"][1]


def test_ports_and_users_are_told(dflint):
    dflint.image("ports", "EXPOSE 8080 9090/udp 7070", f'CMD ["sh", "-c", "{SERVE}"]')

    status, found = checks(dflint, "--wait", "0.5", "ports")
    alone = checks(
        dflint, "--wait", "1", "ports", "sh", "-c", SERVE.replace("80", "127.0.0.1:80", 1)
    )

    assert status == 1
    assert found["port 8080/tcp"][0] == "ok"
    assert found["port 7070/tcp"] == (
        "failed", "EXPOSE names it, and nothing listens there, but on 8080/tcp"
    )  # fmt: skip
    assert found["port 9090/udp"][0] == "failed"
    assert found["user"] == ("failed", "PID 1 runs as 0, without USER: root")
    assert alone[1]["port 8080/tcp"][1].startswith("listens on the loopback address alone")


def test_a_service_that_ends_is_told_with_its_last_words(dflint):
    dflint.image(
        "broken", "EXPOSE 80", "USER 7", 'CMD ["sh", "-c", "echo no database >&2; exit 4"]'
    )

    status, found = checks(dflint, "broken")

    assert status == 1
    assert found["start"][0] == "failed"
    assert "ended with status 4" in found["start"][1]
    assert found["start"][1].endswith("it wrote: no database")
    assert found["stop"][0] == "skipped"


def test_a_command_that_ends_well_is_no_service(dflint):
    status, found = checks(dflint, "-u", "7", "app", "true")

    assert status == 0
    assert found["start"][1].endswith("it is no service")


def test_the_stop_signal_is_the_images(dflint):
    script = "trap 'exit 5' QUIT; while :; do sleep 0.05; done"
    dflint.image("quits", "STOPSIGNAL QUIT", "USER 7", f'CMD ["sh", "-c", "{script}"]')

    status, found = checks(dflint, "--wait", "0.3", "quits")

    assert status == 0
    assert found["stop"][1].startswith("PID 1 took QUIT and ended with status 5")


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--wait", "x", "app"], "--wait: expected a number of seconds, found `x`"),
        (["--health-interval", "3", "app"], "expected a duration such as `2s`, found `3`"),
        ([], "smoke: expected an image, found nothing"),
    ],
)
def test_wrong_usage_is_told(dflint, words, message):
    done = dflint("smoke", *words)

    assert done.returncode == 2
    assert message in done.stderr.decode()


class Over:
    """An event of a container that never ends, which takes note of how long is waited."""

    def __init__(self):
        self.waits = []

    def wait(self, seconds):
        self.waits.append(seconds)
        return False


def watched(plan, *codes):
    over, left = Over(), list(codes)
    return watch(plan, lambda plan: Probe(left.pop(0), ""), over), over.waits, left


def test_failures_count_in_a_row_until_there_are_enough():
    health, waits, left = watched(HealthPlan(("x",), interval=7, retries=3), 1, None, 1, 0)

    assert (health.status, health.count, left) == ("unhealthy", 3, [0])
    assert waits == [7, 7, 7]


def test_failures_of_the_start_do_not_count():
    plan = HealthPlan(("x",), interval=7, retries=1, start_period=100, start_interval=2)

    health, waits, _ = watched(plan, 1, 1, 1, 0)

    assert (health.status, health.count) == ("healthy", 4)
    assert waits == [2, 2, 2, 2]


def test_values_that_are_not_given_are_dockers():
    config = ContainerConfig(healthcheck=Healthcheck(("CMD-SHELL", "a b"), retries=5))

    plan = health_plan(config)

    assert plan == HealthPlan(("/bin/sh", "-c", "a b"), 30, 30, 0, 5, 5)
    assert health_plan(ContainerConfig(healthcheck=Healthcheck(("NONE",)))) is None
    assert health_plan(ContainerConfig()) is None


def test_a_container_that_ends_is_neither():
    class Ended(Over):
        def wait(self, seconds):
            return True

    assert watch(HealthPlan(("x",)), lambda plan: Probe(0, ""), Ended()).status == "starting"
    assert isinstance(Health("healthy", 1, 0.1), Health)


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("SIGTERM", signal.SIGTERM), ("quit", signal.SIGQUIT), ("9", signal.SIGKILL),
        ("SIGRTMIN+3", signal.SIGRTMIN + 3), ("RTMAX-1", signal.SIGRTMAX - 1),
    ],
)  # fmt: skip
def test_signals_by_their_names(text, number):
    assert signal_number(text) == number


def test_a_signal_that_is_none_is_told():
    with pytest.raises(BuildError, match="expected a signal, found `SIGNOPE`"):
        signal_number("SIGNOPE")
