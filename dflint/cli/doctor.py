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
            "and what to install. The exit status is 1 when no step can run.\n"
        )
        return 0
    if words:
        raise UsageError(f"doctor: expected no argument, found `{words[0]}`")
    from dflint.executor.doctor import facts

    is_able = True
    for fact in facts():
        mark = "yes" if fact.is_there else "NO" if fact.is_needed else "no"
        advice = f": {fact.advice}" if fact.advice and not fact.is_there else ""
        sys.stdout.write(f"{mark:3}  {fact.name}{advice}\n")
        is_able = is_able and (fact.is_there or not fact.is_needed)
    return 0 if is_able else 1
