"""Addresses of git repositories; BuildKit's own cases are among the conformance tests."""

from __future__ import annotations

import pytest

from dflint.errors import BuildError
from dflint.sources.git_url import read_git_address


def read(text):
    try:
        return read_git_address(text), ""
    except BuildError as error:
        return None, str(error)


@pytest.mark.parametrize(
    "text",
    [
        "https://example.com/",
        "https://example.com/foo",
        "http://github.com/docker/docker.git:#branch",
        "./github.com/moby/buildkit",
        "../x.git",
        ".git",
        "x.git",
        "/x.git",
        "c:\\x.git",
        "docker.io/library/x",
        "file:///x.git",
        "ftp://x/y.git",
        "https://[::1/x.git",
        "https://host:port/x.git",
    ],
)
def test_what_is_no_address(text):
    assert read_git_address(text) is None


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("git://host/a/b", {"remote": "git://host/a/b", "short_name": "b", "is_plain": True}),
        ("ssh://git@host:22/b.git#r:s", {"remote": "ssh://git@host:22/b.git", "ref": "r"}),
        ("SSH://git@host/b", {"remote": "ssh://git@host/b"}),
        ("git@host:a/b.git#:s", {"remote": "git@host:a/b.git", "ref": "", "subdir": "s"}),
        ("user@host.com:b?ref=x", {"remote": "user@host.com:b", "ref": "x"}),
        ("https://u:p@host/b.git", {"remote": "https://u:p@host/b.git", "is_plain": False}),
        ("https://h/b.git?checksum=abc", {"checksum": "abc", "ref": ""}),
        ("https://h/b.git?ref=r&commit=abc", {"checksum": "abc", "ref": "r"}),
        ("https://h/b.git?tag=refs/tags/x", {"ref": "refs/tags/x"}),
        ("https://h/b.git?keep-git-dir=1&submodules=false", {"keeps_git_dir": True}),
        ("https://h/b.git?submodules=0", {"submodules": False, "keeps_git_dir": None}),
        ("https://h/b.git?ref=r&ref2", None),
        ("github.com/a/b#r", {"fetched_from": "https://github.com/a/b", "ref": "r"}),
    ],
)
def test_addresses(text, values):
    address, problem = read(text)

    if values is None:
        assert problem
    else:
        assert {name: getattr(address, name) for name in values} == values


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("foo=1", 'unexpected query "foo"'),
        ("ref=", 'query "ref" has no value'),
        ("ref=a&ref=b", 'query "ref" has multiple values'),
        ("mtime=never", 'invalid mtime value: "never"'),
        ("submodules=perhaps", 'invalid submodules value: "perhaps"'),
        ("tag=a&branch=b", "branch conflicts with tag"),
    ],
)
def test_queries_that_are_wrong(query, expected):
    assert expected in read(f"https://host/b.git?{query}")[1]


def test_subdirectories_that_conflict():
    assert "subdir conflicts" in read("https://host/b.git?subdir=a#r:b")[1]
