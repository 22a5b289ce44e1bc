"""Diffs that `patch` can read."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from dflint.cli.output.diff import unified_diff


def test_same_texts_have_no_diff() -> None:
    assert unified_diff("a\n", "a\n", "Dockerfile") == ""


def test_diff_names_the_file_and_the_lines() -> None:
    assert unified_diff("from a\nRUN b\n", "FROM a\nRUN b\n", "x/Dockerfile") == (
        "--- a/x/Dockerfile\n+++ b/x/Dockerfile\n@@ -1,2 +1,2 @@\n-from a\n+FROM a\n RUN b\n"
    )


def test_missing_line_end_is_said() -> None:
    diff = unified_diff("FROM a", "FROM a\n", "Dockerfile")

    assert "-FROM a\n\\ No newline at end of file\n+FROM a\n" in diff


def test_colours_end_on_their_line() -> None:
    diff = unified_diff("a", "b\n", "Dockerfile", color=True)

    coloured = [line for line in diff.splitlines() if "\x1b" in line]
    assert coloured
    assert all(line.endswith("\x1b[0m") for line in coloured)


@pytest.mark.parametrize(
    ("old", "new"),
    [("a\r\nb", "a\nb\n"), ("a\x0cb\n", "c\x85d\n"), ("", "a\n"), ("a\n\n\n", "a\n")],
)
def test_patch_makes_the_new_text_of_the_old(tmp_path: Path, old: str, new: str) -> None:
    if shutil.which("patch") is None:
        pytest.skip("there is no `patch` on this machine")
    file = tmp_path / "f"
    file.write_bytes(old.encode())

    subprocess.run(
        ["patch", "-s", "--binary", str(file)],
        input=unified_diff(old, new, "f").encode(),
        check=True,
    )

    assert file.read_bytes() == new.encode()
