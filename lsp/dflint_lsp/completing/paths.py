"""Paths of the build context for COPY, ADD and bind mounts, and destinations in the image."""

from __future__ import annotations

import os

from dflint_lsp.completing.offers import Kind, Offer, Offers

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from dflint.context.build_context import BuildContext
    from dflint.text.span import Span
    from dflint_lsp.cursor import Cursor, Parts, Word

_MOST = 300


def source_offers(cursor: Cursor, word: Word) -> Offers:
    """The files and folders of the context that go on from what is typed, less the ignored."""
    root = cursor.version.context or _context_folder(cursor.version.path)
    typed = word.prefix.lstrip("[\"'")
    folder, slash, _ = typed.rpartition("/")
    if root is None or ".." in folder.split("/") or "$" in folder:
        return Offers()
    begin = cursor.at - len(typed) + len(folder) + len(slash)
    end = word.end - len(word.text[len(word.prefix) :]) + _rest(word)
    span = cursor.edited(begin, end)
    if span is None:
        return Offers()
    return _entries(cursor, root, (folder + slash).lstrip("/"), span)


def _rest(word: Word) -> int:
    """How many characters of the path's part stand behind the cursor."""
    suffix = word.suffix
    return min([suffix.find(sign) for sign in "/\"'," if sign in suffix], default=len(suffix))


def _entries(cursor: Cursor, root: str, folder: str, span: Span) -> Offers:
    context = _context(cursor, root)
    items: list[Offer] = []
    try:
        with os.scandir(os.path.join(root, folder)) as entries:
            found = sorted(entries, key=lambda one: (not one.is_dir(), one.name.lower()))
    except (OSError, ValueError):
        return Offers()
    for entry in found:
        is_folder = entry.is_dir()
        path = f"{folder}{entry.name}" + ("/" if is_folder else "")
        if " " in entry.name or (context is not None and context.exclusion(path) is not None):
            continue
        name = entry.name + ("/" if is_folder else "")
        kind = Kind.Folder if is_folder else Kind.File
        items.append(Offer(name, span, kind, detail="build context"))
        if len(items) >= _MOST:
            return Offers(items, is_complete=False)
    return Offers(items)


def _context_folder(path: str) -> str | None:
    """The root of the context: the nearest folder that is the root of something, or the file's."""
    own = folder = os.path.dirname(path)
    if not os.path.isdir(own):
        return None
    while True:
        if os.path.isfile(os.path.join(folder, ".dockerignore")):
            return folder
        above = os.path.dirname(folder)
        if above == folder or os.path.isdir(os.path.join(folder, ".git")):
            return own
        folder = above


def _context(cursor: Cursor, root: str) -> BuildContext | None:
    from dflint.engine.context import context_of

    return context_of(cursor.version.source, root)


def destination_offers(parts: Parts) -> Iterator[Offer]:
    """Where COPY and ADD may put things: the working directories, and where others went."""
    cursor = parts.cursor
    word = parts.word
    span = cursor.edited(word.begin, word.end)
    if span is None:
        return
    seen: set[str] = set()
    for path, detail in _destinations(cursor):
        if path not in seen:
            seen.add(path)
            yield Offer(path, span, Kind.Folder, detail=detail)


def _destinations(cursor: Cursor) -> Iterator[tuple[str, str]]:
    from dflint.cst.instructions import Copy, Workdir

    instruction = cursor.instruction
    if instruction is None:
        return
    document = cursor.version.document
    model = document.model
    stage = model.stage_of(instruction)
    before = model.order(instruction)
    own = model.state_before(instruction).workdir
    if own not in (None, "/"):
        yield f"{own}/", "WORKDIR"
    yield "./", "WORKDIR"
    for one in reversed(document.all(Workdir)):
        if model.order(one) < before and model.stage_of(one) is stage:
            path = model.state_after(one).workdir
            if path not in (None, "/"):
                yield f"{path}/", "WORKDIR above"
    for other in document.all(Copy):
        arguments = other.reading.arguments
        if other is not instruction and len(arguments) > 1 and "$" not in arguments[-1]:
            yield arguments[-1], "destination of another COPY"
