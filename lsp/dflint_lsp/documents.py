"""The documents that are open in the editor, and what is known of each version."""

from __future__ import annotations

from lsprotocol import types
from pygls.workspace import TextDocument, Workspace

from dflint.discovery.build_target import COMPOSE, kind_of_build_file
from dflint.discovery.recognise import Kind, kind_of_name
from dflint.lint.document import Document
from dflint.text.source import Source
from dflint_lsp.positions import UTF16, ClientLines

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from dflint.config.schema import Config
    from dflint.format.instruction import LaidOut
    from dflint.text.edit import Edit

_LANGUAGES = frozenset(("dockerfile", "containerfile"))
"""What editors call the language of Dockerfiles."""

_COMPOSE = "dockercompose"
_YAML = "yaml"

_SURROGATES = {code: "\N{REPLACEMENT CHARACTER}" for code in range(0xD800, 0xE000)}


class DocumentVersion:
    """One version of a document; what follows from its text is made when first asked for.

    `number` is the client's, None for a file that is not open. `text` has no lone surrogates:
    each is U+FFFD here, which takes as many code units. All offsets are in code points of it.
    """

    __slots__ = (
        "_dockerfiles", "_document", "_like", "_like_dockerfiles", "begin", "laid_out", "language",
        "lines", "number", "path", "takes_edits", "text", "uri",
    )  # fmt: skip

    def __init__(
        self,
        uri: str,
        text: str,
        number: int | None = None,
        encoding: str = UTF16,
        path: str = "Dockerfile",
        language: str = "dockerfile",
        like: DocumentVersion | None = None,
    ) -> None:
        self.uri = uri
        self.path = path
        self.number = number
        self.language = language
        self.text = text if text.isascii() else text.translate(_SURROGATES)
        self.lines = ClientLines(self.text, encoding)
        self._document: Document | None = None
        #: How its instructions were laid out when the formatter was asked last.
        self.laid_out: LaidOut | None = None if like is None else like.laid_out
        # What was read last, of whichever version; most of it is read alike.
        self._like: Document | None = None if like is None else like._document or like._like
        #: Where it begins in the document of its URI, and whether it can be changed there.
        self.begin = 0
        self.takes_edits = True
        self._dockerfiles: tuple[DocumentVersion, ...] | None = None
        self._like_dockerfiles: tuple[DocumentVersion, ...] = ()
        if like is not None:
            self._like_dockerfiles = like._dockerfiles or like._like_dockerfiles

    @property
    def source(self) -> Source:
        """The text as a source, under the path of the document."""
        return Source(self.path, self.text.encode())

    @property
    def document(self) -> Document:
        """The tree, the model and the shell programs of this version, without a configuration.

        It belongs to the thread of the event loop: checks in other threads make their own.
        """
        if self._document is None:
            self._document = Document(self.source, like=self._like)
            self._like = None
        return self._document

    @property
    def is_dockerfile(self) -> bool:
        """Whether editor or name say that this is a Dockerfile."""
        return _is_dockerfile(self.path, self.language)

    @property
    def dockerfiles(self) -> tuple[DocumentVersion, ...]:
        """The Dockerfiles in this document: itself, or those that stand in a Compose file."""
        if self._dockerfiles is None:
            if self.is_dockerfile:
                self._dockerfiles = (self,)
            else:
                from dflint_lsp.embedded import embedded_dockerfiles

                self._dockerfiles = embedded_dockerfiles(self, self._like_dockerfiles)
            self._like_dockerfiles = ()
        return self._dockerfiles

    @property
    def context(self) -> str | None:
        """The folder of the build context where something tells it."""
        return None

    @property
    def builds(self) -> tuple[object, ...]:
        """What `configured` depends on: a value for each of the builds that are known."""
        return ()

    def configured(self, config: Config) -> list[Config]:
        """A configuration as it holds for each of the builds that are known; itself for none."""
        return [config]

    def text_edits(self, edits: Iterable[Edit], are_snippets: bool = False) -> list[types.TextEdit]:
        """Edits of the text as edits of the document; their texts may be snippets."""
        return [types.TextEdit(self.lines.range(edit.span), edit.text) for edit in edits]

    def written(self, text: str, is_snippet: bool = False) -> str:
        """A text, or a snippet, as it is written in the document."""
        return text


class OpenDocument(TextDocument):
    """A document as the editor has it.

    Lines end where the protocol says, not where `str.splitlines` does: an edit below a form feed
    or a U+2028 would land on the wrong line otherwise.
    """

    _known: DocumentVersion | None = None

    @property
    def is_served(self) -> bool:
        """Whether this is a document that we look at: a Dockerfile, or one with such in it."""
        path, language = self.path, self.language_id or ""
        return _is_dockerfile(path, language) or _is_compose(path, language)

    @property
    def current(self) -> DocumentVersion:
        """The version that is open now."""
        known = self._known
        if known is None or known.number != self.version or known.text is not self._source:
            known = DocumentVersion(
                self.uri,
                self.source,
                self.version,
                _encoding_name(self.position_codec.encoding),
                self.path,
                self.language_id or "",
                like=known,
            )
            self._known = known
            self._source = known.text
        return known

    @property
    def lines(self) -> Sequence[str]:
        """The lines with their ends."""
        lines = self.current.lines
        text = lines.text
        starts = [lines.line_span(line).start for line in range(lines.count)]
        return tuple(
            text[start:end] for start, end in zip(starts, [*starts[1:], len(text)], strict=True)
        )

    def _apply_incremental_change(self, change: types.TextDocumentContentChangePartial) -> None:
        text = self.source
        span = ClientLines(text, _encoding_name(self.position_codec.encoding)).span(change.range)
        self._source = text[: span.start] + change.text + text[span.end :]


class Documents(Workspace):
    """The open documents of a client."""

    def _create_text_document(
        self,
        doc_uri: str,
        source: str | None = None,
        version: int | None = None,
        language_id: str | None = None,
    ) -> OpenDocument:
        return OpenDocument(
            doc_uri,
            source=source,
            version=version,
            language_id=language_id,
            sync_kind=self._sync_kind,
            position_codec=self._position_codec,
        )

    def version(self, uri: str) -> DocumentVersion | None:
        """The version of a document that is open now, None for one that we do not look at."""
        document = self._served(uri)
        return None if document is None else document.current

    def is_served(self, uri: str) -> bool:
        """Whether a document is open, and one that we look at."""
        return self._served(uri) is not None

    def _served(self, uri: str) -> OpenDocument | None:
        document = self.text_documents.get(uri)
        is_open = isinstance(document, OpenDocument) and document.version is not None
        return document if is_open and document.is_served else None


def _is_dockerfile(path: str, language: str) -> bool:
    if language in _LANGUAGES:
        return True
    name = path.replace("\\", "/").rpartition("/")[2]
    return not language and kind_of_name(name) in (Kind.DOCKERFILE, Kind.OPEN)


def _is_compose(path: str, language: str) -> bool:
    if language == _COMPOSE:
        return True
    # Some editors have a language of several names, such as `yaml.docker-compose`.
    is_yaml = not language or _YAML in language.split(".")
    return is_yaml and kind_of_build_file(path) == COMPOSE


def _encoding_name(encoding: types.PositionEncodingKind | str | None) -> str:
    if isinstance(encoding, types.PositionEncodingKind):
        return encoding.value
    return encoding or UTF16
