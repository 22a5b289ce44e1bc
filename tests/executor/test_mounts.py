"""Mounts of a step: where they are made, and what they leave behind."""

from __future__ import annotations

import os
import socket
import stat

import pytest

from dflint.errors import BuildError
from dflint.executor.process import BindMount, FileMount, TmpfsMount
from tests.running import run


@pytest.fixture
def source(tmp_path):
    place = tmp_path / "source"
    place.mkdir()
    (place / "file").write_text("text\n")
    return place


def names(root):
    return {*os.listdir(root)} - {"dev", "proc", "sys"}


def test_a_directory_is_mounted_for_writing(namespaces, root, source):
    before = names(root)

    ran = run(
        namespaces, root, "cat /x/y/file; touch /x/y/new", mounts=(BindMount(str(source), "/x/y"),)
    )

    assert ran.stdout == "text\n"
    assert (source / "new").exists()
    assert names(root) == before


def test_what_is_written_beside_a_mount_stays(namespaces, root, source):
    run(namespaces, root, "touch /x/z", mounts=(BindMount(str(source), "/x/y"),))

    assert os.listdir(root / "x") == ["z"]


def test_a_read_only_directory_is_not_written(namespaces, root, source):
    mounts = (BindMount(str(source), "/x", is_read_only=True),)

    ran = run(namespaces, root, "touch /x/new; mount -o remount,rw /x; touch /x/new", mounts=mounts)

    assert ran.status == 1
    assert os.listdir(source) == ["file"]


def test_a_file_is_mounted(namespaces, root, source):
    before = names(root)
    mounts = (BindMount(str(source / "file"), "/q/f", is_read_only=True),)

    assert run(namespaces, root, "cat /q/f", mounts=mounts).stdout == "text\n"
    assert names(root) == before


def test_a_path_inside_a_source_stays_inside_it(namespaces, root, source):
    (source / "link").symlink_to("/file")
    (source / "up").symlink_to("../../../../../etc/hostname")

    inside = BindMount(str(source), "/q", path="link")
    outside = BindMount(str(source), "/q", path="up")

    assert run(namespaces, root, "cat /q", mounts=(inside,)).stdout == "text\n"
    with pytest.raises(BuildError):
        run(namespaces, root, "cat /q", mounts=(outside,))


def test_a_missing_source_is_an_error(namespaces, root, tmp_path):
    with pytest.raises(BuildError, match="No such file"):
        run(namespaces, root, "true", mounts=(BindMount(str(tmp_path / "none"), "/q"),))


def test_a_socket_is_mounted(namespaces, root, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with socket.socket(socket.AF_UNIX) as server:
        server.bind("agent")
        mounts = (BindMount(str(tmp_path / "agent"), "/run/agent.0"),)

        ran = run(namespaces, root, "test -S /run/agent.0 && echo socket", mounts=mounts)

    assert ran.stdout == "socket\n"
    assert not (root / "run").exists()


def test_memory_is_mounted(namespaces, root):
    before = names(root)
    mounts = (TmpfsMount("/t/u", size=1 << 20, mode=0o700),)

    ran = run(
        namespaces, root, "grep /t/u /proc/mounts; touch /t/u/f; stat -c %a /t/u", mounts=mounts
    )

    assert "tmpfs /t/u tmpfs rw,nosuid,nodev,relatime,size=1024k,mode=700" in ran.stdout
    assert ran.stdout.splitlines()[-1] == "700"
    assert names(root) == before


def test_a_secret_is_in_memory_and_read_only(namespaces, root, tmp_path):
    before = names(root)
    (tmp_path / "token").write_text("SECRET")
    mounts = (
        FileMount("/run/secrets/a", b"bytes\n"),
        FileMount("/s/b", source=str(tmp_path / "token"), uid=5, gid=60, mode=0o440),
    )

    ran = run(
        namespaces,
        root,
        "cat /run/secrets/a /s/b; echo; stat -c '%u:%g %a' /run/secrets/a /s/b; echo x > /s/b;"
        "grep /s/b /proc/mounts",
        mounts=mounts,
    )

    lines = ran.stdout.splitlines()
    assert lines[:4] == ["bytes", "SECRET", "0:0 400", "5:60 440"]
    assert lines[4].startswith("tmpfs /s/b tmpfs ro,nosuid,nodev,noexec")
    assert "Read-only file system" in ran.stderr
    assert names(root) == before


def test_a_secret_may_lie_over_a_file(namespaces, root):
    before = (root / "etc/passwd").read_text()

    ran = run(namespaces, root, "cat /etc/passwd", mounts=(FileMount("/etc/passwd", b"hidden\n"),))

    assert ran.stdout == "hidden\n"
    assert (root / "etc/passwd").read_text() == before


def test_a_secret_too_large_or_missing_is_an_error(namespaces, root, tmp_path):
    (tmp_path / "large").write_bytes(bytes(600_000))

    with pytest.raises(BuildError, match="larger than the 512000 bytes"):
        run(namespaces, root, "true", mounts=(FileMount("/s", source=str(tmp_path / "large")),))
    with pytest.raises(BuildError, match="cannot read"):
        run(namespaces, root, "true", mounts=(FileMount("/s", source=str(tmp_path / "none")),))


def test_links_of_the_root_lead_to_the_root_only(namespaces, root, source, tmp_path):
    outside = tmp_path / "outside"
    outside.mkdir()
    (root / "absolute").symlink_to(outside)
    (root / "relative").symlink_to("../../../../.." + str(outside))
    mounts = (BindMount(str(source), "/absolute/a"), BindMount(str(source), "/relative/b"))

    ran = run(namespaces, root, "cat /absolute/a/file /relative/b/file", mounts=mounts)

    assert ran.stdout == "text\ntext\n"
    assert os.listdir(outside) == []
    assert not (root / str(outside).lstrip("/")).exists()


def test_a_dangling_link_becomes_the_directory_it_names_for_a_while(namespaces, root, source):
    (root / "link").symlink_to("/gone/far")

    ran = run(namespaces, root, "cat /gone/far/file", mounts=(BindMount(str(source), "/link"),))

    assert ran.stdout == "text\n"
    assert not (root / "gone").exists()
    assert (root / "link").is_symlink()


def test_mounts_lie_in_mounts(namespaces, root, source, tmp_path):
    (tmp_path / "other").mkdir()
    mounts = (
        BindMount(str(source), "/k/a"),
        BindMount(str(tmp_path / "other"), "/k/a/b"),
        TmpfsMount("/k/c"),
    )

    run(namespaces, root, "mkdir /k/w; touch /k/a/1 /k/a/b/2", mounts=mounts)

    assert os.listdir(root / "k") == ["w"]
    assert sorted(os.listdir(source)) == ["1", "b", "file"]
    assert os.listdir(tmp_path / "other") == ["2"]


def test_a_mount_point_that_was_there_stays(namespaces, root, source):
    (root / "empty").mkdir(0o700)

    run(namespaces, root, "true", mounts=(BindMount(str(source), "/empty"),))

    assert stat.S_IMODE(os.stat(root / "empty").st_mode) == 0o700


def test_a_file_of_another_size_in_a_mount_points_place_stays(namespaces, root):
    mounts = (FileMount("/s/t", b"x"),)

    run(namespaces, root, "echo long > /s/u; touch /s/v", mounts=mounts)

    assert sorted(os.listdir(root / "s")) == ["u", "v"]
