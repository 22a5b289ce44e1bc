"""What COPY gives new files: owners and modes, wherever they are made."""

from __future__ import annotations

import os
import stat

import pytest

from dflint.files import Copy, SourceTree
from dflint.files.copying import copy

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.skipif(os.geteuid() != 0, reason="owners are root's to give")


@pytest.fixture
def place(tmp_path: Path) -> Path:
    source = tmp_path / "context" / "d"
    (source / "new" / "deep").mkdir(parents=True)
    for name in ("top", "new/file", "new/deep/file"):
        (source / name).write_text(name)
        (source / name).chmod(0o640)
    (tmp_path / "root" / "etc").mkdir(parents=True)
    target = tmp_path / "root" / "shared"
    target.mkdir()
    os.chown(target, 3, 50)
    target.chmod(0o2775)
    return tmp_path


def copied(place: Path, target: str, **options: str) -> dict[str, tuple[int, int, int]]:
    """Owner, group and mode of each file that a copy makes."""
    with SourceTree(str(place / "context"), is_context=True) as tree:
        copy(tree, Copy("d", target, **options), str(place / "root"))
    found = {}
    for path in (place / "root" / target.strip("/")).rglob("*"):
        if path.is_file():
            status = path.stat()
            found[path.name] = (status.st_uid, status.st_gid, stat.S_IMODE(status.st_mode))
    assert set(found) == {"top", "file"}
    return found


@pytest.mark.parametrize("target", ["/there", "/shared", "/shared/below"])
@pytest.mark.parametrize(
    ("options", "expected"),
    [({}, (0, 0, 0o640)), ({"owner": "7:8"}, (7, 8, 0o640)), ({"owner": "3:50"}, (3, 50, 0o640))],
)
def test_files_have_their_owner_also_in_folders_that_hand_on_a_group(
    place: Path, target: str, options: dict[str, str], expected: tuple[int, int, int]
) -> None:
    assert set(copied(place, target, **options).values()) == {expected}


def test_files_replace_those_that_were_there(place: Path) -> None:
    there = place / "root" / "there"
    (there / "new").mkdir(parents=True)
    (there / "new" / "file").symlink_to("../outside")
    (there / "outside").write_text("stays")
    copied_to = place / "root" / "there"
    with SourceTree(str(place / "context"), is_context=True) as tree:
        copy(tree, Copy("d", "/there"), str(place / "root"))

    assert (copied_to / "outside").read_text() == "stays"
    assert (copied_to / "new" / "file").read_text() == "new/file"
    assert not (copied_to / "new" / "file").is_symlink()
