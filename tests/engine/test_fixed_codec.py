"""What fixes made of a file comes out of bytes as it went in, and of no others."""

from __future__ import annotations

import pytest

from dflint.engine.fixed_codec import decode_fixed, encode_fixed
from dflint.engine.report import FileReport, FixedFile
from dflint.fix.choose import Reason
from dflint.fix.outcome import Applied, Skipped

BEFORE = "from a\n"


def file(after=BEFORE, *applied, report=None, **more):
    made = FixedFile(FileReport("p") if report is None else report, BEFORE, after)
    made.applied = applied
    for name, value in more.items():
        setattr(made, name, value)
    return made


def fields(made):
    told = [(one.rule, one.title, one.line, one.is_safe) for one in made.applied]
    return (made.path, made.before, made.after, told, made.findings, made.problem, made.is_changed)


MADE = {
    "nothing": file(),
    "empty": file("", Applied("r", "remove all", 1, True)),
    "several": file("FROM a\r\n", Applied("a", "", 1, True), Applied("b", "do é", 99, False)),
    "odd": file("=\udcff\ud800 \U0001f433\n", Applied("a", "\udcff", 1, False)),
}


@pytest.mark.parametrize("name", MADE)
def test_fixes_come_back_field_by_field(name):
    data = encode_fixed(MADE[name])

    assert data is not None
    assert fields(decode_fixed("p", BEFORE, data)) == fields(MADE[name])


def test_every_field_is_known_to_the_codec():
    """A new field has to be written and read by it, or to keep a file from being kept."""
    assert FixedFile.__slots__ == (
        "after", "applied", "before", "evidence", "problem", "skipped", "unsettled",
    )  # fmt: skip
    assert Applied.__slots__ == ("is_safe", "line", "rule", "title")


@pytest.mark.parametrize(
    "made",
    [
        file("a\0b"),
        file("x", Applied("a", "\0", 1, True)),
        file("x", skipped=(Skipped("a", 1, next(iter(Reason.__members__.values())), ""),)),
        file("x", unsettled=("a", "b")),
        file("x", problem="cannot be written"),
        file("x", evidence=({"a": 1},)),
        file("x", report=FileReport("p", failure="a rule crashed", internal=True)),
        file("x", report=FileReport("p", notes=("a template",))),
    ],
)
def test_what_there_is_more_to_say_of_is_not_kept(made):
    assert encode_fixed(made) is None


@pytest.mark.parametrize("name", MADE)
def test_bytes_that_are_no_fixes_are_refused(name):
    data = encode_fixed(MADE[name])
    assert data is not None
    for broken in (b"", b"fixed", b"fixed\0", b"\xff", data + b"\0", data + b"\0x", b"0" + data):
        with pytest.raises(ValueError):
            decode_fixed("p", BEFORE, broken)
