"""What holds for any tree."""

from __future__ import annotations

import os
import re
import shutil
import stat
import tempfile
from pathlib import Path

from hypothesis import given, reject, settings
from hypothesis import strategies as st

from dflint.errors import BuildError
from dflint.files import Copy, SourceTree, checksum, copy

NAMES = st.sampled_from(["a", "b", "c.md", "d e", ".f", "é"])
PATHS = st.lists(NAMES, min_size=1, max_size=3).map("/".join)
NODES = st.one_of(
    st.tuples(st.just("file"), st.binary(max_size=9), st.sampled_from([0o644, 0o755, 0o600])),
    st.tuples(st.just("big"), st.integers(60_000, 200_000), st.just(0o644)),
    st.tuples(st.just("directory"), st.just(b""), st.sampled_from([0o755, 0o700, 0o2775])),
    st.tuples(st.just("link"), st.sampled_from(["a", "../b", "/c.md", "nowhere"]), st.just(0)),
)
TREES = st.dictionaries(PATHS, NODES, max_size=8)
OWNER = f"{os.getuid()}:{os.getgid()}"


def make(root: Path, tree: dict) -> None:
    root.mkdir()
    for name, (kind, value, mode) in sorted(tree.items()):
        path = root / name
        if any((root / parent).is_symlink() or (root / parent).is_file()
               for parent in Path(name).parents):  # fmt: skip
            continue
        path.parent.mkdir(parents=True, exist_ok=True)
        if path.is_symlink() or path.exists():
            continue
        if kind == "link":
            path.symlink_to(value)
        elif kind == "directory":
            path.mkdir()
            path.chmod(mode)
        else:
            data = value if kind == "file" else b"x" * value
            path.write_bytes(data)
            if kind == "big":
                os.truncate(path, value * 3)
            path.chmod(mode)
        os.utime(path, ns=(10**18, 10**18), follow_symlinks=False)


def snapshot(root: Path) -> dict[str, tuple]:
    found = {}
    for path in sorted(root.rglob("*")):
        status = path.lstat()
        content: object = None
        if path.is_symlink():
            content = os.readlink(path)
        elif path.is_file():
            content = path.read_bytes()
        times = 0 if stat.S_ISDIR(status.st_mode) else status.st_mtime_ns
        found[str(path.relative_to(root))] = (status.st_mode, times, content)
    return found


def run(context: Path, root: Path, action: Copy) -> str:
    with SourceTree(str(context), is_context=True) as tree:
        copy(tree, action, str(root))
        return checksum(tree, action)


@settings(max_examples=60, deadline=None)
@given(TREES, TREES)
def test_a_copy_is_the_source(one: dict, two: dict) -> None:
    with tempfile.TemporaryDirectory() as place:
        base = Path(place)
        make(base / "one", one)
        make(base / "outside", two)
        before, outside = snapshot(base / "one"), snapshot(base / "outside")
        (base / "root").mkdir()
        action = Copy(".", "/x/y", owner=OWNER)
        first = run(base / "one", base / "root", action)
        assert snapshot(base / "root" / "x" / "y") == before
        assert run(base / "one", base / "root", action) == first
        assert snapshot(base / "root" / "x" / "y") == before
        assert snapshot(base / "one") == before
        assert snapshot(base / "outside") == outside
        assert sorted(os.listdir(base)) == ["one", "outside", "root"]


@settings(max_examples=60, deadline=None)
@given(TREES, TREES)
def test_equal_digests_mean_equal_copies(one: dict, two: dict) -> None:
    with tempfile.TemporaryDirectory() as place:
        base = Path(place)
        digests = []
        for name, tree in (("one", one), ("two", two)):
            make(base / name, tree)
            (base / f"root-{name}").mkdir()
            digests.append(run(base / name, base / f"root-{name}", Copy(".", "/x", owner=OWNER)))
        results = [snapshot(base / f"root-{name}") for name in ("one", "two")]
        assert (digests[0] == digests[1]) == (results[0] == results[1])


@settings(max_examples=60, deadline=None)
@given(TREES, st.lists(st.sampled_from(["*", "**/a", "a/*", "!a/b", "b", "*.md"]), max_size=3))
def test_excluding_is_copying_without(tree: dict, patterns: list[str]) -> None:
    with tempfile.TemporaryDirectory() as place:
        base = Path(place)
        make(base / "one", tree)
        for name in ("whole", "part"):
            (base / name).mkdir()
        run(base / "one", base / "whole", Copy(".", "/x", owner=OWNER))
        action = Copy(".", "/x", owner=OWNER, excludes=tuple(patterns))
        try:
            digest = run(base / "one", base / "part", action)
        except BuildError as error:
            # With patterns, links of the root have to lead somewhere.
            assert patterns and re.search(r": (not found$|too many links: )", str(error))
            reject()
        whole, part = snapshot(base / "whole"), snapshot(base / "part")
        assert part.items() <= whole.items()
        # What is left out changes nothing.
        for name in whole.keys() - part.keys():
            path = base / "one" / name.removeprefix("x/")
            if path.is_file() and not path.is_symlink():
                path.write_bytes(b"changed")
        with SourceTree(str(base / "one"), is_context=True) as source:
            assert checksum(source, action) == digest


@settings(max_examples=40, deadline=None)
@given(TREES, TREES)
def test_nothing_beside_the_destination_changes(one: dict, two: dict) -> None:
    with tempfile.TemporaryDirectory() as place:
        base = Path(place)
        make(base / "one", one)
        make(base / "root", {f"keep/{name}": node for name, node in two.items()})
        before = snapshot(base / "root")
        run(base / "one", base / "root", Copy(".", "/new/", owner=OWNER))
        shutil.rmtree(base / "root" / "new")
        assert snapshot(base / "root") == before
