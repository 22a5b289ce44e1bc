"""`dflint doctor`: what this machine can do for a build."""

from __future__ import annotations

import sys
from collections.abc import Sequence

from dflint.errors import UsageError


def doctor(words: Sequence[str]) -> int:
    """Run the verb."""
    if list(words) in (["--help"], ["-h"]):
        sys.stdout.write(
            "usage: dflint doctor\n\n"
            "Says what this machine can do for `dflint build`, what it lacks,\n"
            "and what to install.\n"
        )
        return 0
    if words:
        raise UsageError(f"doctor: expected no argument, found `{words[0]}`")
    from dflint.executor.doctor import report  # type: ignore[import-not-found]  # comes with it

    sys.stdout.write(str(report()))
    return 0
