"""Licence expressions of SPDX: "SPDX specification", annex "SPDX license expressions"."""

from __future__ import annotations

import re
from functools import cache

from dflint.text.quoted import quoted

_TOKEN = re.compile(r"[()]|[^\s()]++")
_REFERENCE = re.compile(
    r"(?:DocumentRef-[A-Za-z0-9.-]++:)?+(?:LicenseRef|AdditionRef)-[A-Za-z0-9.-]++\Z"
)
#: What SPDX documents say in the place of an expression.
_NO_LICENCE = frozenset(("NONE", "NOASSERTION"))


@cache
def _identifiers() -> tuple[frozenset[str], frozenset[str], frozenset[str]]:
    """Licences, those deprecated, and exceptions, in small letters."""
    from dflint.semantic.spdx_ids import DEPRECATED, EXCEPTIONS, LICENSES

    current, deprecated, exceptions = (
        frozenset(names.lower().split()) for names in (LICENSES, DEPRECATED, EXCEPTIONS)
    )
    return current, deprecated, exceptions


def reason_against(value: str, is_strict: bool) -> str | None:
    """Say why a value is no expression to publish; None when it is one.

    One deprecated identifier by itself is against it only where `is_strict`.
    """
    word = expression_problem(value)
    if word == "":
        return f"{quoted(value)} is unfinished, no tool can read it"
    if word:
        return (
            f"{quoted(word)} is no licence of SPDX at this place, tools cannot tell what it is; "
            "write as in `Apache-2.0 OR MIT`, or `LicenseRef-` and a name"
        )
    if not is_strict or value.lower() not in _identifiers()[1]:
        return None
    name = value.removesuffix("+")
    if f"{name}-only".lower() in _identifiers()[0]:
        return f"SPDX has {quoted(value)} no more: write `{name}-only` or `{name}-or-later`"
    return f"SPDX has deprecated {quoted(value)}: its list says what to write instead"


def expression_problem(value: str) -> str | None:
    """Give the first word that makes a value no licence expression; None when it is one.

    At the end of what is unfinished the problem is an empty word.
    """
    if value in _NO_LICENCE:
        return None
    words: list[str] = [*_TOKEN.findall(value), ""]
    depth = 0
    wants_licence = True
    at = 0
    while at < len(words) - 1:
        word = words[at]
        if wants_licence and word == "(":
            depth += 1
        elif wants_licence:
            if not _is_licence(word):
                return word
            wants_licence = False
        elif word in ("WITH", "with") and words[at - 1] != ")":
            at += 1
            if not _is_exception(words[at]):
                return words[at]
        elif word in ("AND", "OR", "and", "or"):
            wants_licence = True
        elif word == ")" and depth:
            depth -= 1
        else:
            return word
        at += 1
    return "" if wants_licence or depth else None


def _is_licence(word: str) -> bool:
    current, deprecated, _ = _identifiers()
    name = word.lower()
    if name in current or name in deprecated or name.removesuffix("+") in current:
        return True
    return _REFERENCE.match(word) is not None


def _is_exception(word: str) -> bool:
    return word.lower() in _identifiers()[2] or _REFERENCE.match(word) is not None
