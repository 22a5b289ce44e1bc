"""Layer trees and their tars: written, unpacked, merged."""

from __future__ import annotations

import errno
import io
import os
import random
import stat
import subprocess
import tarfile

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dflint.errors import BuildError
from dflint.layer import apply_tar, merged_entries, write_merged_tar, write_tar

needs_root = pytest.mark.skipif(os.geteuid() != 0, reason="owners and devices need root")
pytestmark = needs_root


def pack(tree, lower=(), epoch=None):
    out = io.BytesIO()
    summary = write_tar(str(tree), [str(one) for one in lower], out, epoch=epoch)
    assert summary.size == len(out.getvalue())
    return out.getvalue()


def unpack(data, tree, lower=(), **options):
    tree.mkdir(exist_ok=True)
    return apply_tar(io.BytesIO(data), str(tree), [str(one) for one in lower], **options)


def archive(*members, format=tarfile.PAX_FORMAT):
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=format) as tar:
        for name, kind, more in members:
            info = tarfile.TarInfo(name)
            info.type, info.mode = kind, 0o644
            data = more.pop("data", b"")
            for key, value in more.items():
                setattr(info, key, value)
            info.size = len(data)
            tar.addfile(info, io.BytesIO(data))
    return out.getvalue()


def file(name, data=b"x", **more):
    return name, tarfile.REGTYPE, {"data": data, **more}


def link(name, target, kind=tarfile.SYMTYPE, **more):
    return name, kind, {"linkname": target, **more}


def folder(name, **more):
    return name, tarfile.DIRTYPE, {"mode": 0o755, **more}


def members_of(data):
    with tarfile.open(fileobj=io.BytesIO(data)) as tar:
        return tar.getmembers()


def names(data):
    return [one.name for one in members_of(data)]


def is_whiteout(path):
    status = os.lstat(path)
    return stat.S_ISCHR(status.st_mode) and status.st_rdev == 0


def test_an_empty_tree_is_the_empty_layer(tmp_path):
    out = io.BytesIO()

    summary = write_tar(str(tmp_path), [], out)

    assert summary.diff_id == (
        "sha256:5f70bf18a086007016e948b04aed3b82103a36bea41755b6cddfaf10ace3c6ef"
    )


def test_only_changes_and_their_parents_are_written(tmp_path):
    lower, upper = tmp_path / "lower", tmp_path / "upper"
    for tree in (lower, upper):
        (tree / "d/e").mkdir(parents=True)
        (tree / "d/same").write_bytes(b"1")
        os.utime(tree / "d/same", (5, 5))
    (upper / "d/new").write_bytes(b"2")

    assert names(pack(upper, [lower])) == ["d", "d/new"]


def test_whiteouts_are_written_for_what_is_below_and_are_no_hard_links(tmp_path):
    lower, upper = tmp_path / "lower", tmp_path / "upper"
    lower.mkdir()
    upper.mkdir()
    (lower / "a").touch()
    (lower / "b").touch()
    os.mknod(upper / "a", stat.S_IFCHR, 0)
    os.link(upper / "a", upper / "b")
    os.link(upper / "a", upper / "never")

    members = members_of(pack(upper, [lower]))

    assert [(one.name, one.type, one.mode, one.mtime) for one in members] == [
        (".wh.a", tarfile.REGTYPE, 0, 0),
        (".wh.b", tarfile.REGTYPE, 0, 0),
    ]


def test_an_opaque_directory_removes_name_by_name(tmp_path):
    lower, upper = tmp_path / "lower", tmp_path / "upper"
    (lower / "d/gone").mkdir(parents=True)
    (lower / "d/gone/x").touch()
    (lower / "d/kept").touch()
    (upper / "d").mkdir(parents=True)
    (upper / "d/kept").write_bytes(b"new")
    os.setxattr(upper / "d", "trusted.overlay.opaque", b"y")

    assert names(pack(upper, [lower])) == ["d", "d/.wh.gone", "d/kept"]


def test_times_later_than_the_epoch_become_it(tmp_path):
    (tmp_path / "early").touch()
    (tmp_path / "late").touch()
    os.utime(tmp_path / "early", (5, 5))

    members = members_of(pack(tmp_path, epoch=9))

    assert {one.name: one.mtime for one in members} == {"early": 5, "late": 9}


def test_pax_headers_have_the_names_that_go_gives_them(tmp_path):
    (tmp_path / "dé").mkdir()
    os.utime(tmp_path / "dé", (1, 1))

    data = pack(tmp_path)

    assert data.startswith(b"d/PaxHeaders.0\0")
    assert b"13 path=d\xc3\xa9/\n" in data


@pytest.mark.parametrize("format", [tarfile.GNU_FORMAT, tarfile.PAX_FORMAT])
def test_long_names_and_links_of_either_format_are_read(tmp_path, format):
    name = "/".join(["n" * 90] * 4)

    unpack(archive(file(name), link("s", name), format=format), tmp_path / "t")

    assert (tmp_path / "t" / name).read_bytes() == b"x"
    assert os.readlink(tmp_path / "t/s") == name


@pytest.mark.parametrize(
    "version",
    ["--format=gnu", "--sparse-version=0.0", "--sparse-version=0.1", "--sparse-version=1.0"],
)
def test_sparse_files_of_gnu_tar_are_read(tmp_path, version):
    source = tmp_path / "s"
    with source.open("wb") as out:
        for at in range(12):
            out.seek(at * 200_000)
            out.write(b"%d" % at)
        out.truncate(3_000_000)
    options = [version] if "format" in version else ["--format=posix", version]
    made = subprocess.run(
        ["tar", "-C", tmp_path, "-S", *options, "-cf", "-", "s"], check=True, capture_output=True
    ).stdout

    unpack(made, tmp_path / "t")

    assert len(made) < 1_000_000
    assert (tmp_path / "t/s").read_bytes() == source.read_bytes()


def test_gnu_tar_reads_what_is_written(tmp_path):
    tree, other = tmp_path / "a", tmp_path / "b"
    (tree / ("d" * 99) / ("e" * 99)).mkdir(parents=True)
    (tree / "ü").write_bytes(b"1")
    other.mkdir()

    subprocess.run(["tar", "-C", other, "-xf", "-"], input=pack(tree), check=True)

    assert pack(other) == pack(tree)


def test_whiteouts_are_unpacked_as_overlay_has_them(tmp_path):
    data = archive(folder("d"), file("d/.wh..wh..opq"), file(".wh.gone"), file("d/x"))

    unpack(data, tmp_path / "t", opaque="trusted.overlay.opaque")

    assert os.getxattr(tmp_path / "t/d", "trusted.overlay.opaque") == b"y"
    assert is_whiteout(tmp_path / "t/gone")
    assert os.listdir(tmp_path / "t/d") == ["x"]


@pytest.mark.parametrize("members", [("wh", "d", "x"), ("d", "x", "wh"), ("wh", "x")])
def test_a_whiteout_hides_what_is_below_and_not_its_own_layer(tmp_path, members):
    lower = tmp_path / "lower"
    (lower / "d").mkdir(parents=True)
    (lower / "d/old").touch()
    known = {"wh": file(".wh.d"), "d": folder("d"), "x": file("d/x")}

    unpack(archive(*(known[one] for one in members)), tmp_path / "t", [lower])

    found = [entry.name for entry in merged_entries([str(lower), str(tmp_path / "t")])]
    assert found == [b"d", b"d/x"]


def test_parents_that_are_not_named_are_as_they_are_below(tmp_path):
    lower = tmp_path / "lower"
    (lower / "d").mkdir(parents=True)
    os.chown(lower / "d", 7, 8)
    os.chmod(lower / "d", 0o3750)
    os.utime(lower / "d", (77, 77))

    unpack(archive(file("d/x")), tmp_path / "t", [lower])

    status = os.stat(tmp_path / "t/d")
    assert (status.st_mode & 0o7777, status.st_uid, status.st_gid) == (0o3750, 7, 8)
    assert status.st_mtime == 77


def test_a_hard_link_to_a_file_below_copies_it_up(tmp_path):
    lower = tmp_path / "lower"
    (lower / "d").mkdir(parents=True)
    (lower / "d/x").write_bytes(b"content")

    unpack(archive(link("y", "d/x", tarfile.LNKTYPE)), tmp_path / "t", [lower])

    assert (tmp_path / "t/y").read_bytes() == b"content"
    assert os.path.samefile(tmp_path / "t/y", tmp_path / "t/d/x")


def test_the_last_name_of_a_file_tells_owner_and_time_and_keeps_the_mode(tmp_path):
    data = archive(
        file("a", mode=0o4755, uid=1, gid=1, mtime=5),
        link("b", "a", tarfile.LNKTYPE, mode=0o600, uid=2, gid=3, mtime=7),
    )

    unpack(data, tmp_path / "t")

    status = os.stat(tmp_path / "t/a")
    assert (status.st_mode & 0o7777, status.st_uid, status.st_gid) == (0o4755, 2, 3)
    assert status.st_mtime == 7


def test_files_and_directories_replace_each_other(tmp_path):
    data = archive(folder("a"), file("a/b"), file("a"), file("c"), folder("c"), file("c/d"))

    unpack(data, tmp_path / "t")

    assert (tmp_path / "t/a").is_file()
    assert (tmp_path / "t/c/d").is_file()


def test_links_within_the_tree_are_followed_for_parents(tmp_path):
    data = archive(folder("usr/lib"), link("lib", "/usr/lib"), file("lib/x"))

    unpack(data, tmp_path / "t")

    assert (tmp_path / "t/usr/lib/x").is_file()


HOSTILE = {
    "parent": [file("../out")],
    "deep parent": [file("a/../../out")],
    "link out": [link("l", "../.."), file("l/out")],
    "hard link out": [link("h", "../../etc/passwd", tarfile.LNKTYPE)],
    "hard link to nothing": [link("h", "nothing", tarfile.LNKTYPE)],
    "hard link to a directory": [folder("d"), link("h", "d", tarfile.LNKTYPE)],
    "link loop": [link("l", "m"), link("m", "l"), file("l/out")],
    "file as parent": [file("f"), file("f/out")],
    "whiteout of nothing": [file(".wh.")],
    "whiteout of the parent": [file(".wh...")],
    "below a whiteout": [file(".wh.d/out")],
    "unknown type": [("v", b"V", {})],
    "too deep": [file("/".join("d" * 600) + "/out")],
    "too long": [file("n" * 300)],
}


@pytest.mark.parametrize("members", HOSTILE.values(), ids=HOSTILE.keys())
def test_what_is_hostile_is_refused_by_name(tmp_path, members):
    data = archive(*((name, kind, dict(more)) for name, kind, more in members))

    with pytest.raises(BuildError) as caught:
        unpack(data, tmp_path / "t")

    assert f"`{members[-1][0]}`" in str(caught.value)
    assert os.listdir(tmp_path) == ["t"]


def test_absolute_links_and_names_stay_in_the_tree(tmp_path):
    outside = tmp_path / "outside"
    outside.mkdir()
    data = archive(link("l", str(outside)), file("l/x"), file("/abs"))

    unpack(data, tmp_path / "t")

    assert os.listdir(outside) == []
    assert (tmp_path / "t/abs").is_file()


def test_more_than_the_limit_is_refused_before_it_is_written(tmp_path):
    with pytest.raises(BuildError, match=r"`f`.*more than"):
        unpack(archive(file("f", b"12345")), tmp_path / "t", limit=4)

    assert os.listdir(tmp_path / "t") == []


def test_archives_that_are_cut_off_anywhere_are_refused_or_whole(tmp_path):
    data = archive(folder("d"), file("d/ü", b"y" * 700), file("z"))
    whole = len(data.rstrip(b"\0"))
    for end in range(1, whole, 97):
        if end % 512:
            with pytest.raises(BuildError, match="cut off"):
                unpack(data[:end], tmp_path / f"t{end}")


def test_damaged_archives_never_end_in_another_exception(tmp_path):
    chance = random.Random(5)
    data = archive(folder("d"), file("d/ü", b"y" * 700), link("l", "d"), file(".wh.q"))
    for number in range(200):
        bad = bytearray(data)
        for _ in range(3):
            bad[chance.randrange(4096)] = chance.randrange(256)
        try:
            unpack(bytes(bad), tmp_path / f"t{number}")
        except BuildError:
            continue


def test_overlay_attributes_of_an_archive_are_not_set(tmp_path):
    records = {
        f"SCHILY.xattr.{name}": "y"
        for name in ("trusted.overlay.opaque", "user.overlay.opaque", "user.kept")
    }

    unpack(archive(folder("d", pax_headers=records)), tmp_path / "t")

    assert os.listxattr(tmp_path / "t/d") == ["user.kept"]


def test_devices_that_cannot_be_made_are_left_out_with_a_note(tmp_path, monkeypatch):
    def refuse(*arguments, **options):
        raise PermissionError(errno.EPERM, "Operation not permitted")

    monkeypatch.setattr(os, "mknod", refuse)
    notes = []

    unpack(archive(("n", tarfile.CHRTYPE, {"devmajor": 1})), tmp_path / "t", note=notes.append)

    assert notes == ["`n`: devices cannot be made here, it was left out"]


def test_the_merged_tar_shows_what_the_layers_make(tmp_path):
    lower, upper = tmp_path / "lower", tmp_path / "upper"
    for tree in (lower, upper):
        (tree / "d").mkdir(parents=True)
    (lower / "d/gone").touch()
    (lower / "d/kept").touch()
    (lower / "d.txt").touch()
    os.mknod(upper / "d/gone", stat.S_IFCHR, 0)
    (upper / "d/new").touch()
    os.utime(upper / "d/new", ns=(0, 1_500_000_000))
    out = io.BytesIO()

    write_merged_tar([str(lower), str(upper)], out)

    members = members_of(out.getvalue())
    assert [one.name for one in members] == ["d", "d/kept", "d/new", "d.txt"]
    assert members[2].mtime == 2


name = st.text(
    st.characters(exclude_characters="/\0", exclude_categories=["Cs"]), min_size=1, max_size=60
)
usual = name.filter(lambda text: text not in (".", "..") and not text.startswith(".wh."))
kinds = st.sampled_from(["file", "folder", "link", "hard", "fifo", "device"])
numbers = st.integers(0, 2**31)
whole_trees = st.lists(
    st.tuples(
        usual,
        kinds,
        st.binary(max_size=600),
        numbers,
        st.integers(-(2**31), 2**33 + 5),
        st.integers(0, 0o7777),
    ),
    max_size=12,
)


def grow(tree, items):
    tree.mkdir()
    folders, files = [tree], []
    for text, kind, data, owner, time, mode in items:
        path = folders[owner % len(folders)] / text
        if os.path.lexists(path) or len(os.fsencode(text)) > 255:
            continue
        if kind == "folder":
            path.mkdir()
            folders.append(path)
        elif kind == "link":
            os.symlink(data.replace(b"\0", b"") or b"x", os.fsencode(path))
        elif kind == "hard" and files:
            os.link(files[owner % len(files)], path)
            continue
        elif kind in ("fifo", "device"):
            form = stat.S_IFIFO if kind == "fifo" else stat.S_IFBLK
            os.mknod(path, form | 0o600, os.makedev(owner % 4000, owner % 99999))
        else:
            path.write_bytes(data)
            files.append(path)
        os.chown(path, owner, owner // 3, follow_symlinks=False)
        if kind != "link":
            os.chmod(path, mode)
        os.utime(path, (time, time), follow_symlinks=False)


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(whole_trees)
def test_a_tree_comes_back_from_its_tar_as_it_was(tmp_path_factory, items):
    tmp_path = tmp_path_factory.mktemp("tree")
    grow(tmp_path / "a", items)
    data = pack(tmp_path / "a")

    summary = unpack(data, tmp_path / "b")

    assert pack(tmp_path / "b") == data
    assert summary.size == len(data)
    assert len(members_of(data)) == len(list(merged_entries([str(tmp_path / "a")])))
