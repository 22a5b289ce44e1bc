"""What the builder gives to a shell, and the way back to the Dockerfile."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dflint.shell.shell_text import join_lines, strip_heredoc

PIECES = ("a", " ", "\\", "`", "\n", "\\\n", "\\ \t\r\n", "# c", "\r", "\t", "\u3000", "é", "'")


@pytest.mark.parametrize(
    ("body", "text"),
    [
        ("a \\\n  b", "a   b"),
        ("fo\\\no", "foo"),
        ("a \\ \t\r\r\nb", "a b"),
        ("a \\\n# comment \\\n\n \t# more\n b", "a  b"),
        ("a \\\n\u3000\x85\u2028\n b", "a  b"),
        ("a \\\n\x1c\\\n b", "a \x1c b"),
        ("a\\\\\nEOF", "a\\\\\nEOF"),
        ("a\\", "a"),
        ("a \\\n", "a"),
        ("a \\\n# comment at the end", "a"),
        ("a # comment \\\n && b", "a # comment  && b"),
        ("  a  \r\n", "a"),
        ("a `\n b", "a `\n b"),
        ("", ""),
        (" \\\n", ""),
    ],
)
def test_lines_are_joined_as_the_builder_joins_them(body, text):
    assert join_lines(body).text == text


def test_another_escape_character_leaves_backslashes_alone():
    assert join_lines("a `\n b\\\nc", escape="`").text == "a  b\\\nc"


def test_what_follows_the_line_is_read_as_it_stands():
    body = "cat <<EOF \\\n# gone\n > f \r\n# stays\na \\\n\tb\nEOF\n"

    assert join_lines(body).text == "cat <<EOF  > f\n# stays\na \\\n\tb\nEOF"


def test_a_heredoc_loses_nothing_but_leading_tabs_and_those_only_when_chomped():
    body = "\ta \\\n\t\tb\n# c\n"

    assert strip_heredoc(body).text == body
    assert strip_heredoc(body, chomp=True).text == "a \\\nb\n# c\n"


def test_spans_take_in_continuations_inside_and_none_outside():
    source = "RUN  fo\\\n# c\no \\\n bar"
    text = join_lines(source[5:], 5)

    assert text.text == "foo  bar"
    assert text.source_span(0, 3).slice(source) == "fo\\\n# c\no"
    assert text.source_span(5, 8).slice(source) == "bar"
    assert text.source_span(0, 2).slice(source) == "fo"
    assert len(text.source_span(3, 3)) == 0


@given(st.lists(st.sampled_from(PIECES), max_size=30).map("".join), st.sampled_from("\\`"))
def test_every_character_leads_back_to_itself(body, escape):
    for text in (join_lines(body, 3, escape), strip_heredoc(body, 3), strip_heredoc(body, 3, True)):
        offsets = [text.source_offset(at) for at in range(len(text.text))]

        assert [body[offset - 3] for offset in offsets] == list(text.text)
        assert offsets == sorted(set(offsets))


@pytest.mark.parametrize(
    "piece", ["\\", "\\ ", "\\\n", "#\n", " ", "\n", "\\\n#", "\r", "\\\r", "\t\\", "\\\n \n"]
)
def test_no_body_makes_joining_slow(piece):
    body = "a \\\n" + piece * 200_000

    assert len(join_lines(body).text) <= len(body)
    assert len(strip_heredoc(body, chomp=True).text) <= len(body)
