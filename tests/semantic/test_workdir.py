"""Relative working directories."""

from __future__ import annotations

import pytest

from dflint.cst.parser.build import parse
from dflint.semantic.model import SemanticModel
from dflint.semantic.workdir import is_absolute, relative_workdirs


def paths(source):
    found = relative_workdirs(SemanticModel(parse(source)))
    return [(one.path, one.base) for one in found]


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("FROM a\nWORKDIR b\nWORKDIR c\n", [("b", "a")]),
        ("FROM a\nENV D=b\nWORKDIR $D/c\n", [("b/c", "a")]),
        ("FROM a AS b\nFROM b\nWORKDIR c\n", [("c", "a")]),
        ('FROM scratch\nWORKDIR ""\n', [("", "scratch")]),
        ("FROM a\nONBUILD WORKDIR b\nONBUILD WORKDIR c\n", [("b", "a")]),
        ("FROM a AS b\nONBUILD RUN x\nFROM b\nWORKDIR c\n", [("c", "a")]),
        ("FROM a AS b\nWORKDIR c\nFROM b\nWORKDIR d\n", [("c", "a")]),
        ("FROM debian\nWORKDIR $B\n", [("", "debian")]),
        ("FROM scratch AS b\nFROM b\nWORKDIR ${B}c\n", [("c", "scratch")]),
    ],
)
def test_first_relative_workdir_depends_on_the_base(source, expected):
    assert paths(source) == expected


@pytest.mark.parametrize(
    "source",
    [
        "FROM a\nWORKDIR /b\nWORKDIR c\n",
        "FROM a AS b\nWORKDIR /b\nFROM b AS c\nFROM c\nWORKDIR d\n",
        "FROM a\nWORKDIR $B\nWORKDIR c\n",
        'FROM a\nWORKDIR "${B}/c"\n',
        "FROM a\nWORKDIR /b\nONBUILD WORKDIR c\n",
        "FROM a AS b\nONBUILD WORKDIR /b\nFROM b\nWORKDIR c\n",
        "FROM mcr.microsoft.com/windows/nanoserver\nWORKDIR \\\\b\n",
        "FROM a\nWORKDIR\n",
        "FROM a\nWORKDIR c:/b\n",
        "FROM debian\nWORKDIR $B/c\n",
        "FROM debian\nONBUILD WORKDIR $B\n",
    ],
)
def test_other_workdirs_do_not_depend_on_it(source):
    assert paths(source) == []


def test_variables_of_unknown_bases_can_count_as_unset():
    model = SemanticModel(parse("FROM a\nWORKDIR $B\nFROM b\nWORKDIR $C/d\n"))

    assert [one.path for one in relative_workdirs(model, unknown_bases=True)] == [""]


def test_paths_of_windows_can_count_as_relative():
    model = SemanticModel(parse("FROM a\nWORKDIR c:\\\\b\nFROM windows/a\nWORKDIR /c\n"))

    assert [one.path for one in relative_workdirs(model, posix_only=True)] == ["c:\\b"]


def test_drive_letters_and_backslashes_make_a_path_absolute():
    assert is_absolute("c:\\a", False)
    assert is_absolute("\\a", True)
    assert not is_absolute("\\a", False)
    assert not is_absolute("a", True)
    assert not is_absolute("", False)
