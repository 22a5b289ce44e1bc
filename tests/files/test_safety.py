"""Hostile trees, roots and archives: nothing outside is read or written."""

from __future__ import annotations

import io
import os
import socket
import tarfile

import pytest

from dflint.errors import BuildError
from dflint.files import Copy, Limits, SourceTree, copy, make_directory
from dflint.kernel import openat2

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def place(tmp_path: Path) -> Path:
    (tmp_path / "outside").mkdir()
    (tmp_path / "outside" / "secret").write_text("secret")
    (tmp_path / "context").mkdir()
    (tmp_path / "root").mkdir()
    return tmp_path


def run(place: Path, source: str, target: str, **options) -> None:
    limits = options.pop("limits", None)
    # The ids are ours, so that the test needs no root.
    options.setdefault("owner", f"{os.getuid()}:{os.getgid()}")
    with SourceTree(str(place / "context"), is_context=True) as tree:
        copy(tree, Copy(source, target, **options), str(place / "root"), limits=limits)


@pytest.mark.parametrize("has_call", [True, False], ids=["openat2", "fallback"])
class TestLinks:
    @pytest.fixture(autouse=True)
    def kernel(self, has_call: bool, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(openat2, "_is_there", has_call)

    @pytest.mark.parametrize("link", ["/outside", "../outside", "../../../../outside"])
    @pytest.mark.parametrize("source", ["l/secret", "l", "l/*"])
    def test_sources(self, place: Path, link: str, source: str) -> None:
        (place / "context" / "l").symlink_to(link)
        with pytest.raises(BuildError, match=r"not found|no such file"):
            run(place, source, "/x/")

    def test_a_whole_path_as_link(self, place: Path) -> None:
        (place / "context" / "l").symlink_to(place / "outside")
        with pytest.raises(BuildError, match="not found"):
            run(place, "l/secret", "/x")

    @pytest.mark.parametrize("up", ["", "../" * 20])
    def test_destinations(self, place: Path, up: str) -> None:
        (place / "context" / "a").write_text("a")
        outside = str(place / "outside")
        (place / "root" / "l").symlink_to(up + outside if up else outside)
        run(place, "a", "/l/secret")
        assert (place / "outside" / "secret").read_text() == "secret"
        assert (place / "root" / outside[1:] / "secret").read_text() == "a"
        run(place, "a", "/../../../../x")
        assert (place / "root" / "x").read_text() == "a"

    def test_working_directories(self, place: Path) -> None:
        (place / "root" / "l").symlink_to("../outside")
        owner = f"{os.getuid()}:{os.getgid()}"
        make_directory(str(place / "root"), "/l/new", owner, None)
        assert os.listdir(place / "outside") == ["secret"]
        assert (place / "root" / "outside" / "new").is_dir()

    def test_passwd(self, place: Path) -> None:
        (place / "outside" / "passwd").write_text("bob:x:77:78::/:\n")
        (place / "root" / "etc").symlink_to(place / "outside")
        (place / "context" / "a").write_text("a")
        if os.geteuid() == 0:
            run(place, "a", "/x", owner="bob")
            assert (place / "root" / "x").stat().st_uid == 0

    def test_opening(self, place: Path) -> None:
        (place / "root" / "f").write_text("f")
        (place / "root" / "l").symlink_to("/f")
        (place / "root" / "loop").symlink_to("loop")
        root = os.open(place / "root", os.O_RDONLY)
        try:
            file = openat2.open_in_root(root, "../l", os.O_RDONLY)
            assert os.read(file, 9) == b"f"
            os.close(file)
            for path, error in [("loop", OSError), ("no/x", FileNotFoundError)]:
                with pytest.raises(error):
                    openat2.open_in_root(root, path, os.O_RDONLY)
        finally:
            os.close(root)


def archive(place: Path, *members: tuple[str, bytes, str, bytes]) -> None:
    with tarfile.open(place / "context" / "a.tar", "w") as file:
        for name, kind, link, data in members:
            info = tarfile.TarInfo(name)
            info.type, info.linkname, info.size = kind, link, len(data)
            file.addfile(info, io.BytesIO(data))


@pytest.mark.parametrize(
    "members",
    [
        [("../x", tarfile.REGTYPE, "", b"x")],
        [("a/../../x", tarfile.REGTYPE, "", b"x")],
        [("h", tarfile.LNKTYPE, "../../outside/secret", b"")],
    ],
)
def test_archives_that_lead_out(place: Path, members) -> None:
    archive(place, *members)
    with pytest.raises(BuildError, match=r"invalid entry name|invalid hardlink target"):
        run(place, "a.tar", "/x", unpack=True)
    assert (place / "outside" / "secret").read_text() == "secret"
    assert sorted(os.listdir(place)) == ["context", "outside", "root"]


def test_a_link_of_an_archive_ends_at_the_destination(place: Path) -> None:
    link = ("l", tarfile.SYMTYPE, "../../outside", b"")
    archive(place, link, ("l/secret", tarfile.REGTYPE, "", b"x"))
    run(place, "a.tar", "/x", unpack=True)
    assert (place / "outside" / "secret").read_text() == "secret"
    assert (place / "root" / "x" / "outside" / "secret").read_text() == "x"


def test_absolute_links_in_archives_stay_inside(place: Path) -> None:
    outside = str(place / "outside")
    archive(place, ("l", tarfile.SYMTYPE, outside, b""), ("l/secret", tarfile.REGTYPE, "", b"x"))
    if os.geteuid() == 0:
        run(place, "a.tar", "/x", unpack=True)
        assert (place / "root" / "x" / outside[1:] / "secret").read_text() == "x"
    assert (place / "outside" / "secret").read_text() == "secret"


def test_archives_have_limits(place: Path) -> None:
    archive(place, ("a", tarfile.REGTYPE, "", b"x" * 100), ("b", tarfile.REGTYPE, "", b"x"))
    with pytest.raises(BuildError, match="more than 100 bytes"):
        run(place, "a.tar", "/x", unpack=True, limits=Limits(size=100))
    with pytest.raises(BuildError, match="or 1 names"):
        run(place, "a.tar", "/y", unpack=True, limits=Limits(names=1))


def test_only_what_is_used_is_read(place: Path) -> None:
    (place / "context" / "a").write_text("a")
    (place / "context" / "secret").write_text("")
    (place / "context" / "secret").chmod(0)
    (place / "context" / "sub").mkdir(mode=0)
    run(place, "a", "/x")
    if os.geteuid() != 0:
        for source in ("secret", "sub"):
            with pytest.raises(BuildError, match=f"cannot read /{source}: permission denied"):
                run(place, source, "/y")
    (place / "context" / "sub").chmod(0o700)


def test_a_file_that_grows_while_it_is_read(place: Path, monkeypatch) -> None:
    from dflint.files import copier

    (place / "context" / "a").write_text("a")
    plain = copier.copy_data

    def growing(source: int, target: int, status: os.stat_result) -> int:
        count = plain(source, target, status)
        with open(place / "context" / "a", "a") as file:
            file.write("more")
        return count

    monkeypatch.setattr(copier, "copy_data", growing)
    with pytest.raises(BuildError, match="/a changed while it was read"):
        run(place, "a", "/x")


def test_sockets_are_empty_files(place: Path) -> None:
    os.chdir(place / "context")
    with socket.socket(socket.AF_UNIX) as one:
        one.bind("s")
    os.chdir(place)
    run(place, "s", "/x")
    assert (place / "root" / "x").read_bytes() == b""
