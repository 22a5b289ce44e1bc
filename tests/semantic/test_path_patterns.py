"""Paths with globs and braces against the directories of caches."""

from __future__ import annotations

import pytest

from dflint.lint.document import Document
from dflint.semantic.path_patterns import covers, expand_braces
from dflint.semantic.shipped_stages import shipped_stages
from dflint.text.source import Source

LISTS = "/var/lib/apt/lists"
PIP = "~/.cache/pip"


@pytest.mark.parametrize(
    ("pattern", "directory", "covered"),
    [
        ("/var/lib/apt/lists", LISTS, True),
        ("/var/lib/apt/lists/", LISTS, True),
        ("/var/lib/apt/lists/*", LISTS, True),
        ("/var/lib/apt/lists/*_*", LISTS, True),
        ("/var/lib/apt", LISTS, True),
        ("/var/lib/*", LISTS, True),
        ("/var/lib/a?t/l*", LISTS, True),
        ("/", LISTS, True),
        ("//var/lib", LISTS, True),
        ("/./var", LISTS, True),
        ("/[v]ar", LISTS, True),
        ("/*", LISTS, True),
        ("/tmp", LISTS, False),
        ("/var", "//var/lib", True),
        ("/x*", "/", True),
        ("/cache", "cache/a", True),
        ("/var/lib/apt/lists/partial/*", LISTS, False),
        ("/var/lib/apt/list/*", LISTS, False),
        ("/var/cache/*", LISTS, False),
        ("var/lib/apt/lists", LISTS, False),
        ("", LISTS, False),
        ("~/.cache", PIP, True),
        ("/root/.cache/pip/*", PIP, True),
        ("/root/.c*", PIP, True),
        ("/root/.*", PIP, True),
        ("/root", PIP, True),
        ("/home/a/.cache", PIP, True),
        ("/home/a", PIP, True),
        ("/srv/a/.cache/pip", PIP, True),
        (".cache/pip", PIP, True),
        ("/root/*", PIP, False),
        ("/rootfs", PIP, False),
        ("/root/.cache/pip/http", PIP, False),
        ("/root/.cache/yarn", PIP, False),
        ("/home/a/b", PIP, False),
        ("/srv/a", PIP, False),
    ],
)
def test_what_a_path_covers(pattern, directory, covered):
    assert covers(pattern, directory) is covered


@pytest.mark.parametrize(
    ("text", "paths"),
    [
        ("/a/{b,c}/d", ["/a/b/d", "/a/c/d"]),
        ("{a,{b,c}}", ["a", "a", "b", "c"]),
        ("/a/${b,c}", ["/a/${b,c}"]),
        ("/a/{b}", ["/a/{b}"]),
        ("}{", ["}{"]),
    ],
)
def test_braces(text, paths):
    assert sorted(expand_braces(text)) == paths


def test_braces_without_end_are_not_followed_for_ever():
    assert len(list(expand_braces("{a,b}" * 50))) <= 200


@pytest.mark.parametrize(
    ("text", "shipped"),
    [
        ("FROM a\n", {0}),
        ("FROM a AS b\nFROM c\nCOPY --from=b /d /\n", {1}),
        ("FROM a AS b\nFROM b AS c\nFROM c\n", {0, 1, 2}),
        ("FROM a AS b\nFROM scratch\nCOPY --from=b / /\n", {0, 1}),
        ("FROM a AS b\nFROM c\nRUN --mount=from=b,target=/d e\n", {1}),
        ("ARG V=d\nFROM a AS b-arm\nFROM c AS b-amd\nFROM b-$V\n", {0, 1, 2}),
    ],
)
def test_stages_that_reach_the_image(text, shipped):
    doc = Document(Source("Dockerfile", text.encode()))

    assert shipped_stages(doc.model) == shipped
