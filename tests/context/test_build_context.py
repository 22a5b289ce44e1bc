"""Whether sources are in the build context; the verdicts were tried by building."""

from __future__ import annotations

import pytest

from dflint.context.build_context import BuildContext, IgnoreFile


def exclusion(ignore, source):
    found = BuildContext(lambda: IgnoreFile("/x/.dockerignore", ignore)).exclusion(source)
    return None if found is None else (found.pattern, found.finds_nothing)


@pytest.mark.parametrize("source", ["foo", "foo/", "./foo", "/foo", "../foo", "a/../foo"])
def test_sources_are_looked_for_from_the_root(source):
    assert exclusion("foo\n", source) == ("foo", False)


@pytest.mark.parametrize(
    ("ignore", "source"),
    [
        ("*.json\n", "*.json"),
        ("**/*.json\n", "*.json"),
        ("*\n!package.json\n", "*.yml"),
        ("fo*\n", "fo?"),
        ("foo/*\n", "foo/"),
        ("foo/**\n", "foo/"),
    ],
)
def test_sources_that_give_nothing_do_not_stop_the_build(ignore, source):
    assert exclusion(ignore, source) == (ignore.split("\n")[0], True)


@pytest.mark.parametrize("source", [".", "./", "/", "..", "a/.."])
def test_the_root_is_always_there_though_nothing_may_be_in_it(source):
    assert exclusion("*\n", source) is None


@pytest.mark.parametrize(
    ("ignore", "source"),
    [
        ("foo\n!foo/bar\n", "foo"),
        ("*\n!foo/**\n", "foo"),
        ("*\n!*/bar\n", "foo"),
        ("*\n!**/bar\n", "foo"),
        ("*.json\n!package.json\n", "*.json"),
        ("foo/*\n!foo/.gitkeep\n", "foo/"),
    ],
)
def test_what_an_exception_takes_in_is_copied_though_buildkit_reports_the_source(ignore, source):
    assert exclusion(ignore, source) is None


@pytest.mark.parametrize("ignore", ["foo\n", "?\n", "\\*\n", "package.json\n"])
def test_a_wildcard_may_find_more_than_the_pattern_keeps_out(ignore):
    assert exclusion(ignore, "*") is None


def test_a_pattern_of_the_documentation_does_not_reach_the_source_that_it_is_shown_with():
    # The example of CopyIgnoredFile; with `*/tmp/*` BuildKit does copy `./tmp/helloworld.txt`.
    assert exclusion("*/tmp/*\n", "./tmp/helloworld.txt") is None


def test_later_exclusions_win_over_exceptions():
    assert exclusion("*\n!foo\nfoo\n", "foo") == ("foo", False)


def test_patterns_that_the_builder_refuses_keep_nothing_out():
    assert exclusion("foo\n[\n", "foo") is None


def test_the_file_is_read_once_and_only_when_it_is_asked_for():
    calls = []

    def read():
        calls.append(1)
        return IgnoreFile("/x/a.dockerignore", "foo\n")

    context = BuildContext(read)
    assert calls == []
    assert context.ignore is not None
    assert context.ignore.name == "a.dockerignore"
    assert context.exclusion("foo") is not None
    assert calls == [1]


def test_the_fingerprint_tells_place_and_text():
    def fingerprint(path, text):
        return BuildContext(lambda: IgnoreFile(path, text)).fingerprint()

    assert len({fingerprint(p, t) for p in ("/a", "/b") for t in ("x", "y")}) == 4
    assert BuildContext(lambda: None).fingerprint() == ""
