from __future__ import annotations

import os
import sqlite3
import subprocess
import threading

import pytest

from dflint.content import ContentStore
from dflint.content.files import remove_tree, try_lock
from dflint.errors import BuildError
from tests.content.test_layers import add

root_only = pytest.mark.skipif(os.geteuid() != 0, reason="only root may do this")


def test_a_store_is_made_where_nothing_is(tmp_path):
    store = ContentStore(str(tmp_path / "a" / "b"))
    store.put_blob(b"x")

    again = ContentStore(str(tmp_path / "a" / "b"))

    assert again.disk_usage().blobs == 1
    assert os.stat(store.root).st_mode & 0o777 == 0o700


def test_a_folder_that_is_no_store_is_refused_and_left_alone(tmp_path):
    (tmp_path / "photos").mkdir()

    with pytest.raises(BuildError, match=r"is no store of dflint: .* found `photos`"):
        ContentStore(str(tmp_path))

    assert os.listdir(tmp_path) == ["photos"]


def test_a_file_is_no_store(tmp_path):
    (tmp_path / "f").write_text("")

    with pytest.raises(BuildError, match=f"`{tmp_path / 'f'}`: file exists"):
        ContentStore(str(tmp_path / "f"))


def test_a_newer_store_is_refused(store):
    connection = sqlite3.connect(os.path.join(store.root, "dflint.db"))
    connection.execute("PRAGMA user_version=99")
    connection.close()

    with pytest.raises(BuildError, match=r"is of version 99, .* expected 1"):
        ContentStore(store.root)


def test_tables_that_are_none_are_named(tmp_path):
    (tmp_path / "dflint.db").write_bytes(b"x" * 5000)

    with pytest.raises(BuildError, match=rf"store: `{tmp_path}/dflint.db`: file is not a database"):
        ContentStore(str(tmp_path))


def test_threads_share_a_store(store):
    problems = []

    def work(number):
        for step in range(20):
            key = f"{number}-{step}"
            id = add(store, text=key)
            store.add_record(key, (id,), key)
            if store.find_record(key).layers != (id,):
                problems.append(key)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert problems == []
    assert len(store.records()) == 80


@pytest.mark.skipif(not hasattr(os, "fork"), reason="the system has no fork")
def test_a_store_is_not_used_by_a_forked_process(store):
    child = os.fork()
    if child == 0:
        try:
            store.find_record("x")
        except BuildError as error:
            os._exit(0 if "was opened by another process" in str(error) else 2)
        os._exit(1)

    assert os.waitpid(child, 0)[1] == 0


@pytest.fixture
def small(tmp_path):
    """A file system of 2 MiB."""
    place = tmp_path / "small"
    place.mkdir()
    arguments = ["mount", "-t", "tmpfs", "-o", "size=2m", "dflint-test", str(place)]
    done = subprocess.run(arguments, capture_output=True, check=False)
    if done.returncode:
        pytest.skip(f"no file system can be mounted here: {done.stderr.decode().strip()}")
    yield place
    subprocess.run(["umount", "-l", str(place)], check=True)


def fill(path):
    """Take all the space there is."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT)
    try:
        with pytest.raises(OSError, match="No space left"):
            while True:
                os.write(descriptor, b"x" * 4096)
    finally:
        os.close(descriptor)


@root_only
def test_a_full_disk_is_named_and_the_store_lives_on(small):
    store = ContentStore(str(small / "store"))
    kept = store.put_blob(b"kept")

    with (
        pytest.raises(BuildError, match=r"`.*/ingest/.*`: no space left on device"),
        store.new_blob() as blob,
    ):
        while True:
            blob.write(b"x" * 100_000)

    assert store.read_blob(kept.digest) == b"kept"
    assert os.listdir(os.path.join(store.root, "ingest")) == []
    fill(small / "fill")
    with pytest.raises(BuildError, match=r"no space left|disk is full|disk I/O error"):
        for number in range(1000):
            store.add_record(str(number), (), "x" * 1000)
    os.unlink(small / "fill")
    store.add_record("again", (add(store),), "x")
    assert store.verify() == ()


@root_only
def test_a_disk_that_is_read_only_is_named(small):
    store = ContentStore(str(small / "store"))
    store.close()
    subprocess.run(["mount", "-o", "remount,ro", str(small)], check=True)

    with pytest.raises(BuildError, match=rf"`{small}/store.*`: .*(read-only|readonly)"):
        ContentStore(str(small / "store"))


@root_only
def test_everything_that_a_tree_may_hold_is_removed(tmp_path):
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "kept").write_text("")
    top = tmp_path / "top"
    top.mkdir()
    os.mknod(top / "whiteout", 0o020000, os.makedev(0, 0))
    os.link(top / "whiteout", top / "whiteout2")
    os.mkfifo(top / "fifo", 0)
    os.symlink(outside, top / "link")
    os.symlink("nowhere", top / "broken")
    closed = top / "closed"
    closed.mkdir()
    (closed / "f").write_text("")
    os.mkdir(os.fsencode(top) + b"/\xff\n")
    for path in (closed / "f", closed, top):
        os.chown(path, 4321, 4321)
    os.chmod(closed, 0)
    os.chmod(top, 0o1000)

    remove_tree(str(top))

    assert sorted(os.listdir(tmp_path)) == ["outside"]
    assert os.listdir(outside) == ["kept"]


def as_ordinary_user(function):
    """Run a function in a child process as `nobody`; its exit status."""
    child = os.fork()
    if child == 0:
        status = 1
        try:
            os.setgroups([])
            os.setgid(65534)
            os.setuid(65534)
            function()
            status = 0
        finally:
            os._exit(status)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


@root_only
def test_an_ordinary_user_removes_what_is_theirs_whatever_its_mode(tmp_path_factory):
    place = tmp_path_factory.mktemp("user")
    for each in (place, *place.parents):
        if each.name.startswith(("pytest-", "popen-", "user")):
            each.chmod(0o755)
    top = place / "top"
    os.chmod(place, 0o777)

    def work():
        path = str(top)
        for _ in range(3):
            os.mkdir(path)
            with open(path + "/f", "w"):
                pass
            path += "/d"
        for below in (top / "d" / "d", top / "d", top):
            os.chmod(below, 0)
        remove_tree(str(top))

    assert as_ordinary_user(work) == 0
    assert not top.exists()


@root_only
def test_what_may_not_be_removed_is_named(tmp_path_factory):
    place = tmp_path_factory.mktemp("user")
    for each in (place, *place.parents):
        if each.name.startswith(("pytest-", "popen-", "user")):
            each.chmod(0o755)
    (place / "top").mkdir()

    def work():
        with pytest.raises(BuildError, match=r"`.*/top`: permission denied"):
            remove_tree(str(place / "top"))

    assert as_ordinary_user(work) == 0
    assert (place / "top").is_dir()


def test_a_tree_of_any_depth_is_removed(tmp_path):
    top = tmp_path / "top"
    top.mkdir()
    here = os.open(top, os.O_RDONLY)
    for _ in range(3000):
        os.mkdir("d", dir_fd=here)
        below = os.open("d", os.O_RDONLY, dir_fd=here)
        os.close(here)
        here = below
    os.close(here)

    remove_tree(str(top))

    assert os.listdir(tmp_path) == []


def test_removing_nothing_or_a_link_is_no_error(tmp_path):
    (tmp_path / "kept").mkdir()
    os.symlink("kept", tmp_path / "link")

    remove_tree(str(tmp_path / "none"))
    remove_tree(str(tmp_path / "link"))

    assert os.listdir(tmp_path) == ["kept"]


def test_a_lock_goes_with_its_file(tmp_path):
    path = str(tmp_path / "lock")
    first = try_lock(path)
    assert first is not None and try_lock(path) is None
    first.remove()

    assert try_lock(path, creates=False) is None
    second = try_lock(path)

    assert second is not None
    second.share()
    assert try_lock(path) is None
    assert try_lock(path, is_shared=True) is not None
