"""Times as images have them: RFC 3339, in UTC."""

from __future__ import annotations

from datetime import UTC, datetime


def time_text(seconds: float) -> str:
    """A time in seconds since 1970, with nine digits of a second at most."""
    whole = int(seconds)
    text = datetime.fromtimestamp(whole, UTC).strftime("%Y-%m-%dT%H:%M:%S")
    return text + f"{seconds - whole:.9f}"[1:].rstrip("0").rstrip(".") + "Z"


def seconds_of(text: str) -> float:
    """The seconds of such a time; ValueError for what is none."""
    before, _, fraction = text.removesuffix("Z").partition(".")
    when = datetime.strptime(before, "%Y-%m-%dT%H:%M:%S").replace(tzinfo=UTC)
    return when.timestamp() + (float(f"0.{fraction}") if fraction else 0.0)
