"""Folders whose directories lie in other parts of the disk."""

from __future__ import annotations

import os

from dflint.kernel.spreading import spread


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
