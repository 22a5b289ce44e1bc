"""Values that only a build knows: build arguments, and what a base image sets.

A graph is the same for every build of a file, so such a value stands in it as a symbol: a text
between two marks that no file can hold. They are surrogates, of which text that was decoded from
bytes has others at most (PEP 383).
"""

from __future__ import annotations

OPENING = "\ud800"
CLOSING = "\ud801"
_SEPARATOR = "\ud802"


def symbol(kind: str, *parts: str) -> str:
    """The symbol of a value: what it is, and all that tells it from others of its kind."""
    return OPENING + _SEPARATOR.join((kind, *parts)) + CLOSING


def is_symbolic(text: str) -> bool:
    """Whether a symbol is in the text."""
    return OPENING in text


def argument(name: str, default: str | None) -> str:
    """The value of a build argument: its default unless the build gives another."""
    return symbol("arg", name) if default is None else symbol("arg", name, "=" + default)


def of_base(what: str, name: str = "") -> str:
    """What a base image has set: a variable, its working directory, its user."""
    return symbol("base", what, name)


def readable(text: str, with_defaults: bool = True) -> str:
    """The text with its symbols as people write them: `$NAME`, `${NAME:-default}`."""
    while (start := text.rfind(OPENING)) >= 0:
        end = text.find(CLOSING, start)
        end = len(text) if end < 0 else end
        kind, *parts = text[start + 1 : end].split(_SEPARATOR)
        name = parts[0] if parts else ""
        if kind == "arg" and len(parts) > 1 and with_defaults:
            name = f"${{{name}:-{parts[1][1:]}}}"
        elif kind == "arg":
            name = f"${name}"
        elif kind == "base":
            name = f"${parts[-1] or name}"
        elif kind == "join":
            name = "/".join(parts)
        text = text[:start] + name + text[end + 1 :]
    return text.replace(CLOSING, "").replace(_SEPARATOR, " ")
