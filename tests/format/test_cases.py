"""Examples: what is given, and below a line `# output` what comes of it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.format.laws import check_laws

CASES = sorted((Path(__file__).parent / "cases").glob("*.dockerfile"))


@pytest.mark.parametrize("file", CASES, ids=lambda file: file.stem)
def test_example_is_laid_out_as_it_is_shown(file):
    given, _, expected = file.read_text().partition("# output\n")

    result = check_laws(given)

    assert result.text == expected
    assert result.notes == ()
    assert not check_laws(expected).changed


def test_the_manual_shows_what_is_done():
    page = (Path(__file__).parents[2] / "docs" / "formatter.md").read_text()
    before, after, first_command = re.findall(r"```dockerfile\n(.*?) *```", page, re.DOTALL)[:3]

    assert check_laws(before).text == after
    indented = "".join(line.removeprefix("  ") for line in first_command.splitlines(True))
    assert check_laws(indented).text == indented
