"""Exporters of file systems: `type=tar` and `type=local`."""

from __future__ import annotations

import io
import os
import stat
import tarfile
from types import SimpleNamespace

import pytest

from dflint.build.exporter.file_system import LayerFileSystem, export_local, export_tar
from dflint.build.request import Output
from dflint.errors import BuildError
from dflint.oci.platform import Platform

AMD64, ARM = Platform("linux", "amd64"), Platform("linux", "arm", "v7")


class Tree:
    """The file system that a directory is."""

    def __init__(self, path, platform=AMD64):
        self.path = os.fsencode(path)
        self.platform = platform

    def entries(self):
        found = []
        for folder, folders, files in os.walk(self.path):
            for name in [*folders, *files]:
                path = os.path.join(folder, name)
                status = os.lstat(path)
                entry = SimpleNamespace(path=path, status=status)
                found.append((os.path.relpath(path, self.path), entry))
        return sorted(found, key=lambda one: one[0])

    def write_tar(self, out, prefix, epoch):
        data = io.BytesIO()
        with tarfile.open(fileobj=data, mode="w") as archive:
            for name, entry in self.entries():
                header = archive.gettarinfo(os.fsdecode(entry.path), (prefix + name).decode())
                header.mtime = header.mtime if epoch is None else epoch
                with open(os.devnull if not header.isreg() else entry.path, "rb") as file:
                    archive.addfile(header, file)
        # `tarfile` fills the end up to 10 KiB.
        body = data.getvalue().rstrip(b"\0")
        body += bytes(-len(body) % 512 + 1024)
        for at in range(0, len(body), 700):
            out.write(memoryview(body)[at : at + 700])


@pytest.fixture
def tree(tmp_path):
    place = tmp_path / "tree"
    (place / "d" / "e").mkdir(parents=True)
    (place / "d" / "e" / "f").write_text("content\n")
    (place / "d" / "e" / "f").chmod(0o4750)
    os.utime(place / "d" / "e" / "f", (1000, 1000))
    (place / "d" / "l").symlink_to("/etc/passwd")
    os.link(place / "d" / "e" / "f", place / "d" / "hard")
    os.utime(place / "d", (2000, 2000))
    (place / "d" / "e").chmod(0o555)
    yield place
    (place / "d" / "e").chmod(0o755)


def listed(data):
    with tarfile.open(fileobj=io.BytesIO(data)) as archive:
        return [(one.name, one.mtime) for one in archive]


def local(place):
    return Output("local", str(place))


def test_a_tar_is_the_file_system(tree, tmp_path):
    export_tar([Tree(tree)], Output("tar", str(tmp_path / "x.tar")), epoch=1500)

    data = (tmp_path / "x.tar").read_bytes()
    assert listed(data)[0] == ("d", 1500)
    assert ("d/e/f", 1500) in listed(data)
    assert data.endswith(bytes(1024))


def test_several_platforms_have_folders_in_one_tar(tree, tmp_path):
    export_tar([Tree(tree), Tree(tree, ARM)], Output("tar", str(tmp_path / "x.tar")))

    names = [name for name, _ in listed((tmp_path / "x.tar").read_bytes())]
    below = ["d", "d/e", "d/e/f", "d/hard", "d/l"]
    assert names == [
        "linux_amd64", *(f"linux_amd64/{name}" for name in below),
        "linux_arm_v7", *(f"linux_arm_v7/{name}" for name in below),
    ]  # fmt: skip


def test_a_tar_that_has_no_end_is_none(tmp_path):
    broken = SimpleNamespace(
        platform=AMD64, write_tar=lambda out, prefix, epoch: out.write(b"x" * 2048)
    )

    with pytest.raises(BuildError, match="two blocks of zeros"):
        export_tar([broken], Output("tar", str(tmp_path / "x.tar")))
    assert list(tmp_path.iterdir()) == []


def test_a_directory_has_modes_times_and_links(tree, tmp_path):
    export_local([Tree(tree)], local(tmp_path / "out"))

    out = tmp_path / "out"
    status = (out / "d/e/f").stat()
    assert stat.S_IMODE(status.st_mode) == 0o4750
    assert status.st_mtime == 1000
    assert status.st_ino == (out / "d/hard").stat().st_ino
    assert (out / "d").stat().st_mtime == 2000
    assert stat.S_IMODE((out / "d/e").stat().st_mode) == 0o555
    assert os.readlink(out / "d/l") == "/etc/passwd"
    assert sorted(one.name for one in tmp_path.iterdir()) == ["out", "tree"]


def test_a_directory_has_extended_attributes(tree, tmp_path):
    try:
        os.setxattr(tree / "d", "user.note", b"of a folder")
        os.setxattr(tree / "d/e/f", "user.note", b"of a file")
    except OSError as error:
        pytest.skip(f"no extended attributes here: {error}")
    if os.geteuid() == 0:
        os.setxattr(tree / "d/e/f", "security.capability", b"\1\0\0\2\0\4" + bytes(14))

    export_local([Tree(tree)], local(tmp_path / "out"))

    out = tmp_path / "out"
    assert os.getxattr(out / "d", "user.note") == b"of a folder"
    assert os.getxattr(out / "d/e/f", "user.note") == b"of a file"
    assert os.listxattr(out / "d/e/f") == ["user.note"]


def test_all_times_are_the_epoch(tree, tmp_path):
    export_local([Tree(tree)], local(tmp_path / "out"), epoch=1500)

    assert (tmp_path / "out/d").stat().st_mtime == 1500
    assert (tmp_path / "out/d/e/f").stat().st_mtime == 1500


def test_what_is_there_stays_or_is_replaced(tree, tmp_path):
    out = tmp_path / "out"
    (out / "d" / "l").mkdir(parents=True)
    (out / "d" / "l" / "old").write_text("old")
    (out / "d" / "e").write_text("a file in the way")
    (out / "keep").write_text("keep")

    export_local([Tree(tree)], local(out))

    assert (out / "keep").read_text() == "keep"
    assert (out / "d/e/f").read_text() == "content\n"
    assert (out / "d/l").is_symlink()


def test_links_of_the_destination_are_not_followed(tree, tmp_path):
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    out = tmp_path / "out"
    out.mkdir()
    (out / "d").symlink_to(elsewhere)

    export_local([Tree(tree)], local(out))

    assert list(elsewhere.iterdir()) == []
    assert (out / "d/e/f").is_file()


def test_platforms_have_folders_where_there_are_several_or_it_is_wanted(tree, tmp_path):
    export_local([Tree(tree), Tree(tree, ARM)], local(tmp_path / "two"))
    output = Output("local", str(tmp_path / "one"), platform_split=True)
    export_local([Tree(tree)], output)

    assert sorted(one.name for one in (tmp_path / "two").iterdir()) == [
        "linux_amd64", "linux_arm_v7",
    ]  # fmt: skip
    assert (tmp_path / "one/linux_amd64").stat().st_mtime == 0
    assert (tmp_path / "one/linux_amd64/d/e/f").is_file()


def test_platforms_that_are_not_kept_apart_must_not_overwrite(tree, tmp_path):
    output = Output("local", str(tmp_path / "out"), platform_split=False)

    with pytest.raises(BuildError, match="cannot overwrite `d/e/f` of linux/amd64 with that"):
        export_local([Tree(tree), Tree(tree, ARM)], output)
    assert not (tmp_path / "out").exists()


class Failing(Tree):
    """A file system of which one file is gone."""

    def entries(self):
        *entries, (name, entry) = super().entries()
        return [*entries, (name, SimpleNamespace(path=b"/gone/away", status=entry.status))]


def test_a_failed_export_leaves_no_directory(tree, tmp_path):
    with pytest.raises(BuildError, match="cannot write to"):
        export_local([Failing(tree)], local(tmp_path / "out"))

    assert [one.name for one in tmp_path.iterdir()] == ["tree"]


def test_a_failed_export_leaves_no_half_written_file(tree, tmp_path):
    out = tmp_path / "out"
    out.mkdir()
    (out / "keep").write_text("keep")

    with pytest.raises(BuildError):
        export_local([Failing(tree)], local(out))

    assert (out / "keep").read_text() == "keep"
    assert not [name for _, _, names in os.walk(out) for name in names if name.startswith(".")]


@pytest.fixture
def layers(tree, tmp_path):
    """Layer trees: the one below, and one that adds a file to a directory of it."""
    upper = tmp_path / "upper"
    (upper / "d").mkdir(parents=True)
    (upper / "d" / "new").write_text("new\n")
    return str(tree), str(upper)


def test_layers_make_one_tar_with_folders_for_platforms(layers, tmp_path):
    systems = [LayerFileSystem(AMD64, layers), LayerFileSystem(ARM, layers)]

    export_tar(systems, Output("tar", str(tmp_path / "x.tar")), epoch=77)

    data = (tmp_path / "x.tar").read_bytes()
    with tarfile.open(fileobj=io.BytesIO(data)) as archive:
        members = archive.getmembers()
        below = ["d", "d/e", "d/e/f", "d/hard", "d/l", "d/new"]
        assert [one.name for one in members] == [
            "linux_amd64", *(f"linux_amd64/{name}" for name in below),
            "linux_arm_v7", *(f"linux_arm_v7/{name}" for name in below),
        ]  # fmt: skip
        assert {one.mtime for one in members if "/" in one.name} == {77}
        hard = archive.getmember("linux_arm_v7/d/hard")
        assert hard.linkname == "linux_arm_v7/d/e/f"
        assert archive.extractfile("linux_arm_v7/d/new").read() == b"new\n"
    assert len(data) % 512 == 0


def test_layers_make_one_directory(layers, tmp_path):
    export_local([LayerFileSystem(AMD64, layers)], local(tmp_path / "out"))

    assert (tmp_path / "out/d/new").read_text() == "new\n"
    assert (tmp_path / "out/d/e/f").read_text() == "content\n"
