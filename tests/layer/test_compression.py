"""Compressed streams."""

from __future__ import annotations

import builtins
import bz2
import gzip
import hashlib
import io
import lzma

import pytest

from dflint.errors import BuildError, UnsupportedError
from dflint.layer import compress, decompress

DATA = b"".join(b"%d lines\n" % number for number in range(50_000))
OTHERS = {"gzip": gzip.compress, "bzip2": bz2.compress, "xz": lzma.compress, "none": bytes}


def without(monkeypatch, package):
    real = builtins.__import__

    def refuse(name, *more):
        if name.split(".")[0] == package:
            raise ImportError(name)
        return real(name, *more)

    monkeypatch.setattr(builtins, "__import__", refuse)


@pytest.mark.parametrize("name", ["none", "gzip", "zstd"])
@pytest.mark.parametrize("level", [None, 1])
def test_what_is_compressed_comes_back_with_both_digests(name, level):
    if name == "zstd":
        pytest.importorskip("zstandard")
    out = io.BytesIO()

    summary = compress(io.BytesIO(DATA), out, name, level)

    reader = decompress(io.BytesIO(out.getvalue()))
    assert reader.compression == name
    assert reader.read() == DATA
    assert summary.digest == f"sha256:{hashlib.sha256(out.getvalue()).hexdigest()}"
    assert summary.diff_id == f"sha256:{hashlib.sha256(DATA).hexdigest()}"
    assert (summary.size, summary.diff_size) == (len(out.getvalue()), len(DATA))


@pytest.mark.parametrize("name", OTHERS)
def test_streams_of_others_are_known_by_how_they_begin(name):
    reader = decompress(io.BytesIO(OTHERS[name](DATA)))

    assert reader.compression == name
    assert reader.read() == DATA


@pytest.mark.parametrize("name", ["gzip", "bzip2", "xz"])
def test_members_one_after_the_other_are_one_stream(name):
    data = OTHERS[name](b"one") + OTHERS[name](b"two")

    assert decompress(io.BytesIO(data)).read() == b"onetwo"


@pytest.mark.parametrize("name", ["gzip", "bzip2", "xz"])
def test_a_stream_that_is_cut_off_is_refused(name):
    with pytest.raises(BuildError, match=f"{name} stream is cut off"):
        decompress(io.BytesIO(OTHERS[name](DATA)[:-10])).read()


@pytest.mark.parametrize("name", ["gzip", "bzip2", "xz"])
def test_a_damaged_stream_is_refused(name):
    data = bytearray(OTHERS[name](DATA))
    data[len(data) // 2] ^= 0xFF

    with pytest.raises(BuildError, match=f"{name} stream is"):
        decompress(io.BytesIO(data)).read()


def test_gzip_has_no_time_and_no_name():
    out = io.BytesIO()

    compress(io.BytesIO(DATA), out)

    assert out.getvalue()[3:8] == bytes(5)


def test_without_isal_gzip_is_made_by_zlib(monkeypatch):
    without(monkeypatch, "isal")
    out = io.BytesIO()

    compress(io.BytesIO(DATA), out)

    assert decompress(io.BytesIO(out.getvalue())).read() == DATA


def test_without_zstandard_the_error_says_what_to_install(monkeypatch):
    without(monkeypatch, "zstandard")

    with pytest.raises(UnsupportedError, match=r"install dflint\[build\]"):
        compress(io.BytesIO(DATA), io.BytesIO(), "zstd")


def test_an_unknown_compression_is_named():
    with pytest.raises(BuildError, match="unknown compression `lz4`"):
        compress(io.BytesIO(DATA), io.BytesIO(), "lz4")
