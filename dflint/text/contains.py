"""Looks for many texts in one."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable


def contains_any(text: str, marks: Iterable[str]) -> bool:
    """Whether one of the marks stands in a text."""
    for mark in marks:  # noqa: SIM110 - a generator costs more than the search
        if mark in text:
            return True
    return False
