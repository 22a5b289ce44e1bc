"""Room is made on a disk that is full to its last byte, by the room that the store has kept."""

from __future__ import annotations

import os
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from dflint.content import ContentStore
from dflint.content.reserve import keep_reserve
from tests.content.worker import put_image

ROOT = Path(__file__).resolve().parents[2]
SIZE = 16 << 20

pytestmark = pytest.mark.skipif(os.geteuid() != 0, reason="mounting a small disk needs root")


@pytest.fixture
def disk(tmp_path):
    """A file system of 16 MiB."""
    place = tmp_path / "disk"
    place.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", f"size={SIZE}", "dflint-test", str(place)]
    done = subprocess.run(mount, capture_output=True, check=False)
    if done.returncode:
        pytest.skip(f"no file system can be mounted here: {done.stderr.decode().strip()}")
    yield place
    subprocess.run(["umount", "-l", str(place)], check=True)


def fill(disk):
    """Take all the space there is."""
    with open(disk / "filler", "wb", buffering=0) as file:
        for size in (1 << 20, 4096, 1):
            with pytest.raises(OSError, match="No space left"):
                while True:
                    file.write(b"x" * size)
    assert os.statvfs(disk).f_bavail == 0


def dflint(disk, *words):
    """Run a verb over the store of the disk."""
    return subprocess.run(
        [sys.executable, "-m", "dflint", *words, f"--store={disk}/store"],
        env={**os.environ, "PYTHONPATH": os.pathsep.join((str(ROOT), str(ROOT / "rules")))},
        capture_output=True,
        text=True,
        check=False,
    )


def write_store(disk, rows=0):
    """A store with an image, a blob that nothing refers to, and so many cached steps."""
    with closing(ContentStore(str(disk / "store"))) as store:
        store.tag("docker.io/library/app:latest", put_image(store, "app"))
        store.put_blob(os.urandom(2 << 20))
        for number in range(rows):
            store.add_record(f"{number:064}", (), "x" * 400)


@pytest.mark.parametrize(
    "words",
    [
        ("buildcache", "prune"),
        ("buildcache", "prune", "--all"),
        ("system", "prune", "--all", "--force"),
        ("prune", "--all", "--force"),
        ("rmi", "app"),
        ("store", "repair"),
    ],
)
def test_what_makes_room_needs_none(disk, words):
    write_store(disk)
    fill(disk)

    done = dflint(disk, *words)

    assert (done.returncode, done.stderr) == (0, "")
    if words[0] == "buildcache":
        assert os.statvfs(disk).f_bavail * 4096 >= 1 << 20
    (disk / "filler").unlink()
    with closing(ContentStore(str(disk / "store"))) as store:
        assert store.verify() == ()


def test_tables_of_any_size_are_pruned(disk):
    write_store(disk, rows=6000)
    tables = (disk / "store" / "dflint.db").stat().st_size
    assert tables > 2 << 20
    fill(disk)

    done = dflint(disk, "buildcache", "prune", "--all")

    assert done.returncode == 0, done.stderr
    assert "removed 6000 cached steps" in done.stdout


def test_other_verbs_say_what_makes_room(disk):
    write_store(disk)
    fill(disk)
    reserve = (disk / "store" / "reserve").stat().st_size

    for words in (("images",), ("buildcache", "du"), ("store", "verify")):
        done = dflint(disk, *words)
        assert done.returncode == 1, words
        assert "no space left on device (`dflint buildcache prune` makes room)" in done.stderr

    assert (disk / "store" / "reserve").stat().st_size == reserve


def test_the_reserve_is_made_again(disk):
    write_store(disk)
    before = (disk / "store" / "reserve").stat()
    assert before.st_blocks * 512 >= before.st_size >= 1 << 20
    fill(disk)

    assert dflint(disk, "buildcache", "prune").returncode == 0

    after = (disk / "store" / "reserve").stat()
    assert after.st_ino != before.st_ino
    assert after.st_blocks * 512 >= after.st_size >= (1 << 20) // 2


def test_where_room_is_scarce_the_reserve_is_smaller(disk):
    write_store(disk)
    os.unlink(disk / "store" / "reserve")
    with open(disk / "most", "wb") as file:
        file.write(b"x" * (os.statvfs(disk).f_bavail * 4096 - (300 << 10)))

    keep_reserve(str(disk / "store"))
    assert 128 << 10 <= (disk / "store" / "reserve").stat().st_size <= 300 << 10

    fill(disk)
    keep_reserve(str(disk / "store"))
    assert (disk / "store" / "reserve").stat().st_size >= 128 << 10
