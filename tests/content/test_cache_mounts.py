from __future__ import annotations

import os
import threading
import time

import pytest

from dflint.errors import BuildError


def holds(store, *arguments):
    return store.hold_cache_mount(*arguments)


def test_a_mount_lives_between_builds(store):
    with holds(store, "id") as path, open(os.path.join(path, "f"), "w") as file:
        file.write("x")

    for sharing in ("shared", "private", "locked"):
        with holds(store, "id", sharing) as again:
            assert (again, os.listdir(again)) == (path, ["f"])
    assert store.cache_mount("id") == path
    with holds(store, "other") as other:
        assert other != path


def test_a_name_may_be_anything(store):
    with holds(store, "../../etc\udcff\0/" + 1000 * "x") as path:
        assert path.startswith(os.path.join(store.root, "cache-mounts", ""))


def test_shared_is_used_by_several_at_once(store):
    with holds(store, "id", "shared") as first, holds(store, "id", "shared") as second:
        assert first == second


def test_private_has_a_folder_of_its_own_while_others_use_it(store):
    with holds(store, "id", "private") as first:
        with holds(store, "id", "private") as second:
            assert first != second
        with holds(store, "id", "private") as third:
            assert third == second
    with holds(store, "id", "private") as again:
        assert again == first


def test_shared_does_not_enter_what_another_has_for_itself(store):
    with holds(store, "id", "locked") as first, holds(store, "id", "shared") as second:
        assert first != second


def test_locked_waits_for_all_others(store):
    order = []

    def second():
        with holds(store, "id", "locked"):
            order.append("second")

    with holds(store, "id", "shared"):
        thread = threading.Thread(target=second)
        thread.start()
        time.sleep(0.1)
        order.append("first")
    thread.join()

    assert order == ["first", "second"]


def test_waiting_can_be_given_up(store):
    cancel = threading.Event()
    cancel.set()

    with (
        holds(store, "id", "locked"),
        pytest.raises(BuildError, match="gave up waiting"),
        holds(store, "id", "locked", None, cancel),
    ):
        pass


def test_an_unknown_sharing_is_refused(store):
    with pytest.raises(BuildError, match="found `mine`"), holds(store, "id", "mine"):
        pass


def test_a_new_folder_is_filled_once(store):
    def seed(path):
        with open(os.path.join(path, "seed"), "w"):
            pass

    for _ in range(2):
        with holds(store, "id", "shared", seed) as path:
            assert os.listdir(path) == ["seed"]
            seed = None


def test_a_folder_that_could_not_be_filled_is_none(store):
    def fails(path):
        os.mkdir(os.path.join(path, "half"))
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError), holds(store, "id", "shared", fails):
        pass
    with holds(store, "id") as path:
        assert os.listdir(path) == []


def test_a_prune_leaves_what_is_held(store):
    with holds(store, "id", "shared") as path:
        with holds(store, "id", "private") as second:
            pass
        assert store.prune(everything=True).cache_mounts == 0
        assert os.path.isdir(path)
        assert not os.path.isdir(second)
        with holds(store, "id", "shared") as again:
            assert again == path

    assert store.prune(everything=True).cache_mounts == 1
    assert not os.path.exists(path)


def test_builds_and_prunes_meet(store):
    stop = threading.Event()
    problems = []

    def prunes():
        while not stop.is_set():
            store.prune(everything=True)

    def builds(sharing):
        for number in range(60):
            with holds(store, "id", sharing) as path:
                mark = os.path.join(path, f"{threading.get_ident()}-{number}")
                with open(mark, "w"):
                    pass
                if not os.path.exists(mark):
                    problems.append(mark)

    threads = [threading.Thread(target=builds, args=(s,)) for s in ("shared", "locked", "private")]
    pruning = threading.Thread(target=prunes)
    pruning.start()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    stop.set()
    pruning.join()

    assert problems == []
    store.prune(everything=True)
    assert os.listdir(os.path.join(store.root, "cache-mounts")) == []
