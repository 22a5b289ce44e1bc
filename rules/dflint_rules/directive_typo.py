"""The rule `directive-typo`."""

from __future__ import annotations

from functools import partial

from dflint.lint.rule import Category, Invalid, Meta, Rule, Severity, Valid

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from dflint.lint.document import Document
    from dflint.lint.finding import Finding
    from dflint.lint.fix import Fix
    from dflint.text.span import Span


class DirectiveTypo(Rule):
    """A comment at the top looks like a parser directive and is none.

    `syntax` and `escape` are parser directives only as the very first lines, spelt so: after a
    blank line, another comment or an instruction, or misspelt, they are comments, and the file is
    read with other rules than it says. `# syntax=` then does not choose the front end, and with
    `# escape=` backslashes stay what they are.

    That the directive be put on the first line is only proposed: the file may then be read in
    another way.

    Dockerfile reference, "Parser directives".
    """

    meta = Meta(
        "directive-typo",
        Category.SYNTAX,
        Severity.WARNING,
        since="0.1",
        aliases=("tally/syntax-directive-typo",),
        fix="display",
    )
    mentions = ("=",)
    bad = "# sintax=docker/dockerfile:1\nFROM debian:12-slim\nRUN ./make\n"
    good = "# syntax=docker/dockerfile:1\nFROM debian:12-slim\nRUN ./make\n"
    valid = (
        Valid("# syntax=docker/dockerfile:1\n# escape=`\n# a comment\nFROM a\n"),
        Valid("# sort=b\n# the syntax = c\nFROM a\n# syntax=d\nRUN e\n"),
        Valid("# escape=\\\n# check=skip=all\nFROM a\n"),
    )
    invalid = (
        Invalid("# A file\n# syntax=docker/dockerfile:1\nFROM a\n", at="syntax"),
        Invalid("# excape=`\n# syntaxt = b/c\nFROM a\n", at=("excape", "syntaxt")),
        Invalid("\n# escape=`\nFROM a\n", at="escape"),
    )

    def check(self, doc: Document) -> Iterator[Finding]:
        """Report each."""
        if doc.tree.instructions and doc.tree.instructions[0].line.start == 0:
            return
        import dflint.semantic.lost_directives as module

        for span, name, wanted in module.lost_directives(doc.tree, doc.text):
            if name == wanted:
                message = (
                    f"`{name}` is only a comment here; a parser directive stands on the first "
                    "lines, with "
                    "nothing before it"
                )
                yield self.finding(doc, span, message, fix=partial(_fix, doc, span, wanted))
            else:
                message = f"`{name}` is no parser directive, and this a comment; write `{wanted}`"
                yield self.finding(doc, span, message, fix=partial(_fix, doc, span, wanted))


def _fix(doc: Document, name: Span, wanted: str) -> Fix | None:
    """The directive as it was meant, on the first line."""
    from dflint.lint.fixing import Applicability, Edit, Fix, Span

    text, top = doc.text, len(doc.tree.bom)
    start = text.rfind("\n", 0, name.start) + 1 if "\n" in text[: name.start] else top
    end = text.find("\n", start) + 1
    if not end:
        return None
    line = text[start : name.start].lstrip(" \t") + wanted + text[name.end : end]
    if text[top:start].strip():
        edits = [Edit.insertion(top, line), Edit(Span(start, end), "")]
    else:
        edits = [Edit(Span(top, end), line)]
    return Fix(f"write `{wanted}` on the first line", edits, Applicability.DISPLAY)
