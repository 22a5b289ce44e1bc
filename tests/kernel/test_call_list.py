"""Processes that go through a list of system calls in the memory of this one."""

from __future__ import annotations

import os
import socket

import pytest

from dflint.kernel import call_list
from dflint.kernel.call_list import CallList, argument_vector, message_header

pytestmark = pytest.mark.skipif(not call_list.is_possible(), reason="not on this machine")


@pytest.fixture
def pipe():
    reading, writing = os.pipe()
    yield reading, writing
    os.close(reading)


def read_all(pipe):
    """What comes out of a pipe, whose other end is closed here first."""
    reading, writing = pipe
    os.close(writing)
    found = b""
    while chunk := os.read(reading, 1000):
        found += chunk
    return found


def ended(pid):
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])


def run(calls):
    """The status of a process that makes calls, which are kept until it has ended."""
    made = calls.finish()
    return ended(made.start(0))


def write(calls, pipe, text, **to):
    return calls.call("write", pipe[1], text, len(text), **to)


def test_it_runs_a_program_with_what_the_list_says(pipe):
    calls = CallList()
    calls.call("dup3", pipe[1], 1, 0)
    arguments = calls.pointers(b"sh", b"-c", b'echo "$A $0 $1"', b"zero", b"one", 0)
    calls.call("execve", b"/bin/sh", arguments, calls.pointers(b"A=a", 0))
    made = calls.finish()
    pid = made.start(0)

    assert read_all(pipe) == b"a zero one\n"
    assert ended(pid) == 0
    assert not made.has_given_up


def test_it_goes_on_as_the_list_says(pipe):
    calls = CallList()
    calls.call("chdir", b"/not/there", on_error=2)
    write(calls, pipe, b"not this ")
    calls.call("chdir", b"/", on_success=2)
    write(calls, pipe, b"nor this ")
    write(calls, pipe, b"but this")

    assert run(calls) == 1
    assert read_all(pipe) == b"but this"


def test_it_gives_up_at_what_must_not_fail(pipe):
    calls = CallList()
    calls.call("chdir", b"/not/there")
    write(calls, pipe, b"text")
    made = calls.finish()
    pid = made.start(0)

    assert read_all(pipe) == b""
    assert ended(pid) == 1
    assert made.has_given_up


def test_it_shares_memory_and_nothing_else(pipe):
    here = os.getcwd()
    calls = CallList()
    calls.call("chdir", b"/")
    calls.call("umask", 0o777)
    calls.call("close", pipe[1])
    run(calls)

    assert os.getcwd() == here
    made = os.umask(0o022)
    os.umask(made)
    assert made != 0o777
    write_again = CallList()
    write(write_again, pipe, b"open here")
    run(write_again)
    assert read_all(pipe) == b"open here"


def test_it_is_told_where_to_go_on_while_it_waits(pipe):
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    waiting, first, second = CallList(), CallList(), CallList()
    number = waiting.call("recvmsg", 0, 0, 0, on_success=0)
    write(first, pipe, b"first ")
    write(second, pipe, b"second")
    made = waiting.finish().copy()
    made.pass_on(number, 1, theirs.fileno())
    made.pass_on(number, 2, message_header())
    with ours, theirs:
        pid = made.start(0)
        first_made = first.finish()
        first_made.go_on(second.finish())
        made.go_on(first_made)
        ours.send(b"go")
        status = ended(pid)

    assert read_all(pipe) == b"first second"
    assert status == 1
    assert made.has_given_up


def test_a_copy_gives_up_for_itself():
    calls = CallList()
    calls.call("chdir", b"/not/there")
    made = calls.finish()
    other = made.copy()
    ended(other.start(0))

    assert other.has_given_up
    assert not made.has_given_up


def test_a_copy_runs_the_same_program_with_arguments_of_its_own(pipe):
    calls = CallList()
    calls.call("dup3", pipe[1], 1, 0)
    number = calls.call("execve", b"/bin/echo", 0, calls.pointers(0))
    made = calls.finish()
    for values in ([b"echo", b"one", b""], [b"echo"], [b"echo", b"2 3"]):
        copy = made.copy()
        copy.pass_on(number, 2, argument_vector(values))
        assert ended(copy.start(0)) == 0

    assert read_all(pipe) == b"one \n\n2 3\n"
