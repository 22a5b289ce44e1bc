"""Rules on the values of labels, whose fixes are unsafe, suggestions, or wrong in some way."""

from __future__ import annotations

from functools import partial

from dflint.cst.instructions import Label
from dflint.lint.fix import Applicability, Effect, Fix
from dflint.lint.rule import Category, Meta, Rule, Severity
from dflint.text.edit import Edit
from dflint.text.span import Span

API_VERSION = 1


class _Label(Rule):
    """A word in a label that is to be another one."""

    on = (Label,)
    old = new = ""
    applicability = Applicability.SAFE

    def check(self, doc):
        for instruction in doc.all(Label):
            core = doc.core(instruction)
            at = core.slice(doc.text).find(self.old)
            if at >= 0:
                span = Span(core.start + at, core.start + at + len(self.old))
                yield self.finding(doc, span, f"`{self.old}`", fix=partial(self.mend, span))

    def mend(self, span):
        lost = (self.old.removeprefix("="),)
        edits = [Edit(span, self.new)]
        return Fix(f"write {self.new}", edits, self.applicability, Effect.METADATA, lost=lost)


def _meta(name, fix):
    return Meta(name, Category.LABELS, Severity.WARNING, since="0.1", fix=fix)


class LabelRisky(_Label):
    """A fix that may change the image."""

    meta = _meta("label-risky", "unsafe")
    old, new, applicability = "=risky", "=bold", Applicability.UNSAFE


class LabelUnowned(_Label):
    """A fix that somebody has to complete."""

    meta = _meta("label-unowned", "display")
    old, new, applicability = "=nobody", "=NAME", Applicability.DISPLAY


class LabelHarm(_Label):
    """A fix that makes the file one that builders refuse."""

    meta = _meta("label-harm", "safe")
    old, new = "=harm", ""


class LabelFlip(_Label):
    """A fix that another one undoes."""

    meta = _meta("label-flip", "safe")
    old, new = "=flip", "=flop"


class LabelFlop(_Label):
    """A fix that another one undoes."""

    meta = _meta("label-flop", "safe")
    old, new = "=flop", "=flip"


class LabelCrash(_Label):
    """A fix that cannot be made."""

    meta = _meta("label-crash", "safe")
    old, new = "=crash", ""

    def mend(self, span):
        raise KeyError("no such label")


def rules():
    """The rules of this plug-in."""
    return [LabelRisky, LabelUnowned, LabelHarm, LabelFlip, LabelFlop, LabelCrash]
