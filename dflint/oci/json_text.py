"""JSON as Go's `encoding/json` writes it, which every byte of an image's digests hangs on."""

from __future__ import annotations

import json
import re

from dflint.errors import BuildError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import NoReturn

_SPECIAL = re.compile("[<>&\u2028\u2029\ud800-\udfff]")


def write_compact(value: object) -> bytes:
    """A value as `json.Marshal` writes it: without blanks, `<`, `>` and `&` as escapes."""
    return _escape(json.dumps(value, ensure_ascii=False, separators=(",", ":")))


def write_indented(value: object) -> bytes:
    """A value as `json.MarshalIndent` writes it with two blanks, and no line end after it."""
    return _escape(json.dumps(value, ensure_ascii=False, indent=2))


def _escape(text: str) -> bytes:
    return _SPECIAL.sub(_escaped, text).encode()


def _escaped(found: re.Match[str]) -> str:
    code = ord(found[0])
    # A byte that is no UTF-8 is a lone surrogate here; Go writes U+FFFD for it.
    return f"\\u{0xFFFD if 0xD800 <= code <= 0xDFFF else code:04x}"


def read_object(data: bytes, what: str) -> dict[str, object]:
    """The members of a JSON object; BuildError when the text is none. `what` names it."""
    try:
        value = json.loads(data.decode(), parse_constant=_no_constant)
    except (ValueError, RecursionError) as error:
        reason = "nested too deeply" if isinstance(error, RecursionError) else str(error)
        raise BuildError(f"{what} is not valid JSON: {reason}") from None
    if not isinstance(value, dict):
        raise BuildError(f"{what}: expected a JSON object, found {kind_of(value)}")
    return value


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"`{name}` is no JSON")


def kind_of(value: object) -> str:
    """What a JSON value is, for a message."""
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    if isinstance(value, str):
        return "a string"
    if isinstance(value, (int, float)):
        return f"the number {value}" if abs(value) < 10**20 else "a huge number"
    return "a list" if isinstance(value, list) else "an object"
