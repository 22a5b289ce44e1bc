"""Hosts and URLs: which are this machine, which are one origin, what of them may be shown."""

from __future__ import annotations

import ipaddress
from urllib.parse import SplitResult, urlsplit, urlunsplit

_PORTS = {"http": 80, "https": 443}
_HIDDEN = "xxxxx"


def host_of(authority: str) -> str:
    """The host of `host[:port]`, without the brackets of an IPv6 address."""
    if authority.startswith("["):
        return authority[1:].partition("]")[0]
    return authority.partition(":")[0]


def is_loopback(authority: str) -> bool:
    """Tell whether `host[:port]` names this machine itself: localhost, 127.0.0.0/8, ::1."""
    host = host_of(authority).lower().rstrip(".")
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def origin(url: str) -> tuple[str, str, int]:
    """Scheme, host and port of a URL: what credentials are meant for."""
    parts = urlsplit(url)
    scheme = parts.scheme.lower()
    return scheme, (parts.hostname or "").lower(), parts.port or _PORTS.get(scheme, 0)


def redacted(url: str) -> str:
    """A URL as it may be shown: no user, no password, no values of its query."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return "(no valid URL)"
    host = parts.netloc.rpartition("@")[2]
    netloc = f"{_HIDDEN}@{host}" if "@" in parts.netloc else host
    query = "&".join(_hidden_value(one) for one in parts.query.split("&")) if parts.query else ""
    return urlunsplit(SplitResult(parts.scheme, netloc, parts.path, query, ""))


def _hidden_value(parameter: str) -> str:
    name, equals, _ = parameter.partition("=")
    return f"{name}={_HIDDEN}" if equals else name
