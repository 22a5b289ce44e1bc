"""What ADD unpacks is told by the first bytes of a file."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import tarfile

import pytest

from dflint.context.archives import may_be_archive
from dflint.engine.context import context_of
from dflint.text.source import Source


def archive(kind):
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w", format=kind) as made:
        info = tarfile.TarInfo("a")
        info.size = 1
        made.addfile(info, io.BytesIO(b"x"))
    return stream.getvalue()


@pytest.mark.parametrize("kind", [tarfile.USTAR_FORMAT, tarfile.GNU_FORMAT, tarfile.PAX_FORMAT])
@pytest.mark.parametrize("pack", [bytes, gzip.compress, bz2.compress, lzma.compress])
def test_archives_are_seen_plain_and_compressed(kind, pack):
    assert may_be_archive(pack(archive(kind))[:512])


def test_an_archive_without_the_mark_of_posix_is_seen_by_its_sum():
    header = bytearray(archive(tarfile.USTAR_FORMAT)[:512])
    header[257:265] = bytes(8)
    header[148:156] = b" " * 8
    header[148:156] = b"%06o\0 " % sum(header)

    assert may_be_archive(bytes(header))


@pytest.mark.parametrize(
    "data", [b"", b"#!/bin/sh\n" * 90, bytes(1024), b"PK\3\4" + bytes(600), b"\x7fELF" + bytes(700)]
)
def test_other_files_are_none(data):
    assert not may_be_archive(data[:512])


def test_a_context_tells_archives_from_other_files_where_it_is_known(tmp_path):
    (tmp_path / "app").write_bytes(archive(tarfile.USTAR_FORMAT))
    (tmp_path / "run").write_text("#!/bin/sh\n")
    (tmp_path / "src").mkdir()
    source = Source(str(tmp_path / "Dockerfile"), b"FROM a\n")
    configured = context_of(source, str(tmp_path))
    beside = context_of(source, None)

    def answers(context):
        return [context.holds_archive(one) for one in ("app", "/run", "./src", "no", "*", "../x")]

    assert answers(configured) == [True, False, False, None, None, None]
    assert answers(beside) == [None] * 6
    (tmp_path / ".dockerignore").write_text("x\n")
    assert answers(context_of(source, None)) == answers(configured)
