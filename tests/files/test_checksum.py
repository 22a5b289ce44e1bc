"""What changes the digest of a source, and what does not."""

from __future__ import annotations

import os
import time

import pytest

from dflint.errors import BuildError
from dflint.files import Copy, SourceTree, StatKey, checksum

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pathlib import Path


def digest(root: Path, source: str = "d", *, is_context: bool = True, **options) -> str:
    with SourceTree(str(root), is_context=is_context) as tree:
        return checksum(tree, Copy(source, "/x", **options))


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "d" / "s").mkdir(parents=True)
    (tmp_path / "d" / "a").write_text("a")
    (tmp_path / "d" / "s" / "b.md").write_text("b")
    (tmp_path / "other" / "d" / "s").mkdir(parents=True)
    (tmp_path / "other" / "d" / "a").write_text("a")
    (tmp_path / "other" / "d" / "s" / "b.md").write_text("b")
    return tmp_path


def test_neither_times_nor_the_place_count(root: Path) -> None:
    before = digest(root)
    os.utime(root / "d" / "a", ns=(5, 5))
    os.utime(root / "d", ns=(5, 5))
    assert digest(root) == before
    assert digest(root, "other/d") == before
    assert digest(root, "d/") == before
    assert digest(root, "./other/../d/.") == before


def test_a_hard_link_is_what_it_shows(root: Path) -> None:
    before = digest(root)
    os.link(root / "d" / "a", root / "elsewhere")
    assert digest(root) == before


@pytest.mark.parametrize(
    "change",
    [
        lambda d: (d / "a").write_text("A"),
        lambda d: (d / "a").chmod(0o600),
        lambda d: (d / "s").chmod(0o700),
        lambda d: d.chmod(0o700),
        lambda d: (d / "a").rename(d / "c"),
        lambda d: (d / "new").mkdir(),
        lambda d: (d / "s" / "b.md").unlink(),
        lambda d: (d / "s" / "l").symlink_to("b.md"),
        lambda d: (d / "a").unlink() or (d / "a").symlink_to("s/b.md"),
        lambda d: os.mkfifo(d / "pipe"),
    ],
)
def test_what_counts(root: Path, change) -> None:
    before = digest(root)
    change(root / "d")
    assert digest(root) != before


def test_the_last_name_counts(root: Path) -> None:
    (root / "a").write_text("x")
    (root / "b").write_text("x")
    assert digest(root, "a") != digest(root, "b")


@pytest.mark.skipif(os.geteuid() != 0, reason="owners are changed by root alone")
def test_owners_count_outside_contexts(root: Path) -> None:
    context, image = digest(root), digest(root, is_context=False)
    os.chown(root / "d" / "a", 5, 6)
    assert digest(root) == context
    assert digest(root, is_context=False) != image


def test_what_is_excluded_does_not_count(root: Path) -> None:
    before = digest(root, excludes=("**/*.md",))
    (root / "d" / "s" / "b.md").write_text("B")
    assert digest(root, excludes=("**/*.md",)) == before
    (root / "d" / "a").write_text("A")
    assert digest(root, excludes=("**/*.md",)) != before


def test_wildcards_take_names_and_content(root: Path) -> None:
    before = digest(root, "d/*")
    (root / "d" / "z").write_text("z")
    after = digest(root, "d/*")
    assert before != after
    (root / "d" / "z").rename(root / "d" / "y")
    assert digest(root, "d/*") not in (before, after)


def test_a_link_as_source_is_its_target(root: Path) -> None:
    (root / "l").symlink_to("d")
    before = digest(root, "l")
    (root / "d" / "a").write_text("A")
    assert digest(root, "l") != before


@pytest.mark.parametrize("source", ["nope", "d/a/nope", "../nope", "out"])
def test_what_is_not_there(root: Path, source: str) -> None:
    (root / "out").symlink_to("/etc/passwd")
    with pytest.raises(BuildError, match=r'failed to compute cache key: .*"/.*": not found'):
        digest(root, source)


def test_what_is_not_there_with_excludes(root: Path) -> None:
    with pytest.raises(BuildError, match="lstat /nope: no such file or directory"):
        digest(root, "nope", excludes=("a",))


def test_links_without_an_end(root: Path) -> None:
    (root / "loop").symlink_to("loop")
    with pytest.raises(BuildError, match=r"failed to compute cache key: .*too many links"):
        digest(root, "loop")


def test_a_wildcard_may_match_nothing(root: Path) -> None:
    assert digest(root, "q*") == digest(root, "q*")


class Cache:
    def __init__(self) -> None:
        self.known: dict[StatKey, bytes] = {}
        self.hits = 0

    def get(self, key: StatKey) -> bytes | None:
        found = self.known.get(key)
        self.hits += found is not None
        return found

    def put(self, key: StatKey, digest: bytes) -> None:
        self.known[key] = digest


def test_digests_are_remembered(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    now = time.time_ns()
    cache = Cache()

    def run() -> str:
        with SourceTree(str(root), is_context=True) as tree:
            return checksum(tree, Copy("d", "/x"), cache)

    first = run()
    assert not cache.known, "files this new may still change unnoticed"
    monkeypatch.setattr(time, "time_ns", lambda: now + 10**11)
    assert run() == first
    assert len(cache.known) == 2
    assert run() == first
    assert cache.hits == 2
    (root / "d" / "a").chmod(0o600)
    assert run() != first
