"""JSON without the module `json`, whose import takes longer than reading one file's findings."""

from __future__ import annotations


class _Choices:
    """What the scanner asks of a decoder."""

    strict = True
    object_hook = None
    object_pairs_hook = None
    parse_float = float
    parse_int = int
    parse_constant = float


def read_json(text: str) -> object:
    """The value that a text is; ValueError when it is none."""
    try:
        from _json import make_scanner  # what `json` itself uses; not every Python has it
    except ImportError:
        import json

        other: object = json.loads(text)
        return other
    text = text.strip()
    try:
        value, end = make_scanner(_Choices)(text, 0)  # type: ignore[arg-type]  # read, not called
    except StopIteration:
        raise ValueError("expected a value") from None
    if end != len(text):
        raise ValueError("expected nothing behind the value")
    return value
