"""The rule `env-self-ref`."""

from __future__ import annotations

from functools import partial

from dflint.cst.instructions import Env, OnBuild
from dflint.lint.rule import Category, Invalid, Meta, Rule, Severity, Valid
from dflint.semantic.instruction_at import index_at
from dflint.semantic.self_references import self_references
from dflint.text.quoted import quoted

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from dflint.lint.document import Document
    from dflint.lint.fix import Fix
    from dflint.lint.rule import Finding
    from dflint.semantic.self_references import SelfReference


class EnvSelfRef(Rule):
    """An `ENV` uses a variable that it sets itself, and gets the value from before.

    All of an `ENV` sees the variables as they are above it: after `ENV A=/a B=$A/b` the value of
    `B` is `/b`, whatever `A` becomes. Set `A` in an `ENV` of its own above.

    Not reported where the file sets the variable above, for the earlier value may be meant, nor
    `PATH`, which every image has. A base image may set the variable as well; then its value is
    what comes of it.

    Dockerfile reference, "Environment replacement".
    """

    meta = Meta(
        "env-self-ref",
        Category.CORRECTNESS,
        Severity.ERROR,
        since="0.1",
        aliases=(
            "DL3044",
            "UndefinedVar",
            "S6579",
        ),
        fix="unsafe",
    )
    on = (
        Env,
        OnBuild,
    )
    mentions = ("$",)
    occasion = "variable among pairs"
    bad = "FROM debian:12-slim\nENV APP_HOME=/opt/app APP_DATA=$APP_HOME/data\n"
    good = "FROM debian:12-slim\nENV APP_HOME=/opt/app\nENV APP_DATA=$APP_HOME/data\n"
    valid = (
        Valid("FROM a\nENV A=1\nENV A=2 B=$A\nENV PATH=/c:$PATH D=$PATH\n"),
        Valid("FROM a\nENV A=1 B='$A' C=\\$A D=${A:-x} E=$E\n"),
        Valid("FROM a\nARG A\nENV A=$A B=$A\nENV F=$F:x G=1\n"),
    )
    invalid = (
        Invalid(
            "FROM a\nENV A=1 B=$A/b C=${A}\n",
            at="$A",
            fixed="FROM a\nENV A=1\nENV B=$A/b C=${A}\n",
            unsafe=True,
        ),
        Invalid(
            "FROM a\nENV A=1 \\\r\n  # c\r\n  B=$A \\\r\n  C=$B\r\n",
            at=("$A", "$B"),
            fixed="FROM a\nENV A=1\r\n# c\r\nENV B=$A\r\nENV C=$B\r\n",
            unsafe=True,
        ),
        Invalid('FROM a\nENV B="x ${A}" \\\n  # comment\n  A=1\n', at="${A}"),
        Invalid("FROM a\nENV A=1 B=$A A=2\n", at="$A"),
        Invalid("FROM a\nENV A=/a B=$A/b\nCOPY x $B\n", at="$A"),
        Invalid("FROM a\nONBUILD ENV A=1 B=$A\n", at="$A"),
    )

    def check(self, doc: Document) -> Iterator[Finding]:
        """Report each name once in an instruction."""
        for found in self_references(doc.model):
            unless = f" unless {quoted(found.base)} sets it" if found.base else ""
            yield self.finding(
                doc,
                found.span,
                f"this instruction sees the `{found.name}` from before it, which is nothing"
                f"{unless}; set `{found.name}` in one above",
                fix=partial(_fix, doc, found),
            )


def _fix(doc: Document, found: SelfReference) -> Fix | None:
    """End the ENV before the pair that uses the variable, and begin another one there."""
    from dflint.lint.edits import has_suppression, parted_at
    from dflint.lint.fixing import SAME_IMAGE, Applicability, Effect, Fix, Span

    instruction = doc.instructions[index_at(doc.tree, found.span.start)]
    if not isinstance(instruction, Env) or has_suppression(doc, instruction):
        return None
    reading = instruction.reading
    line = instruction.line
    keys = [line.offset(begin) for begin, _ in reading.places[::3]]
    at = sum(key <= found.span.start for key in keys) - 1
    names = [name for name, _ in reading.pairs]
    # All that sets the variable has to stand before the use of it.
    if at < 1 or found.name not in names[:at] or found.name in names[at:]:
        return None
    model = doc.model
    order = model.order(instruction)
    if any(one.name in names[at:] and model.order(one.instruction) > order for one in model.uses):
        return None  # what is copied, or set, by it would go elsewhere
    edit = parted_at(instruction, line.offset_after(reading.places[3 * at - 2][1]), keys[at])
    if edit is None:
        return None
    title = f"set `{found.name}` in an ENV of its own"
    scope = Span(line.start, line.stop)
    effect = Effect.METADATA | Effect.FILES
    return Fix(title, [edit], Applicability.UNSAFE, effect, scope, contract=SAME_IMAGE)
