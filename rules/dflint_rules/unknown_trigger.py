"""The rule `unknown-trigger`."""

from __future__ import annotations

from functools import partial

from dflint.cst.instructions import OnBuild, class_of
from dflint.lint.rule import Category, Invalid, Meta, Rule, Severity, Valid
from dflint.semantic.occurrences import Occurrence
from dflint.semantic.unknown_keyword import meant_keyword

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from dflint.lint.document import Document
    from dflint.lint.finding import Finding
    from dflint.lint.fix import Fix
    from dflint.text.span import Span


class UnknownTrigger(Rule):
    """`ONBUILD` is given what is no instruction.

    BuildKit writes the trigger down unread. It is read when another image is built on this one,
    and each of those builds stops: "unknown instruction: RUNN".

    Dockerfile reference, "ONBUILD".
    """

    meta = Meta(
        "unknown-trigger",
        Category.CORRECTNESS,
        Severity.ERROR,
        since="0.1",
        aliases=("tally/invalid-onbuild-trigger",),
        fix="unsafe",
    )
    on = (OnBuild,)
    bad = "FROM python:3.13-slim\nONBUILD COPPY . /app\n"
    good = "FROM python:3.13-slim\nONBUILD COPY . /app\n"
    valid = (
        Valid("FROM a\nONBUILD run x\nONBUILD \\\n  Copy b c\n"),
        Valid("FROM a\nONBUILD FROM b\nONBUILD MAINTAINER c\nONBUILD ONBUILD RUN d\n"),
        Valid("FROM a\nONBUILD\n"),
    )
    invalid = (
        Invalid("FROM a\nONBUILD RUNN x\nONBUILD apt-get update\n", at=("RUNN", "apt-get"),
                fixed="FROM a\nONBUILD RUN x\nONBUILD RUN apt-get update\n", unsafe=True),
        Invalid("FROM a\nonbuild \\\n  # b\n  coppy b c\n", at="coppy",
                fixed="FROM a\nonbuild \\\n  # b\n  copy b c\n", unsafe=True),
        Invalid("FROM a\nONBUILD foo\nONBUILD //RUN b\nONBUILD [ -f b ]\n",
                at=("foo", "//RUN", "[")),
    )  # fmt: skip

    def check(self, doc: Document) -> Iterator[Finding]:
        """Report each."""
        for instruction in doc.all(OnBuild):
            trigger = instruction.reading.trigger
            if trigger is None or not trigger.keyword or class_of(trigger.keyword) is not None:
                continue
            place = Occurrence(instruction, trigger).keyword
            word = place.slice(doc.text)
            meant = meant_keyword(word)
            advice = f"did you mean `{meant}`?" if meant else "write `RUN` before a command"
            yield self.finding(
                doc,
                place,
                f"`{word}` is no instruction: every build on this image stops; {advice}",
                fix=partial(_fix, doc, place, meant),
            )


def _fix(doc: Document, place: Span, meant: str | None) -> Fix | None:
    """The keyword that was meant, or RUN before a command."""
    from dflint.lint.fixing import Applicability, Edit, Effect, Fix, may_set
    from dflint.semantic.unknown_keyword import is_shell_word

    word = place.slice(doc.text)
    if not word.replace("-", "").isalnum() or not word.isascii():
        return None
    if meant is not None:
        written = meant.lower() if word.islower() else meant
        title, edit = f"write `{written}`", Edit(place, written)
    elif is_shell_word(word):
        title, edit = "write `RUN` before it", Edit.insertion(place.start, "RUN ")
    else:
        return None
    unsafe, effect = Applicability.UNSAFE, Effect.METADATA
    return Fix(title, (edit,), unsafe, effect, contract=may_set("onbuild"))
