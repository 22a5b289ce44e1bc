"""Flags, their values, and the options of mounts."""

from __future__ import annotations

from dflint.semantic.flags import FLAGS, FlagKind
from dflint.semantic.mount_options import MOUNT_KEYS, MOUNT_TYPES
from dflint_lsp.completing.images import image_offers
from dflint_lsp.completing.offers import Kind, Offer, Offers
from dflint_lsp.completing.paths import source_offers
from dflint_lsp.completing.stages import stage_offers
from dflint_lsp.cursor import Word
from dflint_lsp.reference.flags import (
    CACHE_TARGETS,
    DURATIONS,
    FLAG_FACTS,
    MOUNT_ALIASES,
    MOUNT_OPTION_FACTS,
    MOUNT_TYPE_FACTS,
)
from dflint_lsp.reference.values import USERS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from dflint_lsp.cursor import Parts


def flag_offers(parts: Parts) -> Iterator[Offer]:
    """The flags that may be given at the cursor and are not given yet."""
    cursor = parts.cursor
    kinds = FLAGS.get(parts.keyword, {})
    word = _flag_word(parts)
    span = None if word is None else cursor.edited(word.begin, word.end)
    if word is None or span is None:
        return
    others = [one for one in parts.flags if one is not parts.flag]
    given = {one.text[2:].partition("=")[0] for one in others}
    for name, kind in kinds.items():
        if name in given and kind is not FlagKind.STRINGS:
            continue
        example = FLAG_FACTS[parts.keyword][name].example
        about = ("flag", f"{parts.keyword} {name}")
        if kind is FlagKind.BOOL:
            yield Offer(f"--{name}", span, Kind.Field, about=about)
            continue
        snippet = f"--{name}=${{1:{example}}}"
        yield Offer(f"--{name}=", span, Kind.Field, snippet, about=about)


def _flag_word(parts: Parts) -> Word | None:
    """What a flag would be written over, None where none may stand."""
    cursor = parts.cursor
    if parts.flag is not None:
        if "=" in parts.flag.prefix:
            return None
        end = parts.flag.begin + len(parts.flag.text.partition("=")[0])
        if parts.flag.text.startswith("=", end - parts.flag.begin):
            end += 1
        return Word(cursor, parts.flag.begin, max(end, cursor.at))
    if parts.is_before_arguments:
        return Word(cursor, cursor.at, cursor.at)
    word = parts.word
    if parts.index == 0 and word.prefix.startswith("-"):
        return Word(cursor, word.begin, word.end)
    return None


def flag_value_offers(parts: Parts) -> Offers:
    """The values of the flag that the cursor is in."""
    flag = parts.flag
    if flag is None or "=" not in flag.prefix:
        return Offers()
    name, _, _ = flag.text[2:].partition("=")
    facts = FLAG_FACTS.get(parts.keyword, {}).get(name)
    if facts is None:
        return Offers()
    begin = flag.begin + 2 + len(name) + 1
    value = Word(parts.cursor, begin, flag.end)
    if name == "mount":
        return _mount_offers(parts, value)
    span = parts.cursor.edited(value.begin, value.end)
    if span is None:
        return Offers()
    if name == "from":
        return image_offers(parts.cursor, span).behind(stage_offers(parts.cursor, span))
    if name == "chown":
        return Offers([Offer(one, span, Kind.Value, detail=USERS[one]) for one in USERS])
    values: tuple[str, ...] = facts.values
    if parts.keyword == "healthcheck" and name != "retries":
        values = DURATIONS
    return Offers([Offer(one, span, Kind.Value) for one in values])


def _mount_offers(parts: Parts, value: Word) -> Offers:
    """The options of a mount: the type first, then those of the type and their values."""
    cursor = parts.cursor
    fields = value.text.split(",")
    begin = value.begin
    current = fields[0]
    for current in fields:
        if begin + len(current) >= cursor.at:
            break
        begin += len(current) + 1
    others = list(fields)
    others.remove(current)
    given = {_name(one) for one in others if one}
    kind = next((one.partition("=")[2].lower() for one in others if _name(one) == "type"), "")
    key, equals, _ = current.partition("=")
    if equals and cursor.at > begin + len(key):
        word = Word(cursor, begin + len(key) + 1, begin + len(current))
        return _option_values(parts, _name(current), kind or "bind", word)
    span = cursor.edited(begin, begin + len(current))
    if span is None:
        return Offers()
    items: list[Offer] = []
    if "type" not in given:
        items += [
            Offer(f"type={one}", span, Kind.EnumMember, about=("mount", one)) for one in MOUNT_TYPES
        ]
    for name, (types_, facts) in MOUNT_OPTION_FACTS.items():
        if name in given or (kind and kind not in types_) or name not in MOUNT_KEYS:
            continue
        about = ("option", name)
        if not facts.example:
            items.append(Offer(name, span, Kind.Property, about=about))
            continue
        snippet = f"{name}=${{1:{facts.example}}}"
        items.append(Offer(f"{name}=", span, Kind.Property, snippet, about=about))
    return Offers(items)


def _name(field: str) -> str:
    key = field.partition("=")[0].lower()
    return MOUNT_ALIASES.get(key, key)


def _option_values(parts: Parts, name: str, kind: str, word: Word) -> Offers:
    cursor = parts.cursor
    span = cursor.edited(word.begin, word.end)
    if span is None:
        return Offers()
    if name == "type":
        return Offers([
            Offer(one, span, Kind.EnumMember, detail=text, about=("mount", one))
            for one, text in MOUNT_TYPE_FACTS.items()
        ])  # fmt: skip
    if name == "from":
        return image_offers(cursor, span).behind(stage_offers(cursor, span, numbers=False))
    if name == "source" and kind == "bind" and "from=" not in (parts.flag or word).text:
        return source_offers(cursor, word)
    if name == "target" and kind == "cache":
        return Offers([
            Offer(one, span, Kind.Folder, detail=text) for one, text in CACHE_TARGETS.items()
        ])  # fmt: skip
    facts = MOUNT_OPTION_FACTS.get(name)
    values = () if facts is None else facts[1].values
    return Offers([Offer(one, span, Kind.Value) for one in values])
