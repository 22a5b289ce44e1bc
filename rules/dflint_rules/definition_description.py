"""The rule `definition-description`."""

from __future__ import annotations

from functools import partial

from dflint.cst.instructions import Arg, From
from dflint.lint.rule import Category, Invalid, Meta, Related, Rule, Severity, Valid
from dflint.semantic.descriptions import definitions
from dflint.text.quoted import quoted

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from dflint.lint.document import Document
    from dflint.lint.fix import Fix
    from dflint.lint.rule import Finding
    from dflint.semantic.descriptions import Definition


class DefinitionDescription(Rule):
    """The comment above a named stage or an `ARG` does not begin with its name.

    `docker build --call=outline` and `--call=targets` list build arguments and stages, each with
    the comment above it as its description: the last comment line, if it begins with the name, as
    in `# builder compiles the program`. Any other comment is not shown.

    Off unless selected, as with BuildKit, where the check is experimental: most comments are
    meant for who reads the file. Nothing is said of an instruction without a comment, of an empty
    comment line, and of comments that are meant for linters. Proposed is the name, or, below a
    comment of several lines or a ruler, an empty comment line: what stands above it is none.

    Docker documentation, "Build checks", InvalidDefinitionDescription.
    """

    meta = Meta(
        "definition-description",
        Category.STYLE,
        Severity.INFO,
        since="0.1",
        aliases=("InvalidDefinitionDescription",),
        default=False,
        fix="display",
    )
    on = (Arg, From)
    mentions = ("#",)
    bad = "# compiles the server\nFROM golang:1.25 AS build\n"
    good = "# build compiles the server\nFROM golang:1.25 AS build\n"
    valid = (
        Valid("# b builds\nFROM a AS b\n#  V is\nARG V=1 W\n# another\n# W is\n\nARG V W\n"),
        Valid("# comment\nFROM a\n# b\n#\nARG V\n# hadolint ignore=DL3044\nARG W\nARG X\n"),
        Valid("FROM a\n# comment\nENV V=1\nARG \\\n  # comment\n  W\n"),
    )
    invalid = (
        Invalid("# builds\nFROM a AS b\n# V: is\n\nARG V=1\n", at=("b", "V=1")),
        Invalid("FROM a\n# V is\n# for c\nARG \\\n  # V\n  V W=1\n# v is\nARG V\n", at=("V", "V")),
    )

    def check(self, doc: Document) -> Iterator[Finding]:
        """Report the name, with the comment beside it."""
        for definition in definitions(doc.instructions):
            if not definition.is_described:
                shown = quoted(definition.names[0])
                yield self.finding(
                    doc,
                    definition.span,
                    f"the comment above does not begin with {shown}: builders do not list it as "
                    f"the description; write `# {definition.names[0]} …`",
                    (Related(definition.comment, "the comment"),),
                    partial(_fix, doc, definition),
                )


def _fix(doc: Document, definition: Definition) -> Fix:
    # Whether the comment was meant as a description nobody but its author knows.
    from dflint.lint.fixing import Applicability, Edit, Fix

    name, comment, text = definition.names[0], definition.comment, doc.text
    row = text.rfind("\n", 0, comment.start) + 1
    above = text[text.rfind("\n", 0, max(row - 1, 0)) + 1 : row]
    if above.lstrip(" \t").startswith("#") or not any(map(str.isalnum, comment.slice(text))):
        newline = "\r\n" if text.startswith("\r", comment.end) else "\n"
        edit = Edit.insertion(comment.end, f"{newline}{text[row : comment.start]}#")
        title = "end the comment with an empty line of it, as it describes something else"
        return Fix(title, [edit], Applicability.DISPLAY)
    edit = Edit.insertion(comment.start + 1, f" {name}")
    return Fix(f"begin the comment with `{name}`", [edit], Applicability.DISPLAY)
