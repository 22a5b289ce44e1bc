"""Directories that are there when a RUN begins, by what comes before it in the Dockerfile."""

from __future__ import annotations

import pytest

from dflint.lint.document import Document
from dflint.semantic.made_directories import MadeDirectories
from dflint.text.source import Source


def has(text, path):
    """Ask at the first `cd` of the last RUN."""
    doc = Document(Source("Dockerfile", text.encode()))
    program = doc.programs[-1]
    (command, *_) = program.script.commands_named("cd")
    made = MadeDirectories(doc.model, lambda: doc.programs, program.instruction)
    return made.has(path, program.script, command.start)


@pytest.mark.parametrize(
    ("before", "path"),
    [
        ("", "/tmp"),
        ("", "~"),
        ("", "$HOME"),
        ("WORKDIR /a/b\n", "/a"),
        ("WORKDIR /a\n", "."),
        ("ENV D=/a\nWORKDIR $D\n", "${D}"),
        ("COPY x /a/b/\n", "/a/b"),
        ("COPY x /a/b\n", "/a"),
        ("COPY . /a\n", "/a/"),
        ("ADD x y /a/\n", "/a"),
        ("RUN mkdir -p -m 700 /a/b\n", "/a/b"),
        ("WORKDIR /s\nRUN git clone https://h/o/r.git\n", "r"),
        ("RUN cd /s && git clone https://h/o/r.git x\n", "/s/x"),
        ("RUN useradd -m me\n", "/home/me"),
        ("RUN git clone https://h/o/r.git\n", "r"),
    ],
)
def test_there(before, path):
    assert has(f"FROM a\n{before}RUN cd {path}; ls\n", path)


@pytest.mark.parametrize(
    ("before", "path"),
    [
        ("", "/a"),
        ("", "$D"),
        ("", "$(pwd)/a"),
        ("COPY x /a/b\n", "/a/b"),
        ("WORKDIR /a\n", "b"),
        ("RUN git pull https://h/o/r.git\n", "r"),
        ("WORKDIR /a\nFROM b\n", "/a"),
    ],
)
def test_perhaps_not_there(before, path):
    assert not has(f"FROM a\n{before}RUN cd {path}; ls\n", path)


def test_what_the_script_makes_counts_from_there_on():
    assert has("FROM a\nRUN mkdir $D; cd $D; ls\n", "$D")
    assert not has("FROM a\nRUN cd $D; mkdir $D\n", "$D")


def test_a_stage_has_what_the_stage_below_it_has():
    assert has("FROM a AS b\nWORKDIR /a\nRUN mkdir /c\nFROM b\nRUN cd /c; ls\n", "/c")
