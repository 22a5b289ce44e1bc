"""What fixing does to files of all kinds, and where they cannot be written."""

from __future__ import annotations

import ctypes
import os
import stat
import subprocess
import sys

import pytest

RULES = "--select=instruction-casing,apt-no-yes"
BAD = b"from debian:12\nRUN apt-get install curl\n"
#: `prctl` takes from what is started the right of root to write everywhere.
_DROP, _OVERRIDE = 24, 1
FIXED = b"FROM debian:12\nRUN apt-get install -y curl\n"


@pytest.mark.parametrize(
    "before",
    [
        BAD,
        BAD.replace(b"\n", b"\r\n"),
        b"\xef\xbb\xbf" + BAD,
        BAD.rstrip(b"\n"),
        BAD + b"# caf\xe9 \xff\xfe\n",
        BAD + "# \u2028 é\x0c\x1b[2J\n".encode(),
        b"# escape=`\n" + BAD,
        b"\n \n# top\n" + BAD + b"\n\n",
    ],
    ids=["lf", "crlf", "bom", "no line end", "latin-1", "odd", "escape", "blank lines"],
)
def test_everything_but_the_fix_stays_byte_by_byte(here, dflint, before):
    file = here / "Dockerfile"
    file.write_bytes(before)

    assert dflint("check", RULES, "--fix")[0] == 0

    wanted = before.replace(b"from", b"FROM").replace(b"install curl", b"install -y curl")
    assert file.read_bytes() == wanted


def test_utf16_is_left_as_it_is(here, dflint):
    file = here / "Dockerfile"
    file.write_bytes(BAD.decode().encode("utf-16"))
    before = file.read_bytes()

    dflint("check", "--fix", "--unsafe-fixes")

    assert file.read_bytes() == before


@pytest.mark.skipif(sys.platform == "win32", reason="no modes or links to keep there")
def test_mode_and_link_stay(here, dflint):
    real = here / "real"
    real.write_bytes(BAD)
    real.chmod(0o750)
    (here / "Dockerfile").symlink_to("real")

    dflint("check", RULES, "--fix")

    assert (here / "Dockerfile").is_symlink()
    assert real.read_bytes() == FIXED
    assert stat.S_IMODE(real.stat().st_mode) == 0o750


def test_a_file_that_changed_meanwhile_is_left_and_told(here, dflint, monkeypatch):
    """Somebody saves the file right when its new text is written beside it."""
    file = here / "Dockerfile"
    file.write_bytes(BAD)
    before = os.fsync

    def save(descriptor):
        file.write_bytes(b"FROM scratch\n")
        before(descriptor)

    monkeypatch.setattr("os.fsync", save)
    status, _, err = dflint("check", RULES, "--fix")

    assert status == 2
    assert "Dockerfile: not changed: the file has changed meanwhile" in err
    assert file.read_bytes() == b"FROM scratch\n"
    assert os.listdir(here) == ["Dockerfile"]


def as_mortal(*argv, cwd, limit=None):
    """The command run by somebody to whom modes mean something, even if that is root."""

    def prepare():
        if limit is not None:
            import resource

            resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
        if os.getuid() == 0:
            ctypes.CDLL(None).prctl(_DROP, _OVERRIDE, 0, 0, 0)

    program = [sys.executable, "-m", "dflint", *argv]
    return subprocess.run(
        program, cwd=cwd, capture_output=True, text=True, preexec_fn=prepare, timeout=60
    )


def write(folder, mode=0o666, data=BAD):
    path = os.path.join(folder, "Dockerfile")
    with open(path, "wb") as file:
        file.write(data)
    os.chmod(path, mode)
    return path


def content(path):
    with open(path, "rb") as file:
        return file.read()


needs_modes = pytest.mark.skipif(
    sys.platform == "win32" or (sys.platform != "linux" and os.getuid() == 0),
    reason="modes mean nothing there, or to root",
)


@pytest.fixture(autouse=True)
def writable_again(here):
    yield
    here.chmod(0o755)


@needs_modes
@pytest.mark.parametrize(
    ("folder_mode", "file_mode", "reason"),
    [(0o555, 0o666, "no file can be made in"), (0o777, 0o444, "the file is read-only")],
)
def test_what_cannot_be_written_is_told_and_its_findings_stand(
    here, folder_mode, file_mode, reason
):
    path = write(here, file_mode)
    os.chmod(here, folder_mode)

    done = as_mortal("check", RULES, "--no-cache", "--fix", ".", cwd=here)

    assert done.returncode == 2, done.stderr
    assert "Dockerfile: not changed: " in done.stderr
    assert reason in done.stderr
    assert "2 findings" in done.stdout
    assert content(path) == BAD
    assert os.listdir(here) == ["Dockerfile"]


@needs_modes
def test_a_full_disk_leaves_the_file_as_it_is(here):
    data = BAD + b"# a long remark\n" * 1000
    path = write(here, data=data)

    done = as_mortal("check", RULES, "--no-cache", "--fix", cwd=here, limit=4096)

    assert done.returncode == 2, done.stderr
    assert "cannot be replaced: file too large" in done.stderr
    assert content(path) == data
    assert os.listdir(here) == ["Dockerfile"]


@needs_modes
def test_one_file_that_cannot_be_written_does_not_stop_the_others(here):
    os.mkdir(os.path.join(here, "a"))
    os.chmod(os.path.join(here, "a"), 0o777)
    os.mkdir(os.path.join(here, "b"))
    os.chmod(os.path.join(here, "b"), 0o777)
    first = write(os.path.join(here, "a"), 0o444)
    second = write(os.path.join(here, "b"))

    done = as_mortal("check", RULES, "--no-cache", "--fix-only", ".", cwd=here)

    assert done.returncode == 2
    assert (content(first), content(second)) == (BAD, FIXED)
    assert done.stderr.endswith("dflint: Fixed 2 in 1 file\n")
