"""With `--diff-base`, what changed lines bring is fixed and nothing else."""

from __future__ import annotations

import os
import shutil
import subprocess

import pytest

from dflint.cli.changed import ChangedLines
from dflint.cli.moved_changes import MovedChanges

RULES = "--select=apt-no-yes,untagged-image,nonsense-command"
OLD = "FROM debian:12\nRUN apt-get install a\nRUN true\nRUN apt-get install b\n"


@pytest.fixture
def repository(here, monkeypatch):
    if shutil.which("git") is None:
        pytest.skip("git is not installed")
    monkeypatch.setenv("HOME", os.fspath(here))

    def git(*arguments):
        subprocess.run(("git", *arguments), cwd=here, check=True, capture_output=True)

    git("init", "--quiet", "--initial-branch=main")
    git("config", "user.name", "t")
    git("config", "user.email", "t@example.com")
    (here / "Dockerfile").write_text(OLD)
    git("add", "--all")
    git("commit", "--quiet", "--message", "x")
    return here


def test_only_changed_lines_are_fixed_and_reported(repository, dflint):
    file = repository / "Dockerfile"
    file.write_text(OLD.replace("RUN true\n", "RUN true\nRUN free\nRUN apt-get install c\n"))

    status, out, _ = dflint("check", RULES, "--fix", "--diff-base=main", "Dockerfile")

    assert status == 1
    assert file.read_text() == (
        "FROM debian:12\nRUN apt-get install a\nRUN true\nRUN free\n"
        "RUN apt-get install -y c\nRUN apt-get install b\n"
    )
    assert "nonsense-command" in out
    assert out.count("Dockerfile:") == 1


def test_only_changed_lines_are_silenced(repository, dflint):
    file = repository / "Dockerfile"
    file.write_text(OLD + "RUN apt-get install c\n")

    status, out, _ = dflint("check", RULES, "--add-ignore", "--diff-base=main", "Dockerfile")

    assert (status, out) == (0, "")
    assert file.read_text() == OLD + "# dflint: ignore=apt-no-yes\nRUN apt-get install c\n"


def moved(before, *ranges):
    changed = ChangedLines("/r", "/r", {"f": ranges}, frozenset())
    return MovedChanges(changed, "f", before)


def test_lines_keep_what_they_were_when_others_come_and_go_above():
    changes = moved("a\nb\nc\nd\n", (3, 3))

    assert [n for n in range(1, 5) if changes.touches("a\nb\nc\nd\n", n, n)] == [3]
    after = "new\nnew\na\nb\nc\nd\n"
    assert [n for n in range(1, 7) if changes.touches(after, n, n)] == [1, 2, 5]
    assert [n for n in range(1, 4) if changes.touches("b\nc\nd\n", n, n)] == [2]


def test_lines_that_a_fix_wrote_count_as_changed():
    changes = moved("a\nb\nc\n", (3, 3))

    assert [n for n in range(1, 4) if changes.touches("a\nB\nc\n", n, n)] == [2, 3]


def test_what_spans_a_line_that_is_gone_counts_as_changed():
    before, after = "a\nb\nc\nd\n", "a\nb\nd\n"
    changes = moved(before)

    assert changes.touches(after, 2, 3)
    assert not changes.touches(after, 1, 2)
    assert not changes.touches(after, 3, 3)
    assert moved(before, (3, 2)).touches(before, 2, 3)
    assert not moved(before, (3, 2)).touches(before, 3, 4)
