"""Text of other people made fit to be printed.

Source lines, messages and paths come from files that nobody vetted. Sent raw they could move
the cursor, recolour the terminal, reorder what is read (Unicode bidirectional controls) or be
taken for a command by the machine that runs a pipeline.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

# Azure Pipelines obeys `##vso[` and GitHub's runner `##[` wherever it stands in a line.
_PIPELINE_COMMANDS = ("##vso[", "##[")
_NAMED = {"\n": "\\n", "\r": "\\r", "\t": "\\t"}


def make_visible(text: str) -> str:
    r"""Put the text on one line and write everything that has no glyph as an escape.

    Controls, invisible and bidirectional characters, line separators and unusual spaces become
    `\x1b` or `\u202e`; a byte that was no UTF-8 becomes `\xff`. No pipeline takes the result
    for a command, neither at the start of a line nor later.
    """
    if not text.isprintable() or holds_pipeline_command(text):
        text = "".join(visible_characters(text))
    if text.lstrip().startswith("::"):  # how a command of GitHub's begins
        text = text.replace("::", "\\x3a:", 1)
    return text


def visible_characters(text: str) -> Iterator[str]:
    """Tell what is shown for each code point of the text, in order."""
    harmless = not holds_pipeline_command(text)
    for at, character in enumerate(text):
        if character == "#" and not harmless and _closes_command_mark(text, at):
            yield "\\x23"
        elif character.isprintable():
            yield character
        else:
            yield _escape(character)


def holds_pipeline_command(text: str) -> bool:
    """Tell whether a pipeline would look for a command of its own inside the text."""
    return "##" in text and any(mark in text for mark in _PIPELINE_COMMANDS)


def replace_surrogates(text: str) -> str:
    """Put U+FFFD for every lone surrogate, so that UTF-8 can hold the text.

    Undecodable bytes of a file or of a path arrive as surrogates (PEP 383).
    """
    if text.isascii():
        return text
    import re

    return re.sub("[\ud800-\udfff]", "\ufffd", text)


def _closes_command_mark(text: str, at: int) -> bool:
    return text[at - 1 : at] == "#" and text.startswith(("#[", "#vso["), at)


def _escape(character: str) -> str:
    code = ord(character)
    if 0xDC80 <= code <= 0xDCFF:
        return f"\\x{code - 0xDC00:02x}"
    if code < 0x100:
        return _NAMED.get(character) or f"\\x{code:02x}"
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"
