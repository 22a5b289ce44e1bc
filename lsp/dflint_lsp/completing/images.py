"""Names and tags of images, without asking a registry.

They are those of the file, of other Dockerfiles in its folder and in the open workspace, and the
names of Docker's official images.
"""

from __future__ import annotations

import os
import re
import time

from dflint_lsp.completing.offers import Kind, Offer, Offers

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from dflint.text.span import Span
    from dflint_lsp.cursor import Cursor

_FROM = re.compile(
    r"^[ \t]*FROM[ \t]+(?:--\S+[ \t]+)*(?P<image>[\w./:@-]+)(?:[ \t]+AS[ \t]+(?P<name>\S+))?",
    re.IGNORECASE | re.MULTILINE,
)
_MOST_FOLDERS, _MOST_FILES, _LARGEST = 300, 200, 256 * 1024
_FRESH, _SLICE = 30.0, 0.01
"""How long is believed what was found, and how long is looked for it at a time, in seconds."""
_SKIPPED = frozenset(("node_modules", "vendor", "target", "dist", "build", "__pycache__"))


def images_in(text: str) -> Iterator[str]:
    """The images that the FROMs of a text name; stages and `scratch` are none."""
    stages: set[str] = set()
    for found in _FROM.finditer(text):
        image = found["image"]
        if image not in stages and image != "scratch":
            yield image
        if found["name"]:
            stages.add(found["name"].lower())


def image_offers(cursor: Cursor, span: Span) -> Offers:
    """The images that may be meant over a span: with a tag typed, those with one."""
    from dflint.semantic.known_images import OFFICIAL

    text = cursor.version.text
    start, end = text.rfind("\n", 0, cursor.offset) + 1, text.find("\n", cursor.offset)
    rest = text[:start] + (text[end:] if end >= 0 else "")
    known = dict.fromkeys(images_in(rest), "used in this file")
    search = _elsewhere(cursor.version.path)
    for image, path in search.images.items():
        known.setdefault(image, f"used in {path}")
    typed = text[span.start : cursor.offset]
    if ":" not in typed and "/" not in typed:
        known.setdefault("scratch", "the empty image")
        for image in sorted(OFFICIAL):
            known.setdefault(image, "official image")
    items = [Offer(image, span, Kind.Module, detail=detail) for image, detail in known.items()]
    return Offers(items, search.is_done)


class _Search:
    """Looks for Dockerfiles below a folder, a little at a time: editors ask with every key."""

    def __init__(self, folder: str) -> None:
        self.folder = folder
        self.begun = time.monotonic()
        self.images: dict[str, str] = {}
        self._folders = [folder]
        self._files: list[str] = []
        self._budget = _MOST_FOLDERS + _MOST_FILES

    @property
    def is_done(self) -> bool:
        """Whether all is looked through, or as much as ever will be."""
        return self._budget <= 0 or not (self._folders or self._files)

    def go_on(self) -> None:
        """Look on for a short time."""
        until = time.monotonic() + _SLICE
        while not self.is_done:
            self._budget -= 1
            if self._files:
                self._read(self._files.pop())
            else:
                self._list(self._folders.pop(0))
            if time.monotonic() > until:
                return

    def _read(self, path: str) -> None:
        shown = os.path.relpath(path, self.folder)
        for image in images_in(_text_of(path)):
            self.images.setdefault(image, shown)

    def _list(self, folder: str) -> None:
        from dflint.discovery.recognise import Kind as NameKind
        from dflint.discovery.recognise import kind_of_name

        try:
            with os.scandir(folder) as entries:
                for entry in entries:
                    if entry.is_dir(follow_symlinks=False):
                        if not entry.name.startswith(".") and entry.name not in _SKIPPED:
                            self._folders.append(entry.path)
                    elif kind_of_name(entry.name) is NameKind.DOCKERFILE:
                        self._files.append(entry.path)
        except OSError:
            return


_searches: dict[str, _Search] = {}


def _elsewhere(path: str) -> _Search:
    """What the Dockerfiles in and below the repository's folder name, as far as it is known.

    What was found is taken for true for half a minute.
    """
    folder = _root_of(path)
    search = _searches.get(folder)
    if search is None or (search.is_done and time.monotonic() - search.begun > _FRESH):
        if len(_searches) > 8:
            _searches.clear()
        search = _searches[folder] = _Search(folder)
    search.go_on()
    return search


def _root_of(path: str) -> str:
    """The folder of the repository that a file is in, else its own."""
    own = folder = os.path.dirname(path)
    while folder and not os.path.isdir(os.path.join(folder, ".git")):
        above = os.path.dirname(folder)
        if above == folder:
            return own
        folder = above
    return folder or own


def _text_of(path: str) -> str:
    try:
        with open(path, encoding="utf-8", errors="replace") as file:
            return file.read(_LARGEST)
    except OSError:
        return ""
