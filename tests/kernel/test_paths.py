"""Paths of a root that is not trusted lead nowhere else."""

from __future__ import annotations

import os

import pytest

from dflint.kernel.openat2 import open_in_root, resolve_in_root
from dflint.kernel.paths import open_or_make


@pytest.fixture
def root(tmp_path):
    place = tmp_path / "root"
    (place / "a/b").mkdir(parents=True)
    (place / "a/file").write_text("inside")
    (tmp_path / "file").write_text("outside")
    descriptor = os.open(place, os.O_PATH | os.O_DIRECTORY)
    yield place, descriptor
    os.close(descriptor)


def read(descriptor, path, **options):
    with open(open_in_root(descriptor, path, os.O_RDONLY, **options)) as opened:
        return opened.read()


@pytest.mark.parametrize("link", ["/a/file", "../../../../a/file", "a/b/../file", "a/../../a/file"])
def test_links_are_followed_inside(root, link):
    place, descriptor = root
    (place / "link").symlink_to(link)

    assert read(descriptor, "link") == "inside"
    assert read(descriptor, "/link") == "inside"
    assert resolve_in_root(descriptor, "link") == "a/file"


@pytest.mark.parametrize("path", ["../file", "/../file", "a/../../file", "up/file"])
def test_nothing_leads_out(root, path):
    place, descriptor = root
    (place / "up").symlink_to("..")

    with pytest.raises(FileNotFoundError):
        read(descriptor, path)


def test_links_can_be_refused(root):
    place, descriptor = root
    (place / "link").symlink_to("a")

    with pytest.raises(OSError, match="Too many levels"):
        read(descriptor, "link/file", follows_links=False)


def test_missing_names_stay(root):
    place, descriptor = root
    (place / "link").symlink_to("/gone/far")

    assert resolve_in_root(descriptor, "/link/x/../y") == "gone/far/y"
    assert resolve_in_root(descriptor, "/") == ""


def test_links_without_an_end_are_an_error(root):
    place, descriptor = root
    (place / "link").symlink_to("link")

    with pytest.raises(OSError, match="Too many levels"):
        resolve_in_root(descriptor, "link")


def test_what_is_missing_is_made_inside(root, tmp_path):
    place, descriptor = root
    (place / "link").symlink_to("../../gone")

    os.close(open_or_make(descriptor, "/link/x", is_directory=True))
    os.close(open_or_make(descriptor, "/link/y/z", is_directory=False))

    assert (place / "gone/x").is_dir()
    assert (place / "gone/y/z").read_bytes() == b""
    assert sorted(os.listdir(tmp_path)) == ["file", "root"]


@pytest.mark.parametrize("open_or_resolve", [open_in_root, resolve_in_root])
def test_a_path_with_a_nul_is_refused_instead_of_cut(tmp_path, open_or_resolve):
    (tmp_path / "a").touch()
    root = os.open(tmp_path, os.O_RDONLY)
    try:
        with pytest.raises(OSError, match="Invalid argument"):
            open_or_resolve(root, "a\0b")
    finally:
        os.close(root)
