"""The functions of templates: those of Go that are used with docker, and docker's own."""

from __future__ import annotations

import json

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable


class TemplateProblem(ValueError):
    """What is wrong with a template, or with what it asks for."""


class Fields(dict[str, object]):
    """An object whose names are known: to ask for another one is a mistake, and told.

    `omitted` are names that JSON leaves out, as they hold nothing.
    """

    omitted: frozenset[str] = frozenset()


class NoList(list[object]):
    """A list that is not there: `null` as JSON, `[]` as text."""


class NoMap(dict[str, object]):
    """A mapping that is not there: `null` as JSON, `map[]` as text."""


def show(value: object) -> str:
    """A value as Go prints it."""
    if value is None:
        return "<no value>"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Fields):
        return "{" + " ".join(map(show, value.values())) + "}"
    if isinstance(value, dict):
        return "map[" + " ".join(f"{key}:{show(one)}" for key, one in sorted(value.items())) + "]"
    if isinstance(value, (list, tuple)):
        return "[" + " ".join(map(show, value)) + "]"
    if isinstance(value, float):
        return f"{value:g}"
    return str(value)


def is_true(value: object) -> bool:
    """Whether a value counts as true: what is empty or zero does not."""
    return bool(value)


def json_of(value: object) -> str:
    """A value as JSON, its strings as Go's `json.Marshal` writes them."""
    text = json.dumps(plain(value), ensure_ascii=False, separators=(",", ":"))
    for character in "<>&\u2028\u2029":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return text


def plain(value: object) -> object:
    """The value that JSON has: None for what is not there, nothing for what is omitted."""
    if isinstance(value, (NoList, NoMap)):
        return None
    if isinstance(value, dict):
        omitted = value.omitted if isinstance(value, Fields) else ()
        return {key: plain(one) for key, one in value.items() if key not in omitted}
    return [plain(one) for one in value] if isinstance(value, (list, tuple)) else value


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TemplateProblem(f"expected a text, found {show(value)}")
    return value


def _whole(value: object) -> int:
    if not isinstance(value, int):
        raise TemplateProblem(f"expected a whole number, found {show(value)}")
    return value


def _split(value: object, separator: object) -> object:
    separator = _text(separator)
    return _text(value).split(separator) if separator else list(_text(value))


def _join(values: object, separator: object) -> str:
    if not isinstance(values, (list, tuple)):
        raise TemplateProblem(f"expected a list, found {show(values)}")
    return _text(separator).join(map(show, values))


def _pad(value: object, before: object, after: object) -> str:
    return " " * _whole(before) + _text(value) + " " * _whole(after) if value else ""


def _truncate(value: object, length: object) -> str:
    return _text(value)[: _whole(length)]


def _length(value: object) -> int:
    if not isinstance(value, (str, dict, list, tuple)):
        raise TemplateProblem(f"{show(value)} has no length")
    return len(value.encode()) if isinstance(value, str) else len(value)


def _index(value: object, *keys: object) -> object:
    for key in keys:
        if isinstance(value, dict):
            value = value.get(str(key), "")
        elif isinstance(value, (list, tuple)) and isinstance(key, int):
            if not 0 <= key < len(value):
                raise TemplateProblem(f"index out of range: {key}")
            value = value[key]
        else:
            raise TemplateProblem(f"cannot index {show(value)} with {show(key)}")
    return value


def _slice(value: object, first: object = 0, last: object = None) -> object:
    if not isinstance(value, (str, list, tuple)):
        raise TemplateProblem(f"cannot slice {show(value)}")
    end = len(value) if last is None else _whole(last)
    if not 0 <= _whole(first) <= end <= len(value):
        raise TemplateProblem(f"index out of range: {show(first)}, {end}")
    return value[_whole(first) : end]


def _print(*values: object) -> str:
    """Values one after the other, with blanks between two of which neither is a text."""
    text = ""
    for at, value in enumerate(values):
        needs_blank = at and not isinstance(value, str) and not isinstance(values[at - 1], str)
        text += " " * bool(needs_blank) + show(value)
    return text


def _print_line(*values: object) -> str:
    return " ".join(map(show, values)) + "\n"


def _printf(form: object, *values: object) -> str:
    """Go's `Sprintf` for `%s`, `%v`, `%d`, `%q`, `%t` and `%%`, with widths and precisions."""
    import re

    rest = list(values)

    def one(found: re.Match[str]) -> str:
        flags, width, precision, verb = found.groups()
        if verb == "%":
            return "%"
        if not rest:
            return f"%!{verb}(MISSING)"
        text = _formatted(verb, rest.pop(0))
        if precision and verb in "sv":
            text = text[: int(precision[1:] or 0)]
        if "-" in flags:
            return text.ljust(int(width or 0))
        return text.rjust(int(width or 0), "0" if "0" in flags and verb == "d" else " ")

    return re.sub(r"%([-0]{0,2})(\d{0,4})(\.\d{0,4})?([svdqt%])", one, _text(form))


def _formatted(verb: str, value: object) -> str:
    if verb == "q":
        return json.dumps(show(value), ensure_ascii=False)
    if verb == "d" and (isinstance(value, bool) or not isinstance(value, int)):
        return f"%!d({_kind(value)}={show(value)})"
    return show(value)


def _kind(value: object) -> str:
    return {str: "string", bool: "bool", float: "float64"}.get(type(value), "interface {}")


def _and(*values: object) -> object:
    return next((value for value in values if not is_true(value)), values[-1])


def _or(*values: object) -> object:
    return next((value for value in values if is_true(value)), values[-1])


def _less(one: object, other: object) -> bool:
    if isinstance(one, str) and isinstance(other, str):
        return one < other
    if isinstance(one, (int, float)) and isinstance(other, (int, float)):
        return one < other
    raise TemplateProblem(f"cannot compare {show(one)} with {show(other)}")


def _title(value: object) -> str:
    text = _text(value)
    return "".join(
        letter.upper() if at == 0 or text[at - 1].isspace() else letter
        for at, letter in enumerate(text)
    )


#: What functions that change a text do in the headings of tables: nothing.
HEADING_FUNCTIONS: dict[str, Callable[..., object]] = {
    name: (lambda value, *_: value) for name in ("json", "title", "lower", "upper", "truncate")
}

#: By their names; the arguments are those of the template, that of a pipe last.
FUNCTIONS: dict[str, Callable[..., object]] = {
    "json": json_of,
    "split": _split,
    "join": _join,
    "title": _title,
    "lower": lambda value: _text(value).lower(),
    "upper": lambda value: _text(value).upper(),
    "pad": _pad,
    "truncate": _truncate,
    "len": _length,
    "index": _index,
    "slice": _slice,
    "print": _print,
    "println": _print_line,
    "printf": _printf,
    "not": lambda value: not is_true(value),
    "and": _and,
    "or": _or,
    "eq": lambda one, *others: any(one == other for other in others),
    "ne": lambda one, other: one != other,
    "lt": _less,
    "le": lambda one, other: not _less(other, one),
    "gt": lambda one, other: _less(other, one),
    "ge": lambda one, other: not _less(one, other),
}
