"""Builds side by side over one store, and builds that are killed."""

from __future__ import annotations

import os
import signal
import subprocess
import time

import pytest

from dflint.content.store import ContentStore
from tests.build.test_local_cache import steps

DOCKERFILE = """\
FROM busybox AS one
COPY . /context
RUN --mount=type=cache,target=/cache echo {name} >/cache/{name}; cat /context/f* | wc -c >/one
FROM busybox
COPY --from=one /one /one
COPY --link f1 /linked/f1
RUN echo {name}; echo {name} >/name; cat /one /linked/f1 >/both
"""
FILES = {f"f{number}": str(number) * 1000 for number in range(30)}
EXPECTED = {"name": "{name}\n", "one": "50000\n", "both": "50000\n" + "1" * 1000}


@pytest.fixture
def many(command):
    command.write(FILES)
    for name in map(str, range(8)):
        command.write({f"dockerfiles/{name}": DOCKERFILE.format(name=name)})
    command.write({".dockerignore": "dockerfiles"})
    return command


def start(command, name, *options):
    """A build that writes the files it makes to a folder of its own; its standard error is read."""
    folder = command.place / f"made-{len(list(command.place.iterdir()))}"
    folder.mkdir()
    running = subprocess.Popen(
        command.arguments(f"-f{command.context}/dockerfiles/{name}", f"-o{folder}", *options),
        stderr=subprocess.PIPE, env=command.environment, cwd=command.place, text=True,
    )  # fmt: skip
    return running, folder


def finish(running, folder, name):
    """Assert that a build has made what it should; its standard error."""
    _, errors = running.communicate(timeout=120)
    assert running.returncode == 0, errors
    for file, content in EXPECTED.items():
        assert (folder / file).read_text() == content.format(name=name), file
    return errors


def assert_usable(command, name="0"):
    """Assert that a store builds, keeps what it built, and has nothing of what does not count."""
    finish(*start(command, name), name)
    again = steps(finish(*start(command, name), name))
    assert len(again) == 5 and set(again.values()) == {"CACHED"}
    store = ContentStore(str(command.store))
    assert store.verify() == ()
    store.prune()
    for folder in ("drafts", "trash", "ingest", "leases"):
        assert os.listdir(command.store / folder) == [], folder
    known = {layer for record in store.records() for layer in record.layers}
    assert known <= set(os.listdir(command.store / "layers"))
    store.prune(everything=True)
    assert os.listdir(command.store / "layers") == []
    store.close()


def left_behind(place):
    """The processes that have to do with a place, by what tells it: their words or their mounts."""
    found = []
    for number in filter(str.isdigit, os.listdir("/proc")):
        for file in ("cmdline", "environ", "mountinfo"):
            try:
                with open(f"/proc/{number}/{file}", "rb") as opened:
                    if os.fsencode(place) in opened.read() and int(number) != os.getpid():
                        found.append((number, file))
            except OSError:
                continue
    return found


def assert_nothing_left(place):
    """Assert that soon no process and no mount is left."""
    end = time.monotonic() + 15
    while (found := left_behind(place)) and time.monotonic() < end:
        time.sleep(0.02)
    assert found == []
    with open("/proc/self/mountinfo", "rb") as opened:
        assert os.fsencode(place) not in opened.read()


@pytest.mark.parametrize("options", [(), ("--no-cache",)], ids=["cache", "no-cache"])
@pytest.mark.parametrize("is_same", [True, False], ids=["same", "different"])
@pytest.mark.parametrize("count", [2, 8])
def test_builds_side_by_side(many, count, is_same, options):
    names = ["0" if is_same else str(number) for number in range(count)]
    builds = [start(many, name, *options) for name in names]
    for build, name in zip(builds, names, strict=True):
        errors = finish(*build, name)
        assert not options or "CACHED" not in errors

    assert_nothing_left(many.place)
    assert_usable(many)


def kill_at(command, lines, *options):
    """Kill a build that has said so many lines; whether it was still running."""
    running, _ = start(command, "0", *options)
    said = 0
    while said < lines and running.stderr.readline():
        said += 1
    os.kill(running.pid, signal.SIGKILL)
    running.communicate()
    return said == lines and running.returncode == -signal.SIGKILL


def test_a_build_killed_wherever_it_is_harms_nothing(many):
    """Each time one line later, over one store, until a build ends before it is killed."""
    lines = 0
    while kill_at(many, lines, "--no-cache"):
        assert_nothing_left(many.place)
        lines += 1

    assert lines > 15
    assert_usable(many)


def test_builds_killed_beside_others_do_not_disturb_them(many):
    for lines in range(2, 26, 3):
        beside = start(many, "1", "--no-cache")
        kill_at(many, lines, "--no-cache")
        finish(*beside, "1")

    assert_nothing_left(many.place)
    assert_usable(many)


def test_a_step_does_not_outlive_its_killed_build(many):
    many.write({"dockerfiles/0": "FROM busybox\nRUN sleep 76543 & echo begun; sleep 76543\n"})
    running, _ = start(many, "0")
    for line in running.stderr:
        if line.rstrip().endswith(" begun"):
            break
    assert left_behind("sleep\00076543")
    assert "mountinfo" in {file for _, file in left_behind(many.place)}
    os.kill(running.pid, signal.SIGKILL)
    running.communicate()

    assert_nothing_left("sleep\00076543")
    assert_nothing_left(many.place)
