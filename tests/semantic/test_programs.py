"""Shell programs of RUN as rules see them."""

from __future__ import annotations

import pytest

from dflint.lint.document import Document
from dflint.shell.dialect import Dialect
from dflint.text.source import Source


def programs_of(text):
    return Document(Source("Dockerfile", text.encode())).all_programs


def invocations_of(text, *names):
    return [one for program in programs_of(text) for one in program.invocations_of(*names)]


def values(arguments):
    return [one.value for one in arguments]


def test_wrappers_and_directories_are_looked_through():
    (found,) = invocations_of("FROM a\nRUN sudo env A=1 /usr/bin/apt-get install x\n", "apt-get")

    assert (found.name, found.action, values(found.operands)) == ("apt-get", "install", ["x"])


def test_each_letter_of_a_cluster_is_an_option():
    (found,) = invocations_of("FROM a\nRUN apt-get -qqy -t sid install -o=A::B=1 x\n", "apt-get")

    assert [one.name for one in found.options] == ["-q", "-q", "-y", "-t", "-o"]
    assert found.option("-t").value == "sid"
    assert values(found.operands) == ["x"]


def test_variables_of_the_file_are_expanded_and_split():
    text = 'FROM a\nARG P="b  c"\nENV APT="apt-get -y"\nRUN $APT install $P "$P" d$P\n'
    (found,) = invocations_of(text, "apt-get")

    assert found.option("-y") is not None
    assert values(found.operands) == ["b", "c", "b  c", "db", "c"]


@pytest.mark.parametrize(
    ("script", "value"),
    [
        ("V=1; pip install x==$V", "x==1"),
        ("export V=1 && pip install x==${V}", "x==1"),
        ("V=1; V=2; pip install x==$V", None),
        ("for V in 1 2; do pip install x==$V; done", None),
        ("V=1 pip install x==$V", None),
        ("read V; pip install x==$V", None),
        ("pip install x==$V; V=1", None),
        ("pip install x==${V:-1}", None),
        ("pip install x==$(cat v)", None),
        ("A=1; V=$A; pip install x==$V", "x==1"),
        ("V=$V.1; pip install x==$V", None),
    ],
)
def test_variables_of_the_script_are_known_where_they_are_plain(script, value):
    (found,) = invocations_of(f"FROM a\nRUN {script}\n", "pip")

    assert values(found.operands) == [value]
    assert found.operands[0].prefix.startswith("x==")


def test_module_of_python_is_its_own_program():
    (found,) = invocations_of("FROM a\nRUN python3.11 -u -m pip install -r r x\n", "pip")

    assert (found.action, values(found.operands)) == ("install", ["x"])
    assert found.option("-r").value == "r"


def test_script_in_a_word_is_a_program_with_exact_places():
    text = 'FROM a\nRUN bash -eo pipefail -c "cd /x && \\\n  apt-get install \\"y\\" | cat"\n'
    outer, inner = programs_of(text)
    (found,) = inner.invocations_of("apt-get")

    assert inner.parent is outer
    assert inner.dialect is Dialect.BASH
    assert inner.options_at(found.command) == {"errexit", "pipefail"}
    assert inner.directory_at(found.command) == "/x"
    assert text[found.span.start : found.span.end] == "apt-get"


def test_exec_form_is_read_as_one_command():
    text = (
        'FROM a\nRUN ["apt-get", "install", "it\'s", "a\\u0062", "$X"]\nRUN ["sh", "-c", "x | y"]\n'
    )
    first, shell, inner = programs_of(text)
    (found,) = first.invocations_of("apt-get")

    assert first.is_exec_form
    assert values(found.operands) == ["it's", "ab", "$X"]
    assert [text[one.span.start : one.span.end] for one in found.operands] == [
        '"it\'s"',
        '"a\\u0062"',
        '"$X"',
    ]
    assert shell.is_exec_form
    assert inner.parent is shell
    assert [one.name for one in inner.invocations] == ["x", "y"]


def test_onbuild_heredocs_and_shebangs():
    text = (
        "FROM a\nONBUILD RUN set -u; npm i x\nRUN <<E\n#!/bin/bash -e\nls\nE\n"
        "RUN <<E\n#!/usr/bin/python\nE\nRUN bash <<'E'\ntop\nE\n"
    )
    trigger, heredoc, outer, inner = programs_of(text)

    assert trigger.occurrence.is_trigger
    assert trigger.options_at(trigger.invocations[1].command) == {"nounset"}
    assert heredoc.dialect is Dialect.BASH
    assert heredoc.options_at(heredoc.invocations[0].command) == {"errexit"}
    assert inner.parent is outer
    assert [one.name for one in inner.invocations] == ["top"]


def test_options_hold_in_the_shell_that_sets_them_and_below():
    text = "FROM a\nRUN (set -e; b); c; set -o pipefail; (d); set +o pipefail; e\n"
    (program,) = programs_of(text)
    options = {one.name: program.options_at(one.command) for one in program.invocations}

    assert options["b"] == {"errexit"}
    assert options["c"] == frozenset()
    assert options["d"] == {"pipefail"}
    assert options["e"] == frozenset()


@pytest.mark.parametrize(
    ("script", "directory"),
    [
        ("make", "/w"),
        ("cd /a && make", "/a"),
        ("cd b; make", "/w/b"),
        ("(cd /a); make", "/w"),
        ("cd $UNKNOWN && make", None),
        ("cd - && make", None),
        ("pushd /a && make", None),
    ],
)
def test_reach_of_cd(script, directory):
    (program,) = programs_of(f"FROM a\nWORKDIR /w\nRUN {script}\n")
    (found,) = program.invocations_of("make")

    assert program.directory_at(found.command) == directory


def test_program_with_an_error_is_kept_apart():
    doc = Document(Source("Dockerfile", b"FROM a\nRUN if; then\nRUN ls\n"))

    assert len(doc.all_programs) == 2
    assert [program.script.text for program in doc.programs] == ["ls"]


def test_stages_and_windows():
    text = 'RUN a\nFROM b\nRUN c\nFROM d\nSHELL ["pwsh"]\nRUN e\nSHELL ["bash", "-c"]\nRUN f\n'

    assert [(one.script.text, one.stage_number) for one in programs_of(text)] == [
        ("a", -1),
        ("c", 0),
        ("f", 1),
    ]


def test_exec_form_counts_where_commands_are_those_of_posix():
    windows = 'FROM golang:1-nanoserver\nSHELL ["pwsh", "-c"]\nRUN ["mount", "x"]\n'
    linux = 'FROM debian\nSHELL ["pwsh", "-c"]\nRUN ["mount", "x"]\n'

    assert programs_of(windows) == ()
    assert [one.name for one in invocations_of(linux, "mount")] == ["mount"]


def test_commands_that_find_runs_are_commands():
    text = (
        "FROM a\nRUN find / -name x -exec rm -rf {} + -o -type d -execdir /bin/chmod 700 '{}' \\;\n"
    )
    (remove,) = invocations_of(text, "rm")
    (change,) = invocations_of(text, "chmod")

    assert remove.option("-r") is not None
    assert values(remove.operands) == [None]
    assert values(change.operands) == ["700", None]
    assert text[change.span.start : change.span.end] == "/bin/chmod"
    assert len(invocations_of(text, "find")) == 1


def test_script_of_runuser_is_a_program():
    assert [one.name for one in invocations_of("FROM a\nRUN runuser app -c 'top -b'\n", "top")] == [
        "top"
    ]
