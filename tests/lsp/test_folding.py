from __future__ import annotations

import pytest
from lsprotocol import types

from dflint_lsp.features.folding import folding_ranges
from tests.lsp.versions import version_of

FOLDED = {
    "instruction": ("FROM a\nRUN a \\\n  b\nRUN c\n", [(1, 2)]),
    "instruction with comments and blank lines": ("FROM a\nRUN a \\\n# c\n\n  b\n\n", [(1, 4)]),
    "CRLF": ("FROM a\r\nRUN a \\\r\n  b\r\n", [(1, 2)]),
    "escape": ("# escape=`\nfrom a\nrun a `\n  b\n", [(2, 3)]),
    "half typed": ("FROM a\nRUN a \\\n", []),
    "nothing but a continuation": ("FROM a\n\\\n# c\n", []),
    "heredoc": ("FROM a\nRUN <<E\nls\nE\nUSER a\n", [(1, 3)]),
    "heredoc without an end": ("FROM a\nRUN <<E\nls\n", [(1, 2)]),
    "two heredocs": ("FROM a\nCOPY <<A <<B /\na\nA\nb\nb\nB\n", [(1, 6), (2, 3), (4, 6)]),
    "heredoc behind continuations": ("FROM a\nRUN a \\\n <<E\nls\nE\n", [(1, 4), (1, 2), (3, 4)]),
    "ONBUILD": ("FROM a\nONBUILD RUN a \\\n b\n", [(1, 2)]),
    "comments": ("# a\n# b\n\n# c\nFROM a\n  # d\n# e\n", [(0, 1, "comment"), (5, 6, "comment")]),
    "no comments": ("# syntax=a\n# escape=`\nFROM a\nRUN <<E\n# a\n# b\nE\n", [(3, 6)]),
    "comments within an instruction": (
        "FROM a\nRUN a \\\n# b\n# c\n d\n",
        [(1, 4), (2, 3, "comment")],
    ),
    "stages": (
        "FROM a\nUSER a\n\n# b\nFROM b\nRUN a \\\n b\n# c\n",
        [(0, 1, "region"), (4, 6, "region"), (5, 6)],
    ),
    "stage of one instruction": ("FROM a\\\n AS b\n\nFROM c\\\n AS d\n", [(0, 1), (3, 4)]),
    "stage that ends in a heredoc": ("FROM a\nRUN <<E\nE\nFROM b\n", [(0, 2, "region"), (1, 2)]),
}


@pytest.mark.parametrize(("text", "folds"), FOLDED.values(), ids=FOLDED.keys())
def test_folds(text: str, folds: list[tuple[int, int]]):
    found = folding_ranges(version_of(text))
    assert [
        (one.start_line, one.end_line, *([one.kind.value] if one.kind else [])) for one in found
    ] == folds


def test_characters_are_the_ends_of_the_lines():
    version = version_of("FROM \U0001f40b\\\n b\n")
    assert folding_ranges(version) == [types.FoldingRange(0, 1, 8, 2)]
    assert folding_ranges(version, lines_only=True) == [types.FoldingRange(0, 1)]


def test_no_more_folds_than_the_client_wants():
    version = version_of("FROM a\\\n b\nRUN a \\\n b\n")
    assert [one.start_line for one in folding_ranges(version, limit=1)] == [0]
    assert folding_ranges(version, limit=0) == []


def test_stages_do_not_fold_where_they_shall_not():
    version = version_of("FROM a\nUSER a\nFROM b\nUSER a\n")
    assert len(folding_ranges(version)) == 2
    assert folding_ranges(version, stages=False) == []
