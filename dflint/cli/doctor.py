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
            "and what to install, and which other builders `--engine` can name here.\n"
            "The exit status is 1 when no step can run.\n"
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
    _tell_engines()
    return 0 if is_able else 1


def _tell_engines() -> None:
    """The other builders: found, their versions, and why they cannot be used."""
    from dflint.builders.choose import engines

    for engine in engines():
        status = engine.status()
        mark = "no" if status.problem else "yes"
        version = f" {status.version}" if status.version else ""
        reason = f": {status.problem}" if status.problem else ""
        sys.stdout.write(f"{mark:3}  --engine {status.name}{version}{reason}\n")
