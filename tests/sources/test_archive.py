"""Contexts given as archives: what they become, and what is refused."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import os
import stat
import tarfile

import pytest

from dflint.errors import BuildError
from dflint.sources.archive import look_at, unpack
from dflint.sources.loading import load_stream

needs_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root gives files away")


def entry(name, content="", **values):
    info = tarfile.TarInfo(name)
    data = content.encode()
    info.size = len(data)
    for key, value in values.items():
        setattr(info, key, value)
    return info, data


def tar(*entries, format=tarfile.PAX_FORMAT):
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=format) as archive:
        for one in entries:
            info, data = one if isinstance(one[0], tarfile.TarInfo) else entry(*one)
            archive.addfile(info, io.BytesIO(data))
    return out.getvalue()


def link(name, target):
    return entry(name, type=tarfile.SYMTYPE, linkname=target)


def hard(name, target):
    return entry(name, type=tarfile.LNKTYPE, linkname=target)


def folder(name, **values):
    return entry(name, type=tarfile.DIRTYPE, **values)


def unpacked(tmp_path, data, **values):
    place = tmp_path / "in"
    place.mkdir()
    unpack(io.BytesIO(data), str(place), **values)
    return place


def zstd(data):
    return pytest.importorskip("zstandard").compress(data)


@pytest.mark.parametrize(
    "pack",
    [bytes, gzip.compress, bz2.compress, lzma.compress, zstd],
    ids=["none", "gzip", "bzip2", "xz", "zstd"],
)
def test_compressions(tmp_path, pack):
    data = pack(tar(("a/b", "content")))
    place = unpacked(tmp_path, data)

    assert look_at(io.BytesIO(data)).is_archive
    assert (place / "a" / "b").read_text() == "content"


def test_members_behind_one_another(tmp_path):
    data = tar(("a", "content" * 10_000))
    place = unpacked(tmp_path, gzip.compress(data[:700]) + gzip.compress(data[700:]) + b"\0" * 99)

    assert (place / "a").read_text() == "content" * 10_000


def test_modes_and_times(tmp_path):
    place = unpacked(
        tmp_path,
        tar(
            folder("d", mode=0o700, mtime=5),
            entry("d/f", "x", mode=0o4751, mtime=1.5),
            link("l", "/etc/passwd"),
            folder("ro", mode=0o500),
            entry("ro/f", "x"),
            hard("h", "d/f"),
        ),
    )

    assert stat.S_IMODE((place / "d").stat().st_mode) == 0o700
    assert (place / "d").stat().st_mtime == 5
    assert stat.S_IMODE((place / "d" / "f").stat().st_mode) == 0o4751
    assert (place / "d" / "f").stat().st_mtime == 1.5
    assert os.readlink(place / "l") == "/etc/passwd"
    assert (place / "h").samefile(place / "d" / "f")
    (place / "ro").chmod(0o700)


@needs_root
def test_owners_and_devices(tmp_path):
    place = unpacked(
        tmp_path,
        tar(
            entry("f", "x", uid=1000, gid=1001),
            entry("l", type=tarfile.SYMTYPE, linkname="f", uid=7),
            entry("p", type=tarfile.FIFOTYPE, mode=0o640),
        ),
    )

    assert (os.stat(place / "f").st_uid, os.stat(place / "f").st_gid) == (1000, 1001)
    assert os.lstat(place / "l").st_uid == 7
    assert stat.S_ISFIFO(os.lstat(place / "p").st_mode)


def test_later_entries_take_the_place_of_earlier_ones(tmp_path):
    place = unpacked(
        tmp_path, tar(("a", "1"), ("a", "2"), ("b/c", "x"), ("b", "file"), ("d", "x"), folder("d"))
    )

    assert (place / "a").read_text() == "2"
    assert (place / "b").read_text() == "file"
    assert (place / "d").is_dir()


@pytest.mark.parametrize(
    ("entries", "expected"),
    [
        ([("../x", "x")], "names a place outside"),
        ([("a/../../x", "x")], "names a place outside"),
        ([hard("x", "../../etc/passwd")], "names a place outside"),
        ([("a", "x"), ("a/b", "x")], "'a' is no directory"),
        ([link("a", "b"), link("b", "a"), ("a/x", "x")], "too many links"),
        ([hard("a", "missing")], "no such file"),
        ([("a/..", "x")], "invalid name"),
        ([("x" * 300, "x")], "file name too long"),
    ],
)
def test_archives_that_are_refused(tmp_path, entries, expected):
    with pytest.raises(BuildError, match=expected):
        unpacked(tmp_path, tar(*entries))
    assert os.listdir(tmp_path) == ["in"]


def test_links_are_followed_inside_only(tmp_path):
    (tmp_path / "out").mkdir()
    place = unpacked(
        tmp_path,
        tar(
            link("up", "../../out"),
            ("up/a", "x"),
            link("absolute", str(tmp_path / "out")),
            ("absolute/b", "x"),
            link("file", "/etc/passwd"),
            ("file", "mine"),
        ),
    )

    assert os.listdir(tmp_path / "out") == []
    assert (place / "out" / "a").read_text() == "x"
    assert (place / "file").read_text() == "mine"
    assert not (place / "file").is_symlink()


WHOLE = tar(("a", "content" * 1000))


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"nonsense" * 200, "no tar"),
        (gzip.compress(b"nonsense" * 200), "no tar"),
        (WHOLE[:3000], "no tar|ends within"),
        (gzip.compress(WHOLE)[:-20], "ends too early"),
        (lzma.compress(WHOLE)[:-20], "ends too early"),
        (gzip.compress(WHOLE)[:30] + b"\xff" * 99, "damaged|too early"),
        (b"\x28\xb5\x2f\xfd" + b"\xff" * 99, "damaged"),
        (b"BZh9" + b"\xff" * 99, "damaged"),
    ],
    ids=("text", "gzip", "tar-cut", "gzip-cut", "xz-cut", "gzip-bad", "zstd-bad", "bzip2-bad"),
)
def test_streams_that_are_damaged(tmp_path, data, expected):
    with pytest.raises(BuildError, match=expected):
        unpacked(tmp_path, data)


def test_bombs_are_refused(tmp_path):
    data = gzip.compress(tar(("a", "x" * 10_000_000)))
    with pytest.raises(BuildError, match="more than 1000000 bytes"):
        unpacked(tmp_path, data, limit=1_000_000)


def sparse(size, text="data"):
    """A file of zeros with a text at 8192."""
    where = f"8192,{len(text)}"
    return entry("f", text, pax_headers={"GNU.sparse.size": str(size), "GNU.sparse.map": where})


def test_holes_of_sparse_files_take_no_room(tmp_path):
    root = unpacked(tmp_path, tar(sparse(1 << 30), ("after", "it")))

    status = os.stat(root / "f")
    assert status.st_size == 1 << 30
    assert status.st_blocks * 512 <= 65536
    with open(root / "f", "rb") as file:
        assert file.read(8200) == bytes(8192) + b"data" + bytes(4)
    assert (root / "after").read_text() == "it"


@pytest.mark.parametrize(
    "files",
    [(sparse(1_000_001),), (sparse(600_000), ("g", ""), sparse(600_000))],
    ids=("one", "together"),
)
def test_what_sparse_files_become_counts(tmp_path, files):
    with pytest.raises(BuildError, match="more than 1000000 bytes"):
        unpacked(tmp_path, tar(*files), limit=1_000_000)


@pytest.mark.parametrize("text", [b"", b"FROM scratch\n", b"# syntax=x\n" + b"FROM a\n" * 1000])
def test_a_dockerfile_on_standard_input(tmp_path, text):
    loaded = load_stream(io.BytesIO(text), str(tmp_path / "c"))

    assert loaded.content == text
    assert os.listdir(tmp_path / "c") == []


def test_an_archive_on_standard_input(tmp_path):
    loaded = load_stream(io.BytesIO(tar(("Dockerfile", "FROM a\n"))), str(tmp_path / "c"))

    assert loaded.content is None
    assert os.listdir(tmp_path / "c") == ["Dockerfile"]


def test_what_is_neither_is_told(tmp_path):
    with pytest.raises(BuildError, match="neither an archive nor a Dockerfile"):
        load_stream(io.BytesIO(b"x" * (5 << 20)), str(tmp_path / "c"))
