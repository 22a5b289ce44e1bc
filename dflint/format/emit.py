"""Writes the pieces of an instruction as text."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from dflint.format.options import FormatOptions
    from dflint.format.pieces import Piece


def emit(pieces: list[Piece], options: FormatOptions, escape: str) -> str:
    r"""The text of an instruction without its last line end; lines end in `\n`."""
    keeps = options.align == "keep"
    parts: list[str] = []
    for at, piece in enumerate(pieces):
        if not at:
            parts.append(piece.text)
            continue
        if not piece.is_broken:
            parts.append(piece.space + piece.text)
            continue
        indent = options.indent * piece.level
        if keeps and piece.indent is not None:
            indent = piece.indent
        pad = piece.pad if keeps and piece.pad else " "
        parts.append(f"{pad}{escape}\n")
        for comment in piece.comments:
            if not comment:
                parts.append(f"{indent}{escape}\n")
            else:
                parts.append(f"{comment}\n" if keeps else f"{indent}{comment.lstrip()}\n")
        parts.append(indent + piece.text)
    return "".join(parts)
