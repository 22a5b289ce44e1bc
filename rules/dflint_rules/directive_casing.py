"""The rule `directive-casing`."""

from __future__ import annotations

from functools import partial

from dflint.lint.rule import Category, Invalid, Meta, Rule, Severity, Valid
from dflint.text.span import Span

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from dflint.lint.document import Document
    from dflint.lint.finding import Finding
    from dflint.lint.fix import Fix


class DirectiveCasing(Rule):
    """A parser directive is written with capitals.

    Directives are found in any case; in lower case is how the reference writes them, and how
    people and tools look for them.

    Dockerfile reference, "Parser directives".
    """

    meta = Meta(
        "directive-casing",
        Category.STYLE,
        Severity.STYLE,
        since="0.1",
        aliases=("CASING_DIRECTIVE",),
        fix="safe",
    )
    mentions = (
        "syntax",
        "escape",
        "check",
    )
    bad = "# Syntax=docker/dockerfile:1\nFROM debian:12-slim\nRUN ./make\n"
    good = "# syntax=docker/dockerfile:1\nFROM debian:12-slim\nRUN ./make\n"
    valid = (
        Valid("# escape=`\nFROM a\n"),
        Valid("# A comment\n# Syntax=b\nFROM a\n"),
    )
    invalid = (
        Invalid("# ESCAPE=`\nFROM a\n", at="ESCAPE", fixed="# escape=`\nFROM a\n"),
        Invalid("#sYntax = a/b\nFROM a\n", at="sYntax", fixed="#syntax = a/b\nFROM a\n"),
    )

    def check(self, doc: Document) -> Iterator[Finding]:
        """Report each."""
        at = len(doc.tree.bom)
        for directive in doc.tree.directives:
            start = at + len(directive.marker)
            at += len(directive.code)
            name = directive.name
            if name != name.lower():
                span = Span(start, start + len(name))
                yield self.finding(
                    doc,
                    span,
                    f"by convention directives are in lower case: `{name.lower()}`",
                    fix=partial(_fix, span, name.lower()),
                )


def _fix(span: Span, name: str) -> Fix:
    from dflint.lint.fixing import Edit, Fix

    return Fix(f"write `{name}`", (Edit(span, name),))
