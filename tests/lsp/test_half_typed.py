"""Everything that is asked while one writes, of texts that are odd and half typed."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lsprotocol import types

from dflint.text.span import Span
from dflint_lsp.completing.offers import Abilities
from dflint_lsp.document_tokens import document_tokens
from dflint_lsp.features.code_lens import code_lenses
from dflint_lsp.features.completion import completions
from dflint_lsp.features.hover import hover
from dflint_lsp.features.inlay_hints import Wanted, inlay_hints
from dflint_lsp.features.semantic_tokens import encoded
from dflint_lsp.features.signature_help import signature_help
from dflint_lsp.positions import UTF8, UTF16, UTF32
from dflint_lsp.shell_tokens import shell_tokens
from tests.lsp.versions import version_of

_PIECES = st.sampled_from([
    "FROM", "from a AS b", "RUN", "COPY ", "ADD", "ENV a=", "ARG x", "LABEL", "ONBUILD ", "onbuild",
    "HEALTHCHECK", "CMD", "NONE", "SHELL [", "EXPOSE 80/", "STOPSIGNAL SIG", "USER ", "WORKDIR /",
    "--mount=type=cache,", "--mount=", "--from=", "--from", "--chown=", "--", "-", "=", ",", "[",
    "]", '"', "'", "`", "\\", "\\\n", "\\ \n", "`\n", "\n", "\r\n", "\r", " ", "\t", "#", "# c\n",
    "# escape=`\n", "# syntax=", "#check=skip=", "$", "${", "${a", "}", "$a", "${a:-$b}", "$(", ")",
    "$((", "(", "<<EOF", "<<-'E'", "<<", "EOF\n", "E\n", "if", "then", "fi", "for", "case", "in",
    "esac", ";;", "&&", "|", ";", ">", "2>&1", "\ufeff", "é", "😀", "\x0c", "\u2028", "\x00", "b",
    "a:1@sha256:0", "::", "MAINTAINER", "VOLUME", "XYZ", "%", "𝒳=",
])  # fmt: skip
_TEXTS = st.lists(_PIECES, max_size=14).map("".join)
_ABILITIES = st.sampled_from([Abilities(), Abilities(True, True, True)])


def _check_range(version, wanted: types.Range) -> None:
    lines = version.lines
    for position in (wanted.start, wanted.end):
        offset = lines.offset(position)
        assert lines.position(offset) == position, "a position that the text does not have"
    assert lines.offset(wanted.start) <= lines.offset(wanted.end)


def _check_completions(version, offset: int, abilities: Abilities) -> None:
    for item in completions(version, offset, abilities).items:
        edit = item.text_edit
        is_double = isinstance(edit, types.InsertReplaceEdit)
        ranges = [edit.insert, edit.replace] if is_double else [edit.range]
        for one in ranges:
            _check_range(version, one)
            assert one.start.line == one.end.line
            start, end = version.lines.offset(one.start), version.lines.offset(one.end)
            place = version.lines.offset(version.lines.position(offset))
            assert start <= place <= end


def _check_tokens(version) -> None:
    at = 0
    text = version.text
    for begin, end, _ in document_tokens(version):
        assert at <= begin < end <= len(text)
        assert "\n" not in text[begin:end] and "\r" not in text[begin:end]
        at = end
    data = encoded(version)
    assert all(length > 0 for length in data[2::5])
    assert all(delta >= 0 for delta in data[0::5])


@given(_TEXTS, st.sampled_from([UTF8, UTF16, UTF32]), _ABILITIES)
@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_no_text_and_no_place_is_too_odd(text, encoding, abilities):
    version = version_of(text, encoding)
    _check_tokens(version)
    for offset in range(len(version.text) + 1):
        _check_completions(version, offset, abilities)
        found = hover(version, offset)
        if found is not None:
            _check_range(version, found.range)
        signature_help(version, offset)
    for hint in inlay_hints(version, Span(0, len(text)), Wanted(True, True, True)):
        _check_range(version, types.Range(hint.position, hint.position))
    for lens in code_lenses(version, True, True):
        _check_range(version, lens.range)


@given(st.lists(_PIECES, max_size=20).map("".join))
@settings(max_examples=300, deadline=None)
def test_tokens_of_scripts_are_in_order(text):
    at = 0
    for begin, end, _ in shell_tokens(text, 0, len(text)):
        assert at <= begin < end <= len(text)
        at = end


@pytest.mark.parametrize("sign", ["$(", "`", "(", "${a:-", "case a in ", '"$(', "'", "<<A\n"])
def test_deep_nesting_ends(sign):
    text = "FROM a\nRUN " + sign * 3000
    _check_tokens(version_of(text))


def test_an_empty_heredoc_has_no_token():
    version = version_of("COPY <<EOF\\FROM")
    _check_tokens(version)
    assert all(begin < end for begin, end, _ in document_tokens(version))
