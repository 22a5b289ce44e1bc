"""What ENV and ARG set is known to ShellCheck, and nothing else."""

from __future__ import annotations

import pytest


@pytest.mark.parametrize(
    "text",
    [
        "FROM a\nENV x=1\nRUN ls $x\n",
        "FROM a\nENV x=1 y=2\nRUN <<EOF\nls $x $y\nEOF\n",
        "FROM a\nARG x\nRUN ls $x\n",
        "FROM a\nARG x y\nRUN ls ${y#1}\n",
        "FROM a AS b\nENV x=1\nFROM b\nRUN ls $x\n",
        "FROM a\nENV x=1\nONBUILD RUN ls $x\n",
        "FROM a\nONBUILD ARG x\nONBUILD ENV y=1\nONBUILD RUN ls $x $y\n",
        'FROM a\nRUN ls "$http_proxy" "$no_proxy"\n',
        "FROM a\nARG TARGETARCH\nRUN ls $TARGETARCH\n",
        "FROM a\nENV x=1\nRUN x=2 && ls\n",
        "FROM a\nENV UID=1\nRUN adduser -u $UID me\n",
        "FROM a\nRUN ls $HOME/x\n",
        "ENV x=1\nRUN ls $x\n",
    ],
)
def test_set_here(found, text):
    assert found(text) == []


@pytest.mark.parametrize(
    "text",
    [
        'FROM a\nRUN ls "$x"\nENV x=1\n',
        'ARG x\nFROM a\nRUN ls "$x"\n',
        'FROM a AS b\nENV x=1\nFROM c\nRUN ls "$x"\n',
        'FROM a\nARG x\nONBUILD RUN ls "$x"\n',
        'FROM a\nONBUILD RUN ls "$x"\nONBUILD ARG x\n',
    ],
)
def test_not_set_here(found, text):
    assert found(text) == [("SC2154", "$x")]


def test_platform_arguments_need_an_arg(found):
    assert found("FROM a\nRUN ls $TARGETARCH\n") == [("SC2086", "$TARGETARCH")]


def test_a_name_that_is_nearly_one_that_is_set(found):
    assert found('FROM a\nENV PROJECT=x\nRUN ls "$PROYECT"\n') == [("SC2153", "$PROYECT")]
    assert found('FROM a\nRUN ls "$HTTPS_PROXI"\n') == [("SC2153", "$HTTPS_PROXI")]


def test_directives_hold_for_the_whole_script_though_settings_come_in_between(found):
    text = "FROM a\nENV x=1\nRUN <<EOF\n# shellcheck disable=SC2086,SC2154\nls $x $y\nls $z\nEOF\n"

    assert found(text) == []
