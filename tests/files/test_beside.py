"""What another process reads and copies is what this one would have read and copied."""

from __future__ import annotations

import importlib
import os
import random
import sys
import time

import pytest

from dflint.errors import BuildError
from dflint.files import Copy, SourceTree, checksum, copy
from dflint.files import beside as beside_module
from dflint.files import copier as copier_module
from dflint.files.beside import CopyBeside, ReadBeside
from dflint.kernel.file_content import stat_key
from tests.files.playing import Case
from tests.files.test_engine_facts import CASES, check_case, is_true_root

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pathlib import Path

checksum_module = importlib.import_module("dflint.files.checksum")
OWNER = f"{os.getuid()}:{os.getgid()}"


class Given:
    """How much other processes were asked for."""

    def __init__(self) -> None:
        self.copied = 0
        self.read = 0
        self.failed = 0


@pytest.fixture
def given(monkeypatch: pytest.MonkeyPatch) -> Given:
    """Count what is given to other processes."""
    found = Given()
    give, get = CopyBeside.give, ReadBeside.get

    def counted_give(self, source, target, jobs, done):
        def counted(failed):
            found.failed += len(failed)
            done(failed)

        found.copied += len(jobs)
        give(self, source, target, jobs, counted)

    def counted_get(self, key):
        digest = get(self, key)
        found.read += digest is not None
        return digest

    monkeypatch.setattr(CopyBeside, "give", counted_give)
    monkeypatch.setattr(ReadBeside, "get", counted_get)
    return found


def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have another process do all that it ever does, however little there is."""
    monkeypatch.setattr(copier_module, "_MANY", 1)
    monkeypatch.setattr(beside_module, "_LEAST", 1)
    monkeypatch.setattr(beside_module, "_PART", 3)
    monkeypatch.setattr(checksum_module, "_FEW", 1)
    begin = CopyBeside.__init__

    def begin_and_wait(self: CopyBeside, source: int, target: int) -> None:
        begin(self, source, target)
        wait_until_begun(self)

    monkeypatch.setattr(CopyBeside, "__init__", begin_and_wait)


def wait_until_begun(copying: CopyBeside) -> None:
    end = time.monotonic() + 60
    while not copying.is_free and not copying._has_ended:
        assert time.monotonic() < end, "it does not begin"
        time.sleep(0.001)


def never(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(copier_module, "_MANY", 1 << 40)
    monkeypatch.setattr(checksum_module, "_FEW", 1 << 40)


def make_tree(root: Path, seed: int = 1) -> None:
    """Some 700 files of all kinds, some of them alone in their directory, and many in one."""
    numbers = random.Random(seed)
    folders = [root, root / "many"]
    folders += [root / f"d{number % 7}" / f"e{number}" for number in range(20)]
    for folder in folders:
        folder.mkdir(parents=True, exist_ok=True)
    for number in range(700):
        folder = folders[1] if number % 2 else numbers.choice(folders)
        path = folder / f"f {number}é"
        path.write_bytes(numbers.randbytes(numbers.choice([0, 10, 5000, 70_000])))
        path.chmod(numbers.choice([0o644, 0o600, 0o4755, 0o444]))
        os.utime(path, ns=(10**18, numbers.randrange(10**18)))
    (root / "large").write_bytes(b"x" * (5 << 20))
    with open(root / "holes", "wb") as file:
        file.truncate(3 << 20)
    os.link(root / "large", root / "d0" / "also")
    (root / "link").symlink_to("large")
    os.mkfifo(root / "many" / "pipe")
    for folder in reversed(folders):
        folder.chmod(numbers.choice([0o755, 0o2755, 0o700]))
        os.utime(folder, ns=(10**18, numbers.randrange(10**18)))


def listing(root: Path) -> dict[str, tuple[object, ...]]:
    found: dict[str, tuple[object, ...]] = {}
    for path in sorted(root.rglob("*")):
        status = path.lstat()
        content: object = None
        if path.is_symlink():
            content = os.readlink(path)
        elif path.is_file():
            content = (path.read_bytes(), status.st_nlink, status.st_blocks > 0)
        found[str(path.relative_to(root))] = (
            status.st_mode, status.st_uid, status.st_gid, status.st_mtime_ns, content,
            sorted(os.listxattr(path, follow_symlinks=False)),
        )  # fmt: skip
    return found


def copied(place: Path, name: str, *, is_context: bool = True, **options: str) -> dict:
    root = place / name
    root.mkdir()
    with SourceTree(str(place / "context"), is_context=is_context) as tree:
        copy(tree, Copy(".", "/there", owner=OWNER, **options), str(root))
    return listing(root / "there")


@pytest.mark.parametrize("is_context", [True, False])
@pytest.mark.parametrize("mode", ["", "0640", "u+x,go-w"])
def test_a_copy_beside_is_the_same_copy(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, given: Given, is_context: bool, mode: str
) -> None:
    make_tree(tmp_path / "context")
    os.setxattr(tmp_path / "context" / "many" / "f 1é", "user.kept", b"1")
    found = copied(tmp_path, "beside", is_context=is_context, mode=mode)
    assert given.failed == 0
    at_once(monkeypatch)
    assert copied(tmp_path, "at-once", is_context=is_context, mode=mode) == found
    assert given.copied > 100
    assert given.failed == 0
    given.copied = 0
    never(monkeypatch)

    assert copied(tmp_path, "alone", is_context=is_context, mode=mode) == found
    assert given.copied == 0
    assert ("user.kept" in found["many/f 1é"][-1]) is not is_context


@pytest.mark.skipif(not is_true_root(), reason="owners and devices need root")
@pytest.mark.parametrize("case", CASES, ids=[case.name for case in CASES])
def test_as_the_engine(case: Case, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    at_once(monkeypatch)
    check_case(case, tmp_path)


def test_over_what_is_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, given: Given) -> None:
    make_tree(tmp_path / "context", 1)
    found = copied(tmp_path, "root")
    outside = tmp_path / "outside"
    outside.write_text("stays")
    for number in (1, 3):
        path = tmp_path / "root" / "there" / "many" / f"f {number}é"
        path.unlink()
        path.symlink_to(outside)
    os.utime(tmp_path / "root" / "there" / "many")
    at_once(monkeypatch)
    given.copied = 0
    with SourceTree(str(tmp_path / "context"), is_context=True) as tree:
        copy(tree, Copy(".", "/there", owner=OWNER), str(tmp_path / "root"))

    assert given.copied > 0
    assert listing(tmp_path / "root" / "there") == found
    assert outside.read_text() == "stays"


def test_a_directory_in_the_way_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    make_tree(tmp_path / "context")
    (tmp_path / "root" / "there" / "many" / "f 1é").mkdir(parents=True)
    said = []
    for choose in (at_once, never):
        choose(monkeypatch)
        with (
            SourceTree(str(tmp_path / "context"), is_context=True) as tree,
            pytest.raises(BuildError) as raised,
        ):
            copy(tree, Copy(".", "/there", owner=OWNER), str(tmp_path / "root"))
        said.append(str(raised.value))

    assert said == ["cannot replace to directory /there/many/f 1é with file"] * 2
    assert not children()


def children() -> list[int]:
    """The processes that this one has begun and not waited for."""
    with open(f"/proc/self/task/{os.getpid()}/children") as file:
        return [int(one) for one in file.read().split() if _is_program(int(one))]


def _is_program(process: int) -> bool:
    with open(f"/proc/{process}/cmdline") as file:
        return "file_program" in file.read()


def test_without_another_process(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    make_tree(tmp_path / "context")
    found = copied(tmp_path, "beside")
    digest = digest_of(tmp_path / "context")
    at_once(monkeypatch)
    monkeypatch.setattr(sys, "executable", str(tmp_path / "nothing"))

    assert copied(tmp_path, "alone") == found
    assert digest_of(tmp_path / "context") == digest


@pytest.mark.parametrize("verb", ["copy", "read"])
def test_another_process_that_dies(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, verb: str
) -> None:
    make_tree(tmp_path / "context")
    never(monkeypatch)
    found, digest = copied(tmp_path, "alone"), digest_of(tmp_path / "context")
    at_once(monkeypatch)
    numbers = random.Random(4)
    for number in range(8):
        dies_at = numbers.randrange(4)
        with monkeypatch.context() as patch:
            kinds = {"copy": (CopyBeside, "give"), "read": (ReadBeside, "get")}
            kind, name = kinds[verb]
            do, seen = getattr(kind, name), []

            def dying(self, *arguments, do=do, seen=seen, dies_at=dies_at):
                seen.append(arguments)
                if len(seen) == dies_at + 1:
                    self._process._process.kill()
                    time.sleep(numbers.random() / 100)
                return do(self, *arguments)

            patch.setattr(kind, name, dying)
            if verb == "copy":
                assert copied(tmp_path, f"root{number}") == found
            else:
                assert digest_of(tmp_path / "context") == digest
        assert len(seen) > dies_at
    assert not children()


def digest_of(context: Path, cache: object = None) -> str:
    with SourceTree(str(context), is_context=True) as tree:
        return checksum(tree, Copy(".", "/"), cache)  # type: ignore[arg-type]


def test_what_is_read_beside_is_what_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, given: Given
) -> None:
    make_tree(tmp_path / "context")
    digest = digest_of(tmp_path / "context")
    assert given.read > 500
    never(monkeypatch)
    assert digest_of(tmp_path / "context") == digest

    at_once(monkeypatch)
    path = tmp_path / "context" / "many" / "f 1é"
    path.chmod(0o644)
    data = path.read_bytes()
    path.write_bytes(data + b"!")
    changed = digest_of(tmp_path / "context")
    never(monkeypatch)
    assert digest_of(tmp_path / "context") == changed != digest


def test_a_file_that_changes_meanwhile_is_read_here(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What the other process has read is not what was listed: it does not count."""
    (tmp_path / "context").mkdir()
    for name in "abc":
        (tmp_path / "context" / name).write_text(name)
    with SourceTree(str(tmp_path / "context"), is_context=True) as tree:
        entries = tree.entries("", tree.fd)
        reading = ReadBeside(tree, "", lambda entries: entries)
        try:
            old = stat_key(entries[1].status)
            keys = [stat_key(one.status) for one in entries]
            assert reading.get(keys[0]) is not None
            assert reading.get(old._replace(size=7)) is None
            assert reading.get(old._replace(inode=1)) is None
        finally:
            reading.close()
    assert not children()


def test_no_link_is_followed(tmp_path: Path) -> None:
    """A directory that has become a link is none, and a file neither."""
    context, root = tmp_path / "context", tmp_path / "root"
    (context / "d").mkdir(parents=True)
    root.mkdir()
    secret = tmp_path / "secret"
    secret.mkdir()
    (secret / "f").write_text("secret")
    (context / "d" / "f").write_text("open")
    status = (context / "d" / "f").stat()
    with SourceTree(str(context), is_context=True) as tree:
        target = os.open(root, os.O_RDONLY | os.O_DIRECTORY)
        copying = CopyBeside(tree.fd, target)
        wait_until_begun(copying)
        failed: list[list[int]] = []
        try:
            (context / "d").rename(context / "was")
            (context / "d").symlink_to(secret)
            key = stat_key((secret / "f").stat())
            for one in (key, stat_key(status)):
                job = copier_module.CopyJob("f", one, 0o644, None, 0, True, False)
                copying.give("d", "", [job], failed.append)
            copying.wait()
            (root / "out").symlink_to(secret)
            copying.give("was", "out", [job], failed.append)
            copying.wait()
            (root / "in").mkdir()
            copying.give("was", "in", [job], failed.append)
            copying.wait()
        finally:
            copying.close()
            os.close(target)
    assert failed == [[0], [0], [0], []]
    assert sorted(os.listdir(root)) == ["in", "out"]
    assert (root / "in" / "f").read_text() == "open"
    assert os.listdir(secret) == ["f"]
    assert (secret / "f").read_text() == "secret"


def test_a_full_pipe_does_not_end_in_waiting(tmp_path: Path) -> None:
    """More names than a pipe takes, and more replies."""
    (tmp_path / "context").mkdir()
    for number in range(3000):
        (tmp_path / "context" / f"{number:0100}").write_bytes(b"%d" % number)
    with SourceTree(str(tmp_path / "context"), is_context=True) as tree:
        reading = ReadBeside(tree, "", lambda entries: entries)
        try:
            keys = [stat_key(one.status) for one in tree.entries("", tree.fd)]
            time.sleep(0.2)
            assert all(reading.get(key) for key in keys)
        finally:
            reading.close()
    assert not children()


def test_nothing_begins_for_little(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise AssertionError("a process for little")

    monkeypatch.setattr(beside_module, "_Process", refuse)
    (tmp_path / "context").mkdir()
    for number in range(20):
        (tmp_path / "context" / str(number)).write_text("x")

    assert len(copied(tmp_path, "root")) == 20
    assert digest_of(tmp_path / "context")
