"""Patterns of .dockerignore; the verdicts were tried with BuildKit."""

from __future__ import annotations

import pytest

from dflint.context.patterns import PatternError, PatternMatcher, clean_path


@pytest.mark.parametrize(
    ("patterns", "path"),
    [
        (["foo"], "foo/bar"),
        (["foo/"], "foo"),
        (["foo/**"], "foo/a/b"),
        (["**"], "a/b"),
        (["**/foo"], "foo"),
        (["**/foo"], "a/b/foo/c"),
        (["**foo"], "a/xfoo"),
        (["a**b"], "a/x/b"),
        (["*/b"], "a/b/c"),
        (["a/../b"], "b"),
        (["foo", "!foo/bar", "foo/bar"], "foo/bar"),
        (["[a-c]?"], "bx"),
        (["\\!a"], "!a"),
        (["a.b"], "a.b"),
    ],
)
def test_paths_that_are_kept_out(patterns, path):
    assert PatternMatcher(patterns).excludes(path)


@pytest.mark.parametrize(
    ("patterns", "path"),
    [
        (["foo/*"], "foo"),
        (["foo/**"], "foo"),
        (["foo"], "a/foo"),
        (["FOO"], "foo"),
        (["foo", "!foo/bar"], "foo/bar"),
        (["**", "!foo"], "foo/x"),
        (["!foo"], "foo"),
        (["a?b"], "a/b"),
        (["a.b"], "axb"),
        ([".."], "foo"),
        (["."], "foo"),
        (["a"], "a\n"),
        (["[a]"], "a\n"),
        ([" ", ""], "foo"),
    ],
)
def test_paths_that_are_in_the_context(patterns, path):
    assert not PatternMatcher(patterns).excludes(path)


@pytest.mark.parametrize("pattern", ["[", "a[b", "[]a]", "[a-]", "a\\", "!", "[b-a]"])
def test_patterns_that_the_builder_refuses(pattern):
    with pytest.raises(PatternError):
        PatternMatcher([pattern])


def test_a_bar_parts_a_pattern_with_wildcards_as_in_patternmatcher():
    assert PatternMatcher(["a|*.x"]).excludes("abc")
    assert not PatternMatcher(["a|b"]).excludes("a")


def test_a_wildcard_in_brackets_is_no_plain_sign_in_patternmatcher():
    assert not PatternMatcher(["[*]"]).excludes("*")
    assert PatternMatcher(["[*]"]).excludes("/]")


def test_a_backslash_and_a_letter_mean_what_they_do_in_a_regular_expression():
    assert PatternMatcher(["\\d"]).excludes("7")
    assert not PatternMatcher(["src\\bin"]).excludes("src/bin")


def test_long_patterns_and_paths_end():
    assert not PatternMatcher(["*a" * 40 + "*b"]).excludes("a" * 200)
    assert not PatternMatcher(["**/a/" * 20 + "b"]).excludes("a/" * 80)


@pytest.mark.parametrize(
    ("path", "clean"),
    [
        ("a//b/./c/", "a/b/c"),
        ("", "."),
        ("a/..", "."),
        ("/../a", "/a"),
        ("../a", "../a"),
        ("/", "/"),
    ],
)
def test_paths_are_cleaned_as_go_does(path, clean):
    assert clean_path(path) == clean
