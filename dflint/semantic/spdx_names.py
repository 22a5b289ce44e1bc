"""The identifiers of licences that are written in other well-known ways."""

from __future__ import annotations

import re
from functools import cache

_DROPPED = re.compile(
    r"^spdx:|\b(?:the|licen[sc]e|version)\b"
    r"|\bv(?=[0-9])|(?<=[a-z])v(?=[0-9])|[\s,_-]++"
)
#: A number that stands for a version without its last part.
_WHOLE = re.compile(r"(?<![0-9.])([0-9])(?![0-9.])")
#: Names that are not an identifier in other letters, as `_bare` has them.
_NAMES = {
    "expat": "MIT",
    "mit(mit)": "MIT",
    "apachesoftware2.0": "Apache-2.0",
    "mozillapublic2.0": "MPL-2.0",
    "eclipsepublic1.0": "EPL-1.0",
    "eclipsepublic2.0": "EPL-2.0",
    "boostsoftware1.0": "BSL-1.0",
    "cc0": "CC0-1.0",
    "bsd2": "BSD-2-Clause",
    "2clausebsd": "BSD-2-Clause",
    "simplifiedbsd": "BSD-2-Clause",
    "bsd3": "BSD-3-Clause",
    "3clausebsd": "BSD-3-Clause",
    "newbsd": "BSD-3-Clause",
    "modifiedbsd": "BSD-3-Clause",
    "revisedbsd": "BSD-3-Clause",
}


def licence_meant(value: str) -> str | None:
    """The identifier of the one licence that a text surely names; None where there is a choice.

    Blanks, hyphens, the case, `SPDX:` in front, `the`, `license`, `version` and a `v` before a
    number make no difference, nor does `.0` behind a lone number, and `+` is `-or-later`. `GPL 3`
    may be `GPL-3.0-only` or `GPL-3.0-or-later`.
    """
    bare = _bare(value).replace("+", "orlater")
    known = _by_bare_name()
    for name in (bare, _WHOLE.sub(r"\1.0", bare)):
        found = _NAMES.get(name) or known.get(name)
        if found:
            return found
    return None


def _bare(name: str) -> str:
    return _DROPPED.sub("", name.lower())


@cache
def _by_bare_name() -> dict[str, str]:
    """The licences that are not deprecated, those left out that would be the same."""
    from dflint.semantic.spdx_ids import DEPRECATED, LICENSES

    found: dict[str, str] = {}
    for name in (*LICENSES.split(), *DEPRECATED.split()):
        bare = _bare(name)
        found[bare] = "" if bare in found else name
    for name in DEPRECATED.split():
        found[_bare(name)] = ""
    return found
