"""Wildcards, modes, owners and ignore patterns, each on its own."""

from __future__ import annotations

import os
import stat

import pytest

from dflint.context.dockerignore import matcher_of
from dflint.context.wildcards import has_wildcards, matches, split_wildcards
from dflint.errors import BuildError
from dflint.files import read_matcher
from dflint.files.ignoring import PathPatterns
from dflint.files.modes import Mode
from dflint.files.owners import resolve_owner


# The table of Go's path/filepath/match_test.go, as far as it is about one name.
@pytest.mark.parametrize(
    ("pattern", "name", "expected"),
    [
        ("abc", "abc", True), ("*", "abc", True), ("*c", "abc", True), ("a*", "a", True),
        ("a*", "abc", True), ("a*b*c*d*e*", "axbxcxdxe", True),
        ("a*b*c*d*e*", "axbxcxdxexxx", True), ("a*b?c*x", "abxbbxdbxebxczzx", True),
        ("a*b?c*x", "abxbbxdbxebxczzy", False), ("ab[c]", "abc", True), ("ab[b-d]", "abc", True),
        ("ab[e-g]", "abc", False), ("ab[^c]", "abc", False), ("ab[^b-d]", "abc", False),
        ("ab[^e-g]", "abc", True), ("a\\*b", "a*b", True), ("a\\*b", "ab", False),
        ("a?b", "a☺b", True), ("a[^a]b", "a☺b", True), ("a???b", "a☺b", False),
        ("a[^a][^a][^a]b", "a☺b", False), ("[a-ζ]*", "α", True), ("*[a-ζ]", "A", False),
        ("[\\]a]", "]", True), ("[\\-]", "-", True), ("[x\\-]", "x", True), ("[x\\-]", "z", False),
        ("[\\-x]", "a", False), ("*x", "xxx", True), ("[a^]", "^", True), ("[b-a]", "b", False),
    ],
)  # fmt: skip
def test_wildcards(pattern: str, name: str, expected: bool) -> None:
    assert matches(pattern, name) is expected


@pytest.mark.parametrize(
    "pattern", ["[]a]", "[-]", "[x-]", "[-x]", "[a-b-c]", "[", "[^", "[^bc", "a[", "a\\", "[a"]
)
def test_bad_wildcards(pattern: str) -> None:
    with pytest.raises(BuildError, match="syntax error in pattern"):
        matches(pattern, "a")


def test_where_wildcards_are() -> None:
    assert split_wildcards("/a//b/c*/d") == ("a/b", ["c*", "d"])
    assert split_wildcards("/") == ("", [])
    assert has_wildcards("a\\**")
    assert not has_wildcards("a\\*")


@pytest.mark.parametrize(
    ("text", "mode", "expected"),
    [
        ("0", 0o644, 0), ("7777", 0o644, 0o7777), ("u=rwX,go=rX", 0o700, 0o755),
        ("u=rwX,go=rX", 0o600, 0o644), ("+x", 0o600, 0o711), ("g=u", 0o640, 0o660),
        ("o+st", 0o640, 0o640), ("a=rwXst", 0o600, 0o7666), ("u=g,g=o", 0o640, 0o400),
        ("ug+rw,o-r", 0o640, 0o660), ("=", 0o4755, 0), ("u-r+x", 0o640, 0o340),
        ("go-u", 0o755, 0o700), ("+t", 0o640, 0o1640),
    ],
)  # fmt: skip
def test_modes(text: str, mode: int, expected: int) -> None:
    assert Mode(text).apply(stat.S_IFREG | mode) == expected


def test_directories_are_entered() -> None:
    assert Mode("a=rX").apply(stat.S_IFDIR | 0o600) == 0o555


@pytest.mark.parametrize("text", ["17777", "foo", "u=rwq", "8", "u", "u+r,", "+r,,-w"])
def test_bad_modes(text: str) -> None:
    with pytest.raises(BuildError, match="invalid chmod parameter"):
        Mode(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", None), ("bob", (1001, 1002)), ("bob:staff", (1001, 50)), ("7", (7, 7)),
        ("7:8", (7, 8)), (":staff", (0, 50)), ("no", (0, 0)), ("7:no", (7, 7)),
        ("bob:no", (1001, 1002)), ("root", (0, 0)),
        ("-5", (2**32 - 5, 2**32 - 5)), ("+5", (5, 5)), ("2147483648", (0, 0)), ("bob:", (1001, 0)),
    ],
)  # fmt: skip
def test_owners(text: str, expected: tuple[int, int] | None, tmp_path) -> None:
    (tmp_path / "etc").mkdir()
    (tmp_path / "etc" / "passwd").write_text("root:x:0:0::/:\n\n bob:x:1001:1002::/:\nbob:x:1:1\n")
    (tmp_path / "etc" / "group").write_text("staff:x:50:bob\n")
    root = os.open(tmp_path, os.O_RDONLY)
    try:
        assert resolve_owner(text, root) == expected
    finally:
        os.close(root)


def test_names_need_a_base(tmp_path) -> None:
    root = os.open(tmp_path, os.O_RDONLY)
    try:
        with pytest.raises(BuildError, match="invalid user index: -1"):
            resolve_owner("bob", root, has_base=False)
        assert resolve_owner("root:7", root, has_base=False) == (0, 7)
    finally:
        os.close(root)


def test_patterns_that_held_above() -> None:
    patterns = PathPatterns(matcher_of("a\n!a/b\na").patterns)
    assert patterns.match("a", True)
    assert not patterns.match("a/b", False)
    assert patterns.match("a/c", False)


def test_which_ignore_file_counts(tmp_path) -> None:
    context = tmp_path / "context"
    context.mkdir()
    dockerfile = tmp_path / "elsewhere" / "Dockerfile"
    dockerfile.parent.mkdir()
    assert read_matcher(str(context), str(dockerfile)) is None
    (context / ".dockerignore").write_text("a\n")
    matcher = read_matcher(str(context), str(dockerfile))
    assert matcher is not None
    assert matcher.excludes("a")
    (dockerfile.parent / "Dockerfile.dockerignore").write_text("")
    matcher = read_matcher(str(context), str(dockerfile))
    assert matcher is not None
    assert not matcher.excludes("a")
    (context / ".dockerignore").write_text("[")
    with pytest.raises(BuildError, match=r"\.dockerignore: syntax error in pattern"):
        read_matcher(str(context))


@pytest.mark.parametrize(
    ("pattern", "directory", "expected"),
    [
        ("a/b/c", "a", True), ("a/b/c", "a/b", True), ("a/b", "a/b/c", True), ("a/b", "ab", False),
        ("a/b", "c", False), ("a/*/c", "a/x", True), ("a/*/c", "b", False), ("**/c", "b", True),
    ],
)  # fmt: skip
def test_where_patterns_may_hold(pattern: str, directory: str, expected: bool) -> None:
    assert PathPatterns(matcher_of(pattern).patterns).may_match_below(directory) is expected
