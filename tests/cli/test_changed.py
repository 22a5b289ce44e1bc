"""Which lines changed since a revision."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from dflint.cli.changed import ChangedLines, changed_lines, read_patch
from dflint.errors import UsageError

TEN = "".join(f"line {number}\n" for number in range(1, 11))


class Repository:
    """A git repository for one test."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def git(self, *arguments: str) -> str:
        done = subprocess.run(("git", *arguments), cwd=self.root, capture_output=True, check=True)
        return os.fsdecode(done.stdout)

    def write(self, path: str, text: str) -> None:
        place = self.root / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text)

    def commit(self, **files: str) -> None:
        for path, text in files.items():
            self.write(path, text)
        self.git("add", "--all")
        self.git("commit", "--quiet", "--message", "x")

    def changed(self, rev: str = "main", folder: str = ".") -> ChangedLines:
        return changed_lines(rev, os.fspath(self.root / folder))


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Repository:
    """A repository with one commit of a file of ten lines."""
    if shutil.which("git") is None:
        pytest.skip("git is not installed")
    monkeypatch.setenv("HOME", os.fspath(tmp_path))
    monkeypatch.delenv("XDG_CONFIG_HOME", raising=False)
    place = tmp_path / "r"
    place.mkdir()
    made = Repository(place)
    made.git("init", "--quiet", "--initial-branch=main")
    made.git("config", "user.name", "t")
    made.git("config", "user.email", "t@example.com")
    made.commit(Dockerfile=TEN)
    return made


def lines(changed: ChangedLines, path: str = "Dockerfile") -> list[int]:
    return [number for number in range(1, 15) if changed.touches(path, number, number)]


def test_nothing_is_touched_without_changes(repository: Repository) -> None:
    assert lines(repository.changed()) == []


def test_changed_and_added_lines_are_touched(repository: Repository) -> None:
    text = TEN.replace("line 3\n", "line three\n").replace("line 8\n", "line 8\nnew\nnew\n")
    repository.write("Dockerfile", text)

    assert lines(repository.changed()) == [3, 9, 10]


def test_removal_touches_what_it_lies_within_only(repository: Repository) -> None:
    repository.write("Dockerfile", TEN.replace("line 5\n", ""))
    changed = repository.changed()

    assert lines(changed) == []
    assert changed.touches("Dockerfile", 4, 5)
    assert changed.touches("Dockerfile", 1, 9)
    assert not changed.touches("Dockerfile", 1, 4)
    assert not changed.touches("Dockerfile", 5, 9)


def test_removal_at_the_ends_touches_nothing(repository: Repository) -> None:
    repository.write("Dockerfile", TEN.removeprefix("line 1\n").removesuffix("line 10\n"))

    assert not repository.changed().touches("Dockerfile", 1, 8)


def test_commits_index_and_work_tree_all_count(repository: Repository) -> None:
    repository.git("switch", "--quiet", "--create", "branch")
    repository.commit(Dockerfile=TEN.replace("line 2\n", "2\n"))
    repository.write("Dockerfile", TEN.replace("line 2\n", "2\n").replace("line 4\n", "4\n"))
    repository.git("add", "Dockerfile")
    text = TEN.replace("line 2\n", "2\n").replace("line 4\n", "4\n").replace("line 6\n", "6\n")
    repository.write("Dockerfile", text)

    assert lines(repository.changed()) == [2, 4, 6]


def test_what_others_changed_in_the_base_does_not_count(repository: Repository) -> None:
    repository.git("switch", "--quiet", "--create", "branch")
    repository.commit(Dockerfile=TEN.replace("line 2\n", "2\n"))
    repository.git("switch", "--quiet", "main")
    repository.commit(Dockerfile=TEN.replace("line 9\n", "9\n"))
    repository.git("switch", "--quiet", "branch")

    assert lines(repository.changed()) == [2]


def test_new_files_are_changed_throughout(repository: Repository) -> None:
    repository.commit(Committed=TEN)
    repository.write("sub/Untracked", TEN)
    repository.write("Intended", TEN)
    repository.git("add", "--intent-to-add", "Intended")
    changed = repository.changed("HEAD~1")

    for path in ("Committed", "sub/Untracked", "Intended"):
        assert lines(changed, path)[:10] == list(range(1, 11)), path
    assert lines(changed) == []


def test_moved_file_is_only_touched_where_it_changed(repository: Repository) -> None:
    repository.git("mv", "Dockerfile", "Moved")
    repository.write("Moved", TEN.replace("line 7\n", "7\n"))
    repository.git("add", "Moved")

    assert lines(repository.changed(), "Moved") == [7]


def test_paths_start_from_the_folder_that_was_given(repository: Repository) -> None:
    repository.write("sub/Dockerfile", TEN)
    repository.write("Dockerfile", TEN.replace("line 1\n", "1\n"))
    changed = repository.changed(folder="sub")

    assert lines(changed, "../Dockerfile") == [1]
    assert lines(changed, "Dockerfile")[:2] == [1, 2]
    assert lines(changed, os.fspath(repository.root / "Dockerfile")) == [1]


def test_link_stands_for_the_file_it_leads_to(repository: Repository) -> None:
    (repository.root / "link").symlink_to("Dockerfile")
    repository.write("Dockerfile", TEN.replace("line 1\n", "1\n"))

    assert lines(repository.changed(), "link") == [1]


def test_file_outside_of_the_work_tree_counts_as_changed(repository: Repository) -> None:
    assert repository.changed().touches("../elsewhere", 1, 1)


@pytest.mark.parametrize(
    "name",
    ["a b", "tab\there", "new\nline", 'quo"te', "back\\slash", "caf\u00e9", " lead", "b/x y"],
)
def test_odd_names_are_understood(repository: Repository, name: str) -> None:
    repository.commit(**{name: TEN})
    repository.write(name, TEN.replace("line 4\n", "4\n"))
    repository.write(name + ".new", TEN)
    changed = repository.changed()

    assert lines(changed, name) == [4]
    assert lines(changed, name + ".new")[:2] == [1, 2]


def test_lines_that_look_like_a_patch_do_not_mislead(repository: Repository) -> None:
    text = "-- a/x\n++ b/other\n@@ -1 +1 @@\ndiff --git a/x b/x\n"
    repository.commit(Odd=text)
    repository.write("Odd", "++ b/other\n@@ -1,9 +1,9 @@\nno newline")
    repository.write("Dockerfile", TEN + "no newline")
    changed = repository.changed()

    assert lines(changed) == [11]
    assert not changed.touches("other", 1, 100)
    assert changed.touches("Odd", 3, 3)


def test_configuration_of_git_does_not_change_the_answer(repository: Repository) -> None:
    for setting in (
        *("diff.noprefix=true", "diff.mnemonicPrefix=true", "diff.context=5"),
        *("color.ui=always", "diff.interHunkContext=9", "diff.renames=false"),
        *("diff.external=false", "core.quotePath=false", "diff.relative=true"),
    ):
        repository.git("config", *setting.split("="))
    repository.write("Dockerfile", TEN.replace("line 2\n", "2\n").replace("line 4\n", "4\n"))

    assert lines(repository.changed()) == [2, 4]


def test_file_that_git_takes_for_binary_is_compared_by_lines(repository: Repository) -> None:
    repository.commit(**{".gitattributes": "Dockerfile -diff\n"})
    repository.write("Dockerfile", TEN.replace("line 2\n", "\0\n"))

    assert lines(repository.changed()) == [2]


def test_conflict_counts_as_changed(repository: Repository) -> None:
    repository.git("switch", "--quiet", "--create", "branch")
    repository.commit(Dockerfile=TEN.replace("line 2\n", "2\n"))
    repository.git("switch", "--quiet", "main")
    repository.commit(Dockerfile=TEN.replace("line 2\n", "two\n"))
    subprocess.run(
        ("git", "merge", "branch"), cwd=repository.root, capture_output=True, check=False
    )

    assert lines(repository.changed("HEAD~1"))[:3] == [2, 3, 4]


@pytest.mark.parametrize("rev", ["none", "", "--output=x", "main..HEAD", "HEAD^{tree}"])
def test_unknown_revision_is_an_error_of_usage(repository: Repository, rev: str) -> None:
    with pytest.raises(UsageError, match="git knows no commit"):
        repository.changed(rev)

    assert not (repository.root / "x").exists()


def test_unrelated_history_is_an_error_of_usage(repository: Repository) -> None:
    repository.git("switch", "--quiet", "--orphan", "other")
    repository.commit(Dockerfile="other\n")

    with pytest.raises(UsageError, match="no commit in common"):
        repository.changed()


def test_repository_without_commits_is_an_error_of_usage(
    repository: Repository, tmp_path: Path
) -> None:
    repository.git("init", "--quiet", os.fspath(tmp_path / "empty"))

    with pytest.raises(UsageError, match="git knows no commit `HEAD`"):
        changed_lines("HEAD", os.fspath(tmp_path / "empty"))


def test_folder_without_repository_is_an_error_of_usage(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if shutil.which("git") is None:
        pytest.skip("git is not installed")
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", os.fspath(tmp_path.parent))

    with pytest.raises(UsageError, match="not a git repository"):
        changed_lines("HEAD", os.fspath(tmp_path))


def test_missing_git_is_an_error_of_usage(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", os.fspath(tmp_path))

    with pytest.raises(UsageError, match="git is not installed"):
        changed_lines("HEAD", os.fspath(tmp_path))


@pytest.mark.parametrize("patch", [b"", b"diff --git a/x b/x\nold mode 1\n"])
def test_patch_without_changed_lines_gives_nothing(patch: bytes) -> None:
    assert [ranges for _, ranges in read_patch(patch) if ranges] == []
