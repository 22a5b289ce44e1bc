"""The executors that have programs of the host run the steps: the same answers as our own."""

from __future__ import annotations

import os
import shutil
import threading
import time

import pytest

from dflint.errors import BuildError, UnsupportedError
from dflint.executor.choose import choose
from dflint.executor.doctor import facts
from dflint.executor.process import BindMount, FileMount, Process, TmpfsMount
from dflint.executor.recording import RecordingExecutor
from tests.running import ENVIRONMENT, Collector, run


@pytest.fixture(params=["namespaces", "runc", "crun", "bwrap"])
def executor(request, mount_namespace):
    if request.param != "namespaces" and shutil.which(request.param) is None:
        pytest.skip(f"`{request.param}` is not installed")
    made = choose(request.param)
    yield made
    made.close()


def test_output_and_status_come_back(executor, root):
    ran = run(executor, root, "echo out; echo err >&2; exit 3")

    assert (ran.status, ran.stdout, ran.stderr) == (3, "out\n", "err\n")


def test_what_is_to_be_done_meanwhile_is_done_once_while_it_runs(executor, root):
    asked = []

    def meanwhile():
        asked.append(os.path.exists(f"{root}/done"))
        (root / "go").touch()

    wait = "i=0; while [ ! -e /go ] && [ $i -lt 200 ]; do sleep 0.1; i=$((i+1)); done"
    process = Process(("/bin/sh", "-c", f"{wait}; [ -e /go ] && touch /done"), ENVIRONMENT)
    status = executor.run(str(root), process, Collector(), threading.Event(), meanwhile)

    assert (status, asked) == (0, [False])
    assert (root / "done").exists()


def test_a_failure_meanwhile_ends_the_process(executor, root):
    def meanwhile():
        raise BuildError("no space")

    process = Process(("/bin/sh", "-c", "sleep 20; touch /done"), ENVIRONMENT)
    begun = time.monotonic()
    with pytest.raises(BuildError, match="no space"):
        executor.run(str(root), process, Collector(), threading.Event(), meanwhile)

    assert time.monotonic() - begun < 15
    assert not (root / "done").exists()


def test_the_world_is_the_same(executor, root):
    ran = run(
        executor,
        root,
        "echo $$ $HOME $(hostname) $(pwd); grep CapEff /proc/self/status; cat /etc/hosts",
        workdir="/tmp",
    )

    assert ran.stdout.splitlines() == [
        "1 /root buildkitsandbox /tmp",
        "CapEff:\t00000000a80425fb",
        "127.0.0.1\tlocalhost buildkitsandbox",
        "::1\tlocalhost ip6-localhost ip6-loopback",
    ]


def test_mounts_are_there_and_leave_nothing(executor, root, tmp_path):
    (tmp_path / "source").mkdir()
    before = {*os.listdir(root), "dev", "proc", "sys"}
    mounts = (
        BindMount(str(tmp_path / "source"), "/a/b"),
        TmpfsMount("/c", size=1 << 20),
        FileMount("/run/secrets/s", b"secret\n"),
    )

    ran = run(executor, root, "cat /run/secrets/s; touch /a/b/new /c/new", mounts=mounts)

    assert (ran.status, ran.stdout) == (0, "secret\n")
    assert os.listdir(tmp_path / "source") == ["new"]
    assert {*os.listdir(root)} <= before


def test_another_user_is_taken_or_refused(executor, root):
    if executor.name == "bwrap":
        with pytest.raises(UnsupportedError, match="as the user `games`"):
            run(executor, root, "id -u", user="games")
        return

    assert run(executor, root, "id -u; id -g", user="games").stdout.split() == ["5", "60"]


def test_a_missing_program_fails(executor, root):
    ran = run(executor, root, ["/nosuch"])

    assert ran.status != 0
    assert "nosuch" in ran.stderr


def test_cancelling_kills_the_step(executor, root):
    cancel = threading.Event()
    threading.Timer(0.5, cancel.set).start()
    began = time.monotonic()

    assert run(executor, root, "sleep 60 & sleep 60", cancel=cancel).status == 137
    assert time.monotonic() - began < 30


def test_there_may_be_no_network(executor, root):
    ran = run(executor, root, "grep -c : /proc/net/dev", network="none")

    assert ran.stdout == "1\n"


def test_names_are_known(mount_namespace):
    with pytest.raises(
        BuildError, match="unknown executor `qemu`, expected one of auto, namespaces"
    ):
        choose("qemu")


def test_a_program_that_is_not_installed_is_named(mount_namespace, monkeypatch):
    monkeypatch.setenv("PATH", "/nowhere")

    for name, package in (("runc", "runc"), ("crun", "crun"), ("bwrap", "bubblewrap")):
        with pytest.raises(UnsupportedError, match=f"install the package `{package}`"):
            choose(name)


def test_the_recording_executor_remembers(tmp_path):
    def answer(root, process, output):
        output(1, root.encode())
        return 7

    executor = RecordingExecutor(answer)
    output = Collector()
    process = Process(("a", "b"))

    assert executor.run("/root", process, output, threading.Event()) == 7
    assert executor.ran == [process]
    assert output.text(1) == "/root"


def test_the_doctor_names_what_is_missing(monkeypatch):
    monkeypatch.setenv("PATH", "/nowhere")

    found = {fact.name: fact for fact in facts()}

    assert not found["runc"].is_there
    assert "install the package `bubblewrap`" in found["bwrap"].advice
    assert all(fact.is_there or fact.advice for fact in found.values())
    assert next(iter(found)).startswith("Linux ")
