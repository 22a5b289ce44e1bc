"""Comments that silence a rule, at one instruction or in the whole file."""

from __future__ import annotations

from dflint.fix.ignores import ignore_edits

TYPE_CHECKING = False
if TYPE_CHECKING:
    from dflint.text.edit import Edit
    from dflint_lsp.documents import DocumentVersion


class Reach:
    """How far a comment silences."""

    INSTRUCTION = "instruction"
    FILE = "file"


def silencing_edits(
    version: DocumentVersion, rule: str, offset: int, reach: str, reason: str = ""
) -> list[Edit]:
    """The edits that silence a rule for the instruction at an offset, or for the file."""
    # What lies behind all instructions belongs to none, and is silenced for the file.
    at = offset if reach == Reach.INSTRUCTION else len(version.text)
    return ignore_edits(version.document, [(rule, at)], reason)
