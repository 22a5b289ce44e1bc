"""Instructions and ONBUILD's triggers, read alike."""

from __future__ import annotations

from dflint.cst.instructions import Add, Copy
from dflint.cst.parser.build import parse
from dflint.semantic.occurrences import occurrences

TEXT = "FROM a\nONBUILD \\\n  copy --from=b --chmod=1 x \\\n  y\nADD c d\nONBUILD RUN e\n"


def texts(span):
    return TEXT[span.start : span.end]


def test_triggers_stand_among_the_instructions():
    found = list(occurrences(parse(TEXT), Copy, Add))

    assert [(one.reading.keyword, one.is_trigger) for one in found] == [
        ("copy", True),
        ("add", False),
    ]


def test_places_of_a_trigger_are_its_own():
    trigger = next(occurrences(parse(TEXT), Copy))

    assert texts(trigger.keyword) == "copy"
    assert texts(trigger.argument(1)) == "y"
    assert texts(trigger.arguments) == "x \\\n  y"
    assert texts(trigger.flag("chmod", value=True)) == "1"
    assert texts(trigger.flag("parents")) == "copy"
