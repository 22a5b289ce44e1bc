"""Fixing goes on until nothing is left, and harm is undone and told."""

from __future__ import annotations

from dflint.cst.instructions import Label, Run, Shell
from dflint.fix.choose import Reason
from dflint.fix.loop import MOST_PASSES, Loop, Wanted
from dflint.fix.verifier import Objection
from dflint.lint.document import Document
from dflint.lint.finding import Finding, Severity
from dflint.lint.fix import Applicability, Fix
from dflint.text.edit import Edit
from dflint.text.source import Source


class Judge:
    """A verifier that objects to every text in which a word occurs."""

    def __init__(self, word="\0"):
        self.word = word

    def judge(self, before, after, fixes):
        return Objection((f"there is {self.word}",)) if self.word in after.text else None


def document(text):
    return Document(Source("Dockerfile", text.encode()))


def replacing(rule, old, new, applicability=Applicability.SAFE):
    """A rule that wants one text for another, wherever it stands in a RUN or LABEL."""

    def look(doc):
        for kind in (Run, Label):
            for instruction in doc.all(kind):
                core = doc.core(instruction)
                at = core.slice(doc.text).find(old)
                if at < 0:
                    continue
                span = type(core)(core.start + at, core.start + at + len(old))
                fix = Fix(f"write {new}", [Edit(span, new)], applicability)
                yield Finding(rule, Severity.INFO, span, "wrong", make_fix=lambda fix=fix: fix)

    return look


def run(text, *looks, judge=None, wanted=None):
    def look(doc):
        return [finding for one in looks for finding in one(doc)]

    doc = document(text)
    loop = Loop(lambda finding: finding.fix(), judge or Judge(), wanted or Wanted())
    return loop.run(doc, look)


def test_one_fix_may_bring_about_another():
    outcome = run("FROM a\nRUN b\n", replacing("one", "b", "c"), replacing("two", "c", "d"))

    assert outcome.doc.text == "FROM a\nRUN d\n"
    assert [(one.rule, one.line) for one in outcome.applied] == [("one", 2), ("two", 2)]
    assert outcome.unsettled == ()


def test_conflicting_fixes_are_made_one_after_the_other():
    outcome = run("FROM a\nRUN bc\n", replacing("one", "bc", "bd"), replacing("two", "b", "x"))

    assert outcome.doc.text == "FROM a\nRUN xc\n"


def test_a_fix_that_makes_the_file_unreadable_is_left_out():
    outcome = run(
        "FROM a\nRUN b\nLABEL k=v\n",
        replacing("good", "b", "c"),
        replacing("bad", "k=v", "k"),
    )

    assert outcome.doc.text == "FROM a\nRUN c\nLABEL k=v\n"
    (skipped,) = outcome.skipped
    assert (skipped.rule, skipped.line, skipped.reason) == ("bad", 3, Reason.HARM)
    assert "refuse" in str(skipped)


def test_a_fix_that_breaks_a_script_is_left_out():
    outcome = run("FROM a\nRUN b 'c'\n", replacing("bad", "'c'", "'c"))

    assert not outcome.is_changed
    assert "shell can read" in str(outcome.skipped[0])


def test_a_script_that_another_shell_cannot_read_is_harm():
    """The RUN stays to the letter what it was; what is edited tells which shell reads it."""

    def look(doc):
        (shell,) = doc.all(Shell)
        span = doc.core(shell)
        if "pwsh" in span.slice(doc.text):
            fix = Fix("name another shell", [Edit(span, 'SHELL ["/bin/sh", "-c"]')])
            yield Finding("bad", Severity.INFO, span, "wrong", make_fix=lambda: fix)

    outcome = run('FROM a\nSHELL ["pwsh", "-c"]\nRUN if ($a) { b }\n', look)

    assert not outcome.is_changed
    assert "shell can read" in str(outcome.skipped[0])


def test_what_the_verifier_objects_to_is_left_out_and_told():
    outcome = run(
        "FROM a\nRUN b\nRUN c\n",
        replacing("good", "b", "x"),
        replacing("bad", "c", "evil"),
        judge=Judge("evil"),
    )

    assert outcome.doc.text == "FROM a\nRUN x\nRUN c\n"
    assert [(one.rule, one.reason) for one in outcome.skipped] == [("bad", Reason.HARM)]
    assert "there is evil" in str(outcome.skipped[0])


def test_fixes_that_undo_each_other_come_to_an_end():
    outcome = run("FROM a\nRUN b\n", replacing("one", "b", "c"), replacing("two", "c", "b"))

    assert outcome.unsettled
    assert len(outcome.passes) < MOST_PASSES


def test_fixes_without_end_come_to_an_end():
    outcome = run("FROM a\nRUN b\n", replacing("one", "b", "bb"))

    assert outcome.unsettled == ("one",)
    assert len(outcome.passes) == MOST_PASSES


def test_unsafe_fixes_are_applied_when_they_are_wanted():
    unsafe = replacing("one", "b", "c", Applicability.UNSAFE)
    shown = replacing("two", "k", "l", Applicability.DISPLAY)

    assert not run("FROM a\nRUN b\nLABEL k=v\n", unsafe, shown).is_changed
    outcome = run("FROM a\nRUN b\nLABEL k=v\n", unsafe, shown, wanted=Wanted(unsafe=True))
    assert outcome.doc.text == "FROM a\nRUN c\nLABEL k=v\n"
    assert not outcome.applied[0].is_safe


def test_fixes_can_be_restricted_to_rules():
    looks = replacing("one", "b", "c"), replacing("two", "k", "l")

    only = run("FROM a\nRUN b\nLABEL k=v\n", *looks, wanted=Wanted(rules=("one",)))
    without = run("FROM a\nRUN b\nLABEL k=v\n", *looks, wanted=Wanted(unfixable=("one",)))

    assert only.doc.text == "FROM a\nRUN c\nLABEL k=v\n"
    assert without.doc.text == "FROM a\nRUN b\nLABEL l=v\n"


def test_a_fix_whose_own_edits_overlap_is_left_out():
    def look(doc):
        core = doc.core(doc.all(Run)[0])
        edits = [Edit(core, "RUN c"), Edit(type(core)(core.start + 1, core.end), "UN d")]
        fix = Fix("do both", edits)
        yield Finding("torn", Severity.INFO, core, "wrong", make_fix=lambda: fix)

    outcome = run("FROM a\nRUN x\nLABEL a=b\n", look, replacing("good", "=b", "=c"))

    (skipped,) = outcome.skipped
    assert (skipped.rule, skipped.reason) == ("torn", Reason.HARM)
    assert "overlaps" in str(skipped)
    assert outcome.doc.text == "FROM a\nRUN x\nLABEL a=c\n"
