"""The challenges of a WWW-Authenticate header (RFC 9110, 11.6.1)."""

from __future__ import annotations

import re

_TOKEN = r"[!#$%&'*+.^_`|~0-9A-Za-z-]+"
_PARAMETER = re.compile(rf'\s*({_TOKEN})\s*=\s*(?:"((?:[^"\\]|\\.)*)"|({_TOKEN}))\s*(?:,|$)')
_SCHEME = re.compile(rf"\s*({_TOKEN})(?:\s+|\s*(?:,|$))")


def read_challenges(header: str) -> dict[str, dict[str, str]]:
    """The parameters of each scheme, both in lower case; of a scheme named twice, the first's."""
    found: dict[str, dict[str, str]] = {}
    at = 0
    parameters: dict[str, str] = {}
    while at < len(header):
        match = _PARAMETER.match(header, at)
        if match is not None:
            quoted = match[2]
            value = match[3] if quoted is None else re.sub(r"\\(.)", r"\1", quoted)
            parameters.setdefault(match[1].lower(), value)
        else:
            match = _SCHEME.match(header, at)
            if match is None:
                break
            parameters = {}
            parameters = found.setdefault(match[1].lower(), parameters)
        at = match.end()
    return found
