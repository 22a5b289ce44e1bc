"""Folders whose directories lie in other parts of the disk."""

from __future__ import annotations

import fcntl
import os
import struct
import subprocess

import pytest

from dflint.content import ContentStore
from dflint.kernel.spreading import spread


@pytest.fixture
def on_ext4(tmp_path):
    if subprocess.check_output(["stat", "-f", "-c", "%T", tmp_path], text=True) != "ext2/ext3\n":
        pytest.skip("only ext4 knows such folders")


@pytest.mark.usefixtures("on_ext4")
def test_ext4_is_told_to_spread_what_is_made_in_a_folder(tmp_path):
    spread(str(tmp_path))
    (tmp_path / "made").mkdir()

    assert is_top(tmp_path)
    assert not is_top(tmp_path / "made")


@pytest.mark.usefixtures("on_ext4")
def test_each_layer_of_a_store_is_in_another_part(tmp_path):
    store = ContentStore(str(tmp_path / "store"))
    with store.new_layer() as draft:
        assert is_top(os.path.dirname(draft.path))
        assert not is_top(draft.path)
    store.close()


def is_top(folder):
    """Whether a folder has ext4's flag for the top of a hierarchy (chattr(1), `T`)."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        (flags,) = struct.unpack("=I4x", fcntl.ioctl(descriptor, 0x80086601, bytes(8)))
    finally:
        os.close(descriptor)
    return bool(flags & 0x20000)


def test_a_folder_is_as_before_whatever_its_disk_can(tmp_path):
    tmp_path.chmod(0o700)
    spread(str(tmp_path))
    os.mkdir(tmp_path / "made", 0o700)

    assert oct(tmp_path.stat().st_mode & 0o7777) == "0o700"
    assert os.listdir(tmp_path) == ["made"]


def test_where_no_such_thing_is_known_nothing_is_done(tmp_path):
    spread("/proc/self")
    spread(str(tmp_path / "missing"))
    assert os.listdir(tmp_path) == []
