"""Where a key stands in a TOML file."""

from __future__ import annotations

import pytest

from dflint.config.toml_lines import find_line

TEXT = """\
# select = 1
select = [
  "a",
]
severity.latest-tag = "error"
"quoted key" . 'other' = 1
rules = { a = { b = 1 } }

[per-file-ignores]
"test/*.x" = ["a"]
[[many]]
x = 1
"""


@pytest.mark.parametrize(
    ("key", "line"),
    [
        (("select",), 2),
        (("severity", "latest-tag"), 5),
        (("severity", "other"), None),
        (("quoted key", "other"), 6),
        (("rules", "a", "b"), 7),
        (("per-file-ignores",), 9),
        (("per-file-ignores", "test/*.x"), 10),
        (("per-file-ignores", "none"), 9),
        (("many", "x"), 12),
        (("absent",), None),
    ],
)
def test_key_is_found_or_the_nearest_above_it(key: tuple[str, ...], line: int | None) -> None:
    assert find_line(TEXT, key) == line


@pytest.mark.parametrize(
    "text", ["a." * 50_000, '"' * 100_000, '"\\' * 50_000, "a" * 100_000, "[" * 100_000]
)
def test_hostile_line_takes_no_noticeable_time(text: str) -> None:
    assert find_line(text, ("x",)) is None
