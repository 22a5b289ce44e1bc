"""Results: what the steps of a build come to."""

from __future__ import annotations

#: The ids of the layers whose trees make up a file system, from the bottom to the top.
Result = tuple[str, ...]
