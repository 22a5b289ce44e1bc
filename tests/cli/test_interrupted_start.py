"""Ctrl-C while a command starts ends it without a traceback of ours."""

from __future__ import annotations

import os
import signal
import subprocess
import sys

import pytest

# Interrupts itself when a module is looked for, as Ctrl-C might just then.
_AT_IMPORT = """
import os, signal, sys
def watch(event, arguments):
    if event == "import" and arguments[0] == {name!r}:
        os.kill(os.getpid(), signal.SIGINT)
signal.signal(signal.SIGINT, signal.default_int_handler)
sys.addaudithook(watch)
sys.argv = ["dflint", *{words!r}]
from dflint.__main__ import run
run()
"""


def interrupted(name, *words):
    """How a command ends that is interrupted while a module is imported."""
    code = _AT_IMPORT.format(name=name, words=words)
    return subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=False, env=os.environ
    )


@pytest.mark.parametrize(
    "name", ["dflint.cli", "dflint.cli.main", "dflint.quick_imports", "dflint.cli.options"]
)
def test_before_the_command_line_is_read(name):
    done = interrupted(name, "--version")

    assert (done.returncode, done.stderr) == (-signal.SIGINT, "")


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("dflint.build.outcome", ("build", ".")),
        ("dflint.cli.check", ("check", "no-file")),
        ("dflint.content.store", ("buildcache", "du")),
        ("dflint.content.faults", ("store", "verify")),
    ],
)
def test_while_a_verb_is_imported(name, words):
    done = interrupted(name, *words)

    assert (done.returncode, done.stderr) == (130, "")


def test_ctrl_c_stays_ignored_where_it_was():
    code = (
        "import signal; signal.signal(signal.SIGINT, signal.SIG_IGN)\n"
        "import dflint.__main__\n"
        "print(signal.getsignal(signal.SIGINT) is signal.SIG_IGN)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True)

    assert done.stdout == b"True\n"
