"""The rule `legacy-key-value`."""

from __future__ import annotations

from dflint.cst.instructions import Env, Label
from dflint.lint.rule import Category, Invalid, Meta, Rule, Severity, Valid
from dflint.semantic.legacy_pair import begins_with_sign, legacy_pair

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from dflint.lint.document import Document
    from dflint.lint.rule import Finding


class LegacyKeyValue(Rule):
    """`ENV key value` and `LABEL key value` are a legacy form of `key=value`.

    Without `=` the rest of the line is the value, whatever stands in it: the form cannot set
    two variables, and `ENV A 1 B=2` sets `A` to `1 B=2`.

    Dockerfile reference, "ENV": the alternative syntax `ENV <key> <value>` is discouraged, and
    may be removed in a future release.
    """

    meta = Meta(
        "legacy-key-value",
        Category.DEPRECATION,
        Severity.INFO,
        since="0.1",
        aliases=("LegacyKeyValueFormat",),
    )
    on = (Env, Label)
    bad = "FROM node:22-slim\nENV NODE_ENV production\n"
    good = "FROM node:22-slim\nENV NODE_ENV=production\n"
    valid = (
        Valid('FROM a\nENV A=1 B="2 3"\nLABEL "c d"=e\n'),
        Valid("FROM a\nENV \\\n  # comment\n  A=1 \\\n  B=2\n"),
        Valid("FROM a\nENV A = 1\n"),
    )
    invalid = (
        Invalid("FROM a\nENV A 1\nLABEL b c d\n", at=("A", "b")),
        Invalid("FROM a\nenv \\\n  # comment\n  PATH \\\n  /x:$PATH\n", at="PATH"),
        Invalid('FROM a\nENV A 1 B=2\nLABEL "c" "d=e"\n', at=("A", '"c"')),
    )

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
            )
