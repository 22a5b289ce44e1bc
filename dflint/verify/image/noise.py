"""What differs between two builds of one file: learned from builds, and taken off afterwards.

Names that a build makes up (`/tmp/tmp.Xk31`) are written alike first; then values that differ have
a form (`shape`), which what is compared with them has to have too.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from dflint.verify.image.compare import ImageState, differences
from dflint.verify.image.manifest import Entry, Manifest
from dflint.verify.image.shape import Shape, learn, learn_word
from dflint.verify.image.verdict import ABSENT, Difference

_PRESENCE = "it is there in some builds only"
_MADE_UP = "each build makes the name up"
_VALUE = "it differs from build to build"


@dataclass(frozen=True, slots=True)
class _Names:
    """Names in a directory that builds make up; `common` are those that are no such."""

    pattern: re.Pattern[str]
    label: str
    common: frozenset[str]

    def matches(self, name: str) -> bool:
        return name not in self.common and self.pattern.fullmatch(name) is not None


class Noise:
    """What samples, builds of one file, have in common, and what not."""

    def __init__(self, samples: Sequence[ImageState]) -> None:
        self._names: dict[str, list[_Names]] = {}
        self._learn_names(samples)
        self.samples = [self.canonical(one) for one in samples]
        self._masks: dict[tuple[str, str], tuple[Shape, str]] = {}
        first, *others = self.samples
        for other in others:
            for one in differences(first, other):
                key = (one.place, one.field)
                if one.kind == "path" and key not in self._masks:
                    self._masks[key] = self._mask(one)

    @property
    def is_nothing(self) -> bool:
        """Whether all samples are alike."""
        return not self._masks and not self._names

    @property
    def names(self) -> list[Difference]:
        """The names that builds make up."""
        return [
            Difference("path", posixpath.join(folder, one.label), "name", "", "", _MADE_UP)
            for folder, made_up in sorted(self._names.items())
            for one in made_up
        ]

    def canonical(self, state: ImageState) -> ImageState:
        """An image with the same names for what each build names otherwise."""
        if not self._names:
            return state
        renamed = dict(_renamed(state.manifest, self._names))
        manifest = {new: state.manifest[old] for old, new in renamed.items()}
        for path, entry in manifest.items():
            if entry.links:
                links = tuple(sorted(renamed[one] for one in entry.links))
                manifest[path] = replace(entry, links=links)
        return state.with_manifest(manifest)

    def explain(self, one: Difference, after: ImageState) -> str:
        """Why a difference is one that builds have by themselves, empty if it is none.

        `after` is the other image, with canonical names.
        """
        mask = self._masks.get((one.place, one.field))
        if mask is None or one.kind != "path":
            return ""
        fits, why = mask
        if not one.field:
            return why
        return why if fits(_value(after.manifest[one.place], one.field)) else ""

    def _mask(self, one: Difference) -> tuple[Shape, str]:
        why = _PRESENCE if ABSENT in (one.before, one.after) else _VALUE
        if not one.field:  # it is there in some builds only, or something else in each
            return lambda _: True, why
        entries = [state.manifest.get(one.place) for state in self.samples]
        if one.field in ("content", "target"):
            values = [_value(entry, one.field) for entry in entries if entry is not None]
            return learn(values)
        known = {b"" if entry is None else _value(entry, one.field) for entry in entries}
        return known.__contains__, why

    def _learn_names(self, samples: Sequence[ImageState]) -> None:
        """Find directories in which the builds have as many names, but others."""
        children = [_children(one.manifest) for one in samples]
        todo = [("/", ["/"] * len(samples))]
        while todo:
            folder, places = todo.pop()
            names = [
                known.get(place, frozenset()) for known, place in zip(children, places, strict=True)
            ]
            common = frozenset.intersection(*names)
            own = [sorted(one - common) for one in names]
            for name in common:
                if samples[0].manifest[posixpath.join(places[0], name)].kind == "directory":
                    below = [posixpath.join(place, name) for place in places]
                    todo.append((posixpath.join(folder, name), below))
            if not own[0] or len({len(one) for one in own}) > 1:
                continue
            groups = [
                sorted(one, key=lambda name, at=at: _likeness(samples[at].manifest[  # type: ignore[misc]  # at is bound
                    posixpath.join(places[at], name)])) for at, one in enumerate(own)
            ]  # fmt: skip
            for alike in zip(*groups, strict=True):
                names_of = _Names(learn_word(alike), _label(alike), common)
                self._names.setdefault(folder, []).append(names_of)


def _value(entry: Entry, field: str) -> bytes:
    return entry.content() if field == "content" else str(getattr(entry, field)).encode()


def _likeness(entry: Entry) -> tuple[str, int, str, int, str]:
    return entry.kind, entry.mode, entry.owner, entry.size, entry.digest


def _label(names: Sequence[str]) -> str:
    """A name for what has several: what they begin with, and an ellipsis."""
    start = posixpath.commonprefix(list(names))
    return re.sub(r"[A-Za-z0-9]+\Z", "", start) + "\u2026"


def _children(manifest: Manifest) -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    for path in manifest:
        folder, name = posixpath.split(path)
        found.setdefault(folder, set()).add(name)
    return {folder: frozenset(names) for folder, names in found.items()}


def _renamed(manifest: Manifest, patterns: dict[str, list[_Names]]) -> Iterator[tuple[str, str]]:
    """Each path with the name that it has in all builds."""
    children = _children(manifest)
    todo = [("/", "/")]
    while todo:
        folder, canonical = todo.pop()
        names = {name: name for name in children.get(folder, ())}
        made_up = patterns.get(canonical, ())
        if made_up:
            order = sorted(
                names, key=lambda name: _likeness(manifest[posixpath.join(folder, name)])
            )
            for name in order:
                label = next((one.label for one in made_up if one.matches(name)), "")
                if label:
                    taken = sum(one.startswith(label) for one in names.values())
                    names[name] = f"{label}{taken + 1}"
        for name, new in names.items():
            path, renamed = posixpath.join(folder, name), posixpath.join(canonical, new)
            yield path, renamed
            if path in children:
                todo.append((path, renamed))
