"""A session fixes sources and reports on what became of them."""

from __future__ import annotations

import pytest

from dflint.config.schema import Config
from dflint.engine.report import FixedFile
from dflint.engine.session import TOGETHER, Session
from dflint.fix.loop import Wanted
from dflint.fix.verifier import Objection
from dflint.text.source import Source

BAD = "from debian:12\nRUN chmod 777 /a\nRUN apt-get install curl\n"
CONFIG = Config(select=("instruction-casing", "apt-no-yes", "world-writable"))


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
    assert file.after == "FROM debian:12\nRUN chmod 777 /a\nRUN apt-get install -y curl\n"
    assert [(one.rule, one.line, one.is_safe) for one in file.applied] == [
        ("instruction-casing", 1, True),
        ("apt-no-yes", 3, True),
    ]
    assert [(one.rule, one.place.line) for one in file.findings] == [("world-writable", 2)]


def test_a_file_without_fixes_is_reported_as_a_check_does():
    text = "FROM debian:12\nRUN chmod 777 /a\n"
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

        def _ask_rule(self, entry, severity, pairs):
            asked.extend((doc.text, entry.name) for doc, _ in pairs)
            super()._ask_rule(entry, severity, pairs)

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

        def _ask_rule(self, entry, severity, pairs):
            asked.update((doc.text, entry.name) for doc, _ in pairs)
            super()._ask_rule(entry, severity, pairs)

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
    assert not wanted.takes_rule("world-writable")
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


#: One pass, two, none; something silenced; what cannot be fixed; a fix that its judge refuses.
TEXTS = (
    BAD,
    "FROM debian:12\nMAINTAINER a\nENV a b\nRUN cd /d && apt-get install curl\n",
    "FROM debian:12\nRUN chmod 777 /a\n",
    f"# dflint: ignore-file=apt-no-yes\n{BAD}",
    "from debian:12\nRUN apt-get install evil && echo 'a\n",
    "\xff\xfef\0r\0o\0m\0",
    "FROM debian:12\nRUN apt-get install evil\nRUN apt-get install b\n",
)


def many(count):
    for at in range(count):
        text = TEXTS[at % len(TEXTS)].replace("curl", f"curl{at}")
        yield Source(f"{at}/Dockerfile", text.encode("latin-1"))


def told(file):
    findings = [(one.rule, one.place.line, one.message) for one in file.findings]
    applied = [(one.rule, one.line, one.title) for one in file.applied]
    return file.after, findings, applied, [str(one) for one in file.skipped], file.unsettled


@pytest.mark.parametrize("config", [Config(), Config(unsafe_fixes=True), CONFIG])
@pytest.mark.parametrize("count", [1, TOGETHER - 1, 2 * TOGETHER + 3])
def test_each_of_many_is_fixed_as_it_is_alone(config, count):
    session = Session()
    wanted, taken = session.wanted(config), []

    def take(begun, mended):
        taken.append(mended.outcome.before.source.path)
        return mended

    begun = [
        session.begin_mending(source, config, wanted, Judge("evil -y"), take)
        for source in many(count)
    ]
    assert len(taken) == count // TOGETHER * TOGETHER
    files = [session.finish(one) for one in begun]

    assert taken == [source.path for source in many(count)]
    for source, file in zip(many(count), files, strict=True):
        alone = Session().fix(source, config, wanted, Judge("evil -y"))
        assert told(file) == told(alone), source.text


def test_what_is_made_of_the_fixes_is_what_is_reported():
    session = Session()
    source = Source("Dockerfile", BAD.encode())

    def undo(begun, mended):
        begun.key = b"other"
        return mended.undone("a reason")

    begun = session.begin_mending(source, CONFIG, session.wanted(CONFIG), Judge(), undo)
    file = session.finish(begun)

    assert (file.problem, file.after, file.applied, begun.key) == ("a reason", BAD, (), b"other")
    assert [one.rule for one in file.findings] == [
        "instruction-casing", "world-writable", "apt-no-yes",
    ]  # fmt: skip


def test_shellcheck_looks_at_what_became_of_many(shellcheck):
    config = Config(extend_select=("SC2086",), ignore=("SC2154",), shellcheck=True)
    session = Session(shellcheck=True)
    texts = [
        f"from debian:{at}\nRUN echo {'$x' if at % 2 else 'x'}\n" for at in range(TOGETHER + 1)
    ]
    try:
        begun = [
            session.begin_mending(
                Source(f"{at}/Dockerfile", text.encode()), config, session.wanted(config), Judge()
            )
            for at, text in enumerate(texts)
        ]
        session.start()
        files = [session.finish(one) for one in begun]
    finally:
        session.close()

    assert [file.after for file in files] == [text.replace("from", "FROM") for text in texts]
    found = [[one.rule for one in file.findings if one.rule == "SC2086"] for file in files]
    assert found == [["SC2086"] if at % 2 else [] for at in range(len(texts))]


def test_of_a_silent_session_only_what_the_fixes_did_is_told():
    session = Session()
    session.silent = True
    file = fix(BAD, session=session)

    assert [one.rule for one in file.applied] == ["instruction-casing", "apt-no-yes"]
    assert file.findings == ()
