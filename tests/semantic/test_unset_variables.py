"""Variables that are not set, and why."""

from __future__ import annotations

import pytest

from dflint.cst.parser.build import parse
from dflint.semantic.model import SemanticModel
from dflint.semantic.unset_reasons import reason_of
from dflint.semantic.unset_variables import Cause, unset_variables


def found(source):
    return list(unset_variables(SemanticModel(parse(source))))


def causes(source):
    return [(one.use.name, one.cause) for one in found(source)]


@pytest.mark.parametrize(
    ("source", "cause"),
    [
        ("FROM scratch\nUSER $X\n", Cause.NOWHERE),
        ("FROM debian:12\nUSER $X\n", Cause.NOWHERE),
        ("FROM docker.io/library/alpine@sha256:00\nUSER $X\n", Cause.NOWHERE),
        ("FROM node\nUSER $x\n", Cause.NOWHERE),
        ("FROM node\nUSER $X\n", Cause.UNKNOWN),
        ("FROM me/debian\nUSER $X\n", Cause.UNKNOWN),
        ("FROM debian\nUSER $LANG\n", Cause.UNKNOWN),
        ("ARG B\nFROM $B\nUSER $X\n", Cause.UNKNOWN),
        ("ARG X\nFROM a\nUSER $X\n", Cause.GLOBAL),
        ("ARG X=1\nFROM a\nUSER ${X:-2}\n", Cause.GLOBAL),
        ("ARG NODE_X=1\nFROM b/node:$NODE_X\nLABEL a=$NODE_X\n", Cause.UNKNOWN),
        ("FROM a\nUSER ${TARGETOS:+x}\n", Cause.PREDEFINED),
        ("FROM a\nENV HTTP_PROXY=$HTTP_PROXY\n", Cause.PREDEFINED),
        ("FROM a\nCOPY $PWD /\n", Cause.PARAMETER),
        ("FROM a\nLABEL b=$1\n", Cause.PARAMETER),
        ("FROM a\nENV X=${X}\n", Cause.ITSELF),
        ('FROM a\nENV X "$X"\n', Cause.ITSELF),
        ("FROM a\nENV X=$X:/b\n", Cause.UNKNOWN),
        ("FROM a\nENV Y=$X X=1\n", Cause.SAME),
        ("FROM a\nUSER $X\nENV X=1\n", Cause.LATER),
        ("FROM a\nENV X=1\nFROM b\nUSER $X\n", Cause.OTHER_STAGE),
        ("FROM a\nENV X=1\nFROM a\nUSER $X\n", Cause.UNKNOWN),
        ("FROM a\nARG NAMES\nUSER $NAME\n", Cause.MISSPELT),
        ("FROM a\nARG NB_UID\nUSER 1:$NB_GID\n", Cause.UNKNOWN),
        ("FROM scratch\nARG NB_UID\nUSER 1:$NB_GID\n", Cause.MISSPELT),
        ("ARG A=$B\nFROM a\n", Cause.NOWHERE),
        ("FROM scratch\nCOPY --chown=$X a b\n", Cause.NOWHERE),
        ("FROM scratch\nRUN --mount=type=cache,target=/$X a\n", Cause.NOWHERE),
        ("FROM scratch\nCOPY <<E /a\n'$X'\nE\n", Cause.NOWHERE),
        ("FROM scratch\nUSER ${X:-1}\n", Cause.FORESEEN),
        ("FROM scratch\nLABEL a=${X+1} b=${X:?c}\n", Cause.FORESEEN),
        ("FROM a\nUSER ${X:-1}\nENV X=2\n", Cause.FORESEEN),
        ("FROM scratch\nARG X=${X}\n", Cause.ARGUMENT),
        ("FROM scratch\nARG X=${X:-1}\n", Cause.ARGUMENT),
        ("FROM scratch\nUSER ${X:upper}\n", Cause.REFUSED),
        ("FROM scratch\nLABEL a=$X b=it's c=$Y\n", Cause.NOWHERE),
    ],
)
def test_cause_of_a_variable_that_is_not_set(source, cause):
    assert [one for _, one in causes(source)] == [cause]


@pytest.mark.parametrize(
    "source",
    [
        "FROM scratch\nARG X\nUSER $X\n",
        "FROM scratch\nARG X Y=$X\n",
        "FROM scratch AS a\nENV X=1\nFROM a\nUSER $X\n",
        "FROM scratch AS a\nONBUILD ARG X\nFROM a AS b\nUSER $X\nFROM b\nUSER $X\n",
        'FROM scratch\nRUN $X\nCMD $X\nENTRYPOINT $X\nONBUILD USER $X\nSHELL ["$X"]\n',
        "FROM scratch\nENV PATH=/a:$PATH\nUSER '$X' \\$X\n",
        "FROM scratch\nCOPY <<'E' /a\n$X\nE\nRUN <<E\n$X\nE\n",
        "FROM $X\n",
        "LABEL a=$X\nFROM scratch\n",
    ],
)
def test_no_cause_where_the_variable_is_set_or_not_needed(source):
    assert causes(source) == []


def test_a_name_counts_once_in_an_instruction():
    assert causes("FROM scratch\nENV a=$x b=$x$y\nUSER $x\n") == [
        ("x", Cause.NOWHERE),
        ("y", Cause.NOWHERE),
        ("x", Cause.NOWHERE),
    ]


def reason(source):
    one = found(source)[0]
    return reason_of(one, source, 7)


def test_reason_tells_that_the_base_image_may_set_the_variable():
    assert reason("FROM a:1\nUSER $x\n").endswith("unless `a:1` sets it")
    assert reason("ARG B\nFROM $B\nUSER $x\n").endswith("unless its base sets it")
    assert "unless" not in reason("FROM debian\nUSER $x\n")


def test_reason_gives_the_way_to_add_to_a_list_that_may_be_empty():
    assert reason("FROM debian\nENV A=$A:/b\n").endswith("`${A:+$A:}`")
    assert reason("FROM debian\nENV A=/b:$A\n").endswith("`${A:+:$A}`")


def test_reason_in_a_heredoc_names_the_quotes():
    assert "quote the heredoc's name" in reason("FROM debian\nCOPY <<E /a\n$x\nE\n")


def test_many_unset_variables_take_no_quadratic_time():
    pairs = " ".join(f"A{number}=$B{number}q" for number in range(5000))

    assert len(causes(f"FROM scratch\nENV {pairs}\n")) == 5000


@pytest.mark.parametrize(
    ("value", "is_bare"),
    [
        ("/x:$L", True),
        ('"$L:/x"', True),
        ("/x:$L:/y", True),
        ("/x:$L/y", False),
        ("/x/$L:/y", False),
        ("'/x:'$L.d", False),
    ],
)
def test_an_empty_entry_of_a_list_is_told_only_where_nothing_else_is_in_it(value, is_bare):
    source = f"FROM scratch\nENV P={value}\n"
    (one,) = found(source)
    assert ("a bare `:`" in reason_of(one, source, 0)) is is_bare


def test_an_owner_is_no_list():
    source = "FROM scratch\nCOPY --chown=$U:b a /\n"
    (one,) = found(source)
    assert "a bare `:`" not in reason_of(one, source, 0)
