"""The forms that values of labels can be asked to have.

RFC 3986 (URI), RFC 3339 (date and time), RFC 5322 (addr-spec), Semantic Versioning 2.0.0.
"""

from __future__ import annotations

from dflint.text.lazy_pattern import LazyPattern

_URL = LazyPattern(r"[A-Za-z][A-Za-z0-9+.-]*+:[A-Za-z0-9._~:/?#\[\]@!$&'()*+,;=%-]++\Z")
_NUMBER = r"(?:0|[1-9][0-9]*+)"
_RELEASE = LazyPattern(
    rf"{_NUMBER}\.{_NUMBER}\.{_NUMBER}(?:-([0-9A-Za-z.-]++))?+(?:\+([0-9A-Za-z.-]++))?+\Z"
)
_TIME = LazyPattern(
    r"([0-9]{4})-([0-9]{2})-([0-9]{2})[Tt]([0-9]{2}):([0-9]{2}):([0-9]{2})(?:\.[0-9]++)?+"
    r"(?:[Zz]|[+-]([0-9]{2}):([0-9]{2}))\Z"
)
_HASH = LazyPattern(r"(?:[0-9a-f]{7,40}|[0-9a-f]{64})\Z")
_ATOM = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]++"
_NAME = r"[A-Za-z0-9]++(?:-++[A-Za-z0-9]++)*+"
_EMAIL = LazyPattern(
    rf"{_ATOM}(?:\.{_ATOM})*+@(?:{_NAME}(?:\.{_NAME})*+\.?+|\[[0-9A-Za-z:.]++\])\Z"
)
_DAYS = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


def is_url(value: str) -> bool:
    """Tell whether a value is a URL with its scheme."""
    return _URL.get().match(value) is not None


def is_semver(value: str) -> bool:
    """Tell whether a value is a version by Semantic Versioning: no `v` in front, three numbers."""
    found = _RELEASE.get().match(value)
    if found is None:
        return False
    release, build = found.groups()
    for part in (release or "a").split("."):
        if not part or (part.isdigit() and part != "0" and part[0] == "0"):
            return False
    return all((build or "a").split("."))


def is_time(value: str) -> bool:
    """Tell whether a value is a date with a time and an offset, by RFC 3339."""
    found = _TIME.get().match(value)
    if found is None:
        return False
    year, month, day, hour, minute, second, *offset = (int(one or 0) for one in found.groups())
    if not 1 <= month <= 12:
        return False
    is_leap = year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
    days = 29 if month == 2 and is_leap else _DAYS[month - 1]
    in_day = hour <= 23 and minute <= 59 and second <= 60
    return 1 <= day <= days and in_day and offset[0] <= 23 and offset[1] <= 59


def is_hash(value: str) -> bool:
    """Tell whether a value is the hash of a commit of Git, in full or shortened."""
    return _HASH.get().match(value) is not None


def is_email(value: str) -> bool:
    """Tell whether a value is one address, without a name beside it."""
    return _EMAIL.get().match(value) is not None
