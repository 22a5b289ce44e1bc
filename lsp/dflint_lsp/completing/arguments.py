"""Arguments: what may stand behind the flags of each instruction."""

from __future__ import annotations

import re

from dflint_lsp.completing.images import image_offers
from dflint_lsp.completing.offers import Kind, Offer, Offers
from dflint_lsp.completing.paths import destination_offers, source_offers
from dflint_lsp.completing.stages import stage_offers
from dflint_lsp.completing.variables import argument_names
from dflint_lsp.reference.values import LABEL_FACTS, PORT_FACTS, SHELLS, USERS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from dflint_lsp.cursor import Parts

_PROTOCOLS = ("tcp", "udp", "sctp")
_HEREDOC = re.compile(r"<<-?[\"']?(\w*)\Z")
_PROGRAM = '[ "${1:executable}" ]'
_ADDS_USER = re.compile(r"\b(?:useradd|adduser)\b[^&|;]*?\s([a-z_][\w-]*)\s*(?:$|[&|;])", re.M)


def argument_offers(parts: Parts) -> Offers:
    """What may be written at the cursor as an argument."""
    heredoc = _heredoc_offers(parts)
    if heredoc is not None:
        return heredoc
    find = _BY_KEYWORD.get(parts.keyword)
    return Offers() if find is None else find(parts)


def _from(parts: Parts) -> Offers:
    cursor = parts.cursor
    word = parts.word
    span = cursor.edited(word.begin, word.end)
    if span is None:
        return Offers()
    if parts.index == 0:
        return image_offers(cursor, span).behind(stage_offers(cursor, span, numbers=False))
    if parts.index == 1:
        written = cursor.text[parts.keyword_begin : parts.keyword_end]
        return Offers([Offer("as" if written.islower() else "AS", span, Kind.Keyword)])
    return Offers()


def _copy(parts: Parts) -> Offers:
    last = max(len(parts.words) - 1, 0)
    word = parts.word
    is_copied_from = parts.keyword == "copy" and "from" in parts.flag_names()
    is_new = not word.text
    offers = Offers() if is_copied_from else source_offers(parts.cursor, word)
    is_array = parts.words and parts.words[0].text.startswith("[")
    if (
        not is_array
        and parts.index >= 1
        and (parts.index >= last if not is_new else parts.index > last)
    ):
        offers.items = [*destination_offers(parts), *offers.items]
    return offers


def _values(parts: Parts, values: dict[str, str], kind: Kind = Kind.Value) -> Offers:
    word = parts.word
    span = parts.cursor.edited(word.begin, word.end)
    if span is None:
        return Offers()
    return Offers([Offer(one, span, kind, detail=text) for one, text in values.items()])


def _user(parts: Parts) -> Offers:
    """Users; none once a number is written: Enter would take `1000:1000` for `1000`."""
    if parts.index > 0:
        return Offers()
    if parts.word.prefix.isdigit():
        return Offers(is_complete=False)
    from dflint.cst.instructions import Run, User

    document = parts.cursor.version.document
    found: dict[str, str] = {}
    for run in document.all(Run):
        for match in _ADDS_USER.finditer(run.line.text):
            found[match[1]] = "added by RUN"
    for user in document.all(User):
        name = "".join(user.reading.arguments)
        if user is not parts.cursor.instruction and name and "$" not in name:
            found.setdefault(name, "used in this file")
    offers = _values(parts, {**found, **{k: v for k, v in USERS.items() if k not in found}})
    return Offers(offers.items, is_complete=False)  # asked again when a number is typed


def _stop_signal(parts: Parts) -> Offers:
    if parts.index > 0:
        return Offers()
    from dflint.semantic.signals import signal_names
    from dflint_lsp.reference.values import SIGNAL_FACTS

    names = sorted(signal_names(), key=lambda one: (one not in SIGNAL_FACTS, one))
    values = {f"SIG{name}": SIGNAL_FACTS.get(name, "") for name in names}
    return _values(parts, values, Kind.EnumMember)


def _expose(parts: Parts) -> Offers:
    word = parts.word
    port, slash, _ = word.prefix.partition("/")
    if not slash:
        return _values(parts, {str(port): text for port, text in PORT_FACTS.items()})
    span = parts.cursor.edited(word.begin + len(port) + 1, word.end)
    if span is None:
        return Offers()
    return Offers([Offer(one, span, Kind.EnumMember) for one in _PROTOCOLS])


def _label(parts: Parts) -> Offers:
    word = parts.word
    if "=" in word.prefix or word.prefix.startswith(("'", '"')):
        return Offers()
    key = word.text.partition("=")[0]
    span = parts.cursor.edited(word.begin, word.begin + len(key))
    if span is None:
        return Offers()
    has_value = len(key) < len(word.text)
    given = {one.text.partition("=")[0] for one in parts.words if one is not word}
    return Offers([
        Offer(
            name if has_value else f"{name}=",
            span,
            Kind.Property,
            "" if has_value else f'{name}="${{1:value}}"',
            label=name,
            about=("label", name),
        )
        for name in LABEL_FACTS
        if name not in given
    ])  # fmt: skip


def _shell(parts: Parts) -> Offers:
    return _values(parts, SHELLS) if not parts.words else Offers()


def _command(parts: Parts) -> Offers:
    if parts.words:
        return Offers()
    span = parts.cursor.edited(parts.cursor.at, parts.cursor.at)
    return Offers() if span is None else Offers([Offer("[", span, Kind.Snippet, _PROGRAM)])


def _health_check(parts: Parts) -> Offers:
    word = parts.word
    if parts.index > 0:
        return Offers()
    is_new = parts.is_before_arguments
    begin, end = (parts.cursor.at,) * 2 if is_new else (word.begin, word.end)
    span = parts.cursor.edited(begin, end)
    if span is None:
        return Offers()
    return Offers([
        Offer("CMD", span, Kind.Keyword, f"CMD {_PROGRAM}", about=("instruction", "CMD")),
        Offer("NONE", span, Kind.Keyword, detail="no health check"),
    ])  # fmt: skip


def _argument(parts: Parts) -> Offers:
    return Offers(list(argument_names(parts.cursor, parts)))


def _heredoc_offers(parts: Parts) -> Offers | None:
    """A heredoc, when `<<` is typed where one may stand."""
    if parts.keyword not in ("run", "copy", "add"):
        return None
    cursor = parts.cursor
    found = _HEREDOC.search(cursor.before)
    if found is None:
        return None
    span = cursor.edited(found.start(), cursor.at)
    if span is None or cursor.line.markers:
        return Offers()
    begin = cursor.before[found.start() : found.start(1)]
    quote = begin[-1] if begin[-1] in "\"'" else ""
    name = found[1] or "EOF"
    opening = f"{begin}{name}{quote}"
    destination = "" if parts.keyword == "run" else " ${1:dest}"
    body = f"\n${{{2 if destination else 1}:}}\n{name}\n"
    return Offers([
        Offer(opening, span, Kind.Snippet, f"{opening}{destination}{body}", label=opening,
              detail="lines up to the delimiter"),
    ])  # fmt: skip


_BY_KEYWORD: dict[str, Callable[[Parts], Offers]] = {
    "from": _from,
    "copy": _copy,
    "add": _copy,
    "user": _user,
    "stopsignal": _stop_signal,
    "expose": _expose,
    "label": _label,
    "shell": _shell,
    "cmd": _command,
    "entrypoint": _command,
    "healthcheck": _health_check,
    "arg": _argument,
}
