from __future__ import annotations

import pytest

from dflint.text.edit import apply_edits
from dflint_lsp.on_type import on_type_edits
from tests.lsp.versions import marked


def _typed(text: str, char: str) -> str:
    version, offset = marked(text)
    return apply_edits(version.text, on_type_edits(version, offset, char, "    "))


@pytest.mark.parametrize(
    ("text", "after"),
    [
        ("FROM a\nRUN b \\\n|", "FROM a\nRUN b \\\n    "),
        ("FROM a\nRUN b \\\n  c \\\n|", "FROM a\nRUN b \\\n  c \\\n  "),
        ("FROM a\nRUN b \\\n|c", "FROM a\nRUN b \\\n    c"),
        ("FROM a\nRUN b\n|", "FROM a\nRUN b\n"),
        ("# a \\\n|", "# a \\\n"),
        ("RUN <<E\na \\\n|\nE\n", "RUN <<E\na \\\n\nE\n"),
        ("#escape=`\nRUN b `\n|", "#escape=`\nRUN b `\n    "),
        ("|", ""),
    ],
)
def test_a_new_line_is_indented_where_it_continues_an_instruction(text, after):
    assert _typed(text, "\n") == after


@pytest.mark.parametrize(
    ("text", "char", "after"),
    [
        ("FROM a\nRUN b \\|\nc", "\\", "FROM a\nRUN b \\\n    c"),
        ("FROM a\nRUN b \\|\nCOPY c d", "\\", "FROM a\nRUN b \\\nCOPY c d"),
        ("FROM a\nRUN b \\|\n\tc", "\\", "FROM a\nRUN b \\\n\tc"),
        ("FROM a\nRUN b \\| c\nd", "\\", "FROM a\nRUN b \\ c\nd"),
        ("FROM a\nRUN b `|\nc", "`", "FROM a\nRUN b `\nc"),
        ("#escape=`\nRUN b `|\nc", "`", "#escape=`\nRUN b `\n    c"),
        ("# a \\|\nc", "\\", "# a \\\nc"),
        ("RUN <<E\na\\|\nb\nE", "\\", "RUN <<E\na\\\nb\nE"),
    ],
)
def test_the_line_below_an_escape_character_is_indented(text, char, after):
    assert _typed(text, char) == after
