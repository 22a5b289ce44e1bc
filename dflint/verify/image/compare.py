"""The differences between two images, path by path and key by key."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass, replace

from dflint.build.session import BuiltImage
from dflint.verify.image.manifest import Entry, Manifest, read_manifest
from dflint.verify.image.settings import is_same_command, read_history, read_settings
from dflint.verify.image.verdict import ABSENT, Difference


@dataclass(frozen=True, slots=True)
class ImageState:
    """What is compared of an image.

    `layers` are the ids of its layers, `fixed` the trees of those that nothing was run to make,
    `base` the settings of the image that it is built on.
    """

    manifest: Manifest
    settings: dict[str, str]
    history: list[tuple[str, bool]]
    layers: tuple[str, ...]
    fixed: tuple[bytes, ...]
    base: dict[str, str]

    @classmethod
    def of(cls, image: BuiltImage) -> ImageState:
        """The state of an image that was built."""
        document = image.document
        return cls(
            read_manifest(image.trees),
            read_settings(document),
            read_history(document),
            image.layers,
            tuple(
                os.fsencode(tree) + b"/"
                for tree, is_fixed in zip(image.trees, image.is_fixed, strict=True)
                if is_fixed
            ),
            read_settings(image.built.graph.target.document or {}),
        )

    def is_fixed(self, path: str) -> bool:
        """Whether what is at a path, or that nothing is, does not come from a program."""
        entry = self.manifest.get(path)
        return entry is None or entry.source.startswith(self.fixed)

    def with_manifest(self, manifest: Manifest) -> ImageState:
        """The same image with other names for its files."""
        return replace(self, manifest=manifest)


def differences(before: ImageState, after: ImageState) -> list[Difference]:
    """Everything but times in which two images differ, sorted by path."""
    found: list[Difference] = []
    if before.layers != after.layers:
        one, other = before.manifest, after.manifest
        for path in sorted(one.keys() | other.keys()):
            found += _of_path(path, one.get(path), other.get(path))
    for key in sorted(before.settings.keys() | after.settings.keys()):
        old, new = before.settings.get(key), after.settings.get(key)
        is_posix = key != "Healthcheck" or "Shell" not in before.settings | after.settings
        if old != new and not (is_posix and is_same_command(key, old, new)):
            found.append(Difference("config", key, "", _or_absent(old), _or_absent(new)))
    return found


def is_certain(one: Difference, before: ImageState, after: ImageState) -> bool:
    """Whether no other build of the same files would be without a difference.

    Settings come from the text, files that were copied from the context; and no program gives a
    file another mode or owner each time.
    """
    if one.kind == "config" or one.field in ("mode", "owner"):
        return True
    return before.is_fixed(one.place) and after.is_fixed(one.place)


def changed_times(before: ImageState, after: ImageState) -> int:
    """How many paths that are in both images have another time."""
    if before.layers == after.layers:
        return 0
    one, other = before.manifest, after.manifest
    return sum(entry.time != other[path].time for path, entry in one.items() if path in other)


def _or_absent(value: str | None) -> str:
    return ABSENT if value is None else value


def _of_path(path: str, before: Entry | None, after: Entry | None) -> Iterator[Difference]:
    if before is None or after is None:
        old = ABSENT if before is None else before.kind
        new = ABSENT if after is None else after.kind
        yield Difference("path", path, "", old, new)
        return
    if before.links != after.links:
        yield Difference("path", path, "links", _links(before), _links(after))
    if before.source == after.source:
        return
    if before.kind != after.kind:
        yield Difference("path", path, "", before.kind, after.kind)
        return
    if before.mode != after.mode:
        yield Difference("path", path, "mode", f"{before.mode:04o}", f"{after.mode:04o}")
    for name in ("owner", "device", "target", "attributes"):
        old, new = str(getattr(before, name)), str(getattr(after, name))
        if old != new:
            yield Difference("path", path, name, old, new)
    if before.kind == "file" and (before.size != after.size or before.digest != after.digest):
        yield Difference("path", path, "content", before.digest, after.digest)


def _links(entry: Entry) -> str:
    return " ".join(entry.links) or "none"
