"""Times of images for people, and times that filters name."""

from __future__ import annotations

import re
from datetime import UTC, datetime

from dflint.errors import UsageError
from dflint.text.go_units import human_duration

_FRACTION = re.compile(r"\.(\d+)")
_PART = re.compile(r"(\d+(?:\.\d+)?)(ns|us|µs|ms|s|m|h|d)")
_SECONDS = {
    "ns": 1e-9, "us": 1e-6, "µs": 1e-6, "ms": 1e-3, "s": 1, "m": 60, "h": 3600, "d": 86400,
}  # fmt: skip


def nanoseconds(text: str) -> int | None:
    """A time of RFC 3339 in nanoseconds since 1970; None for none."""
    try:
        whole = datetime.fromisoformat(_FRACTION.sub("", text.upper()))
    except ValueError:
        return None
    if whole.tzinfo is None:
        whole = whole.replace(tzinfo=UTC)
    fraction = _FRACTION.search(text)
    return int(whole.timestamp()) * 10**9 + int((fraction[1] if fraction else "")[:9].ljust(9, "0"))


def since(created: str, now: float) -> str:
    """How long ago a time was, as `3 weeks ago`; `N/A` for an unknown time."""
    moment = nanoseconds(created)
    return "N/A" if moment is None else f"{human_duration(now - moment // 10**9)} ago"


def local_time(created: str) -> str:
    """A time as Go prints it, in the zone of this machine; `N/A` for an unknown time."""
    moment = nanoseconds(created)
    if moment is None:
        return "N/A"
    return datetime.fromtimestamp(moment // 10**9).astimezone().strftime("%Y-%m-%d %H:%M:%S %z %Z")


def local_rfc3339(created: str) -> str:
    """A time of RFC 3339 in seconds, in the zone of this machine; empty for an unknown time."""
    moment = nanoseconds(created)
    if moment is None:
        return ""
    text = datetime.fromtimestamp(moment // 10**9).astimezone().isoformat()
    return text.removesuffix("+00:00") + "Z" if text.endswith("+00:00") else text


def read_until(text: str, now: float) -> float:
    """The time of `until=`, in seconds since 1970.

    It is a span of time before now (`24h`, `1h30m`, `7d`), RFC 3339, a date, or seconds since 1970.
    """
    if text.isascii() and text.isdigit():
        return float(text)
    parts = list(_PART.finditer(text))
    if parts and "".join(part[0] for part in parts) == text:
        return now - sum(float(part[1]) * _SECONDS[part[2]] for part in parts)
    moment = nanoseconds(text)
    if moment is None:
        raise UsageError(f"--filter: expected `until=` and a time such as `24h`, found `{text}`")
    return moment / 1e9
