"""Text of a file inside a message."""

from __future__ import annotations


def quoted(text: str, most: int = 40) -> str:
    """Put text between backticks, as Markdown does, shortened to `most` characters."""
    shown = text if len(text) <= most else text[: most - 1] + "…"
    return f"`` {shown} ``" if "`" in shown else f"`{shown}`"
