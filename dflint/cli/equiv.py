"""`dflint equiv`: whether two Dockerfiles make the same image."""

from __future__ import annotations

from dflint.cli.verify import compare

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence


def equiv(words: Sequence[str]) -> int:
    """Run the verb; the exit status is 0 for the same image, 1 for another one."""
    return compare("equiv", words)
