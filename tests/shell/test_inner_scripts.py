"""Scripts that the commands of another one are given to run."""

from __future__ import annotations

import pytest

from dflint.shell.inner_scripts import inner_scripts
from dflint.shell.script import read_shell_form


@pytest.mark.parametrize(
    "text",
    [
        "sh -c 'b'",
        "a && bash -c 'b'",
        "a;ash -c 'b'",
        "(ksh\t-c 'b')",
        "/bin/dash -c 'b'",
        "zsh -c 'b'",
        "sudo su c -c 'b'",
        "runuser -u c -c 'b'",
        "crash; eval 'b'",
        "git push origin; sh -c 'b'",
        "a.sh && sh -c 'b'",
    ],
)
def test_scripts_are_found_behind_the_name_of_what_runs_them(text):
    assert [inner.script.text for inner in inner_scripts(read_shell_form(text))] == ["b"]


@pytest.mark.parametrize("text", ["crash -c 'b'", "./a.sh -c 'b'", "my-sh -c 'b'", "push 'b'"])
def test_names_that_end_alike_run_none(text):
    assert not list(inner_scripts(read_shell_form(text)))
