"""Commands are edited where they stand: in lines, heredocs, `sh -c` and exec form."""

from __future__ import annotations

import pytest

from dflint.lint.document import Document
from dflint.semantic.program_edits import append_command, insert_words, replace_word
from dflint.text.edit import apply_edits
from dflint.text.source import Source


def call_of(text, name="apt-get"):
    doc = Document(Source("Dockerfile", text.encode()))
    for program in doc.programs:
        for call in program.invocations_of(name):
            return program, call
    raise AssertionError(text)


def edited(text, edits):
    return None if edits is None else apply_edits(text, edits)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("RUN apt-get install b\n", "RUN apt-get install -y b\n"),
        (
            "RUN apt-get \\\n  # c\n  install \\\n  b\n",
            "RUN apt-get \\\n  # c\n  install -y \\\n  b\n",
        ),
        ('RUN ["apt-get", "install", "b"]\n', 'RUN ["apt-get", "install", "-y", "b"]\n'),
        ("RUN bash -c 'apt-get install b'\n", "RUN bash -c 'apt-get install -y b'\n"),
        ("RUN <<E\napt-get install b\nE\n", "RUN <<E\napt-get install -y b\nE\n"),
        ('RUN A="apt-get install" && $A b\n', None),
        ('RUN "apt-get" "install" b\n', None),
        ("RUN sh -c apt-get\\ install\\ b\n", None),
    ],
)
def test_words_are_inserted_behind_the_verb(before, after):
    text = "FROM a\n" + before
    program, call = call_of(text)

    edits = insert_words(program, call.verb_argument.word, "-y")

    assert edited(text, edits) == (None if after is None else "FROM a\n" + after)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("RUN apt-get install b; c\n", "RUN apt-get install b && rm -rf /d; c\n"),
        (
            "RUN apt-get update \\\n  && apt-get install \\\n    b \\\n    # e\n  && c\n",
            "RUN apt-get update \\\n  && apt-get install \\\n    b \\\n  && rm -rf /d \\\n    # e\n"
            "  && c\n",
        ),
        (
            "RUN apt-get install \\\r\n    b\r\n",
            "RUN apt-get install \\\r\n    b \\\r\n    && rm -rf /d\r\n",
        ),
        ("RUN <<E\napt-get install b\nc\nE\n", None),
        ('RUN ["apt-get", "install"]\n', None),
        ("RUN apt-get install b <<E\nE\n", None),
    ],
)
def test_a_command_is_put_behind_another_one(before, after):
    text = "FROM a\n" + before
    program, call = call_of(text)
    for call in program.invocations_of("apt-get"):
        if call.verb == "install":
            break

    edits = append_command(program, call.command, "rm -rf /d")

    if before.startswith("RUN <<E"):
        after = "RUN <<E\napt-get install b && rm -rf /d\nc\nE\n"
    assert edited(text, edits) == (None if after is None else "FROM a\n" + after)


def test_a_word_is_replaced():
    text = "FROM a\nRUN apt-get install b\n"
    program, call = call_of(text)

    edits = replace_word(program, call.verb_argument.word, "upgrade")

    assert edited(text, edits) == "FROM a\nRUN apt-get upgrade b\n"


def test_nothing_but_plain_words_is_inserted():
    program, call = call_of("FROM a\nRUN apt-get install b\n")

    assert insert_words(program, call.verb_argument.word, "'x'") is None
    assert append_command(program, call.command, "echo $HOME") is None
