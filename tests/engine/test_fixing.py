"""A session fixes sources and reports on what became of them."""

from __future__ import annotations

import pytest

from dflint.config.schema import Config
from dflint.engine.report import FixedFile
from dflint.engine.session import Session
from dflint.fix.loop import Wanted
from dflint.fix.verifier import Objection
from dflint.text.source import Source

BAD = "from debian:12\nRUN free\nRUN apt-get install curl\n"
CONFIG = Config(select=("instruction-casing", "apt-no-yes", "nonsense-command"))


@pytest.fixture
def shellcheck():
    from dflint.shellcheck.program import find_program

    if find_program(None) is None:
        pytest.skip("ShellCheck is not installed")


class Judge:
    """A verifier that objects to one word."""

    def __init__(self, word="\0"):
        self.word = word
        self.asked = 0

    def judge(self, before, after, fixes):
        self.asked += 1
        return Objection((f"`{self.word}`",)) if self.word in after.text else None


def fix(text, config=CONFIG, judge=None, session=None):
    session = session or Session()
    source = Source("Dockerfile", text.encode())
    return session.fix(source, config, session.wanted(config), judge or Judge())


def test_what_stands_after_the_fixes_is_reported_with_its_new_lines():
    file = fix(BAD)

    assert isinstance(file, FixedFile)
    assert file.after == "FROM debian:12\nRUN free\nRUN apt-get install -y curl\n"
    assert [(one.rule, one.line, one.is_safe) for one in file.applied] == [
        ("instruction-casing", 1, True),
        ("apt-no-yes", 3, True),
    ]
    assert [(one.rule, one.place.line) for one in file.findings] == [("nonsense-command", 2)]


def test_a_file_without_fixes_is_reported_as_a_check_does():
    text = "FROM debian:12\nRUN free\n"
    judge = Judge()
    file = fix(text, judge=judge)
    checked = Session().check(Source("Dockerfile", text.encode()), CONFIG)

    assert (file.before, file.after, judge.asked) == (text, text, 0)
    assert [(one.rule, one.message) for one in file.findings] == [
        (one.rule, one.message) for one in checked.findings
    ]


def test_what_the_verifier_objects_to_is_skipped_and_told():
    file = fix(BAD, judge=Judge("-y"))

    assert file.after == BAD.replace("from", "FROM")
    (skipped,) = file.skipped
    assert str(skipped) == (
        "line 3: the fix of `apt-no-yes` was not applied, it would do harm: `-y`"
    )


@pytest.mark.parametrize("above", ["", "# syntax=docker/dockerfile:1\n", "# do not ignore this\n"])
def test_rules_look_once_and_those_that_mend_nothing_only_in_the_end(above):
    text = above + BAD
    session = Session()
    rules = session._rules(CONFIG, "Dockerfile")
    asked = []

    class Counting(type(rules[1])):
        __slots__ = ()

        def _ask(self, doc, entries, result):
            asked.extend((doc.text, entry.name) for entry, _ in entries)
            super()._ask(doc, entries, result)

    rules[1].__class__ = Counting
    file = fix(text, session=session)

    assert len(asked) == len(set(asked))
    assert {one for one, _ in asked} == {text, file.after}
    mending = {name for name, entry in session.entries.items() if entry.fix == "safe"}
    assert {name for one, name in asked if one == text} <= mending
    assert not {name for one, name in asked if one == file.after} <= mending


def test_where_something_is_silenced_all_rules_look_at_every_text():
    text = f"# dflint: ignore-file=base-image-tag\n{BAD}"
    session = Session()
    runner = session._rules(CONFIG, "Dockerfile")[1]
    asked = set()

    class Counting(type(runner)):
        __slots__ = ()

        def _ask(self, doc, entries, result):
            asked.update((doc.text, entry.name) for entry, _ in entries)
            super()._ask(doc, entries, result)

    runner.__class__ = Counting
    fix(text, session=session)

    unmending = {name for name, entry in session.entries.items() if entry.fix != "safe"}
    assert {name for one, name in asked if one == text} & unmending


def test_a_suppression_that_only_shellcheck_uses_is_not_taken_for_unused(shellcheck):
    text = "from debian:12\n# dflint: ignore=SC2086\nRUN echo $HOME/*$x\n"
    config = Config(extend_select=("SC2086",), ignore=("SC2154",), shellcheck=True)
    session = Session(shellcheck=True)
    try:
        file = fix(text, config, session=session)
    finally:
        session.close()

    assert file.after == text.replace("from", "FROM")
    assert [one.rule for one in file.findings] == []


def test_the_configuration_says_what_is_wanted():
    session = Session()
    wanted = session.wanted(Config(fixable=("DL3014", "style"), unfixable=("apt-no-yes",)))

    assert isinstance(wanted, Wanted)
    assert wanted.takes_rule("instruction-casing")
    assert not wanted.takes_rule("apt-no-yes")
    assert not wanted.takes_rule("nonsense-command")
    assert not wanted.unsafe
    assert session.wanted(Config(unsafe_fixes=True)).unsafe
    assert session.wanted(Config()).takes_rule("apt-no-yes")


def test_reports_tell_fixes_when_they_are_asked_to():
    source = Source("Dockerfile", b"\xef\xbb\xbffrom debian:12\nRUN apt-get install curl\n")

    assert all(one.fix is None for one in Session().check(source, CONFIG).findings)
    casing, yes = Session(fixes=True).check(source, CONFIG).findings
    (edit,) = casing.fix.edits
    # A byte order mark is no column.
    assert (edit.place.line, edit.place.column, edit.place.end_column) == (1, 1, 5)
    assert (edit.text, casing.fix.applicability) == ("FROM", "safe")
    assert yes.fix.title


def test_reports_tell_no_fixes_of_rules_that_are_not_to_be_fixed():
    source = Source("Dockerfile", BAD.encode())
    config = Config(select=CONFIG.select, unfixable=("instruction-casing",))

    findings = Session(fixes=True).check(source, config).findings

    assert [one.rule for one in findings if one.fix is not None] == ["apt-no-yes"]
