"""Which differences a contract allows."""

from __future__ import annotations

import json
import posixpath
import re
from collections.abc import Sequence
from dataclasses import replace

from dflint.lint.contract import Contract, key_pattern, path_pattern
from dflint.verify.image.compare import ABSENT, ImageState
from dflint.verify.image.manifest import Manifest
from dflint.verify.image.verdict import Difference

_SHELLS = ("sh", "ash", "dash", "bash")
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


class _Terms:
    """A contract, compiled for two images."""

    def __init__(self, contract: Contract, before: ImageState, after: ImageState) -> None:
        self._gone = [(path_pattern(one), one) for one in contract.gone]
        self._new = [(path_pattern(one), one) for one in contract.new]
        self._keys = [(key_pattern(one), one, check) for one, check in contract.keys]
        self._changed = [(path_pattern(one), one, check) for one, check in contract.changed]
        self._before, self._after = before.manifest, after.manifest
        self._settings = before.settings, after.settings

    def allow(self, one: Difference) -> str:
        """The term that allows a difference, empty for none."""
        if one.kind == "config":
            return self._of_key(one)
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

    def _of_key(self, one: Difference) -> str:
        for pattern, text, check in self._keys:
            if pattern.match(one.place) and self._suits(check, one):
                return f"key: {text}" if check == "any" else f"key ({check}): {text}"
        return ""

    def _suits(self, check: str, one: Difference) -> bool:
        """Whether a key stands the check of a contract."""
        if check == "words":
            if ABSENT in (one.before, one.after):
                return False
            words = words_of(one.before)
            return words is not None and words == words_of(one.after)
        if check != "moved" or one.before == ABSENT:
            return True
        old, new = self._settings
        others = [key for key in new if key not in old and self._allows(key)]
        return one.after == ABSENT and one.before in [new[key] for key in others]

    def _allows(self, key: str) -> bool:
        return any(pattern.match(key) for pattern, _, _ in self._keys)

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
        leaves = [one for one in inside if manifest[one].kind != "directory"] or inside
        words = [_match(patterns, one, term) for one in leaves]
        return words[0] if words and all(words) else ""

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


def _match(patterns: list[tuple[re.Pattern[str], str]], name: str, term: str) -> str:
    return next((f"{term}: {text}" for pattern, text in patterns if pattern.match(name)), "")


def words_of(value: str) -> list[str] | None:
    """The words of a command, given as a JSON array; those in a shell's text if it is plain."""
    words = [str(one) for one in json.loads(value)]
    if len(words) != 3 or words[1] != "-c" or posixpath.basename(words[0]) not in _SHELLS:
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
