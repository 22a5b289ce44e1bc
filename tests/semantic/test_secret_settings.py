"""Secrets in ARG and ENV, with their values."""

from __future__ import annotations

from dflint.cst.instructions import Arg, Env
from dflint.lint.document import Document
from dflint.semantic.secret_settings import secret_settings
from dflint.text.source import Source


def settings(text):
    doc = Document(Source("Dockerfile", text.encode()))
    found = secret_settings(lambda: doc.model, doc.occurrences(Arg, Env))
    return [(one.name, one.is_env, one.is_harmless) for one in found]


def test_a_name_is_expanded_as_buildkit_does():
    assert settings("FROM a\nENV A=DB\nENV ${A}_KEY=x\n") == [("DB_KEY", True, False)]


def test_a_value_is_followed_through_variables():
    text = "FROM a\nARG SIGNING_KEY=0123ABCD\nENV SIGNING_KEY=$SIGNING_KEY\n"
    assert settings(text) == [("SIGNING_KEY", False, True), ("SIGNING_KEY", True, True)]


def test_a_variable_without_a_value_may_hold_a_secret():
    assert settings("FROM a\nARG A\nENV TOKEN=$A\n") == [("TOKEN", True, False)]
    assert settings("FROM a\nARG A=\nENV TOKEN=$A\n") == [("TOKEN", True, False)]


def test_a_harmless_value_is_passed_over_where_buildkit_sees_no_secret_in_the_name():
    assert settings("FROM a\nENV MAX_TOKENS=4096 dbPassword=x\n") == [("dbPassword", True, False)]


def test_an_empty_default_is_for_a_build_argument_to_replace():
    assert settings("FROM a\nARG TOKEN=\nENV KEY=\n") == [
        ("TOKEN", False, False),
        ("KEY", True, True),
    ]


def test_the_default_of_a_global_argument_counts_in_a_stage():
    assert settings("ARG TLS_KEY=/etc/key\nFROM a\nARG TLS_KEY\n") == [("TLS_KEY", False, True)]


def test_a_global_argument_that_no_stage_declares_is_listed_though_buildkit_passes_it_over():
    assert settings("ARG TOKEN\nFROM a:$TOKEN\n") == [("TOKEN", False, False)]


def test_the_value_of_a_trigger_with_a_variable_is_not_known():
    assert settings("FROM a\nONBUILD ENV KEY=$B AUTH='no'\n") == [
        ("KEY", True, False),
        ("AUTH", True, True),
    ]


def test_a_key_beside_its_value_is_no_secret_though_buildkit_takes_it_for_one():
    assert settings("FROM a\nENV F__0__Key=b F__0__Value=c API_KEY=d\n") == [
        ("F__0__Key", True, True),
        ("API_KEY", True, False),
    ]
    assert settings("FROM a\nENV KEY b\nENV VALUE=c\n") == [("KEY", True, False)]
