"""Which differences a contract allows."""

from __future__ import annotations

import json
import posixpath
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from dflint.lint.contract import Contract, key_pattern, path_pattern
from dflint.verify.image.compare import ImageState
from dflint.verify.image.manifest import Manifest
from dflint.verify.image.settings import SHELLS
from dflint.verify.image.verdict import ABSENT, Difference

#: What a shell takes for more than a letter.
_SPECIAL = frozenset("$`*?[]~#!{}&|;()<>\n\\='\"")
#: How many bytes of a file are looked at line by line.
_MOST = 8 << 20


def split(
    found: Sequence[Difference], before: ImageState, after: ImageState, contract: Contract
) -> tuple[list[Difference], list[Difference]]:
    """The differences that the contract does not allow, and those that it does, with its words."""
    terms = _Terms(contract, before, after)
    remaining, allowed = [], []
    for one in found:
        why = terms.allow(one)
        if why:
            allowed.append(replace(one, why=why))
        else:
            remaining.append(one)
    return remaining, allowed


class Keys:
    """The terms of a contract on keys of the configuration, for the settings of two images.

    `base` are the settings of the image that both are built on.
    """

    def __init__(
        self,
        contract: Contract,
        before: Mapping[str, str],
        after: Mapping[str, str],
        base: Mapping[str, str] | None = None,
    ) -> None:
        self._keys = [(key_pattern(one), one, check) for one, check in contract.keys]
        self._before, self._after, self._base = before, after, base or {}

    def allow(self, one: Difference) -> str:
        """The term that allows a difference, empty for none."""
        for pattern, text, check in self._keys:
            if pattern.match(one.place) and self._suits(check, one):
                return f"key: {text}" if check == "any" else f"key ({check}): {text}"
        return ""

    def is_any(self, key: str) -> bool:
        """Whether a key may have any value, or none."""
        return any(check == "any" and pattern.match(key) for pattern, _, check in self._keys)

    def _suits(self, check: str, one: Difference) -> bool:
        """Whether a key stands the check of a contract."""
        if check == "words":
            if ABSENT in (one.before, one.after):
                return False
            words = words_of(one.before)
            return words is not None and words == words_of(one.after)
        if check == "triggers":
            return _triggers(one.before) == _triggers(one.after)
        if check != "moved" or one.before == ABSENT:
            return True
        others = [key for key in self._after if key != one.place and self._allows(key)]
        is_left = one.after in (ABSENT, self._base.get(one.place))
        values = {self._after[key] for key in others}
        return is_left and not values.isdisjoint((one.before, _unquoted(one.before)))

    def _allows(self, key: str) -> bool:
        return any(pattern.match(key) for pattern, _, _ in self._keys)


def _triggers(value: str) -> list[str]:
    """The instructions of triggers, given as a JSON array of texts, or of what a plan has."""
    found = [] if value == ABSENT else json.loads(value)
    words = [(one.split() if isinstance(one, str) else one)[0] for one in found]
    return ["copy" if str(word).lower() == "add" else str(word).lower() for word in words]


def _unquoted(value: str) -> str:
    """A value without the quotes around it, if there are none but these."""
    quote = value[:1]
    is_quoted = quote in ("'", '"') and value.endswith(quote) and value.count(quote) == 2
    return value[1:-1] if is_quoted else value


class _Terms:
    """A contract, compiled for two images."""

    def __init__(self, contract: Contract, before: ImageState, after: ImageState) -> None:
        self._gone = [(path_pattern(one), one) for one in contract.gone]
        self._above = {
            term: [(path_pattern(up), one) for one in patterns for up in _above(one)]
            for term, patterns in (("gone", contract.gone), ("new", contract.new))
        }
        self._new = [(path_pattern(one), one) for one in contract.new]
        self._keys = Keys(contract, before.settings, after.settings, before.base)
        self._changed = [(path_pattern(one), one, check) for one, check in contract.changed]
        self._before, self._after = before.manifest, after.manifest

    def allow(self, one: Difference) -> str:
        """The term that allows a difference, empty for none."""
        if one.kind == "config":
            return self._keys.allow(one)
        if one.kind != "path":
            return ""
        if one.after == ABSENT:
            return self._of_absent(one.place, self._gone, "gone", self._before)
        if one.before == ABSENT:
            return self._of_absent(one.place, self._new, "new", self._after)
        if one.field == "content":
            return self._of_content(one.place)
        if one.field in ("target", "") and self._after[one.place].kind in ("link", "file"):
            found = [
                text
                for pattern, text, check in self._changed
                if check == "any" and pattern.match(one.place)
            ]
            return f"changed: {found[0]}" if found else ""
        if one.field == "links":
            return self._of_links(one.place)
        return ""

    def _of_absent(
        self,
        path: str,
        patterns: list[tuple[re.Pattern[str], str]],
        term: str,
        manifest: Manifest,
    ) -> str:
        """A path itself, or a directory with nothing else in it."""
        found = _match(patterns, path, term)
        if found or manifest[path].kind != "directory" or not patterns:
            return found
        inside = [one for one in manifest if one.startswith(path + "/")]
        full = {posixpath.dirname(one) for one in inside}
        words = [
            _match(patterns, one, term)
            # It is empty, and was made for what could be in it.
            or (_match(self._above[term], one, term) if manifest[one].kind == "directory" else "")
            for one in inside or [path]
            if one not in full
        ]
        return next(filter(None, words)) if words and all(words) else ""

    def _of_content(self, path: str) -> str:
        old, new = self._before[path], self._after[path]
        for pattern, text, check in self._changed:
            if not pattern.match(path):
                continue
            if check == "any":
                return f"changed: {text}"
            if max(old.size, new.size) <= _MOST and _keeps(check, old.content(), new.content()):
                return f"changed ({check}): {text}"
        return ""

    def _of_links(self, path: str) -> str:
        """Names of one file that are fewer, because some may be gone."""
        old, new = self._before[path].links, self._after[path].links
        gone = [one for one in old if one not in new and one != path]
        words = [_match(self._gone, one, "gone") for one in gone]
        is_less = set(new) <= set(old)
        return words[0] if is_less and words and all(words) else ""


def _above(pattern: str) -> list[str]:
    """The patterns of the directories that what a pattern matches is in, but for any directory."""
    parts = pattern.split("/")
    found = ["/".join(parts[:end]) for end in range(2, len(parts))]
    return [one for one in found if not one.endswith("**")]


def _match(patterns: list[tuple[re.Pattern[str], str]], name: str, term: str) -> str:
    return next((f"{term}: {text}" for pattern, text in patterns if pattern.match(name)), "")


def words_of(value: str) -> list[str] | None:
    """The words of a command, given as a JSON array; those in a shell's text if it is plain."""
    words = [str(one) for one in json.loads(value)]
    if len(words) != 3 or words[1] != "-c" or posixpath.basename(words[0]) not in SHELLS:
        return words
    if not _SPECIAL.isdisjoint(words[2]):
        return None
    return words[2].removeprefix("exec ").split()


def _keeps(check: str, old: bytes, new: bytes) -> bool:
    """Whether a content stands the check of a contract: see `Contract`."""
    if check == "lines":
        return sorted(old.splitlines()) == sorted(new.splitlines())
    rest = iter(old.splitlines())
    return all(line in rest for line in new.splitlines())
