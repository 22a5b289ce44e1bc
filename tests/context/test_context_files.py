"""What a source names in a build context, and what is remembered of the questions."""

from __future__ import annotations

import os

import pytest

from dflint.context.build_context import BuildContext, IgnoreFile
from dflint.context.context_files import ListedFiles
from dflint.context.sources import matching
from dflint.engine.context import context_of
from dflint.errors import BuildError
from dflint.text.source import Source

FILES = ("a.txt", "b/c.py", "b/d/e.py", ".hidden", "x[1]", "b/.env")


def listed(ignore=None):
    found = None if ignore is None else IgnoreFile(".dockerignore", ignore)
    return BuildContext(lambda: found, ListedFiles(dict.fromkeys(FILES, b""), directories=["sub"]))


def folder(tmp_path):
    for path in FILES:
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text("")
    (tmp_path / "sub").mkdir()
    return context_of(Source(os.fspath(tmp_path / "Dockerfile"), b""), os.fspath(tmp_path))


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("a.txt", ["a.txt"]),
        ("A.txt", []),
        ("b", ["b"]),
        ("sub", ["sub"]),
        ("b/d/e.py", ["b/d/e.py"]),
        ("a.txt/x", []),
        ("*", [".hidden", "a.txt", "b", "sub", "x[1]"]),
        ("b/*", ["b/.env", "b/c.py", "b/d"]),
        ("*/?.py", ["b/c.py"]),
        ("*/d/[!a-d]*", []),
        ("*/d/[^a-d]*", ["b/d/e.py"]),
        ("**/e.py", []),
        ("x\\[1]", ["x[1]"]),
        ("x[[]1]", ["x[1]"]),
        ("no/*", []),
    ],
)
def test_sources_name_what_go_matches(source, found, tmp_path):
    assert list(matching(listed(), source)) == found
    assert list(matching(folder(tmp_path), source)) == found


@pytest.mark.parametrize("source", ["[", "b/[a", "no/[", "a\\"])
def test_what_go_refuses_is_refused(source):
    with pytest.raises(BuildError):
        list(matching(listed(), source))


def test_what_is_sent_is_there_and_not_ignored():
    context = listed("b\n!b/c.py\n")

    assert [context.sends(path) for path in ("a.txt", "b/c.py", "b/.env", "no")] == [
        True,
        True,
        False,
        False,
    ]


def test_a_question_is_answered_once_and_kept(tmp_path):
    context = folder(tmp_path)
    assert context.kind("a.txt") == "file"
    os.remove(tmp_path / "a.txt")

    assert context.kind("a.txt") == "file"
    assert context.asked == {"kind a.txt": "file"}
    assert context.answer("eval a") is None


def test_links_are_followed_within_the_context(tmp_path):
    context = folder(tmp_path)
    (tmp_path / "link").symlink_to("b")
    (tmp_path / "broken").symlink_to("nowhere")
    (tmp_path / "out").symlink_to("/")

    assert context.kind("link") == "directory"
    assert context.kind("link/c.py") == "file"
    assert context.kind("out") == "file"
    assert context.kind("broken") == "file"


def test_what_git_ignores_need_not_be_there(tmp_path):
    context = folder(tmp_path)
    (tmp_path / ".git").mkdir()
    (tmp_path / ".gitignore").write_text("target/\n/*.jar\n")
    (tmp_path / "b" / ".gitignore").write_text("made\n")

    assert context.is_ignored("target")
    assert context.is_ignored("target/app.jar")
    assert context.is_ignored("app.jar")
    assert context.is_ignored("b/made/x")
    assert not context.is_ignored("b/app.jar")
    assert not context.is_ignored("made")


def test_an_ignore_file_beside_tells_the_context(tmp_path):
    source = Source(os.fspath(tmp_path / "Dockerfile"), b"")
    assert not context_of(source, None).knows_files
    assert context_of(source, os.fspath(tmp_path)).knows_files

    (tmp_path / ".dockerignore").write_text("")

    assert context_of(source, None).knows_files
