"""Making room in the store: by the verb, and by itself after builds."""

from __future__ import annotations

import os
import subprocess
import sys
import time

import pytest

from dflint.build.housekeeping import INTERVAL, keep_within
from dflint.cli.buildcache import _read_filter
from dflint.content.store import ContentStore
from dflint.errors import UsageError
from tests.build.test_options import problem, request
from tests.content.worker import new_layer

TEXT = "FROM busybox\nCOPY f /f\nRUN --mount=type=cache,target=/c head -c 300000 /dev/zero >/c/x\n"


def run(command, *words):
    return subprocess.run(
        [sys.executable, "-m", "dflint", "buildcache", *words],
        capture_output=True, text=True, env=command.environment, cwd=command.place, check=False,
    )  # fmt: skip


def rows(command):
    done = run(command, "du")
    assert done.returncode == 0, done.stderr
    return {line[:14].strip(): line[14:].split() for line in done.stdout.splitlines()}


def test_the_store_is_measured_and_pruned(command):
    command.write({"f": "content"})
    command.build("-t", "kept", dockerfile=TEXT)
    command.build(dockerfile=TEXT + "RUN echo more >/more\n")
    before = rows(command)
    assert before["images"] == ["1", "names"]
    assert before["cache mounts"][0] == "1" and before["cache mounts"][1].endswith("kB")

    done = run(command, "prune")
    assert done.stdout.startswith("removed 0 cached steps, 0 layers, ")
    done = run(command, "prune", "--filter", "until=1h")
    assert done.stdout.startswith("removed 0 cached steps, 0 layers, 0 blobs")
    done = run(command, "prune", "--all")
    assert done.returncode == 0, done.stderr
    assert "1 cache mounts\nTotal reclaimed space: " in done.stdout
    after = rows(command)
    assert after["cached steps"] == ["0"]
    assert after["images"] == ["1", "names"]
    assert command.image(dockerfile="FROM kept\nLABEL a=b\n").config["Labels"] == {"a": "b"}


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ((), "expected `du` or `prune`, found nothing"),
        (("clean",), "expected `du` or `prune`, found `clean`"),
        (("du", "--all"), "buildcache du: unknown option `--all`"),
        (("prune", "--keep", "much"), "--keep: expected a size such as `128m`, found `much`"),
        (("prune", "--filter", "x=1h"), "--filter: expected `until=` and a time"),
    ],
)
def test_what_is_asked_for_wrongly_is_told(command, words, message):
    done = run(command, *words)
    assert done.returncode == 2
    assert message in done.stderr


def test_a_store_that_is_not_there_is_told_and_not_made(command):
    done = run(command, "du", "--store", "nowhere")
    assert (done.returncode, done.stdout) == (1, "")
    assert "there is no store at `nowhere`" in done.stderr
    assert not os.path.exists(command.place / "nowhere")


def test_times():
    assert _read_filter("until=24h") == 86400
    assert _read_filter("until=1d1h1m1s") == 90061
    for text in ("until=", "until=5", "until=1m1h", "24h"):
        with pytest.raises(UsageError):
            _read_filter(text)


def filled(path):
    """A store with records of three layers, used in the order of their numbers."""
    store = ContentStore(str(path))
    for number in range(3):
        id = new_layer(store, f"{number}" * 100_000)
        store.add_record(f"key {number}", (id,), "a step")
    return store


def keys(store):
    return [record.key for record in store.records()]


def test_a_store_within_its_limit_stays(tmp_path):
    store = filled(tmp_path)
    store.put_blob(b"what nothing refers to")
    assert keep_within(store, 1 << 30) == 0
    assert len(keys(store)) == 3 and store.disk_usage().blobs == 1


def test_the_oldest_goes_from_a_store_over_its_limit(tmp_path):
    store = filled(tmp_path)
    total = store.disk_usage().total_bytes
    assert keep_within(store, total - 1) > 0
    assert keys(store) == ["key 1", "key 2"]


def test_what_a_build_holds_stays(tmp_path):
    store = filled(tmp_path)
    with store.lease():
        assert store.find_record("key 0") is not None
        keep_within(store, 1)
        assert keys(store) == ["key 0"]


def test_a_store_is_looked_at_once_an_hour(tmp_path, monkeypatch):
    store = filled(tmp_path)
    assert keep_within(store, 1 << 30) == 0
    assert keep_within(store, 1) == 0
    now = time.time() + INTERVAL + 1
    monkeypatch.setattr("dflint.build.housekeeping.time.time", lambda: now)
    assert keep_within(store, 1) > 0


def test_a_build_keeps_the_limit_and_what_it_made(command):
    command.write({"f": "content"})
    command.build("-t", "kept", "--store-limit=1", dockerfile=TEXT)
    assert set(rows(command)["cache mounts"]) == {"0", "0B"}
    assert "CACHED" in command.build(dockerfile=TEXT).err


def test_limits_are_read():
    assert request("--store-limit", "5g").store_limit == 5 << 30
    assert request(DFLINT_STORE_LIMIT="1k").store_limit == 1024
    assert request("--store-limit=0", DFLINT_STORE_LIMIT="1k").store_limit is None
    assert request().store_limit == 20 << 30
    assert problem(DFLINT_STORE_LIMIT="x").startswith("$DFLINT_STORE_LIMIT: expected a size")
