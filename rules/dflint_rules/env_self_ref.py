"""The rule `env-self-ref`."""

from __future__ import annotations

from dflint.cst.instructions import Env, OnBuild
from dflint.lint.rule import Category, Invalid, Meta, Rule, Severity, Valid

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from dflint.lint.document import Document
    from dflint.lint.rule import Finding


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
        ),
    )
    on = (
        Env,
        OnBuild,
    )
    mentions = ("$",)
    bad = "FROM debian:12-slim\nENV APP_HOME=/opt/app APP_DATA=$APP_HOME/data\n"
    good = "FROM debian:12-slim\nENV APP_HOME=/opt/app\nENV APP_DATA=$APP_HOME/data\n"
    valid = (
        Valid("FROM a\nENV A=1\nENV A=2 B=$A\nENV PATH=/c:$PATH D=$PATH\n"),
        Valid("FROM a\nENV A=1 B='$A' C=\\$A D=${A:-x} E=$E\n"),
        Valid("FROM a\nARG A\nENV A=$A B=$A\nENV F=$F:x G=1\n"),
    )
    invalid = (
        Invalid("FROM a\nENV A=1 B=$A/b C=${A}\n", at="$A"),
        Invalid('FROM a\nENV B="x ${A}" \\\n  # comment\n  A=1\n', at="${A}"),
        Invalid("FROM a\nONBUILD ENV A=1 B=$A\n", at="$A"),
    )

    def check(self, doc: Document) -> Iterator[Finding]:
        """Report each name once in an instruction."""
        if not doc.all(OnBuild) and all(
            len(one.reading.arguments) < 6 or "$" not in one.line.text for one in doc.all(Env)
        ):
            return
        from dflint.semantic.self_references import self_references
        from dflint.text.quoted import quoted

        for found in self_references(doc.model):
            unless = f" unless {quoted(found.base)} sets it" if found.base else ""
            yield self.finding(
                doc,
                found.span,
                f"this instruction sees the `{found.name}` from before it, which is nothing"
                f"{unless}; set `{found.name}` in one above",
            )
