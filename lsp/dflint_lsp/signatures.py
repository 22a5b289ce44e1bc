"""The ways to write an instruction, and which part of which one is being written.

Ways that cannot be meant any more are left out as an instruction is typed.
"""

from __future__ import annotations

import re

from dflint_lsp.cursor import Cursor, Parts, Place
from dflint_lsp.reference.flags import FLAG_FACTS
from dflint_lsp.reference.instructions import INSTRUCTIONS
from dflint_lsp.reference.values import DIRECTIVE_FACTS, DIRECTIVE_VALUES

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

_PARAMETER = re.compile(r"\{([^}]*)\}")
_DIRECTIVE = re.compile(r"\ufeff?#[ \t]*(\w+)[ \t]*=")


class Signature:
    """One way to write something: the `label`, and the places of its parameters in it."""

    __slots__ = ("label", "parameters")

    def __init__(self, template: str) -> None:
        self.parameters: list[tuple[int, int]] = []
        pieces: list[str] = []
        at = size = 0
        for found in _PARAMETER.finditer(template):
            pieces += (template[at : found.start()], found[1])
            size += found.start() - at
            self.parameters.append((size, size + len(found[1])))
            size += len(found[1])
            at = found.end()
        self.label = "".join(pieces) + template[at:]

    def __repr__(self) -> str:
        return f"Signature({self.label!r})"


class Help:
    """The signatures that may be meant, and the parameter that is being written.

    `own` has the parameter of each signature where they differ. `about` says where the text is:
    a table and a name of `dflint_lsp.reference.lookup`.
    """

    __slots__ = ("about", "own", "parameter", "signatures")

    def __init__(
        self,
        signatures: list[Signature],
        parameter: int,
        about: tuple[str, str],
        own: list[int] | None = None,
    ) -> None:
        self.signatures = signatures
        self.parameter = parameter
        self.about = about
        self.own = own or [parameter] * len(signatures)


#: Which signatures by their index, and the parameter; None where nothing may be written.
Choice = tuple[list[int], int] | None


def help_at(cursor: Cursor) -> Help | None:
    """What is being written at a cursor."""
    if cursor.place is Place.DIRECTIVE:
        return _directive_help(cursor)
    if cursor.place is not Place.INSTRUCTION or cursor.is_behind_escape:
        return None
    parts = Parts(cursor)
    if parts.is_trigger and parts.is_keyword:
        return _help("ONBUILD", ([0], 0))
    keyword = parts.keyword.upper()
    if parts.is_keyword or keyword not in INSTRUCTIONS:
        return None
    flag = _flag_help(parts)
    return flag if flag is not None else _help(keyword, _choose(parts))


def _help(keyword: str, choice: Choice) -> Help | None:
    if choice is None:
        return None
    indices, parameter = choice
    templates = INSTRUCTIONS[keyword].signatures
    found = [Signature(f"{keyword} {templates[index]}") for index in indices]
    own = [_own_parameter(one, parameter) for one in found] if keyword == "FROM" else None
    return Help(found, parameter, ("instruction", keyword), own)


def _own_parameter(signature: Signature, parameter: int) -> int:
    """The parameter of an image without tag or digest, in which what follows comes earlier."""
    has_detail = ":" in signature.label or "@" in signature.label
    return parameter if has_detail or parameter < 2 else parameter - 1


def _directive_help(cursor: Cursor) -> Help | None:
    text = cursor.version.text
    start = text.rfind("\n", 0, cursor.offset) + 1
    found = _DIRECTIVE.match(text, start)
    if found is None or cursor.offset < found.end() or found[1].lower() not in DIRECTIVE_FACTS:
        return None
    name = found[1].lower()
    signature = Signature(f"{name}={{{DIRECTIVE_VALUES[name][0]}}}")
    return Help([signature], 0, ("directive", name))


def _flag_help(parts: Parts) -> Help | None:
    """The flag whose value is being written, or the flags as such."""
    flag = parts.flag
    keyword = parts.keyword.upper()
    at_flag = flag is not None or any(one.begin == parts.cursor.at for one in parts.flags)
    if not at_flag:
        return None
    if flag is not None and "=" in flag.prefix:
        name = flag.text[2:].partition("=")[0]
        facts = FLAG_FACTS.get(parts.keyword, {}).get(name)
        if facts is not None and facts.example:
            signature = Signature(f"--{name}={{{facts.example}}}")
            return Help([signature], 0, ("flag", f"{parts.keyword} {name}"))
    return _help(keyword, _flags_choice(parts))


def _flags_choice(parts: Parts) -> Choice:
    templates = INSTRUCTIONS[parts.keyword.upper()].signatures
    return [index for index, one in enumerate(templates) if one.startswith("{[flags]}")], 0


def _choose(parts: Parts) -> Choice:
    choose = _BY_KEYWORD.get(parts.keyword)
    return ([0], 0) if choose is None else choose(parts)


class _Array:
    """An array that is being written: which of its elements, of how many."""

    __slots__ = ("count", "index", "is_closed")

    def __init__(self, index: int, count: int, is_closed: bool) -> None:
        self.index = index
        self.count = count
        self.is_closed = is_closed


def _array(parts: Parts) -> _Array | None:
    """The array that the cursor is in or right behind; None when it is in none."""
    text, at = parts.cursor.text, parts.cursor.at
    start = parts.arguments
    if not text.startswith("[", start) or at <= start:
        return None
    index = count = 0
    position = start + 1
    is_quoted = False
    while position < len(text):
        character = text[position]
        if is_quoted and character == "\\":
            position += 1
        elif character == '"':
            is_quoted = not is_quoted
        elif character == "," and not is_quoted:
            count += 1
            index += position < at
        elif character == "]" and not is_quoted:
            break
        position += 1
    if not text[:position].rstrip().rpartition(",")[2] and index < count:
        count -= 1  # nothing follows the comma yet
    if position >= at:
        return _Array(index, count, False)
    return _Array(index, count, True) if position + 1 == at else None


def _is_empty(parts: Parts) -> bool:
    """Whether nothing but perhaps an array stands at the cursor."""
    at = parts.cursor.at
    if not parts.words:
        return True
    first = parts.words[0]
    return at <= first.begin and (at < first.begin or first.text.startswith("["))


def _copy(parts: Parts) -> Choice:
    array = _array(parts)
    if array is not None:
        last = array.index >= array.count
        return [1], 5 if array.is_closed else 2 if array.index == 0 else 4 if last else 3
    if parts.flags and parts.cursor.at < parts.flags[0].begin:
        return [0, 1], 0
    if not parts.words:
        return [0, 1], 1
    if _is_empty(parts):
        return [0, 1] if parts.words[0].text.startswith("[") else [0], 1
    if parts.index == 0:
        return [0], 1
    return [0], 3 if parts.index >= len(parts.words) - 1 else 2


def _command(arrays: list[int], plain: int, in_order: list[int]) -> Callable[[Parts], Choice]:
    """The choice among arrays and a plain form, which are offered in some order."""

    def choose(parts: Parts) -> Choice:
        array = _array(parts)
        if array is not None:
            return arrays, 4 if array.is_closed else min(array.index, 2) + 1
        if not parts.words or (_is_empty(parts) and parts.words[0].text.startswith("[")):
            return in_order, 0
        return [plain], min(parts.index, 2)

    return choose


def _shell(parts: Parts) -> Choice:
    array = _array(parts)
    if array is not None:
        return [0], 4 if array.is_closed else min(array.index, 2) + 1
    return ([0], 0) if _is_empty(parts) else None


def _volume(parts: Parts) -> Choice:
    array = _array(parts)
    if array is not None:
        return [0], 3 if array.is_closed else min(array.index, 1) + 1
    if not parts.words or (_is_empty(parts) and parts.words[0].text.startswith("[")):
        return [0, 1], 0
    return [1], min(parts.index, 1)


def _pairs(parts: Parts) -> Choice:
    from dflint.cst.parser.head import split_words

    cursor = parts.cursor
    places = split_words(cursor.text, parts.arguments, len(cursor.text), cursor.line.escape)
    at = cursor.at
    index = sum(end < at for _, end in places)
    if not places or (index == 0 and at < places[0][0]):
        return [0, 1, 2], 0
    begin, end = places[0]
    if "=" not in cursor.text[begin:end]:
        if len(places) == 1 and index == 0:
            return [0, 1, 2], 0
        return [0], 1 if index else 0
    if index >= len(places):
        return [2], 2
    begin, end = places[index]
    equals = cursor.text.find("=", begin, end)
    is_value = equals >= 0 and at > equals
    return [1, 2] if len(places) == 1 else [2], min(index, 1) * 2 + is_value


def _arg(parts: Parts) -> Choice:
    word = parts.words[0] if parts.words else None
    if word is None or parts.cursor.at < word.begin:
        return [0, 1], 0
    if "=" not in word.text:
        return ([0, 1], 0) if parts.index == 0 else None
    return [1], int(parts.index > 0 or "=" in word.prefix)


def _from(parts: Parts) -> Choice:
    words = parts.words
    if not words or (parts.index == 0 and parts.cursor.at < words[0].begin):
        return [0, 1, 2, 3, 4, 5], 0
    image = words[0].text
    detail = re.search(r"@|:(?!.*/)", image)
    kinds = [0, 1, 2] if detail is None else [2] if "@" in image else [1]
    if parts.index == 0:
        sign = words[0].begin + (len(image) if detail is None else detail.start())
        parameter = int(parts.cursor.at > sign)
        named = [one + 3 for one in kinds]
        return named if len(words) > 1 else kinds + named, parameter
    return [one + 3 for one in kinds], 2 if parts.index == 1 else 3


def _health_check(parts: Parts) -> Choice:
    if not parts.words:
        return [0, 1] if not parts.flags else [0], 0
    first = parts.words[0].text.upper()
    if parts.index == 0:
        if parts.cursor.at < parts.words[0].begin:
            return [0], 0
        is_none = "NONE".startswith(first) and not parts.flags
        return ([1], 0) if is_none else ([0], 1)
    return None if first == "NONE" else ([0], 2)


def _user(parts: Parts) -> Choice:
    word = parts.word
    if ":" not in word.text:
        return [0, 1, 2, 3], 0
    return [1, 3], int(":" in word.prefix)


def _expose(parts: Parts) -> Choice:
    return [0], min(parts.index, 1)


_BY_KEYWORD: dict[str, Callable[[Parts], Choice]] = {
    "add": _copy,
    "copy": _copy,
    "cmd": _command([0, 1], 2, [0, 1, 2]),
    "entrypoint": _command([0], 1, [0, 1]),
    "run": _command([1], 0, [0, 1]),
    "shell": _shell,
    "volume": _volume,
    "env": _pairs,
    "label": _pairs,
    "arg": _arg,
    "from": _from,
    "healthcheck": _health_check,
    "user": _user,
    "expose": _expose,
}
