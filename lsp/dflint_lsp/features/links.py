"""`textDocument/documentLink`: pages of images, files that are copied, URLs that are fetched."""

from __future__ import annotations

import os
import re
from urllib.parse import quote

from lsprotocol import types
from pygls.uris import from_fs_path, to_fs_path

from dflint.cst.instructions import Add, Copy, From
from dflint.cst.reading import place_span
from dflint.oci.reference import ImageReference, parse_reference
from dflint.semantic.context_sources import context_sources
from dflint.semantic.pulled_images import pulled_images
from dflint.text.span import Span
from dflint_lsp.features.outline import directives

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from dflint_lsp.documents import DocumentVersion
    from dflint_lsp.server import DflintServer

_NAME_PART = re.compile(r"(?:[^/@]*/)*(?:\$\{[^}]*\}|[^:@/])*")
_WILDCARDS = "*?["


def image_page(image: ImageReference) -> str | None:
    """Where the registry of an image tells people about it; None where that is not known."""
    domain, repository = image.domain, image.repository
    if domain in ("docker.io", "mirror.gcr.io"):
        name = repository.removeprefix("library/")
        path = f"r/{name}" if "/" in name else f"_/{name}"
        return f"https://hub.docker.com/{path}/"
    if domain == "ghcr.io":
        owner, _, package = repository.partition("/")
        project = package.partition("/")[0]
        return f"https://github.com/{owner}/{project}/pkgs/container/{quote(package, safe='')}"
    if domain == "mcr.microsoft.com":
        return f"https://mcr.microsoft.com/artifact/mar/{repository}"
    if domain == "quay.io":
        return f"https://quay.io/repository/{repository}"
    if domain == "public.ecr.aws":
        return f"https://gallery.ecr.aws/{repository}"
    return None


def links(version: DocumentVersion, folders: tuple[str, ...] = ()) -> list[types.DocumentLink]:
    """All links of a document; `folders` are where else than beside it the context may be."""
    found: dict[Span, types.DocumentLink] = {}
    for span, target, tooltip in (*_images(version), *_sources(version, folders)):
        found[span] = types.DocumentLink(version.lines.range(span), target, tooltip)
    return [found[span] for span in sorted(found)]


def _images(version: DocumentVersion) -> Iterator[tuple[Span, str, str]]:
    for span, text in _image_names(version):
        image = parse_reference(text)
        page = image_page(image) if isinstance(image, ImageReference) else None
        if page is not None and isinstance(image, ImageReference):
            yield span, page, f"Open the page of {image.repository}"


def _image_names(version: DocumentVersion) -> Iterator[tuple[Span, str]]:
    """The names of images without tag and digest, and where they are written."""
    text = version.text
    for directive, whole in directives(text):
        if directive.slice(text).lower() == "syntax":
            start = text.index("=", directive.end) + 1
            written = text[start : whole.end]
            start += len(written) - len(written.lstrip())
            yield _name_part(Span(start, whole.end), text)
    document = version.document
    for instruction in document.all(From):
        stage = document.model.stage_of(instruction)
        words = instruction.reading.arguments
        if stage is None or not words or stage.base is not None:
            continue
        span, name = _name_part(place_span(instruction, instruction.reading.places[0]), text)
        if "$" not in name:
            yield span, name
    for pulled in pulled_images(document.model):
        span, written = _name_part(pulled.span, text)
        if pulled.is_whole:
            yield span, pulled.image.name if "$" in written else written


def _name_part(span: Span, text: str) -> tuple[Span, str]:
    """The name that an image reference begins with, without tag and digest."""
    found = _NAME_PART.match(text, span.start, span.end)
    end = span.end if found is None else found.end()
    return Span(span.start, end), text[span.start : end]


def _sources(version: DocumentVersion, folders: tuple[str, ...]) -> Iterator[tuple[Span, str, str]]:
    document = version.document
    beside = os.path.dirname(version.path)
    for instruction in document.instructions:
        if isinstance(instruction, Add):
            yield from _urls(version, instruction)
        if not isinstance(instruction, (Add, Copy)) or not os.path.isabs(beside):
            continue
        for path, span in context_sources(document.model, instruction):
            for folder in (beside, *folders):
                target = _file(folder, path)
                if target is not None:
                    yield _unquoted(span, version.text), target, f"Open {path}"
                    break


def _urls(version: DocumentVersion, instruction: Add) -> Iterator[tuple[Span, str, str]]:
    reading = instruction.reading
    for word, place in zip(reading.arguments[:-1], reading.places, strict=False):
        if word.startswith(("http://", "https://")) and "$" not in word:
            yield _unquoted(place_span(instruction, place), version.text), word, "Open the URL"


def _unquoted(span: Span, text: str) -> Span:
    written = span.slice(text)
    if len(written) > 2 and written[0] == written[-1] and written[0] in "\"'":
        return Span(span.start + 1, span.end - 1)
    return span


def _file(folder: str, path: str) -> str | None:
    """The URI of a file of a context, None where there is none of that path."""
    if any(mark in path for mark in _WILDCARDS) or "\0" in path:
        return None
    place = os.path.join(folder, os.path.normpath("/" + path.lstrip("/")).lstrip("/"))
    return from_fs_path(place) if os.path.isfile(place) else None


def register(server: DflintServer) -> None:
    """Answer the requests of this area."""

    @server.feature(types.TEXT_DOCUMENT_DOCUMENT_LINK)
    def on_links(params: types.DocumentLinkParams) -> list[types.DocumentLink]:
        version = server.dockerfile(params.text_document.uri)
        if version is None:
            return []
        paths = (to_fs_path(uri) for uri in server.documents.folders)
        around = tuple(
            path for path in paths if path and version.path.startswith(os.path.join(path, ""))
        )
        return links(version, around)
