"""Names and tags of images, without asking a registry.

They are those of the file, of other Dockerfiles in its folder and in the open workspace, and the
names of Docker's official images.
"""

from __future__ import annotations

import os
import re
import time

from dflint_lsp.completing.offers import Kind, Offer

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
_FRESH = 30.0
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


def image_offers(cursor: Cursor, span: Span) -> Iterator[Offer]:
    """The images that may be meant over a span: with a tag typed, those with one."""
    from dflint.semantic.known_images import OFFICIAL

    text = cursor.version.text
    own = text.rfind("\n", 0, cursor.offset) + 1, text.find("\n", cursor.offset)
    rest = text[: own[0]] + (text[own[1] :] if own[1] >= 0 else "")
    seen: set[str] = set()
    for image in images_in(rest):
        if image not in seen:
            seen.add(image)
            yield Offer(image, span, Kind.Module, detail="used in this file")
    for image, path in _elsewhere(cursor.version.path).items():
        if image not in seen:
            seen.add(image)
            yield Offer(image, span, Kind.Module, detail=f"used in {path}")
    typed = text[span.start : cursor.offset]
    if ":" in typed or "/" in typed:
        return
    for image in ("scratch", *sorted(OFFICIAL - {"scratch"})):
        if image not in seen:
            detail = "the empty image" if image == "scratch" else "official image"
            yield Offer(image, span, Kind.Module, detail=detail)


_known: dict[str, tuple[float, dict[str, str]]] = {}


def _elsewhere(path: str) -> dict[str, str]:
    """The images of the Dockerfiles in and below the folder of one, by the file that names them.

    What was found is taken for true for half a minute: this is asked for with every key.
    """
    folder = _root_of(path)
    known = _known.get(folder)
    now = time.monotonic()
    if known is None or now - known[0] > _FRESH:
        found: dict[str, str] = {}
        for place in _dockerfiles(folder):
            if place == path:
                continue
            shown = os.path.relpath(place, folder)
            for image in images_in(_text_of(place)):
                found.setdefault(image, shown)
        if len(_known) > 8:
            _known.clear()
        known = _known[folder] = (now, found)
    return known[1]


def _root_of(path: str) -> str:
    """The folder of the repository that a file is in, else its own."""
    own = folder = os.path.dirname(path)
    while folder and not os.path.isdir(os.path.join(folder, ".git")):
        above = os.path.dirname(folder)
        if above == folder:
            return own
        folder = above
    return folder or own


def _dockerfiles(folder: str) -> list[str]:
    """Files by the names of Dockerfiles, not too many and not too far down."""
    from dflint.discovery.recognise import Kind as NameKind
    from dflint.discovery.recognise import kind_of_name

    found: list[str] = []
    todo = [folder]
    for _ in range(_MOST_FOLDERS):
        if not todo or len(found) >= _MOST_FILES:
            break
        try:
            with os.scandir(todo.pop(0)) as entries:
                for entry in entries:
                    if entry.is_dir(follow_symlinks=False):
                        if not entry.name.startswith(".") and entry.name not in _SKIPPED:
                            todo.append(entry.path)
                    elif kind_of_name(entry.name) is NameKind.DOCKERFILE:
                        found.append(entry.path)
        except OSError:
            continue
    return found


def _text_of(path: str) -> str:
    try:
        with open(path, encoding="utf-8", errors="replace") as file:
            return file.read(_LARGEST)
    except OSError:
        return ""
