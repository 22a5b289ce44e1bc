from __future__ import annotations

import pytest

from dflint.lint.document import Document
from dflint.text.edit import apply_edits
from dflint.text.source import Source
from dflint_lsp.refactoring import refactorings
from tests.lsp.versions import marked

EXEC = "Write in exec form"
SHELL = "Write in shell form"
HEREDOC = "Write the commands as a heredoc"
CHAIN = "Write the heredoc as commands joined by &&"
SPLIT = "Begin a new stage here"
JOIN = "Join with the stage that this is built on"


def _offered(text: str) -> tuple[str, dict[str, str]]:
    version, offset = marked(text)
    made = {
        title: apply_edits(version.text, sorted(edits))
        for _, title, edits in refactorings(version.document, offset)
    }
    return version.text, made


@pytest.mark.parametrize(
    ("text", "title", "after"),
    [
        ("FROM a\nCMD b| $C\n", EXEC, 'FROM a\nCMD ["/bin/sh", "-c", "b $C"]\n'),
        (
            'FROM a\nSHELL ["/bin/bash", "-ec"]\nRUN| "b"\n',
            EXEC,
            'FROM a\nSHELL ["/bin/bash", "-ec"]\nRUN ["/bin/bash", "-ec", "\\"b\\""]\n',
        ),
        ('FROM a\nCMD| ["b", "c d"]\n', SHELL, "FROM a\nCMD b 'c d'\n"),
        ('FROM a\nRUN ["/bin/sh", "-c", "b $C"]|\n', SHELL, "FROM a\nRUN b $C\n"),
        (
            "FROM a\nRUN b \\\n  && c d| && e\n",
            HEREDOC,
            "FROM a\nRUN <<EOF\nset -e\nb\nc d\ne\nEOF\n",
        ),
        (
            "FROM a\nRUN <<EOF|\nset -e\nb\nc d\nEOF\nRUN e\n",
            CHAIN,
            "FROM a\nRUN b \\\n    && c d\nRUN e\n",
        ),
        (
            "FROM a AS b\nRUN c\n# why\nRUN |d\n",
            SPLIT,
            "FROM a AS b-base\nRUN c\n\nFROM b-base AS b\n# why\nRUN d\n",
        ),
        ("FROM a\nRUN c\nRUN |d\n", SPLIT, "FROM a AS base\nRUN c\n\nFROM base\nRUN d\n"),
        (
            "FROM a AS b\nRUN c\nFROM |b AS d\nRUN e\n",
            JOIN,
            "FROM a AS d\nRUN c\nRUN e\n",
        ),
    ],
)
def test_the_other_form(text, title, after):
    before, made = _offered(text)
    assert made[title] == after
    assert not Document(Source("Dockerfile", after.encode())).problems
    assert before != after


@pytest.mark.parametrize(
    "text",
    [
        "FROM a\nRUN| b || c && d\n",
        "FROM a\nRUN| b; c\n",
        "FROM a\nRUN| <<EOF\nb\nc\nEOF\n",
        "FROM a\nRUN |b\n",
        "FROM |a\n",
        "#escape=`\nFROM a\nRUN| b && c\n",
        "|",
    ],
)
def test_what_would_do_something_else_is_not_offered(text):
    _, made = _offered(text)
    assert not {HEREDOC, CHAIN, SPLIT, JOIN} & made.keys()
