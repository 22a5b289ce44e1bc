"""What a registry answers when it does not do what was asked."""

from __future__ import annotations

import json

from dflint.errors import BuildError

_LONGEST = 300


class RegistryError(BuildError):
    """A request to a registry that failed.

    `status` is the answer's HTTP status or 0, `code` the registry's own (`MANIFEST_UNKNOWN`; see
    "Error Codes" of the OCI distribution specification) or "", `url` redacted.
    `is_passing` tells whether the request may succeed later, `wait` for how many seconds the
    registry asks.
    """

    def __init__(
        self,
        message: str,
        *,
        status: int = 0,
        code: str = "",
        url: str = "",
        is_passing: bool = False,
    ) -> None:
        self.message = message
        self.status = status
        self.code = code
        self.url = url
        self.is_passing = is_passing
        self.wait = 0.0
        super().__init__(message)

    def __str__(self) -> str:
        return self.message


def said(body: bytes) -> tuple[str, str]:
    """The code and the message of an error answer's body; both "" where it has none."""
    try:
        document = json.loads(body)
    except (ValueError, RecursionError):
        return "", ""
    errors = document.get("errors") if isinstance(document, dict) else None
    if not isinstance(errors, list) or not errors or not isinstance(errors[0], dict):
        return _plain(document.get("details")) if isinstance(document, dict) else ("", "")
    first = errors[0]
    return _text(first.get("code")), _text(first.get("message"))


def _plain(details: object) -> tuple[str, str]:
    return "", _text(details)


def _text(value: object) -> str:
    """A text of the registry on one line, without what a terminal would obey."""
    if not isinstance(value, str):
        return ""
    line = " ".join(value.split())
    return "".join(letter for letter in line if letter.isprintable())[:_LONGEST]
