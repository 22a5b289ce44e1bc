"""A file is replaced as a whole or not at all."""

from __future__ import annotations

import os
import stat
import sys
from pathlib import Path

import pytest

from dflint.errors import SourceError
from dflint.text.replace import FileChanged, Replacer, replace_file


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


def test_files_of_several_folders_are_replaced_and_nothing_is_left(tmp_path: Path) -> None:
    names = ("a/1", "a/2", "b/1", "a/3")
    for name in names:
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(b"old")

    replacer = Replacer()
    for name in names:
        replacer.replace(str(tmp_path / name), name.encode(), b"old")
    replacer.close()

    assert [(tmp_path / name).read_bytes() for name in names] == [name.encode() for name in names]
    assert sorted(os.listdir(tmp_path / "a")) == ["1", "2", "3"]
    assert os.listdir(tmp_path / "b") == ["1"]


def test_files_of_one_folder_share_the_place_of_new_ones(tmp_path: Path) -> None:
    for name in "ab":
        (tmp_path / name).write_bytes(b"old")
    replacer = Replacer()
    places = []
    for name in "ab":
        replacer.replace(str(tmp_path / name), b"new", b"old")
        places += sorted(set(os.listdir(tmp_path)) - {"a", "b"})
    replacer.close()

    assert len(places) == 2
    assert places[0] == places[1]
    assert sorted(os.listdir(tmp_path)) == ["a", "b"]


@pytest.mark.parametrize("wrong", ["changed", "missing", "folder"])
def test_after_a_file_that_is_left_the_next_is_replaced(tmp_path: Path, wrong: str) -> None:
    for name in ("first", "changed", "last"):
        (tmp_path / name).write_bytes(b"old" if name != "changed" else b"saved")
    (tmp_path / "folder").mkdir()
    replacer = Replacer()
    replacer.replace(str(tmp_path / "first"), b"new", b"old")

    with pytest.raises(SourceError):
        replacer.replace(str(tmp_path / wrong), b"new", b"old")

    replacer.replace(str(tmp_path / "last"), b"new", b"old")
    replacer.close()
    assert [(tmp_path / name).read_bytes() for name in ("first", "changed", "last")] == [
        b"new", b"saved", b"new",
    ]  # fmt: skip
    assert sorted(os.listdir(tmp_path)) == ["changed", "first", "folder", "last"]


def test_place_that_somebody_removes_is_made_anew(tmp_path: Path) -> None:
    for name in "abc":
        (tmp_path / name).write_bytes(b"old")
    replacer = Replacer()
    replacer.replace(str(tmp_path / "a"), b"new", b"old")
    (place,) = set(os.listdir(tmp_path)) - {"a", "b", "c"}
    (tmp_path / place).rmdir()

    with pytest.raises(SourceError, match="cannot be replaced"):
        replacer.replace(str(tmp_path / "b"), b"new", b"old")
    replacer.replace(str(tmp_path / "c"), b"new", b"old")
    replacer.close()

    assert [(tmp_path / name).read_bytes() for name in "abc"] == [b"new", b"old", b"new"]
    assert sorted(os.listdir(tmp_path)) == ["a", "b", "c"]
