"""What flags, options of mounts and well-known arguments mean."""

from __future__ import annotations

import re

from dflint_lsp.cursor import Word
from dflint_lsp.hovering.told import Told
from dflint_lsp.reference.flags import MOUNT_ALIASES
from dflint_lsp.reference.lookup import about
from dflint_lsp.reference.values import PORT_FACTS, SIGNAL_FACTS
from dflint_lsp.texts import code

TYPE_CHECKING = False
if TYPE_CHECKING:
    from dflint_lsp.cursor import Cursor, Parts

_DIRECTIVE = re.compile(r"\ufeff?#[ \t]*(\w+)[ \t]*=")
_SIGNAL = re.compile(r"(?:SIG)?([A-Z0-9+-]+)", re.IGNORECASE)


def directive_told(cursor: Cursor) -> Told | None:
    """What the parser directive is whose name the cursor is on."""
    from dflint.text.span import Span

    text = cursor.version.text
    start = text.rfind("\n", 0, cursor.offset) + 1
    found = _DIRECTIVE.match(text, start)
    if found is None:
        return None
    if not found.start(1) <= cursor.offset <= found.end(1):
        return None
    told = about("directive", found[1].lower())
    return None if told is None else Told(told, Span(*found.span(1)))


def flag_told(parts: Parts) -> Told | None:
    """What the flag is that the cursor is on, or the option or type of a mount in it."""
    cursor = parts.cursor
    flag = next((one for one in parts.flags if one.begin <= cursor.at <= one.end), None)
    if flag is None:
        return None
    name, equals, _ = flag.text[2:].partition("=")
    end = flag.begin + 2 + len(name)
    if cursor.at <= end:
        told = about("flag", f"{parts.keyword} {name}")
        return None if told is None else Told(told, cursor.span(flag.begin, end))
    if name == "mount" and equals:
        return _mount_told(cursor, Word(cursor, end + 1, flag.end))
    return None


def _mount_told(cursor: Cursor, value: Word) -> Told | None:
    begin = value.begin
    for field in value.text.split(","):
        key, _, written = field.partition("=")
        close = begin + len(key)
        if begin <= cursor.at <= close:
            name = MOUNT_ALIASES.get(key.lower(), key.lower())
            told = about("flag", "run mount") if name == "type" else about("option", name)
            return None if told is None else Told(told, cursor.span(begin, close))
        if key.lower() == "type" and close < cursor.at <= begin + len(field):
            told = about("mount", written.lower())
            place = cursor.span(close + 1, begin + len(field))
            return None if told is None else Told(told, place)
        begin += len(field) + 1
    return None


def argument_told(parts: Parts) -> Told | None:
    """What a port, a signal or the key of a label means."""
    word = parts.word
    text = word.text
    if parts.keyword == "expose":
        told = _port(text)
    elif parts.keyword == "stopsignal":
        told = _signal(text)
    elif parts.keyword == "label":
        key = text.partition("=")[0]
        if parts.cursor.at > word.begin + len(key):
            return None
        word = Word(parts.cursor, word.begin, word.begin + len(key))
        told = about("label", key.strip("\"'"))
    else:
        return None
    return None if told is None else Told(told, parts.cursor.span(word.begin, word.end))


def _port(text: str) -> str | None:
    from dflint.semantic.ports import PortProblem, parse_expose

    port, _, protocol = text.partition("/")
    if not port.isascii() or not port.isdigit() or isinstance(parse_expose(text), PortProblem):
        return None
    usual = PORT_FACTS.get(int(port))
    known = f"; usually {usual}" if usual else ""
    return f"Port {int(port)} over {(protocol or 'tcp').upper()}{known}."


def _signal(text: str) -> str | None:
    from dflint.semantic.signals import is_signal

    found = _SIGNAL.fullmatch(text)
    if found is None or text.isdigit() or not is_signal(text):
        return None
    name = found[1].upper()
    usual = SIGNAL_FACTS.get(name)
    return f"{code(f'SIG{name}')}: {usual}" if usual else None
