"""Text of a file inside a message."""

from __future__ import annotations


def quoted(text: str, most: int = 40) -> str:
    """Put text between backticks, as Markdown does, shortened to `most` characters.

    Nothing between two backticks would not be seen; it is said in words.
    """
    if not text:
        return "an empty text"
    shown = text if len(text) <= most else text[: most - 1] + "…"
    return f"`` {shown} ``" if "`" in shown else f"`{shown}`"
