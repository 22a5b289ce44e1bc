"""What the contexts of a command line mean."""

from __future__ import annotations

import os

import pytest

from dflint.errors import BuildError
from dflint.sources.contexts import (
    GitContext,
    HttpContext,
    ImageContext,
    LayoutContext,
    LocalContext,
    StreamContext,
    TargetContext,
    read_context,
    read_named_context,
)
from dflint.sources.loading import load_git
from tests.sources.repositories import commit, git, needs_git

DIGEST = "sha256:" + "0" * 64


@pytest.fixture(autouse=True)
def place(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "dir").mkdir()
    (tmp_path / "file").write_text("")
    (tmp_path / "layout").mkdir()
    (tmp_path / "layout" / "oci-layout").write_text("{}")
    return tmp_path


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (".", LocalContext(".")),
        ("dir", LocalContext("dir")),
        ("-", StreamContext()),
        ("http://h/x.tar", HttpContext("http://h/x.tar")),
        ("https://h/x", HttpContext("https://h/x")),
    ],
)
def test_contexts(text, expected):
    assert read_context(text) == expected


@pytest.mark.parametrize(
    "text", ["https://h/x.git#a:b", "git@h:x.git", "github.com/a/b", "ssh://h/x", "git://h/x"]
)
def test_repositories(text):
    assert isinstance(read_context(text), GitContext)
    assert isinstance(read_named_context("n", text), GitContext)


def test_a_folder_counts_before_a_repository(place):
    (place / "github.com" / "a" / "b").mkdir(parents=True)

    assert read_context("github.com/a/b") == LocalContext("github.com/a/b")


@pytest.mark.parametrize("text", ["missing", "file", "ftp://h/x", "git@", "file:///missing.git"])
def test_contexts_that_are_none(text):
    with pytest.raises(BuildError, match=f'unable to prepare context: path "{text}" not found'):
        read_context(text)


def test_no_context():
    with pytest.raises(BuildError, match="please specify build context"):
        read_context("")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("dir", LocalContext("dir")),
        ("docker-image://alpine:3", ImageContext("alpine:3")),
        ("http://h/x", HttpContext("http://h/x")),
        ("target:base", TargetContext("base")),
        ("oci-layout://layout", LayoutContext("layout")),
        ("oci-layout://layout:tag", LayoutContext("layout", "tag")),
        (f"oci-layout://layout@{DIGEST}", LayoutContext("layout", "latest", DIGEST)),
        (f"oci-layout://layout:tag@{DIGEST}", LayoutContext("layout", "tag", DIGEST)),
        ("oci-layout://./a:b/../../layout", None),
    ],
)
def test_named_contexts(text, expected, place):
    if expected is None:
        os.makedirs(place / "a:b")
        expected = LayoutContext("./a:b/../layout")
        text = "oci-layout://./a:b/../layout"
    assert read_named_context("n", text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", "failed to get build context n: stat : no such file"),
        ("missing", "failed to get build context n: stat missing: no such file"),
        ("-", "failed to get build context n: stat -: no such file"),
        ("file", "failed to get build context path file: not a directory"),
        ("docker-image://", "invalid reference format"),
        ("docker-image://A", "must be lowercase"),
        ("oci-layout://dir", "dir is no OCI layout"),
        ("oci-layout://layout@sha256:1", "is no digest"),
    ],
)
def test_named_contexts_that_are_none(text, expected):
    with pytest.raises(BuildError, match=expected):
        read_named_context("n", text)


@needs_git
def test_a_repository_of_this_machine(place):
    git(place / "dir", "init", "-q", "-b", "main")
    made = commit(place / "dir", {"sub/f": "f"})
    context = read_context(f"file://{place}/dir#main:sub")
    loaded = load_git(context, str(place / "out"))

    assert os.listdir(place / "out") == ["f"]
    assert loaded.key.startswith(made)
