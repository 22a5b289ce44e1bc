"""`dflint run -it` in a terminal."""

from __future__ import annotations

import fcntl
import os
import pty
import select
import signal
import struct
import termios
import time

import pytest


class Terminal:
    """A process in a terminal of its own, seen from the keyboard."""

    def __init__(self, dflint, *words, size=(33, 99)):
        arguments = dflint.arguments(*words)
        self.pid, self.descriptor = pty.fork()
        if not self.pid:
            os.chdir(dflint.place)
            fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", *size, 0, 0))
            os.execve(arguments[0], arguments, dflint.environment)
        self.shown = b""

    def until(self, text, seconds=20):
        end = time.monotonic() + seconds
        while text not in self.shown:
            assert time.monotonic() < end, self.shown
            if select.select([self.descriptor], [], [], 0.1)[0]:
                try:
                    self.shown += os.read(self.descriptor, 4096)
                except OSError:
                    assert text in self.shown, self.shown

    def type(self, data):
        os.write(self.descriptor, data)

    def resize(self, rows, columns):
        size = struct.pack("HHHH", rows, columns, 0, 0)
        fcntl.ioctl(self.descriptor, termios.TIOCSWINSZ, size)

    def is_raw(self):
        return not termios.tcgetattr(self.descriptor)[3] & termios.ECHO

    def end(self):
        """The exit status; the rest of what is shown is read."""
        while True:
            try:
                chunk = os.read(self.descriptor, 4096)
            except OSError:
                break
            self.shown += chunk
            if not chunk:
                break
        return os.waitstatus_to_exitcode(os.waitpid(self.pid, 0)[1])


@pytest.fixture
def shell(dflint):
    made = Terminal(dflint, "run", "-it", "-e", "PS1=> ", "app", "sh")
    made.until(b"> ")
    yield made
    os.close(made.descriptor)


def test_a_shell_works_as_in_any_terminal(shell):
    shell.type(b"tty; stty size; echo $TERM\n")
    shell.until(b"/dev/pts/0\r\n33 99\r\nxterm\r\n")
    assert shell.is_raw()

    shell.resize(40, 120)
    shell.type(b"sleep 0.2; stty size\n")
    shell.until(b"40 120\r\n")

    shell.type(b"sleep 50\n")
    time.sleep(0.3)
    shell.type(b"\x03")
    shell.type(b"echo status $?\n")
    shell.until(b"status 130")

    shell.type(b"exit 5\n")
    assert shell.end() == 5


def test_the_terminal_is_as_before_afterwards(dflint):
    # A shell around it, whose terminal outlives the container.
    words = " ".join(dflint.arguments("run", "-it", "app", "sh", "-c", "'stty -a; exit 4'"))
    script = (
        f"stty -g > before; {words}; echo status $?; stty -g > after; cmp before after && echo same"
    )

    class InShell:
        place, environment = dflint.place, dflint.environment

        @staticmethod
        def arguments(*_):
            return ["/bin/sh", "-c", script]

    made = Terminal(InShell)
    made.until(b"status 4")
    made.until(b"same")
    assert made.end() == 0
    os.close(made.descriptor)


def test_a_signal_ends_it_and_the_terminal_is_put_in_order(dflint):
    # A shell that is about to read may miss the signal until it has read.
    script = "trap 'exit 8' TERM; echo up; while :; do sleep 0.05; done"
    made = Terminal(dflint, "run", "-it", "app", "sh", "-c", script)
    made.until(b"up")
    os.kill(made.pid, signal.SIGTERM)

    assert made.end() == 8
    os.close(made.descriptor)


def test_with_an_init_the_terminal_is_the_commands(dflint):
    script = "trap 'exit 6' INT; echo pid $$; cat"
    made = Terminal(dflint, "run", "-it", "--init", "app", "sh", "-c", script)
    made.until(b"pid 2")
    made.type(b"typed\n")
    made.until(b"typed\r\ntyped")
    made.type(b"\x03")

    assert made.end() == 6
    os.close(made.descriptor)


def test_without_standard_input_output_is_still_that_of_a_terminal(dflint):
    done = dflint("run", "-t", "app", "sh", "-c", "test -t 1 && echo terminal")

    assert done.stdout == b"terminal\r\n"
