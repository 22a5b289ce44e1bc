"""Finding Dockerfiles in folders."""

from __future__ import annotations

import os
import random
import shutil
import socket
import subprocess
from pathlib import Path

import pytest

from dflint.config.find import ConfigFinder
from dflint.config.patterns import PatternList
from dflint.discovery.walk import Found, discover


@pytest.fixture(autouse=True)
def home(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home without git configuration."""
    place = tmp_path_factory.mktemp("home")
    monkeypatch.setenv("HOME", os.fspath(place))
    monkeypatch.delenv("XDG_CONFIG_HOME", raising=False)
    return place


@pytest.fixture
def tree(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder that is the working folder."""
    place = tmp_path / "tree"
    place.mkdir()
    monkeypatch.chdir(place)
    return place


def fill(tree: Path, *paths: str, text: str = "FROM scratch\n") -> None:
    for path in paths:
        place = tree / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text)


def paths(*asked: str, **settings: bool) -> list[str]:
    return [found.path for found in discover(asked, ConfigFinder(), **settings) if is_file(found)]


def is_file(found: Found) -> bool:
    return found.note is None and found.error is None


def remarks(*asked: str) -> list[tuple[str, str | None, str | None]]:
    return [(f.path, f.note, f.error) for f in discover(asked, ConfigFinder()) if not is_file(f)]


def test_folder_gives_its_dockerfiles_sorted_files_first(tree: Path) -> None:
    fill(tree, "b/Dockerfile", "a/c/Dockerfile.dev", "a/x.dockerfile", "Dockerfile", "README.md")

    assert paths(".") == ["Dockerfile", "a/x.dockerfile", "a/c/Dockerfile.dev", "b/Dockerfile"]


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("a", "a/Dockerfile"),
        ("a/", "a/Dockerfile"),
        ("./a", "./a/Dockerfile"),
        ("../tree/a", "../tree/a/Dockerfile"),
        ("./", "a/Dockerfile"),
    ],
)
def test_paths_stay_as_they_were_typed(tree: Path, asked: str, found: str) -> None:
    fill(tree, "a/Dockerfile")

    assert paths(asked) == [found]
    assert paths(os.path.abspath("a")) == [os.path.abspath("a/Dockerfile")]


def test_named_file_is_taken_whatever_it_is_called(tree: Path) -> None:
    fill(tree, "build.txt", "node_modules/x", ".gitignore", text="*\n")

    assert paths("build.txt", "node_modules/x") == ["build.txt", "node_modules/x"]


def test_file_is_found_once(tree: Path) -> None:
    fill(tree, "a/Dockerfile")

    assert paths("a/Dockerfile", "./a/Dockerfile", "a", ".") == ["a/Dockerfile"]


def test_missing_path_is_an_error_record(tree: Path) -> None:
    fill(tree, "Dockerfile")

    assert remarks("none", "", "Dockerfile/x", "a\0b") == [
        ("none", None, "no such file or directory"),
        ("", None, "no such file or directory"),
        ("Dockerfile/x", None, "not a directory"),
        ("a\0b", None, "the path has a NUL character in it"),
    ]
    assert paths("none", "Dockerfile") == ["Dockerfile"]


def test_folders_of_tools_are_not_entered(tree: Path) -> None:
    names = (".git", ".hg", ".svn", "node_modules", ".venv", ".tox", "__pycache__")
    fill(tree, *(f"{name}/Dockerfile" for name in names), ".devcontainer/Dockerfile")

    assert paths(".") == [".devcontainer/Dockerfile"]
    assert paths("node_modules") == ["node_modules/Dockerfile"]


def test_configuration_excludes_and_includes(tree: Path) -> None:
    fill(tree, "legacy/Dockerfile", "a/Dockerfile", "a/b/image.docker", "x.docker")
    (tree / "dflint.toml").write_text('extend-exclude = ["/legacy"]\ninclude = ["*.docker"]')
    (tree / "a" / "dflint.toml").write_text('exclude = ["Dockerfile"]\ninclude = ["b/*"]')

    assert paths(".") == ["x.docker", "a/b/image.docker"]


def test_git_folder_stays_closed_even_when_nothing_is_excluded(tree: Path) -> None:
    fill(tree, ".git/Dockerfile", "node_modules/Dockerfile")
    (tree / "dflint.toml").write_text("exclude = []")

    assert paths(".") == ["node_modules/Dockerfile"]


def test_patterns_of_the_command_line_start_from_their_folder(tree: Path) -> None:
    fill(tree, "a/Dockerfile", "b/a/Dockerfile")
    more = (PatternList.of(("/a",), os.path.realpath(tree)),)
    finder = ConfigFinder(adjust=lambda config: config.with_overrides(extend_exclude=more))

    assert [found.path for found in discover(("..", "."), finder)] == ["../tree/b/a/Dockerfile"]


def test_template_is_passed_over_with_a_note(tree: Path) -> None:
    fill(tree, "Dockerfile.j2")

    note = "a template by its name (`.j2`), no Dockerfile yet"
    assert remarks(".") == [("Dockerfile.j2", note, None)]
    assert len(remarks(".", "./")) == 1
    assert paths("Dockerfile.j2") == ["Dockerfile.j2"]
    assert paths(".", "Dockerfile.j2") == ["Dockerfile.j2"]
    assert remarks("Dockerfile.j2", ".") == []


def test_open_name_is_decided_by_the_text(tree: Path) -> None:
    fill(tree, "Dockerfile.go")
    fill(tree, "dockerfile.py", text="from os import path\n")

    assert paths(".") == ["Dockerfile.go"]
    assert remarks(".") == []


def test_links_to_files_are_followed_and_links_to_folders_are_not(tree: Path) -> None:
    fill(tree, "real/text")
    (tree / "Dockerfile").symlink_to("real/text")
    (tree / "linked").symlink_to("real", target_is_directory=True)
    (tree / "Dockerfile.d").symlink_to("real", target_is_directory=True)
    (tree / "up").symlink_to("..", target_is_directory=True)
    fill(tree, "real/Dockerfile")

    assert paths(".") == ["Dockerfile", "real/Dockerfile"]
    assert paths("linked") == ["linked/Dockerfile"]


def test_broken_link_is_noted(tree: Path) -> None:
    (tree / "Dockerfile").symlink_to("none")
    (tree / "Dockerfile.loop").symlink_to("Dockerfile.loop")
    (tree / "other").symlink_to("none")

    notes = remarks(".")

    assert notes[0] == ("Dockerfile", "a broken symbolic link: no such file or directory", None)
    assert notes[1][0] == "Dockerfile.loop"
    assert len(notes) == 2


def test_special_files_are_noted_and_never_opened(tree: Path) -> None:
    os.mkfifo(tree / "Dockerfile")
    os.mkfifo(tree / "Dockerfile.py")
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind("Dockerfile.sock")

        assert remarks(".") == [
            ("Dockerfile", "a FIFO is no Dockerfile", None),
            ("Dockerfile.py", "a FIFO is no Dockerfile", None),
            ("Dockerfile.sock", "a socket is no Dockerfile", None),
        ]
    assert remarks("Dockerfile") == [
        ("Dockerfile", None, "expected a file or folder, found a FIFO")
    ]
    assert remarks(os.devnull)[0][2] == "expected a file or folder, found a character device"


def test_unreadable_folder_is_noted(tree: Path) -> None:
    if os.geteuid() == 0:
        pytest.skip("nothing is unreadable for root")
    fill(tree, "a/Dockerfile", "b/Dockerfile")
    (tree / "a").chmod(0)

    assert paths(".") == ["b/Dockerfile"]
    assert remarks(".") == [("a", "the folder cannot be read: permission denied", None)]
    assert remarks("a") == [("a", None, "the folder cannot be read: permission denied")]


def test_very_deep_tree_is_walked(tree: Path) -> None:
    for _ in range(1_500):
        os.mkdir("d")
        os.chdir("d")
    fill(Path(), "Dockerfile")
    os.chdir(tree)

    found = paths(".")

    os.chdir("d/" * 1_500)
    os.unlink("Dockerfile")
    for _ in range(1_500):
        os.chdir("..")
        os.rmdir("d")
    assert found == ["d/" * 1_500 + "Dockerfile"]


def test_names_that_are_no_text_are_found(tree: Path) -> None:
    name = b"caf\xe9"
    try:
        os.mkdir(name)
    except OSError:
        pytest.skip("this file system only takes names in UTF-8")
    fill(tree, os.fsdecode(name) + "/Dockerfile")
    (tree / ".gitignore").write_bytes(b"*.x\n?\n")

    assert paths(".") == [os.fsdecode(name) + "/Dockerfile"]


def test_gitignore_is_respected_unless_asked_not_to(tree: Path) -> None:
    fill(tree, "Dockerfile", "Dockerfile.dev", "out/Dockerfile", "a/Dockerfile.dev")
    (tree / ".gitignore").write_text("*.dev\nout/\n")
    (tree / "a" / ".gitignore").write_text("!*.dev\n")

    assert paths(".") == ["Dockerfile", "a/Dockerfile.dev"]
    assert len(paths(".", respect_gitignore=False)) == 4


def test_ignore_files_above_the_folder_count_within_a_repository(tree: Path) -> None:
    fill(tree, "sub/deep/Dockerfile", "sub/deep/Dockerfile.dev")
    (tree / ".gitignore").write_text("*.dev\n")

    assert len(paths("sub/deep")) == 2
    (tree / ".git").mkdir()
    assert paths("sub/deep") == ["sub/deep/Dockerfile"]


def test_plain_ignore_file_is_stronger_than_gitignore(tree: Path) -> None:
    fill(tree, "Dockerfile", "Dockerfile.a", "Dockerfile.b")
    (tree / ".gitignore").write_text("*.a\n")
    (tree / ".ignore").write_text("!*.a\n*.b\n")

    assert paths(".") == ["Dockerfile", "Dockerfile.a"]


def test_files_of_the_repository_and_its_user_count(tree: Path, home: Path) -> None:
    fill(tree, "Dockerfile.a", "Dockerfile.b", "Dockerfile.c", "Dockerfile.d")
    (tree / ".git" / "info").mkdir(parents=True)
    (tree / ".git" / "info" / "exclude").write_text("*.a\n!*.d\n")
    (home / ".config" / "git").mkdir(parents=True)
    (home / ".config" / "git" / "ignore").write_text("*.b\n*.d\n")

    assert paths(".") == ["Dockerfile.c", "Dockerfile.d"]

    (home / "mine").write_text("*.c\n")
    (home / ".gitconfig").write_text('[core]\n\texcludesFile = "~/mine"\n')
    assert paths(".") == ["Dockerfile.b", "Dockerfile.d"]


def test_repository_within_a_repository_starts_anew(tree: Path) -> None:
    fill(tree, "Dockerfile.a", "inner/Dockerfile.a", "inner/Dockerfile.b")
    (tree / ".git").mkdir()
    (tree / ".gitignore").write_text("*.a\n")
    (tree / "modules" / "info").mkdir(parents=True)
    (tree / "modules" / "info" / "exclude").write_text("*.b\n")
    (tree / "inner" / ".git").write_text("gitdir: ../modules\n")

    assert paths(".") == ["inner/Dockerfile.a"]


def test_ignore_file_that_is_no_regular_file_is_passed_over(tree: Path) -> None:
    fill(tree, "a/Dockerfile", "b/Dockerfile", "c/Dockerfile")
    (tree / "rules").write_text("*\n")
    (tree / "a" / ".gitignore").symlink_to("../rules")
    os.mkfifo(tree / "b" / ".gitignore")
    (tree / "c" / ".ignore").mkdir()

    assert paths(".") == ["a/Dockerfile", "b/Dockerfile", "c/Dockerfile"]


WORDS = ("a", "b", "*", "**", "/", "/", "Dockerfile", "Dockerfile.*", "*.b", "[ab]", "!", "?", "a/")


def plant(source: random.Random, place: Path, depth: int) -> None:
    """Folders, Dockerfiles and ignore files by chance."""
    place.mkdir()
    for name in source.sample(("Dockerfile", "Dockerfile.a", "a.dockerfile", "x.b"), 2):
        (place / name).write_text("FROM scratch\n")
    if source.random() < 0.6:
        lines = (
            source.choice(("", "", "!", "/"))
            + "".join(source.choices(WORDS, k=source.choice((1, 2, 3))))
            for _ in range(source.choice((1, 2, 4)))
        )
        (place / ".gitignore").write_text("\n".join(lines))
    if depth:
        for name in source.sample(("a", "b", "ab", "c"), 2):
            plant(source, place / name, depth - 1)


def test_walk_finds_what_git_lists(tree: Path) -> None:
    if shutil.which("git") is None:
        pytest.skip("git is not installed")
    source = random.Random(11)
    subprocess.run(("git", "init", "-q", "."), check=True)
    for case in range(150):
        plant(source, tree / f"c{case}", 2)

    listed = subprocess.run(
        ("git", "ls-files", "--others", "--exclude-standard", "-z"),
        capture_output=True,
        check=True,
    )
    theirs = {name for name in os.fsdecode(listed.stdout).split("\0") if "ockerfile" in name}

    assert len(theirs) > 300
    assert sorted(set(paths(".")) ^ theirs) == []
