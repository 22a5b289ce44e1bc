"""Variables in Compose files: `$NAME`, `${NAME:-default}` and the like.

Source: Compose specification, "Interpolation". Values come from the `.env` file beside the Compose
file alone.
"""

from __future__ import annotations

import os
import re

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_OPERATORS = (":-", ":?", ":+", "-", "?", "+")


class InterpolationError(ValueError):
    """A `$` that begins nothing; `at` is its index in the text."""

    def __init__(self, at: int) -> None:
        self.at = at
        super().__init__("invalid interpolation format: expected `$NAME`, `${NAME}` or `$$`")


class Interpolated:
    """A text with its variables filled in.

    `origins` has for each character the index of what it comes from, and one for the end.
    `unknown` are the variables that have no value and no default; they are empty.
    """

    __slots__ = ("origins", "text", "unknown")

    def __init__(self, text: str, origins: list[int], unknown: tuple[str, ...]) -> None:
        self.text = text
        self.origins = origins
        self.unknown = unknown


def interpolate(text: str, env: Mapping[str, str]) -> Interpolated:
    """Fill in the variables of a text; InterpolationError for a `$` that begins nothing."""
    signs: list[str] = []
    origins: list[int] = []
    unknown: list[str] = []
    at = 0
    while at < len(text):
        if text[at] != "$":
            signs.append(text[at])
            origins.append(at)
            at += 1
            continue
        value, end = _substitution(text, at, env, unknown)
        signs += value
        origins += [at] * len(value)
        at = end
    return Interpolated("".join(signs), [*origins, len(text)], tuple(unknown))


def _substitution(
    text: str, at: int, env: Mapping[str, str], unknown: list[str]
) -> tuple[str, int]:
    """What the `$` at a place stands for, and the place behind it."""
    if text.startswith("$", at + 1):
        return "$", at + 2
    braced = text.startswith("{", at + 1)
    name = _NAME.match(text, at + 1 + braced)
    if name is None:
        raise InterpolationError(at)
    if not braced:
        return _value(name[0], env, unknown), name.end()
    end = name.end()
    if text.startswith("}", end):
        return _value(name[0], env, unknown), end + 1
    operator = next((one for one in _OPERATORS if text.startswith(one, end)), None)
    close = _close(text, end)
    if operator is None or close < 0:
        raise InterpolationError(at)
    return _operated(name[0], operator, text[end + len(operator) : close], env, unknown), close + 1


def _operated(
    name: str, operator: str, operand: str, env: Mapping[str, str], unknown: list[str]
) -> str:
    value = env.get(name)
    is_set = value is not None and (bool(value) or not operator.startswith(":"))
    if operator.endswith("+"):
        return interpolate(operand, env).text if is_set else ""
    if is_set and value is not None:
        return value
    if operator.endswith("-"):
        inner = interpolate(operand, env)
        unknown += inner.unknown
        return inner.text
    unknown.append(name)
    return ""


def _value(name: str, env: Mapping[str, str], unknown: list[str]) -> str:
    if name not in env:
        unknown.append(name)
    return env.get(name, "")


def _close(text: str, at: int) -> int:
    """Where the brace closes within which a place is; -1 where it does not."""
    depth = 1
    while at < len(text):
        if text.startswith("${", at):
            depth += 1
            at += 1
        elif text[at] == "}":
            depth -= 1
            if depth == 0:
                return at
        at += 1
    return -1


def read_env(folder: str) -> dict[str, str]:
    """The variables of the `.env` file in a folder: lines of `NAME=value`, quotes taken off."""
    found: dict[str, str] = {}
    try:
        with open(os.path.join(folder, ".env"), encoding="utf-8", errors="replace") as stream:
            lines = stream.read().splitlines()
    except OSError:
        return found
    for line in lines:
        name, equals, value = line.strip().removeprefix("export ").partition("=")
        if not equals or name.startswith("#"):
            continue
        value = value.strip()
        if value[:1] in ("'", '"') and value.endswith(value[0]) and len(value) > 1:
            value = value[1:-1]
        else:
            value = value.partition(" #")[0].rstrip()
        found[name.strip()] = value
    return found
