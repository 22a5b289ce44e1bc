from __future__ import annotations

from dflint_lsp.features.folding import folding_ranges
from tests.lsp.versions import version_of


def test_an_instruction_of_several_lines_folds():
    found = folding_ranges(version_of("FROM a\nRUN a \\\n  b\nRUN c\n"))
    assert [(one.start_line, one.end_line) for one in found] == [(1, 2)]
