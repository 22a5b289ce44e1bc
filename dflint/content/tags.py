"""Tags: references of images, as `index.json` of an OCI image layout has them.

Two annotations name an image: `io.containerd.image.name`, and `org.opencontainers.image.ref.name`,
by which skopeo and umoci find it. Both hold the whole reference. A descriptor without them is that
of a dangling image: one that was kept without a name, or whose last name went to another image.
"""

from __future__ import annotations

import os
from contextlib import contextmanager
from dataclasses import replace

from dflint.content.files import REPAIR, lock, naming, replace_file
from dflint.errors import BuildError
from dflint.oci.json_text import read_object, write_compact
from dflint.oci.manifest import Index, read_index

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from dflint.content.files import FileLock
    from dflint.oci.descriptor import Descriptor

IMAGE_NAME = "io.containerd.image.name"
REFERENCE_NAME = "org.opencontainers.image.ref.name"
LAYOUT_VERSION = "1.0.0"
_LARGEST = 64 << 20


class TagFile:
    """The files `oci-layout` and `index.json` of a store."""

    __slots__ = ("_root", "path")

    path: str

    def __init__(self, root: str) -> None:
        self._root = root
        self.path = os.path.join(root, "index.json")
        layout = os.path.join(root, "oci-layout")
        if not (os.path.exists(layout) and os.path.exists(self.path)):
            with self._locked():
                if not os.path.exists(layout):
                    replace_file(layout, write_compact({"imageLayoutVersion": LAYOUT_VERSION}))
                if not os.path.exists(self.path):
                    replace_file(self.path, write_compact(Index(()).plain()))
        with _hinting():
            check_layout(root)

    def read(self) -> Index:
        """The index as it is now."""
        with _hinting():
            return read_layout_index(self._root)

    def resolve(self, reference: str) -> Descriptor | None:
        """What a reference stands for; None when it is not there."""
        for name, descriptor in self.tags():
            if name == reference:
                return descriptor
        return None

    def tags(self) -> tuple[tuple[str, Descriptor], ...]:
        """All references with what they stand for, sorted."""
        found = {}
        for descriptor in self.read().manifests:
            name = name_of(descriptor)
            if name:
                found[name] = descriptor
        return tuple(sorted(found.items()))

    def untagged(self) -> tuple[Descriptor, ...]:
        """What is kept without a reference."""
        return tuple(each for each in self.read().manifests if not name_of(each))

    def tag(self, reference: str, descriptor: Descriptor) -> None:
        """Have a reference stand for a manifest or index, and for no other any more.

        What it stood for before stays, without a name where it has no other.
        """
        if not reference:
            raise BuildError("store: expected a reference to tag an image with, found none")
        names = {IMAGE_NAME: reference, REFERENCE_NAME: reference}
        named = replace(descriptor, annotations={**descriptor.annotations, **names})

        def change(old: tuple[Descriptor, ...]) -> tuple[Descriptor, ...]:
            kept = [each for each in old if name_of(each) != reference]
            known = {named.digest, *(each.digest for each in kept)}
            left = [_nameless(one) for one in old if one.digest not in known]
            named_now = [one for one in kept if name_of(one) or one.digest != named.digest]
            return (*named_now, *left, named)

        self._change(change)

    def keep(self, descriptor: Descriptor) -> None:
        """Have an image stay without a reference, unless it has one."""

        def change(old: tuple[Descriptor, ...]) -> tuple[Descriptor, ...]:
            is_there = any(each.digest == descriptor.digest for each in old)
            return old if is_there else (*old, _nameless(descriptor))

        self._change(change)

    def untag(self, reference: str, digest: str = "") -> bool:
        """Forget a reference, if it stands for a digest where one is given; whether it did."""

        def is_meant(one: Descriptor) -> bool:
            return name_of(one) == reference and digest in ("", one.digest)

        return self._change(lambda old: tuple(each for each in old if not is_meant(each)))

    def forget(self, digest: str) -> bool:
        """Let an image go that is kept without a reference; whether it was there."""
        return self._change(
            lambda old: tuple(each for each in old if name_of(each) or each.digest != digest)
        )

    def _change(self, change: Callable[[tuple[Descriptor, ...]], tuple[Descriptor, ...]]) -> bool:
        with self._locked():
            index = self.read()
            manifests = change(index.manifests)
            if manifests == index.manifests:
                return False
            replace_file(self.path, write_compact(replace(index, manifests=manifests).plain()))
            return True

    def _locked(self) -> FileLock:
        return lock(os.path.join(self._root, "index.lock"))


@contextmanager
def _hinting() -> Iterator[None]:
    """Say of what is damaged in a store how it is mended."""
    try:
        yield
    except BuildError as error:
        if isinstance(error.__cause__, OSError):
            raise
        raise BuildError(f"{error} ({REPAIR})") from error


def name_of(descriptor: Descriptor) -> str:
    """The reference that a descriptor in an index is annotated with, or an empty text."""
    annotations = descriptor.annotations
    return annotations.get(IMAGE_NAME) or annotations.get(REFERENCE_NAME) or ""


def _nameless(descriptor: Descriptor) -> Descriptor:
    names = (IMAGE_NAME, REFERENCE_NAME)
    left = {key: value for key, value in descriptor.annotations.items() if key not in names}
    return replace(descriptor, annotations=left)


def check_layout(root: str) -> None:
    """Raise BuildError unless a folder is an OCI image layout of a version that we know."""
    path = os.path.join(root, "oci-layout")
    members = read_object(read_file(path), f"`{path}`")
    version = members.get("imageLayoutVersion")
    if version != LAYOUT_VERSION:
        raise BuildError(
            f"`{path}`: expected image layout version {LAYOUT_VERSION}, found {version!r}"
        )


def read_layout_index(root: str) -> Index:
    """The index of an OCI image layout."""
    path = os.path.join(root, "index.json")
    return read_index(read_file(path), what=f"`{path}`")


def read_file(path: str) -> bytes:
    """A document of a layout; BuildError when there is none, or it is absurdly large."""
    with naming(path), open(path, "rb") as file:
        data = file.read(_LARGEST + 1)
    if len(data) > _LARGEST:
        raise BuildError(f"`{path}`: expected at most {_LARGEST} bytes")
    return data
