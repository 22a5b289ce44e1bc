from __future__ import annotations

import pytest

from dflint_lsp.features.selection import selection_range
from tests.lsp.versions import marked


def steps(text: str) -> list[str]:
    """What a selection at the `|` grows to, the file itself left out."""
    version, offset = marked(text)
    found, texts = selection_range(version, offset), []
    while found.parent is not None:
        texts.append(version.lines.span(found.range).slice(version.text))
        found = found.parent
    assert version.lines.span(found.range).slice(version.text) == version.text
    return texts


GROWN = {
    "shell": (
        "FROM a\n# c\nRUN apt-get install fo|o-bar && ls\nFROM b\n",
        ["foo", "foo-bar", "apt-get install foo-bar", "apt-get install foo-bar && ls",
         "RUN apt-get install foo-bar && ls", "# c\nRUN apt-get install foo-bar && ls",
         "FROM a\n# c\nRUN apt-get install foo-bar && ls"],
    ),
    "pair": (
        "FROM a\nENV a=|b c=d\n",
        ["b", "a=b", "a=b c=d", "ENV a=b c=d", "FROM a\nENV a=b c=d"],
    ),
    "flag": (
        "FROM a\nCOPY --from=x|y a b\n",
        ["xy", "--from=xy", "COPY --from=xy a b", "FROM a\nCOPY --from=xy a b"],
    ),
    "array": (
        'FROM a\nCMD ["x", "y| z"]\n',
        ["y", "y z", '"y z"', '["x", "y z"]', 'CMD ["x", "y z"]', 'FROM a\nCMD ["x", "y z"]'],
    ),
    "heredoc": (
        "FROM a\nCOPY <<E /x\na\nb |c\nE\n",
        ["c", "b c", "a\nb c\n", "a\nb c\nE", "COPY <<E /x\na\nb c\nE"],
    ),
    "comment": ("FROM a\n# some |words\nUSER b\n", ["words", "# some words"]),
    "name over a continuation": (
        "FROM a\nARG port\nEXPOSE $po|\\\nrt\n",
        ["po", "po\\\nrt"],
    ),
}  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), GROWN.values(), ids=GROWN.keys())
def test_selections_grow_with_the_syntax(text: str, expected: list[str]):
    found = steps(text)
    assert [one for one in found if one in expected] == expected, found
    lengths = [len(one) for one in found]
    assert lengths == sorted(set(lengths))


@pytest.mark.parametrize("text", ["|", "\n|\n", "# |c", "FROM a\n\n|"])
def test_there_is_always_a_selection(text: str):
    steps(text)
