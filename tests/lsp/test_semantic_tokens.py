from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dflint.text.span import Span
from dflint_lsp.document_tokens import document_tokens
from dflint_lsp.features.semantic_tokens import LEGEND, Answers, difference, encoded
from dflint_lsp.positions import UTF8, UTF16
from tests.lsp.versions import version_of


def coloured(text: str) -> list[tuple[str, str]]:
    version = version_of(text)
    return [
        (version.text[begin:end], colour.value) for begin, end, colour in document_tokens(version)
    ]


def script(text: str) -> list[tuple[str, str]]:
    """The tokens of a script, in a heredoc."""
    return coloured(f"RUN <<EOF\n{text}\nEOF\n")[3:-1]


def test_an_instruction_by_its_parts():
    assert coloured("FROM --platform=$P a:1@sha256:2 AS b\nFROM b") == [
        ("FROM", "keyword"),
        ("--platform", "parameter"),
        ("=", "operator"),
        ("$P", "variable"),
        ("a", "class"),
        ("1", "property"),
        ("sha256:2", "property"),
        ("AS", "keyword"),
        ("b", "namespace"),
        ("FROM", "keyword"),
        ("b", "namespace"),
    ]


def test_pairs_strings_and_variables():
    assert coloured("ENV a=\"b ${c:-d}\" 'e'=f") == [
        ("ENV", "keyword"),
        ("a", "variable"),
        ("=", "operator"),
        ('"b ', "string"),
        ("${c", "variable"),
        (":-", "operator"),
        ("}", "variable"),
        ('"', "string"),
        ("'e'", "variable"),
        ("=", "operator"),
        ("f", "parameter"),
    ]


def test_the_options_of_a_mount():
    assert coloured("RUN --mount=type=cache,ro true")[1:-1] == [
        ("--mount", "parameter"),
        ("=", "operator"),
        ("type", "parameter"),
        ("=", "operator"),
        ("cache", "property"),
        ("ro", "parameter"),
    ]


def test_comments_directives_and_continuations():
    assert coloured("# escape=`\n# c\nCOPY a `\n  # d\n  b /\n#e") == [
        ("# ", "comment"),
        ("escape", "property"),
        ("=", "operator"),
        ("`", "parameter"),
        ("# c", "comment"),
        ("COPY", "keyword"),
        ("a", "parameter"),
        ("`", "macro"),
        ("# d", "comment"),
        ("b", "parameter"),
        ("/", "parameter"),
        ("#e", "comment"),
    ]


def test_a_word_over_two_lines_is_two_tokens():
    assert coloured("FR\\\n# c\nOM a") == [
        ("FR", "keyword"),
        ("\\", "macro"),
        ("# c", "comment"),
        ("OM", "keyword"),
        ("a", "class"),
    ]


def test_exec_form_and_ports():
    assert coloured('CMD ["a", "b"]')[1:] == [
        ("[", "operator"),
        ('"a"', "string"),
        (",", "operator"),
        ('"b"', "string"),
        ("]", "operator"),
    ]
    assert coloured("EXPOSE 53/udp")[1:] == [("53", "number"), ("/udp", "parameter")]


def test_a_script():
    assert script('if [ -f x ]; then A=1 run --b "$C" >log; fi # d') == [
        ("if", "keyword"),
        ("[", "function"),
        ("-f", "parameter"),
        (";", "operator"),
        ("then", "keyword"),
        ("A", "variable"),
        ("=", "operator"),
        ("run", "function"),
        ("--b", "parameter"),
        ('"', "string"),
        ("$C", "variable"),
        ('"', "string"),
        (">", "operator"),
        (";", "operator"),
        ("fi", "keyword"),
        ("# d", "comment"),
    ]


def test_loops_cases_and_substitutions():
    assert script("for i in $(ls (a)); do case $i in x|y) z ;; *) w;; esac; done") == [
        ("for", "keyword"),
        ("in", "keyword"),
        ("$(", "operator"),
        ("ls", "function"),
        ("(", "operator"),
        ("a", "function"),
        (")", "operator"),
        (")", "operator"),
        (";", "operator"),
        ("do", "keyword"),
        ("case", "keyword"),
        ("$i", "variable"),
        ("in", "keyword"),
        ("|", "operator"),
        (")", "operator"),
        ("z", "function"),
        (";;", "operator"),
        (")", "operator"),
        ("w", "function"),
        (";;", "operator"),
        ("esac", "keyword"),
        (";", "operator"),
        ("done", "keyword"),
    ]


def test_heredocs():
    assert coloured("COPY <<A <<'B' /\n$x 'y\nA\n$z\nB\n")[1:] == [
        ("<<", "operator"),
        ("A", "macro"),
        ("<<", "operator"),
        ("'B'", "macro"),
        ("/", "parameter"),
        ("$x", "variable"),
        (" 'y", "string"),
        ("A", "macro"),
        ("$z", "string"),
        ("B", "macro"),
    ]
    assert coloured("RUN python3 <<E\nimport os\nE\n")[-1] == ("E", "macro")
    assert ("import", "function") not in coloured("RUN python3 <<E\nimport os\nE\n")


def test_half_typed_quotes_end_with_the_instruction():
    found = coloured("RUN echo 'a\nUSER b\n")
    assert found[-2:] == [("USER", "keyword"), ("b", "parameter")]


@pytest.mark.parametrize(("encoding", "units"), [(UTF16, 4), (UTF8, 6)])
def test_lengths_are_in_the_client_s_units(encoding, units):
    assert encoded(version_of("USER '😀'", encoding))[5:] == [0, 5, units, 2, 0]


def test_a_range_has_what_lies_in_it():
    version = version_of("USER a\nUSER b\nUSER c\n")
    found = document_tokens(version, Span(8, 12))
    assert [version.text[begin:end] for begin, end, _ in found] == ["USER", "b"]


_NUMBERS = st.lists(st.integers(0, 3), max_size=30)


@given(_NUMBERS, _NUMBERS)
def test_an_edit_makes_one_answer_another(before, after):
    changed = list(before)
    for edit in difference(before, after):
        changed[edit.start : edit.start + edit.delete_count] = edit.data or []
    assert changed == after


def test_answers_are_known_by_their_names():
    answers = Answers()
    name = answers.keep("a", [1])
    assert answers.find("a", name) == [1]
    answers.keep("a", [2])
    assert answers.find("a", name) is None
    names = [answers.keep(str(uri), [uri]) for uri in range(16)]
    assert answers.find("0", names[0]) == [0]
    answers.keep("more", [])
    assert answers.find("0", names[0]) is None
    assert answers.find("15", names[15]) == [15]


def test_the_legend_has_standard_types_once():
    assert len(set(LEGEND.token_types)) == len(LEGEND.token_types)
