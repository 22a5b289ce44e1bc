"""Hostile archives by each of the ways that one is taken: they are refused, or stay inside."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import os
import resource
import subprocess
import tempfile
from pathlib import Path

import pytest

from dflint.content import ContentStore
from dflint.content.archive_reader import read_archive
from dflint.content.files import remove_tree
from dflint.content.load import load_stream
from dflint.errors import BuildError
from dflint.files.limits import Limits
from dflint.files.unpacking import unpack as add
from dflint.layer import apply_tar, decompress
from dflint.sources.archive import unpack as take_context
from tests.layer.hostile import NAMES, archives, entry, tar


def as_layer(data, place):
    """As a layer of an image."""
    tree = place / "tree"
    tree.mkdir()
    apply_tar(decompress(io.BytesIO(data)), str(tree), [])


def as_layer_over_another(data, place):
    """As a layer over one that has links where it has directories."""
    lower = place / "lower"
    (lower / "d").mkdir(parents=True)
    for name in ("l", "a", "n"):
        os.symlink("../outside", lower / name)
    tree = place / "tree"
    tree.mkdir()
    apply_tar(decompress(io.BytesIO(data)), str(tree), [str(lower)])


def as_added(data, place):
    """As what ADD unpacks."""
    folder = place / "added"
    folder.mkdir()
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        add(io.BytesIO(data), descriptor, None, Limits())
    finally:
        os.close(descriptor)


def as_context(data, place):
    """As a build context from standard input or a web server."""
    folder = place / "context"
    folder.mkdir()
    take_context(io.BytesIO(data), str(folder))


def as_images(data, place):
    """As what `dflint load` takes."""
    store = ContentStore(str(place / "store"))
    try:
        load_stream(store, io.BytesIO(data), "archive")
    finally:
        store.close()


#: How long a file may become in a test, and what all of one archive may take on disk.
LONGEST, MOST = 2 << 30, 64 << 20


def load_archive(data, place, limit):
    """As what `dflint load` takes, of at most so many bytes."""
    store = ContentStore(str(place))
    try:
        read_archive(store, io.BytesIO(data), "archive", limit)
    finally:
        store.close()


WAYS = (as_layer, as_layer_over_another, as_added, as_context, as_images)


@pytest.fixture
def place():
    """A folder of the test's own, in memory where there is one: stores sync a lot."""
    memory = "/dev/shm"
    made = tempfile.mkdtemp(dir=memory if os.access(memory, os.W_OK) else None)
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (LONGEST, before[1]))
    yield Path(made)
    resource.setrlimit(resource.RLIMIT_FSIZE, before)
    remove_tree(made)


def used(place):
    """The bytes that a folder takes on disk; holes take none."""
    found = subprocess.run(["du", "-s", "-B1", place], stdout=subprocess.PIPE, check=True)
    return int(found.stdout.split()[0])


@pytest.fixture(scope="module")
def outside(tmp_path_factory):
    """A folder that no archive may change, with a file `canary`."""
    place = tmp_path_factory.mktemp("outside")
    (place / "canary").write_text("untouched")
    return place


def listed(place):
    """All that is in a folder, with modes, owners and content."""
    found = {}
    for folder, folders, files in os.walk(place):
        for name in (*folders, *files, "."):
            path = os.path.join(folder, name)
            status = os.lstat(path)
            content = b""
            if name in files:
                with open(path, "rb") as file:
                    content = file.read()
            found[path] = (status.st_mode, status.st_uid, status.st_nlink, content)
    return found


@pytest.mark.parametrize("way", WAYS, ids=[one.__name__ for one in WAYS])
@pytest.mark.parametrize("name", NAMES)
def test_nothing_outside_changes(place, outside, way, name):
    before = listed(outside)

    try:
        way(archives(str(outside / "canary"))[name], place)
    except BuildError as error:
        assert 0 < len(str(error)) < 20_000

    assert listed(outside) == before
    assert set(os.listdir(place)) <= {"tree", "lower", "added", "context", "store"}
    assert used(place) < MOST


@pytest.mark.parametrize("way", WAYS, ids=[one.__name__ for one in WAYS])
@pytest.mark.parametrize("pack", [gzip.compress, bz2.compress, lzma.compress])
def test_streams_that_are_cut_off(place, way, pack):
    data = pack(tar(entry("a", data=os.urandom(5000)), entry("b", data=b"x")))

    with pytest.raises(BuildError):
        way(data[: len(data) // 2], place)


@pytest.mark.parametrize("pack", [gzip.compress, bz2.compress, lzma.compress])
def test_a_bomb_ends_at_the_limit(tmp_path, pack):
    """A gigabyte of zeros in a few bytes: what it may become is said beforehand."""
    data = pack(tar(entry("bomb", data=bytes(1 << 24))))
    assert len(data) < 1 << 16
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss

    for limited in (
        lambda: apply_tar(decompress(io.BytesIO(data)), str(tmp_path), [], limit=1 << 20),
        lambda: add(io.BytesIO(data), os.open(tmp_path, os.O_RDONLY), None, Limits(size=1 << 20)),
        lambda: take_context(io.BytesIO(data), str(tmp_path), 1 << 20),
        lambda: load_archive(data, tmp_path / "store", 1 << 20),
    ):
        with pytest.raises(BuildError):
            limited()

    assert sum(os.lstat(tmp_path / one).st_size for one in os.listdir(tmp_path)) <= 1 << 21
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 200_000
