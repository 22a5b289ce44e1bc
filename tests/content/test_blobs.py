from __future__ import annotations

import os
import tarfile

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dflint.errors import BuildError
from dflint.oci.digest import digest_of

MISSING = "sha256:" + 64 * "0"


def test_a_blob_is_stored_under_its_digest(store):
    blob = store.put_blob(b"hello")

    assert (blob.digest, blob.size) == (digest_of(b"hello"), 5)
    assert store.has_blob(blob.digest)
    assert store.read_blob(blob.digest) == b"hello"
    assert store.blob_path(blob.digest).endswith(f"/blobs/sha256/{blob.digest.encoded}")
    assert os.stat(store.blob_path(blob.digest)).st_mode & 0o777 == 0o644


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=25)
@given(st.lists(st.binary(max_size=5000)), st.sampled_from(["sha256", "sha512"]))
def test_what_is_written_in_pieces_is_read_back(store, pieces, algorithm):
    whole = b"".join(pieces)

    with store.new_blob(algorithm) as writer:
        for piece in pieces:
            writer.write(piece)
        blob = writer.commit(digest_of(whole, algorithm), len(whole))

    with store.open_blob(blob.digest) as stream:
        assert stream.read() == whole


def test_a_blob_that_is_there_twice_is_one_file(store):
    store.put_blob(b"a")
    store.put_blob(b"a")

    assert store.disk_usage().blobs == 1
    assert os.listdir(os.path.join(store.root, "ingest")) == []


def test_a_missing_blob_is_named(store):
    assert not store.has_blob(MISSING)
    assert store.blob_size(MISSING) is None
    with pytest.raises(BuildError, match=rf"blob `{MISSING}` is missing: expected it at `/"):
        store.read_blob(MISSING)


def test_what_is_left_without_commit_is_gone(store):
    with store.new_blob() as writer:
        writer.write(b"half")

    assert os.listdir(os.path.join(store.root, "ingest")) == []
    assert not store.has_blob(digest_of(b"half"))


@pytest.mark.parametrize(
    ("digest", "size", "message"),
    [
        (MISSING, None, f"expected content with digest `{MISSING}`, found `sha256:ba78"),
        (MISSING, 4, f"blob `{MISSING}`: expected 4 bytes, found 3"),
    ],
)
def test_content_that_is_not_what_was_expected_is_refused(store, digest, size, message):
    with store.new_blob() as writer:
        writer.write(b"abc")
        with pytest.raises(BuildError) as raised:
            writer.commit(digest, size)

    assert str(raised.value).startswith(message)
    assert store.disk_usage().blobs == 0


def damage(path, change):
    with open(path, "r+b") as file:
        data = bytearray(file.read())
        change(data)
        file.seek(0)
        file.truncate()
        file.write(data)


def flip(data):
    data[len(data) // 2] ^= 1


def truncate(data):
    del data[-1:]


def lengthen(data):
    data.append(0)


@pytest.mark.parametrize("change", [flip, truncate, lengthen])
@pytest.mark.parametrize("size", [1, 700_000])
def test_a_damaged_blob_is_found_when_it_is_read(store, change, size):
    blob = store.put_blob(os.urandom(size))
    damage(store.blob_path(blob.digest), change)

    with pytest.raises(BuildError, match=rf"blob `{blob.digest}` is damaged"):
        store.read_blob(blob.digest)
    (problem,) = store.verify()
    assert problem.startswith(f"blob `{blob.digest}` is damaged: the content of `")


def test_damage_is_found_before_the_last_byte_is_given_out(store):
    blob = store.put_blob(b"x" * 600_000)
    damage(store.blob_path(blob.digest), flip)
    read = 0

    with store.open_blob(blob.digest) as stream, pytest.raises(BuildError, match="is damaged"):
        while read < 600_000:  # as one does who knows the size, and reads no further
            read += len(stream.read(100_000))

    assert read < 600_000


def test_writing_a_damaged_blob_again_mends_it(store):
    blob = store.put_blob(b"hello")
    damage(store.blob_path(blob.digest), flip)

    store.put_blob(b"hello")

    assert store.read_blob(blob.digest) == b"hello"


def test_a_blob_over_the_limit_is_not_read(store):
    blob = store.put_blob(b"hello")

    assert store.read_blob(blob.digest, 5) == b"hello"
    with pytest.raises(BuildError, match="expected at most 4 bytes, found 5"):
        store.read_blob(blob.digest, 4)


@pytest.mark.parametrize("digest", ["sha256:../../../etc/passwd", "../x", "md5:00", ""])
def test_a_digest_never_leads_out_of_the_store(store, digest):
    for ask in (store.has_blob, store.blob_path, store.read_blob, store.open_blob):
        with pytest.raises(BuildError, match="digest"):
            ask(digest)


def test_a_stream_serves_readers_of_tars(store, tmp_path):
    source = tmp_path / "f"
    source.write_bytes(b"content")
    with tarfile.open(tmp_path / "t.tar", "w") as tar:
        tar.add(source, "f")
    blob = store.put_blob((tmp_path / "t.tar").read_bytes())

    with store.open_blob(blob.digest) as stream, tarfile.open(fileobj=stream, mode="r|*") as tar:
        assert [member.name for member in tar] == ["f"]


def test_what_is_no_file_is_named(store):
    blob = store.put_blob(b"hello")
    path = store.blob_path(blob.digest)
    os.unlink(path)
    os.mkdir(path)

    with pytest.raises(BuildError, match=rf"`{path}`: is a directory"):
        store.read_blob(blob.digest)
