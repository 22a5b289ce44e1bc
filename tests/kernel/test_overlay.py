"""Overlay mounts: however many layers, and by both ways of mounting."""

from __future__ import annotations

import os

import pytest

from dflint.errors import BuildError
from dflint.kernel import overlay
from dflint.kernel.mounts import unmount


@pytest.fixture
def folders(mount_namespace, tmp_path):
    """Long names, of which few fit into the options of mount(2)."""
    made = []
    for number in range(120):
        folder = tmp_path / f"layer-{'x' * 100}-{number}"
        folder.mkdir()
        (folder / str(number)).touch()
        (folder / "top").write_text(str(number))
        made.append(str(folder))
    return made


def upper_and_work(tmp_path):
    for name in ("upper", "work", "root"):
        (tmp_path / name).mkdir()
    return str(tmp_path / "upper"), str(tmp_path / "work"), str(tmp_path / "root")


def mounted(folders, tmp_path):
    upper, work, root = upper_and_work(tmp_path)
    try:
        overlay.mount_overlay(folders, root, upper, work)
    except OSError as error:
        pytest.skip(f"overlayfs does not work on the disk of the tests: {error}")
    return root


def look(root, tmp_path):
    """What is seen, and where a change goes; unmounts."""
    try:
        with open(f"{root}/top") as opened:
            seen = (len(os.listdir(root)), opened.read())
        with open(f"{root}/new", "w"):
            pass
    finally:
        unmount(root)
    return *seen, os.listdir(tmp_path / "upper")


def test_many_layers_by_descriptors(folders, tmp_path):
    assert look(mounted(folders, tmp_path), tmp_path) == (121, "0", ["new"])


def test_many_layers_by_options(folders, tmp_path, monkeypatch):
    def refuse(*_, **__):
        raise OSError(38, "Function not implemented")

    monkeypatch.setattr(overlay, "_mount_by_descriptor", refuse)
    here = os.getcwd()

    assert look(mounted(folders, tmp_path), tmp_path) == (121, "0", ["new"])
    assert os.getcwd() == here


def test_more_layers_than_the_kernel_takes_are_an_error(tmp_path):
    with pytest.raises(BuildError, match="501 layers are to be laid over each other, at most 500"):
        overlay.mount_overlay(["/"] * 501, str(tmp_path))


def test_what_the_kernel_refuses_is_named(mount_namespace, tmp_path):
    _, _, root = upper_and_work(tmp_path)

    with pytest.raises(OSError, match=r"overlay option lowerdir|No such file"):
        overlay.mount_overlay([str(tmp_path / "none"), str(tmp_path)], root)
