"""The rule `space-around-equals`."""

from __future__ import annotations

from functools import partial

from dflint.cst.instructions import Arg, Env, Label
from dflint.lint.rule import Category, Invalid, Meta, Rule, Severity, Valid
from dflint.semantic.legacy_pair import (
    begins_with_sign,
    legacy_pair,
    split_defaults,
    swallows_pairs,
)
from dflint.text.span import Span

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from dflint.cst.instructions import Instruction
    from dflint.lint.document import Document
    from dflint.lint.fix import Fix
    from dflint.lint.rule import Finding
    from dflint.text.edit import Edit


class SpaceAroundEquals(Rule):
    """A blank beside `=` makes the sign a part of the value, or leaves the value empty.

    `ENV A = 1` is the legacy form `ENV key value`: it sets `A` to `= 1`. `ARG A= 1` declares `A`
    with an empty default and a second argument that is named `1`. The build goes on in both
    cases; what uses the value gets the wrong one.

    The fix takes the blanks out, and quotes what is no single word. It is unsafe: the value is
    then another one than the build has used so far.

    BuildKit's check of the legacy form (LegacyKeyValueFormat) reports it for ENV and LABEL, without
    a word of the sign.

    Dockerfile reference, "ENV" and "ARG": `<key>=<value>`, without blanks.
    """

    meta = Meta(
        "space-around-equals",
        Category.CORRECTNESS,
        Severity.ERROR,
        since="0.1",
        aliases=(
            "LegacyKeyValueFormat",
            "S6574",
        ),
        fix="unsafe",
    )
    on = (Env, Label, Arg)
    occasion = "blank beside sign"
    bad = "FROM node:22-slim\nENV NODE_ENV = production\n"
    good = "FROM node:22-slim\nENV NODE_ENV=production\n"
    valid = (
        Valid('FROM a\nENV A=1 B="= 2"\nENV C -Dx=y\nLABEL d="e = f"\n'),
        Valid("ARG A= B=2\nFROM a\nARG C= D\nENV E= F=\n"),
        Valid("FROM a\nENV A \\\n  == 1 ==\n"),
    )
    invalid = (
        Invalid("FROM a\nENV A = 1\nLABEL b =c d\n", at=("A =", "b ="),
                fixed='FROM a\nENV A=1\nLABEL b="c d"\n', unsafe=True),
        Invalid("FROM a\nENV A \\\n  # comment\n  = 1\n", at="A \\\n  # comment\n  =",
                fixed="FROM a\n# comment\nENV A=1\n", unsafe=True),
        Invalid('ARG A= 1\nFROM a\nARG B=\\\n  "c"\n', at=("A= 1", 'B=\\\n  "c"'),
                fixed='ARG A=1\nFROM a\nARG B="c"\n', unsafe=True),
        Invalid("FROM a\nENV A = 1 B = 2\nENV C =\n", at=("A =", "C =")),
    )  # fmt: skip

    def check(self, doc: Document) -> Iterator[Finding]:
        """Report the key up to the sign; of ARG, up to the word that was meant as the value."""
        for instruction in (*doc.all(Env), *doc.all(Label)):
            pair = legacy_pair(instruction)
            if pair is not None and begins_with_sign(pair[1]):
                places = instruction.reading.places
                yield self.finding(
                    doc,
                    doc.place(instruction, places[0][0], places[1][0] + 1),
                    f"the whole rest of the line, `=` included, is the value of `{pair[0]}`; "
                    "write no blank before or behind the sign",
                    fix=partial(_join_pair, doc, instruction),
                )
        for argument in doc.all(Arg):
            for at in split_defaults(argument):
                name, value = argument.reading.arguments[at : at + 2]
                places = argument.reading.places
                yield self.finding(
                    doc,
                    doc.place(argument, places[at][0], places[at + 1][1]),
                    f"`{name[:-1]}` gets an empty default, and `{value}` is an argument of its "
                    f"own; write `ARG {name}{value}`",
                    fix=partial(_join_default, doc, argument, at),
                )


def _join_pair(doc: Document, instruction: Instruction) -> Fix | None:
    from dflint.lint.pair_fixes import equals_edits

    key, value = instruction.reading.places[:2]
    text = instruction.line.text
    start = value[0] + 1
    while text[start : start + 1] in (" ", "\t"):
        start += 1
    # A second sign tells of a second pair, and where the one ends nobody knows.
    if start >= len(text) or " =" in text[start:] or swallows_pairs(instruction):
        return None
    edits = equals_edits(doc, instruction, key, start)
    return None if edits is None else _unsafe(doc, instruction, edits)


def _join_default(doc: Document, instruction: Arg, at: int) -> Fix:
    from dflint.lint.edits import comments_lifted
    from dflint.text.edit import Edit

    name, value = instruction.reading.places[at : at + 2]
    line = instruction.line
    gap = Span(line.offset_after(name[1]), line.offset(value[0]))
    return _unsafe(doc, instruction, (*comments_lifted(instruction, gap), Edit(gap, "")))


def _unsafe(doc: Document, instruction: Instruction, edits: tuple[Edit, ...]) -> Fix:
    from dflint.lint.fixing import SAME_IMAGE, Applicability, Effect, Fix

    effect = Effect.METADATA | Effect.FILES
    scope = doc.core(instruction)
    return Fix(
        "take out the blanks",
        edits,
        Applicability.UNSAFE,
        effect,
        scope,
        contract=SAME_IMAGE,
    )
