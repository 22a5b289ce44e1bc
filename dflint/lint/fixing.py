"""What rules make fixes of, from one place: a rule imports it only when a fix is asked for."""

from __future__ import annotations

from dflint.lint.contract import SAME_IMAGE, Contract, may_set
from dflint.lint.fix import Applicability, Effect, Fix
from dflint.text.edit import Edit
from dflint.text.span import Span

__all__ = [
    "SAME_IMAGE",
    "Applicability",
    "Contract",
    "Edit",
    "Effect",
    "Fix",
    "Span",
    "may_set",
]
