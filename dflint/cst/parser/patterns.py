"""The compiled grammar: one matcher per rule, made when it is first asked for."""

from __future__ import annotations

import re
from functools import cache

from dflint.cst.parser.compiled import RULES


@cache
def rule(name: str, escape: str = "\\") -> re.Pattern[str]:
    """The pattern of a grammar rule; its `match(text, pos)` is the rule at that place."""
    return re.compile(RULES[escape][name])
