"""The rule `todo-comment`."""

from __future__ import annotations

import re

from dflint.lint.rule import Category, Invalid, Meta, Rule, Severity, Valid
from dflint.text.span import Span

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from dflint.lint.document import Document
    from dflint.lint.finding import Finding


_MARK = re.compile(r"^\ufeff?+[ \t]*+#[^\n]*?\b(?P<mark>TODO|FIXME|HACK|XXX)\b", re.MULTILINE)


class TodoComment(Rule):
    """A comment says that something is still to be done.

    `TODO`, `FIXME`, `HACK` and `XXX` in a Dockerfile outlive what they were written for, for
    nobody looks for them there. An entry in the project's list of tasks is seen.

    Off unless selected.

    Docker documentation, "Building best practices".
    """

    meta = Meta(
        "todo-comment",
        Category.STYLE,
        Severity.INFO,
        since="0.1",
        aliases=("S1135",),
        default=False,
    )
    mentions = (
        "todo",
        "fixme",
        "hack",
        "xxx",
    )
    bad = "FROM debian:12-slim\n# TODO: pin the version\nRUN ./make\n"
    good = "FROM debian:12-slim\n# The version is in the Makefile\nRUN ./make\n"
    valid = (
        Valid("FROM a\nRUN echo TODO # TODOS\n"),
        Valid("FROM a\n# todos los días\nRUN b\n"),
    )
    invalid = (
        Invalid("FROM a\n# FIXME later\nRUN b && \\\n  # TODO(jo) c\n  d\n", at=("FIXME", "TODO")),
        Invalid("# XXX a hack\nFROM a\n", at="XXX"),
    )

    def check(self, doc: Document) -> Iterator[Finding]:
        """Report each."""
        for found in _MARK.finditer(doc.text):
            yield self.finding(
                doc,
                Span(*found.span("mark")),
                f"`{found['mark']}` stays here unseen; do it, or put it where tasks are kept",
            )
