"""The rule `legacy-key-value`."""

from __future__ import annotations

from functools import partial

from dflint.cst.instructions import Env, Label
from dflint.lint.rule import Category, Invalid, Meta, Rule, Severity, Valid
from dflint.semantic.legacy_pair import begins_with_sign, legacy_pair, swallows_pairs

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from dflint.cst.instructions import Instruction
    from dflint.lint.document import Document
    from dflint.lint.fix import Fix
    from dflint.lint.rule import Finding


class LegacyKeyValue(Rule):
    """`ENV key value` and `LABEL key value` are a legacy form of `key=value`.

    Without `=` the rest of the line is the value, whatever stands in it: the form cannot set
    two variables, and `ENV A 1 B=2` sets `A` to `1 B=2`.

    The fix writes `=`, and quotes where a value is no single word. What stands in quotes of its own
    keeps its meaning; where that cannot be had, there is no fix, and neither is where the value
    has swallowed other pairs.

    Dockerfile reference, "ENV": the alternative syntax `ENV <key> <value>` is discouraged, and
    may be removed in a future release.
    """

    meta = Meta(
        "legacy-key-value",
        Category.DEPRECATION,
        Severity.INFO,
        since="0.1",
        aliases=("LegacyKeyValueFormat",),
        fix="safe",
    )
    on = (Env, Label)
    occasion = "pair without sign"
    bad = "FROM node:22-slim\nENV NODE_ENV production\n"
    good = "FROM node:22-slim\nENV NODE_ENV=production\n"
    valid = (
        Valid('FROM a\nENV A=1 B="2 3"\nLABEL "c d"=e\n'),
        Valid("FROM a\nENV \\\n  # comment\n  A=1 \\\n  B=2\n"),
        Valid("FROM a\nENV A = 1\n"),
    )
    invalid = (
        Invalid(
            "FROM a\nENV A 1\nLABEL b c d\n",
            at=("A", "b"),
            fixed='FROM a\nENV A=1\nLABEL b="c d"\n',
        ),
        Invalid(
            "FROM a\nenv \\\n  # comment\n  PATH \\\n  # that\n  /x:$PATH\n",
            at="PATH",
            fixed="FROM a\n# that\nenv \\\n  # comment\n  PATH=/x:$PATH\n",
        ),
        Invalid(
            'FROM a\nENV A 1 B=2\nLABEL "c" "d=e"\n',
            at=("A", '"c"'),
            fixed='FROM a\nENV A 1 B=2\nLABEL "c"="d=e"\n',
        ),
        Invalid(
            "FROM a\nENV A b \\\n  # comment\n  c # d\n",
            at="A",
            fixed='FROM a\nENV A="b \\\n  # comment\n  c # d"\n',
        ),
        Invalid(
            "FROM a\nENV A $B\"c\" d\nENV B 'x \"y' z\\ \\n$\n",
            at=("A", "B"),
            fixed='FROM a\nENV A="${B}c d"\nENV B="x \\"y z n\\$"\n',
        ),
        Invalid("# escape=`\nFROM a\nENV A C:\\b `\n  c`\"\n", "A",
                fixed='# escape=`\nFROM a\nENV A="C:\\b `\n  c`""\n'),
        Invalid("FROM a\r\nENV A b\\\r\n c\r\n", "A",
                fixed='FROM a\r\nENV A="b\\\r\n c"\r\n'),
        Invalid('FROM a\nENV A ${B:-"b c"} d\nENV C "d\n', at=("A", "C")),
        Invalid('FROM a\nLABEL b c d \\\n  e="f g"\nENV C {{ "d" }} e\n', at=("b", "C")),
    )  # fmt: skip

    def check(self, doc: Document) -> Iterator[Finding]:
        """Report the key of each pair that has no `=`."""
        for instruction in (*doc.all(Env), *doc.all(Label)):
            pair = legacy_pair(instruction)
            # A value that begins with `=` has another defect: blanks around the sign.
            if pair is None or begins_with_sign(pair[1]):
                continue
            key, value = pair
            if len(value) > 40 or len(value.split()) > 1 or "\\" in value:
                value = '"…"'
            yield self.finding(
                doc,
                doc.argument(instruction, 0),
                f"`{instruction.KEYWORD} {key}` without `=` is the discouraged legacy form; "
                f"write `{key}={value}`",
                fix=partial(_fix, doc, instruction),
            )


def _fix(doc: Document, instruction: Instruction) -> Fix | None:
    key, value, _ = instruction.reading.places
    # To write the value as it is would hide that it is not what was meant.
    if swallows_pairs(instruction):
        return None
    import dflint.lint.pair_fixes as fixes  # costs less each time than a name of it

    return fixes.equals_fix(doc, instruction, key, value[0])
