"""What a container wants of a process, and a step does not."""

from __future__ import annotations

import os
import signal
import threading

import pytest

from dflint.executor.process import Process
from tests.running import ENVIRONMENT, Collector, run

STATUSES = (125, 126, 127)


def process(text, **options):
    return Process(("/bin/sh", "-c", text), ENVIRONMENT, **options)


def follow(running):
    """The status, found by a thread, so that the test can go on meanwhile."""
    found = []
    thread = threading.Thread(target=lambda: found.append(running.follow(threading.Event())))
    thread.start()
    assert running.is_ready.wait(20)
    return thread, found


def test_standard_input_is_read(namespaces, root):
    output = Collector()
    reading, writing = os.pipe()
    with namespaces.running(str(root), process("cat; exit 4"), output, reading) as running:
        os.close(reading)
        os.write(writing, b"given")
        os.close(writing)
        assert running.follow(threading.Event()) == 4

    assert output.text(1) == "given"


@pytest.mark.parametrize("user", ["", "games"])
def test_a_terminal_is_the_roots_own(namespaces, root, user):
    output = Collector()
    wanted = process("tty; stty size; read x; echo got $x", terminal=(30, 77), user=user)
    with namespaces.running(str(root), wanted, output) as running:
        thread, found = follow(running)
        while "30 77" not in output.text(1):
            assert thread.is_alive()
        os.write(running.terminal, b"this\n")
        thread.join(20)

    assert found == [0]
    assert output.text(1).splitlines() == ["/dev/pts/0", "30 77", "this", "got this"]


def test_ctrl_c_reaches_what_runs_in_the_terminal(namespaces, root):
    output = Collector()
    wanted = process("trap 'exit 9' INT; echo up; while :; do sleep 0.05; done", terminal=(24, 80))
    with namespaces.running(str(root), wanted, output) as running:
        thread, found = follow(running)
        while "up" not in output.text(1):
            assert thread.is_alive()
        os.write(running.terminal, b"\x03")
        thread.join(20)

    assert found == [9]


@pytest.mark.parametrize("terminal", [None, (24, 80)])
def test_init_hands_on_signals_and_gives_the_status(namespaces, root, terminal):
    output = Collector()
    text = "trap 'exit 9' TERM; echo $$; while :; do sleep 0.05; done"
    with namespaces.running(
        str(root), process(text, has_init=True, terminal=terminal), output
    ) as running:
        thread, found = follow(running)
        while not output.text(1):
            assert thread.is_alive()
        running.signal(signal.SIGTERM)
        thread.join(20)

    assert found == [9]
    assert output.text(1).split() == ["2"]


def test_init_gives_the_signal_of_a_command_that_is_killed(namespaces, root):
    ran = run(namespaces, root, "kill -9 $$; sleep 5", has_init=True)

    assert ran.status == 137


def test_a_read_only_root_has_mounts_that_are_not(namespaces, root):
    ran = run(namespaces, root, "echo x > /dev/shm/x && echo y > /y", is_read_only=True)

    assert ran.status == 1
    assert "/y: Read-only file system" in ran.stderr
    assert not (root / "y").exists()


@pytest.mark.parametrize(
    ("command", "options", "status"),
    [
        (["nowhere"], {}, 127),
        (["/nowhere"], {}, 127),
        (["/etc/passwd"], {}, 126),
        (["/etc"], {}, 126),
        (["true"], {"workdir": "/etc/passwd"}, 125),
    ],
)
def test_statuses_tell_why_a_command_was_not_started(namespaces, root, command, options, status):
    ran = run(namespaces, root, command, start_failures=STATUSES, **options)

    assert ran.status == status
    assert "unable to start container process" in ran.stderr
    assert run(namespaces, root, command, **options).status == 1


def test_another_process_joins(namespaces, root):
    output, other = Collector(), Collector()
    wanted = process("echo x > /dev/shm/here; echo up; sleep 60", network="none", hostname="it")
    with namespaces.running(str(root), wanted, output) as running:
        thread, _ = follow(running)
        while not output.text(1):
            assert thread.is_alive()
        beside = process("cat /dev/shm/here; hostname; echo $$; ls /root; exit 3", network="none")
        status = namespaces.join(running, str(root), beside, other, threading.Event())
        running.signal(signal.SIGKILL)
        thread.join(20)

    assert status == 3
    assert other.text(1).split()[:2] == ["x", "it"]
    assert int(other.text(1).split()[2]) > 1
