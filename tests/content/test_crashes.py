"""What a killed process leaves is a store that the next one uses."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time

import pytest

from dflint.content import ContentStore
from tests.content.worker import build, main, put_image

CHANGES = frozenset(
    (
        "open",
        "os.mkdir",
        "os.rename",
        "os.remove",
        "os.rmdir",
        "os.link",
        "os.chmod",
        "shutil.rmtree",
    )
)


def scenario(root):
    """One of everything."""
    store = ContentStore(root)
    numbers = random.Random(7)
    build(store, numbers)
    build(store, numbers)
    store.untag("app:0")
    store.prune(everything=True)
    build(store, numbers)
    store.settle()
    store.close()


def killed_at(place, root):
    """Run the scenario in a child process that is killed before its nth change; whether it was."""
    child = os.fork()
    if child == 0:
        seen = 0

        def watch(event, arguments):
            nonlocal seen
            if event in CHANGES:
                seen += 1
                if seen == place:
                    os.kill(os.getpid(), signal.SIGKILL)

        sys.addaudithook(watch)
        try:
            scenario(root)
        finally:
            os._exit(0)
    _, status = os.waitpid(child, 0)
    return os.WIFSIGNALED(status)


def assert_whole(root):
    """Assert that a store works, and that nothing is left of what does not count."""
    store = ContentStore(root)
    assert store.verify() == ()
    for name, descriptor in store.tags():
        assert store.read_blob(descriptor.digest), name
    build(store, random.Random(1))
    store.prune()
    rows = {layer for record in store.records() for layer in record.layers}
    assert {name for name in os.listdir(os.path.join(root, "layers"))} >= rows
    for folder in ("drafts", "trash", "ingest", "leases"):
        assert os.listdir(os.path.join(root, folder)) == [], folder
    for name, _ in store.tags():
        store.untag(name)
    store.prune(everything=True)
    assert os.listdir(os.path.join(root, "layers")) == []
    assert os.listdir(os.path.join(root, "cache-mounts")) == []
    assert store.disk_usage().total_bytes == 0
    store.close()


@pytest.mark.skipif(not hasattr(os, "fork"), reason="the system has no fork")
def test_killed_before_any_change_the_store_lives_on(fast_path):
    place = 1
    while killed_at(place, root := os.path.join(fast_path, str(place))):
        assert_whole(root)
        place += 1

    assert place > 100
    assert_whole(root)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="the system has no fork")
def test_one_store_survives_many_killed_builds(fast_path):
    root = os.path.join(fast_path, "store")
    numbers = random.Random(3)

    killed = sum(killed_at(numbers.randrange(1, 150), root) for _ in range(40))

    assert killed > 20
    assert_whole(root)


def test_processes_killed_at_any_time_leave_a_whole_store(tmp_path):
    root = str(tmp_path / "store")
    numbers = random.Random(11)
    for _ in range(6):
        workers = [start(root, numbers.randrange(1000), 10_000) for _ in range(3)]
        time.sleep(0.4 + numbers.random() / 2)
        for worker in workers:
            worker.kill()
        for worker in workers:
            _, errors = worker.communicate()
            assert worker.returncode == -signal.SIGKILL, errors.decode()

    assert_whole(root)


def start(root, seed, steps):
    arguments = [sys.executable, "-m", "tests.content.worker", root, str(seed), str(steps)]
    return subprocess.Popen(arguments, stdout=subprocess.PIPE, stderr=subprocess.PIPE)


@pytest.mark.parametrize("count", [2, 8])
def test_many_processes_use_one_store(tmp_path, count):
    root = str(tmp_path / "store")

    workers = [start(root, seed, 60 // count) for seed in range(count)]

    for seed, worker in enumerate(workers):
        output, errors = worker.communicate(timeout=120)
        assert (worker.returncode, output.decode().strip()) == (0, str(seed)), errors.decode()
    assert_whole(root)


def test_the_worker_checks_a_store_of_its_own(tmp_path, capsys):
    main(str(tmp_path / "store"), 5, 30)

    assert capsys.readouterr().out == "5\n"


def test_a_tag_without_its_blobs_is_told(store):
    store.tag("a:b", put_image(store, "x"))
    os.unlink(store.blob_path(store.resolve("a:b").digest))

    (problem,) = store.verify()

    digest = store.resolve("a:b").digest
    assert problem == f"image `a:b`: blob `{digest}` is missing"
