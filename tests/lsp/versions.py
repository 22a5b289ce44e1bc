"""Documents as the features see them, made from text."""

from __future__ import annotations

from lsprotocol import types

from dflint_lsp.documents import DocumentVersion
from dflint_lsp.positions import UTF16

URI = "file:///somewhere/Dockerfile"


def version_of(text: str, encoding: str = UTF16) -> DocumentVersion:
    return DocumentVersion(URI, text, 1, encoding, "/somewhere/Dockerfile")


def marked(text: str) -> tuple[DocumentVersion, int]:
    """A document and the offset of the `|` in its text, which is taken out."""
    before, mark, after = text.partition("|")
    assert mark, "the text has no |"
    return version_of(before + after), len(before)


def at(line: int, start: int, end_line: int, end: int) -> types.Range:
    return types.Range(types.Position(line, start), types.Position(end_line, end))
