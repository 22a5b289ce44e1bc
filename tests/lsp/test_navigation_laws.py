"""Whatever stands in a document, no request fails, and every place lies in the document."""

from __future__ import annotations

import re
from itertools import pairwise

import attrs
from hypothesis import given, settings
from hypothesis import strategies as st
from lsprotocol import types

from dflint_lsp.documents import DocumentVersion
from dflint_lsp.features.folding import folding_ranges
from dflint_lsp.features.hierarchy import call_item, incoming, outgoing, stage_at, stage_of_item
from dflint_lsp.features.links import links
from dflint_lsp.features.navigation import definition, highlights, references
from dflint_lsp.features.outline import flat_outline, outline
from dflint_lsp.features.rename import linked_names, prepare_rename, rename
from dflint_lsp.features.selection import selection_range
from dflint_lsp.features.workspace import named_stages
from dflint_lsp.positions import UTF8, UTF16, UTF32
from dflint_lsp.renaming import RenameError
from dflint_lsp.symbols import Kind, symbols_of
from tests.cst.strategies import dockerfiles
from tests.lsp.versions import version_of

TEXTS = (
    """# syntax=docker/dockerfile:1
ARG VERSION=1.2 NAME=node
FROM --platform=$BUILDPLATFORM ${NAME}:${VERSION:-1} AS base
ARG VERSION
ENV A=$VERSION \\
    # between
    B="x ${A:+$VERSION} y" C='$A'

FROM base AS build
COPY --from=base --chown=$A:$B ["a b", "/c/"]
RUN --mount=type=bind,from=base,target=/x --mount=type=cache,target=$A \\
    for i in 1 2; do x="$x $i"; done && export A=2 && echo "$A ${x%% *}" $((i + 1))
RUN <<EOF cat <<-'END'
echo $B
EOF
	$A
	END
ONBUILD COPY --from=build x y
FROM scratch
COPY --from=0 /a /b
COPY --from=build <<ONE <<TWO /d/
$A
ONE
two
TWO
CMD echo $A
""",
    "#escape=`\r\nfrom a as b\r\nenv po`\r\nrt=1\r\n"
    "run echo %port% $env:port `\r\n ${po`  \r\nrt}\r\n",
    'ARG é=1\nFROM a:$é AS \U0001f40b\nENV k v $k\nLABEL a=$k\nHEALTHCHECK CMD $k\nSHELL ["$k"]\n',
)
PIECES = (
    "\n", "\\\n", "\\", "`", " ", "$", "${", "}", "A", "base", "<<", "<<EOF", "EOF", '"', "'", "#",
    "# escape=`\n", "FROM ", "FROM base AS build\n", "ENV ", "ARG A\n", "RUN A=1; ", "--from=",
    "=", ":", "\r", "\r\n", "\t", "é", "\U0001f40b", "\u2028", "\ufeff", "\0", "$((", "))",
    "ONBUILD ",
)  # fmt: skip


@st.composite
def edited(draw: st.DrawFn) -> str:
    """A text like those people write, after a few edits."""
    text = draw(st.sampled_from(TEXTS))
    for _ in range(draw(st.integers(0, 4))):
        start = draw(st.integers(0, len(text)))
        end = min(len(text), start + draw(st.sampled_from((0, 0, 1, 2, 8, 40))))
        text = text[:start] + draw(st.sampled_from(("", *PIECES))) + text[end:]
    return text


def check_place(version: DocumentVersion, place: types.Range) -> None:
    for position in (place.start, place.end):
        assert position.line < version.lines.count
        assert version.lines.position(version.lines.offset(position)) == position
    assert (place.start.line, place.start.character) <= (place.end.line, place.end.character)


def check_places(version: DocumentVersion, found: object) -> None:
    """See that all ranges in an answer lie in the document."""
    if isinstance(found, types.Range):
        check_place(version, found)
    elif isinstance(found, (list, tuple)):
        for one in found:
            check_places(version, one)
    elif attrs.has(type(found)):
        for field in attrs.fields(type(found)):
            check_places(version, getattr(found, field.name))


def contains(outer: types.Range, inner: types.Range) -> bool:
    return (outer.start.line, outer.start.character) <= (
        inner.start.line,
        inner.start.character,
    ) and (inner.end.line, inner.end.character) <= (outer.end.line, outer.end.character)


def check_document(version: DocumentVersion) -> None:
    for fold in folding_ranges(version):
        assert 0 <= fold.start_line < fold.end_line < version.lines.count
    symbols = outline(version)
    check_places(version, [symbols, flat_outline(version), links(version)])
    check_places(version, [stage.location.range for stage in named_stages(version)])
    for symbol in symbols:
        for one in (symbol, *(symbol.children or ())):
            assert contains(one.range, one.selection_range)
            assert contains(symbol.range, one.range)
    for stage in version.document.model.stages:
        item = call_item(version, stage)
        assert contains(item.range, item.selection_range)
        assert stage_of_item(version, item) is stage
        check_places(version, [item, incoming(version, stage), outgoing(version, stage)])


def check_offset(version: DocumentVersion, offset: int) -> None:
    marked = highlights(version, offset)
    named = references(version, offset, True)
    assert [one.range for one in marked] == [one.range for one in named]
    assert all(one in named for one in references(version, offset, False))
    check_places(version, [marked, named, definition(version, offset)])
    check_places(version, linked_names(version, offset))
    stage_at(version, offset)
    selection: types.SelectionRange | None = selection_range(version, offset)
    while selection is not None:
        check_place(version, selection.range)
        if selection.parent is not None:
            assert contains(selection.parent.range, selection.range)
        selection = selection.parent


def renamed(version: DocumentVersion, offset: int, name: str) -> tuple[str, int, bool] | None:
    """The text after a rename, where the symbol is there, and whether it was written one way."""
    try:
        edits = rename(version, offset, name)
    except RenameError as error:
        assert str(error)
        return None
    if not edits:
        return None
    check_places(version, edits)
    spans = [version.lines.span(edit.range) for edit in edits]
    assert all(one.end <= other.start for one, other in pairwise(spans))
    text, written = version.text, {span.slice(version.text) for span in spans}
    for span in reversed(spans):
        text = text[: span.start] + name + text[span.end :]
    return text, spans[0].start, len(written) == 1


def check_rename(version: DocumentVersion, offset: int) -> None:
    found = symbols_of(version).at(offset)
    changed = renamed(version, offset, "zz9")
    if found is None:
        assert changed is None
        assert prepare_rename(version, offset) is None
        return
    if changed is None:
        return
    symbol, _ = found
    text, place, is_one_way = changed
    after = version_of(text, version.lines.encoding)
    found_after = symbols_of(after).at(place)
    assert found_after is not None
    assert len(found_after[0].mentions) == len(symbol.mentions)
    assert len(after.document.instructions) == len(version.document.instructions)
    written = version.lines.span(prepared(version, offset)).slice(version.text)
    if not is_one_way or not re.fullmatch(r"[A-Za-z]\w*", written, re.ASCII):
        return  # in several cases, over lines, or with characters that new names do not have
    if symbol.kind in (Kind.SOURCE, Kind.STAGE) and symbol.name.lower() in ("scratch", "context"):
        return
    back = renamed(after, place, written)
    assert back is not None
    assert back[0] == version.text


def prepared(version: DocumentVersion, offset: int) -> types.Range:
    found = prepare_rename(version, offset)
    assert found is not None
    return found.range


@given(
    st.one_of(edited(), dockerfiles()),
    st.lists(st.integers(0, 1000), max_size=6),
    st.sampled_from((UTF8, UTF16, UTF32)),
)
@settings(max_examples=300, deadline=None)
def test_no_request_fails(text: str, offsets: list[int], encoding: str):
    version = version_of(text, encoding)
    check_document(version)
    for offset in offsets:
        check_offset(version, min(offset, len(text)))


@given(st.one_of(edited(), dockerfiles()), st.integers(0, 30))
@settings(max_examples=400, deadline=None)
def test_renaming_back_gives_the_text_that_was(text: str, number: int):
    version = version_of(text)
    mentions = [one for symbol in symbols_of(version).symbols for one in symbol.mentions]
    for mention in mentions[number : number + 3]:
        check_rename(version, mention.span.start)
    check_rename(version, 0)
