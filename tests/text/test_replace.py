"""A file is replaced as a whole or not at all."""

from __future__ import annotations

import os
import stat
import sys
from pathlib import Path

import pytest

from dflint.errors import SourceError
from dflint.text.replace import FileChanged, replace_file


def test_content_is_replaced_and_the_mode_stays(tmp_path: Path) -> None:
    file = tmp_path / "Dockerfile"
    file.write_bytes(b"from a\n")
    file.chmod(0o754)

    replace_file(str(file), b"FROM a\n", b"from a\n")

    assert file.read_bytes() == b"FROM a\n"
    assert stat.S_IMODE(file.stat().st_mode) == 0o754
    assert os.listdir(tmp_path) == ["Dockerfile"]


@pytest.mark.skipif(not hasattr(os, "chown") or os.getuid() != 0, reason="only root gives away")
def test_owner_stays(tmp_path: Path) -> None:
    file = tmp_path / "Dockerfile"
    file.write_bytes(b"a")
    os.chown(file, 1234, 2345)

    replace_file(str(file), b"b", b"a")

    assert (file.stat().st_uid, file.stat().st_gid) == (1234, 2345)


@pytest.mark.skipif(sys.platform == "win32", reason="links need a privilege there")
def test_link_stays_a_link_and_its_target_is_written(tmp_path: Path) -> None:
    target = tmp_path / "real" / "Dockerfile"
    target.parent.mkdir()
    target.write_bytes(b"a")
    link = tmp_path / "link"
    link.symlink_to(Path("real") / "Dockerfile")

    replace_file(str(link), b"b", b"a")

    assert link.is_symlink()
    assert target.read_bytes() == b"b"
    assert os.listdir(target.parent) == ["Dockerfile"]


def test_file_that_changed_meanwhile_is_left_as_it_is(tmp_path: Path) -> None:
    file = tmp_path / "Dockerfile"
    file.write_bytes(b"saved by an editor")

    with pytest.raises(FileChanged):
        replace_file(str(file), b"new", b"old")

    assert file.read_bytes() == b"saved by an editor"
    assert os.listdir(tmp_path) == ["Dockerfile"]


def test_missing_file_is_an_error_and_is_not_made(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="no such file"):
        replace_file(str(tmp_path / "Dockerfile"), b"new", b"old")

    assert os.listdir(tmp_path) == []


def test_folder_is_no_file_to_write_to(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="expected a file"):
        replace_file(str(tmp_path), b"new", b"old")


@pytest.mark.skipif(
    not hasattr(os, "getuid") or os.getuid() == 0, reason="root may write everywhere"
)
def test_read_only_folder_is_named(tmp_path: Path) -> None:
    file = tmp_path / "Dockerfile"
    file.write_bytes(b"a")
    tmp_path.chmod(0o555)
    try:
        with pytest.raises(SourceError, match="no file can be made in"):
            replace_file(str(file), b"b", b"a")
    finally:
        tmp_path.chmod(0o755)

    assert file.read_bytes() == b"a"
