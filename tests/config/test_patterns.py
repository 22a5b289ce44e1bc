"""The pattern language of gitignore, by example and against git itself."""

from __future__ import annotations

import os
import pickle
import random
import shutil
import subprocess

import pytest

from dflint.config.patterns import PatternList, read_pattern


def verdict(line: str, path: str, *, folder: bool = False) -> bool | None:
    return PatternList.of((line,), "/r").verdict(os.fsencode(path), folder=folder)


@pytest.mark.parametrize(
    ("line", "path"),
    [
        ("a.txt", "a.txt"),
        ("a.txt", "deep/er/a.txt"),
        ("*.txt", "deep/a.txt"),
        ("/a.txt", "a.txt"),
        ("x/a.txt", "x/a.txt"),
        ("x/*", "x/a.txt"),
        ("**/a", "a"),
        ("**/a", "x/y/a"),
        ("a/**", "a/b/c"),
        ("a/**/b", "a/b"),
        ("a/**/b", "a/x/y/b"),
        ("a/**/b/**/c", "a/1/b/2/3/c"),
        ("[a-c]x", "bx"),
        ("[!a-c]x", "dx"),
        ("[]a]", "]"),
        ("[[:digit:]]", "7"),
        ("\\#a", "#a"),
        ("\\!a", "!a"),
        ("a\\ ", "a "),
        ("a  ", "a"),
        ("a\\*", "a*"),
        ("f**/a", "fx/y/a"),
        ("*a*b*c", "xaxbxc"),
        ("?", "é".encode().decode("latin-1")[0]),
    ],
)
def test_pattern_takes_path(line: str, path: str) -> None:
    relative = path.encode("latin-1") if line == "?" else os.fsencode(path)

    assert PatternList.of((line,), "/r").verdict(relative, folder=False) is True


@pytest.mark.parametrize(
    ("line", "path"),
    [
        ("/a.txt", "x/a.txt"),
        ("x/a.txt", "y/x/a.txt"),
        ("x/*", "x/y/a.txt"),
        ("a?b", "a/b"),
        ("a[/]b", "a/b"),
        ("a/**", "a"),
        ("a**b/c", "a/x/b/c"),
        ("a/", "a"),
        ("[a", "[a"),
        ("a\\", "a\\"),
        ("[[:nothing:]]", "n"),
        ("a ", "a "),
        ("?", "é"),
    ],
)
def test_pattern_leaves_path(line: str, path: str) -> None:
    assert verdict(line, path) is None


def test_pattern_for_folders_takes_a_folder_only() -> None:
    assert verdict("a/", "x/a", folder=True) is True
    assert verdict("x/*/", "x/a", folder=True) is True
    assert verdict("x/*/", "x/a") is None


def test_last_matching_pattern_decides() -> None:
    patterns = PatternList.of(("*.log", "!keep.log", "keep.*"), "/r")

    assert patterns.verdict(b"a.log", folder=False) is True
    assert PatternList.of(("*.log", "!keep.log"), "/r").verdict(b"keep.log", folder=False) is False
    assert patterns.verdict(b"keep.log", folder=False) is True


def test_nothing_within_a_taken_folder_comes_back() -> None:
    patterns = PatternList.of(("build/", "!build/Dockerfile"), "/r")

    assert patterns.covers("/r/build/Dockerfile")
    assert not patterns.covers("/r/Dockerfile")


def test_path_outside_of_the_base_is_seen_from_the_root() -> None:
    patterns = PatternList.of(("legacy/", "/top"), "/r")

    assert patterns.covers("/elsewhere/legacy/Dockerfile")
    assert not patterns.covers("/elsewhere/top")


def test_ignore_file_drops_comments_carriage_returns_and_byte_order_mark() -> None:
    patterns = PatternList.parse(b"\xef\xbb\xbfa\r\n# b\r\n\r\nc\r\n", "/r")

    taken = [name for name in (b"a", b"# b", b"b", b"c") if patterns.verdict(name, folder=False)]
    assert taken == [b"a", b"c"]


@pytest.mark.parametrize("line", ["", " ", "/", "!", "!/"])
def test_line_without_pattern_is_none(line: str) -> None:
    assert read_pattern(line.encode()) is None


def test_list_survives_pickling_after_it_was_used() -> None:
    patterns = PatternList.of(("*.a", "b/*c"), "/r")
    patterns.verdict(b"x.a", folder=False)

    copy = pickle.loads(pickle.dumps(patterns))

    assert copy == patterns
    assert copy.verdict(b"b/xc", folder=False) is True


@pytest.mark.parametrize(
    ("line", "name"),
    [
        ("*a*a*a*a*a*a*a*a*b", "a" * 100_000),
        ("?*?*?*?*?*?*?*b", "a" * 100_000),
        ("x/*a*a*a*a*a*a*b", "x/" + "a" * 100_000),
        ("**/a/**/a/**/a/**/a/**/b", "a/" * 50_000 + "a"),
        ("**/*a*a/**/*a*a/**/b", "aaaa/" * 20_000 + "a"),
        ("*[ab]*[ab]*[ab]*c", "ab" * 50_000),
        ("a" * 50_000 + "*" * 50_000 + "b", "a" * 100_000),
        ("[" * 100_000, "["),
    ],
)
def test_hostile_pattern_takes_no_noticeable_time(line: str, name: str) -> None:
    assert verdict(line, name) is None


PIECES = (
    *("a", "b", "ab", "foo", "*", "**", "?", "/", "/", "/", ".", "x", "é", "-", " ", "#", "!"),
    *("[ab]", "[!a]", "[^b]", "[a-c]", "[]a]", "[a", "[a-", "[/]", "[:]", "[[:]a]", "[\\]a]"),
    *("[[:alpha:]]", "[[:none:]]", "[a-\\c]", "[--0]", "[[:alpha:]-z]", "***"),
    *("\\", "\\a", "\\*", "\\/", "\\ ", "**/", "/**", "/**/", "*a", "a*"),
)
NAMES = ("a", "b", "ab", "foo", "aab", "foob", "a b", "[a", "*", "x", "é", "a ", "\\", "!", "#")


def random_pattern(source: random.Random) -> str:
    text = "".join(source.choice(PIECES) for _ in range(source.choice((1, 1, 2, 2, 3, 4, 6))))
    start = source.choice(("", "", "", "", "/", "!"))
    return start + text + source.choice(("", "", "", "", "/", " ", "\r", "\\"))


@pytest.mark.parametrize("seed", range(3))
def test_verdicts_are_those_of_git(tmp_path: os.PathLike[str], seed: int) -> None:
    if shutil.which("git") is None:
        pytest.skip("git is not installed")
    source = random.Random(seed)
    root = os.fspath(tmp_path)
    environment = {**os.environ, "HOME": root, "XDG_CONFIG_HOME": root}
    subprocess.run(("git", "init", "-q", root), check=True, env=environment)
    ours: set[str] = set()
    asked: list[str] = []
    for case in range(300):
        folder = os.path.join(root, f"c{case}")
        os.mkdir(folder)
        content = "\n".join(random_pattern(source) for _ in range(source.choice((1, 1, 2, 3, 5))))
        with open(os.path.join(folder, ".gitignore"), "w", newline="") as file:
            file.write(content)
        patterns = PatternList.parse(content.encode(), folder)
        for _ in range(40):
            parts = [source.choice(NAMES) for _ in range(source.choice((1, 1, 2, 3, 4)))]
            path = f"c{case}/{'/'.join(parts)}"
            asked.append(path)
            if patterns.covers(os.path.join(root, path)):
                ours.add(path)

    answer = subprocess.run(
        ("git", "check-ignore", "--no-index", "--stdin", "-z"),
        cwd=root,
        env=environment,
        input=b"".join(os.fsencode(path) + b"\0" for path in asked),
        capture_output=True,
        check=False,
    )
    theirs = {os.fsdecode(path) for path in answer.stdout.split(b"\0") if path}

    assert len(theirs) > 500
    assert sorted(ours ^ theirs) == []


def test_bracket_expressions_take_the_bytes_that_git_takes(tmp_path: os.PathLike[str]) -> None:
    if shutil.which("git") is None:
        pytest.skip("git is not installed")
    source = random.Random(7)
    names = "alnum alpha blank cntrl digit graph lower print punct space upper xdigit"
    lines = [f"[{mark}[:{name}:]]".encode() for name in names.split() for mark in ("", "!")]
    lines += [b"[\\x80-\xff]", b"[]-a]", b"[!!]", b"[^^]", b"[!-a]", b"[a-]", b"?"]
    alphabet = b"abz019-]^!\\[:.*? \xe9_AZ"
    for _ in range(300):
        inside = bytes(source.choice(alphabet) for _ in range(source.randint(1, 6)))
        lines.append(b"[" + inside + b"]")
    root = os.fspath(tmp_path)
    environment = {**os.environ, "HOME": root, "XDG_CONFIG_HOME": root}
    subprocess.run(("git", "init", "-q", root), check=True, env=environment)
    ours: set[bytes] = set()
    asked: list[bytes] = []
    for case, line in enumerate(lines):
        folder = os.path.join(root, f"c{case}")
        os.mkdir(folder)
        with open(os.path.join(folder, ".gitignore"), "wb") as file:
            file.write(line)
        patterns = PatternList((line,), folder)
        for byte in range(1, 256):
            name = bytes([byte])
            if name in (b"/", b"."):
                continue
            asked.append(b"c%d/%s" % (case, name))
            if patterns.verdict(name, folder=False):
                ours.add(asked[-1])

    answer = subprocess.run(
        ("git", "check-ignore", "--no-index", "--stdin", "-z"),
        cwd=root,
        env=environment,
        input=b"\0".join(asked) + b"\0",
        capture_output=True,
        check=False,
    )

    assert ours == {name for name in answer.stdout.split(b"\0") if name}
