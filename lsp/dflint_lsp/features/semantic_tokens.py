"""`textDocument/semanticTokens`: full, in a range, and what changed since the last answer."""

from __future__ import annotations

from lsprotocol import types

from dflint_lsp.colours import Colour

TYPE_CHECKING = False
if TYPE_CHECKING:
    from dflint.text.span import Span
    from dflint_lsp.documents import DocumentVersion
    from dflint_lsp.server import DflintServer

LEGEND = types.SemanticTokensLegend([one.value for one in Colour], [])
_MOST_KEPT = 16
_INDEX = {colour: index for index, colour in enumerate(Colour)}


def encoded(version: DocumentVersion, within: Span | None = None) -> list[int]:
    """The tokens as the protocol has them: five numbers each, places relative to the one before."""
    from dflint_lsp.document_tokens import document_tokens

    lines = version.lines
    is_ascii = version.text.isascii()
    data: list[int] = []
    line = character = 0
    for begin, end, colour in document_tokens(version, within):
        own = lines.line_of(begin)
        if is_ascii:  # a position costs as much as the token
            start, length = begin - lines.line_span(own).start, end - begin
        else:
            start = lines.position(begin).character
            length = lines.position(end).character - start
        if own != line:
            data += (own - line, start, length, _INDEX[colour], 0)
        else:
            data += (0, start - character, length, _INDEX[colour], 0)
        line, character = own, start
    return data


def difference(before: list[int], after: list[int]) -> list[types.SemanticTokensEdit]:
    """The one edit that makes the numbers of one answer those of another."""
    most = min(len(before), len(after))
    head = 0
    while head < most and before[head] == after[head]:
        head += 1
    tail = 0
    while tail < most - head and before[-1 - tail] == after[-1 - tail]:
        tail += 1
    if head == len(before) == len(after):
        return []
    inserted = after[head : len(after) - tail]
    return [types.SemanticTokensEdit(head, len(before) - head - tail, inserted or None)]


class Answers:
    """The last answers, one of a document, by a name that the client gives back."""

    __slots__ = ("_by_uri", "_count")

    def __init__(self) -> None:
        self._by_uri: dict[str, tuple[str, list[int]]] = {}
        self._count = 0

    def keep(self, uri: str, data: list[int]) -> str:
        """Remember an answer; its name."""
        self._count += 1
        name = str(self._count)
        self._by_uri.pop(uri, None)
        self._by_uri[uri] = (name, data)
        if len(self._by_uri) > _MOST_KEPT:
            del self._by_uri[next(iter(self._by_uri))]
        return name

    def find(self, uri: str, name: str) -> list[int] | None:
        """The answer of that name, None when another was given since."""
        known = self._by_uri.get(uri)
        return known[1] if known is not None and known[0] == name else None


def register(server: DflintServer) -> None:
    """Answer the requests of this area."""
    answers = Answers()

    @server.feature(types.TEXT_DOCUMENT_SEMANTIC_TOKENS_FULL, LEGEND)
    def on_full(params: types.SemanticTokensParams) -> types.SemanticTokens | None:
        uri = params.text_document.uri
        version = server.dockerfile(uri)
        if version is None:
            return None
        data = encoded(version)
        return types.SemanticTokens(data, answers.keep(uri, data))

    @server.feature(types.TEXT_DOCUMENT_SEMANTIC_TOKENS_FULL_DELTA, LEGEND)
    def on_delta(
        params: types.SemanticTokensDeltaParams,
    ) -> types.SemanticTokens | types.SemanticTokensDelta | None:
        uri = params.text_document.uri
        version = server.dockerfile(uri)
        if version is None:
            return None
        before = answers.find(uri, params.previous_result_id)
        data = encoded(version)
        name = answers.keep(uri, data)
        if before is None:
            return types.SemanticTokens(data, name)
        return types.SemanticTokensDelta(difference(before, data), name)

    @server.feature(types.TEXT_DOCUMENT_SEMANTIC_TOKENS_RANGE, LEGEND)
    def on_range(params: types.SemanticTokensRangeParams) -> types.SemanticTokens | None:
        version = server.dockerfile(params.text_document.uri)
        if version is None:
            return None
        return types.SemanticTokens(encoded(version, version.lines.span(params.range)))
