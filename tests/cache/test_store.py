"""The store: what is put is had again, and no accident makes a wrong value of it."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time

import pytest

from dflint.cache.location import clean
from dflint.cache.store import LIMIT, Store, digest
from tests.cache.values import key, value

DAY = 86400


def filled(folder, numbers, **options):
    store = Store(str(folder), **options)
    store.put_many((key(number), value(number)) for number in numbers)
    store.flush()
    return store


def shards(folder):
    return sorted(path for path in folder.iterdir() if path.name != "CACHEDIR.TAG")


def held(folder, numbers, **options):
    """The numbers whose values are there; every value that is must be the right one."""
    store = Store(str(folder), **options)
    found = {number: store.get(key(number)) for number in numbers}
    wrong = [number for number, got in found.items() if got not in (None, value(number))]
    assert wrong == []
    return {number for number, got in found.items() if got is not None}


def test_values_are_had_again_by_another_run(tmp_path):
    filled(tmp_path / "c", range(500))

    assert held(tmp_path / "c", range(600)) == set(range(500))


def test_later_values_are_added_and_replace_those_of_the_same_key(tmp_path):
    filled(tmp_path, range(10))
    store = Store(str(tmp_path))
    store.put_many([(key(3), b"new"), (key(70), b"")])
    store.flush()

    again = Store(str(tmp_path))
    assert (again.get(key(3)), again.get(key(70)), again.get(key(4))) == (b"new", b"", value(4))
    assert again.rows() == 11


def test_a_value_is_had_before_it_is_written(tmp_path):
    store = Store(str(tmp_path / "c"))
    store.put_many([(b"k", b"v")])

    assert store.get(b"k") == b"v"
    assert not (tmp_path / "c").exists()


def test_values_of_a_worker_are_written_by_another_store(tmp_path):
    worker, parent = Store(str(tmp_path / "c")), Store(str(tmp_path / "c"))
    worker.put_many([(b"k", b"v")])

    parent.put_taken(worker.take())
    worker.flush()
    assert not (tmp_path / "c").exists()
    parent.flush()

    assert Store(str(tmp_path / "c")).get(b"k") == b"v"


def test_two_stores_that_write_in_turns_keep_what_both_have(tmp_path):
    one, other = Store(str(tmp_path)), Store(str(tmp_path))
    for number in range(0, 100, 2):
        assert one.get(key(number)) is None
        one.put_many([(key(number), value(number))])
        other.put_many([(key(number + 1), value(number + 1))])
        one.flush()
        other.flush()

    assert held(tmp_path, range(100)) == set(range(100))


def test_what_many_values_are_written_on_the_way(tmp_path):
    store = Store(str(tmp_path / "c"), limit=1 << 30)
    big = os.urandom(1 << 20)
    store.put_many((key(number), big) for number in range(9))

    assert Store(str(tmp_path / "c")).get(key(0)) == big


def some_shard(folder):
    """One file of a store of the numbers below 300, and the numbers whose values are in it."""
    filled(folder, range(300))
    shard = shards(folder)[7]
    inside = [number for number in range(300) if digest(key(number))[0] % 64 == int(shard.name[:2])]
    assert len(inside) > 2
    return shard, inside


def test_truncated_anywhere_gives_no_wrong_value_and_is_written_anew(tmp_path):
    shard, inside = some_shard(tmp_path)
    whole = shard.read_bytes()
    for length in range(len(whole)):
        shard.write_bytes(whole[:length])
        assert held(tmp_path, inside) < set(inside)

    filled(tmp_path, inside)

    assert held(tmp_path, range(300)) == set(range(300))


def test_flipped_bits_give_no_wrong_value(tmp_path):
    shard, inside = some_shard(tmp_path)
    whole = shard.read_bytes()
    lost = 0
    for at in range(len(whole)):
        broken = bytearray(whole)
        broken[at] ^= 1 << at % 8
        shard.write_bytes(broken)
        lost += held(tmp_path, inside) < set(inside)

    assert lost == len(whole)


@pytest.mark.parametrize("content", [b"", b"\0" * 5000, b"dflint1\n" + b"\xff" * 5000, b"x" * 99])
def test_files_of_another_kind_are_written_over(tmp_path, content):
    filled(tmp_path, range(300))
    for shard in shards(tmp_path):
        shard.write_bytes(content)

    assert held(tmp_path, range(300)) == set()
    filled(tmp_path, range(300))
    assert held(tmp_path, range(300)) == set(range(300))


def test_the_limit_is_kept_and_the_longest_unused_go(tmp_path):
    limit = 64 * 2048
    start = 1_700_000_000
    for day in range(30):
        # The first hundred are asked for every day, the others never again.
        store = Store(str(tmp_path), limit=limit, now=start + day * DAY)
        for number in range(100):
            store.get(key(number))
        numbers = range(100) if day == 0 else range(day * 100, day * 100 + 100)
        store.put_many((key(number), value(number)) for number in numbers)
        store.flush()
        assert sum(path.stat().st_size for path in shards(tmp_path)) <= limit

    there = held(tmp_path, range(3000))
    assert there >= set(range(100))
    assert there >= set(range(2900, 3000))
    assert not there & set(range(100, 1000))


def test_a_value_too_large_to_keep_drives_out_no_others(tmp_path):
    filled(tmp_path, range(100))
    store = Store(str(tmp_path))
    store.put_many([(b"giant", b"x" * (LIMIT // 64))])
    store.flush()

    assert Store(str(tmp_path)).get(b"giant") is None
    assert held(tmp_path, range(100)) == set(range(100))


@pytest.mark.parametrize("now", [0, 1, 1_700_000_000, 4_000_000_000, 1 << 40, -5])
def test_no_clock_makes_values_unusable(tmp_path, now):
    filled(tmp_path, range(20), now=now)
    for later in (0, 1_700_000_000, 1 << 33):
        assert held(tmp_path, range(20), now=later) == set(range(20))
        store = Store(str(tmp_path), now=later)
        store.get(key(1))
        store.flush()


def test_values_from_the_future_go_first(tmp_path):
    limit = 64 * 2048
    filled(tmp_path, range(400), limit=limit, now=1_900_000_000)
    for day in range(10):
        filled(
            tmp_path,
            range(1000 + day * 200, 1200 + day * 200),
            limit=limit,
            now=1_700_000_000 + day * DAY,
        )

    there = held(tmp_path, range(400), limit=limit)
    assert len(there) < 20
    assert len(held(tmp_path, range(2600, 3000), limit=limit)) > 390


def test_reading_writes_nothing_on_the_same_day(tmp_path):
    filled(tmp_path, range(20), now=DAY * 1000)
    before = {path: path.stat().st_ino for path in shards(tmp_path)}
    store = Store(str(tmp_path), now=DAY * 1000 + 3600)
    for number in range(20):
        store.get(key(number))
    store.flush()

    assert {path: path.stat().st_ino for path in shards(tmp_path)} == before


WRITER = """
import sys, time
sys.path[:0] = {path!r}
from tests.cache.values import key, value
from dflint.cache.store import Store
start, step, end = map(int, sys.argv[2:])
print("started", flush=True)
for number in range(start, end, step):
    store = Store(sys.argv[1])
    got = store.get(key(number))
    assert got in (None, value(number))
    store.put_many((key(one), value(one)) for one in range(number, min(number + 40, end), step))
    store.flush()
"""


def writer(folder, start, step, end):
    code = WRITER.format(path=sys.path)
    arguments = [str(folder), str(start), str(step), str(end)]
    process = subprocess.Popen([sys.executable, "-c", code, *arguments], stdout=subprocess.PIPE)
    assert process.stdout is not None
    assert process.stdout.readline() == b"started\n"
    return process


def test_two_processes_that_write_at_once_leave_only_right_values(tmp_path):
    processes = [writer(tmp_path / "c", start, 2, 160) for start in (0, 1)]
    while any(process.poll() is None for process in processes):
        held(tmp_path / "c", range(160))
        time.sleep(0.02)
    assert [process.returncode for process in processes] == [0, 0]

    assert len(held(tmp_path / "c", range(160))) > 80


@pytest.mark.skipif(os.name == "nt", reason="no process can be killed so on this system")
def test_killed_at_any_moment_leaves_a_store_that_works(tmp_path):
    chance = random.Random(1)
    there: set[int] = set()
    for _ in range(30):
        process = writer(tmp_path / "c", 0, 1, 100_000)
        time.sleep(chance.random() * 0.03)
        process.send_signal(signal.SIGKILL)
        process.wait()
        now = held(tmp_path / "c", range(400))
        assert now >= there
        there = now
    assert there

    old = time.time() - 7200
    left = [path for path in shards(tmp_path / "c") if path.name.count(".") > 1]
    (tmp_path / "c" / "05.dflint1.0123456789abcdef").write_bytes(b"left by a killed process")
    for path in [*left, tmp_path / "c" / "05.dflint1.0123456789abcdef"]:
        os.utime(path, (old, old))
    filled(tmp_path / "c", range(100))
    assert [path for path in shards(tmp_path / "c") if path.name.count(".") > 1] == []
    assert clean(str(tmp_path / "c"))
    assert not (tmp_path / "c").exists()


@pytest.mark.skipif(os.name == "nt", reason="files have no limit to run into on this system")
def test_a_full_disk_costs_the_new_values_only(tmp_path):
    filled(tmp_path, range(100))
    code = (
        "import resource, sys; sys.path[:0] = {path!r}\n"
        "from dflint.cache.store import Store\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (600, 600))\n"
        "store = Store(sys.argv[1])\n"
        "store.put_many((b'%d' % number, b'x' * 100) for number in range(300))\n"
        "store.flush()\n"
        "print(store.problem)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code.format(path=sys.path), str(tmp_path)],
        capture_output=True,
        text=True,
    )

    assert "too large" in done.stdout, done.stderr
    assert done.returncode == 0
    assert held(tmp_path, range(100)) == set(range(100))
    assert [path for path in shards(tmp_path) if path.name.count(".") > 1] == []


@pytest.mark.parametrize("kind", ["file", "below a file", "foreign", "/proc"])
def test_a_folder_that_cannot_be_is_no_cache_and_no_error(tmp_path, kind):
    place = {"file": tmp_path / "f", "below a file": tmp_path / "f" / "c",
             "foreign": tmp_path, "/proc": tmp_path / "/proc/nothing"}[kind]  # fmt: skip
    (tmp_path / "f").write_text("mine")
    store = Store(str(place))
    store.put_many([(b"k", b"v")])
    store.flush()

    assert store.problem
    assert Store(str(place)).get(b"k") is None
    assert (tmp_path / "f").read_text() == "mine"
    assert [path.name for path in tmp_path.iterdir()] == ["f"]


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="root may write everywhere")
def test_a_read_only_folder_is_read_all_the_same(tmp_path):
    filled(tmp_path, range(100))
    tmp_path.chmod(0o500)
    store = filled(tmp_path, range(100, 200))
    tmp_path.chmod(0o700)

    assert store.problem
    assert held(tmp_path, range(200)) == set(range(100))


def test_files_are_for_nobody_else(tmp_path):
    filled(tmp_path / "c", range(3))

    assert {path.stat().st_mode & 0o077 for path in (tmp_path / "c").iterdir()} == {0}


def test_a_digest_has_sixteen_bytes_and_tells_data_apart():
    assert {len(digest(data)) for data in (b"", b"x", b"y" * 999)} == {16}
    assert digest(b"a") != digest(b"b")
