"""Edits of whole instructions leave comments and line ends as they were."""

from __future__ import annotations

import pytest

from dflint.cst.instructions import Copy, Env, Run
from dflint.lint import edits
from dflint.lint.document import Document
from dflint.text.edit import apply_edits
from dflint.text.source import Source
from dflint.text.span import Span


def document(text):
    return Document(Source("Dockerfile", text.encode()))


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("RUN a\n", "RUN a\nUSER b\n"),
        ("RUN a", "RUN a\nUSER b"),
        ("RUN a\r\n", "RUN a\r\nUSER b\r\n"),
        ("RUN a \\\n", "RUN a\nUSER b\n"),
        ("RUN a \\\n\n# c\n", "RUN a\nUSER b\n\n# c\n"),
        ("RUN <<E\na\nE\n", "RUN <<E\na\nE\nUSER b\n"),
    ],
)
def test_an_instruction_is_inserted_below_whatever_ends_the_one_above(before, after):
    doc = document(before)

    edit = edits.insertion_below(doc.instructions[0], "USER b")

    assert apply_edits(before, [edit]) == after
    assert [one.KEYWORD for one in document(after).instructions] == ["RUN", "USER"]


@pytest.mark.parametrize(
    ("text", "after"),
    [
        ("FROM a\n\nRUN b\n\nUSER c\n", "FROM a\n\nUSER c\n"),
        ("FROM a\r\n\r\nRUN b\r\n", "FROM a\r\n"),
        ("FROM a\n\n\nRUN b\nUSER c\n", "FROM a\n\n\nUSER c\n"),
        ("FROM a\n\n# d\nRUN b\n\nUSER c\n", "FROM a\n\n# d\n\nUSER c\n"),
        ("FROM a\n\nRUN b \\\n# d\n e\n\nUSER c\n", "FROM a\n\n# d\n\nUSER c\n"),
        ("FROM a\nRUN b\n\nUSER c\n", "FROM a\n\nUSER c\n"),
    ],
)
def test_an_instruction_is_removed_with_one_of_two_empty_lines(text, after):
    doc = document(text)

    edit = edits.removal(doc, doc.all(Run)[0])

    assert apply_edits(text, [edit]) == after


@pytest.mark.parametrize(
    ("text", "word", "after"),
    [
        ("COPY --link a b\n", "--link", "COPY a b\n"),
        ("COPY \\\n  --link \\\n  # c\n  a b\n", "--link", "COPY \\\n  # c\n  a b\n"),
        ("COPY \\\n  --link a b\n", "--link", "COPY \\\n  a b\n"),
        ("COPY a \\\n  b\n", "b", None),
    ],
)
def test_a_word_is_removed_with_what_it_leaves_empty(text, word, after):
    doc = document(text)
    start = text.index(word)

    edit = edits.word_removal(doc.instructions[0], Span(start, start + len(word)))

    assert (None if edit is None else apply_edits(text, [edit])) == after


def test_an_instruction_is_moved_with_the_comments_right_above_it():
    text = "FROM a\n\n# copy\n# all\nCOPY . .\n\n# run\nRUN b\nUSER c\n"
    doc = document(text)

    moved = edits.moved_below(doc, doc.all(Copy)[0], doc.all(Run)[0])

    assert apply_edits(text, moved) == (
        "FROM a\n\n# run\nRUN b\n\n# copy\n# all\nCOPY . .\nUSER c\n"
    )


@pytest.mark.parametrize("above", ["COPY", "RUN"])
def test_no_instruction_is_moved_that_a_comment_silences_rules_for(above):
    text = "FROM a\nCOPY . .\nRUN b\n".replace(above, f"# hadolint ignore=DL3008\n{above}")
    doc = document(text)

    assert edits.moved_below(doc, doc.all(Copy)[0], doc.all(Run)[0]) is None


def test_an_instruction_is_parted_with_the_comments_between():
    text = "env A=1 \\\n  # c\n  B=2\n"
    doc = document(text)

    edit = edits.parted_at(doc.all(Env)[0], text.index(" \\"), text.index("B"))

    assert apply_edits(text, [edit]) == "env A=1\n# c\nenv B=2\n"
