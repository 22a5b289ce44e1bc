"""`ADD URL`: what is fetched once is asked for again, and sent again only where it changed."""

from __future__ import annotations

import os
import stat

import pytest

from dflint.build.fetched import FetchedFiles
from dflint.content.store import ContentStore
from tests.build.packing import packed
from tests.sources.test_http import DATE, Site, sha256

HEADERS = {"ETag": '"one"', "Last-Modified": DATE}


@pytest.fixture
def site():
    site = Site()
    yield site
    site.server.shutdown()
    site.server.server_close()


class Place:
    """Fetches as builds do, each with a store object and folders of its own."""

    def __init__(self, root, url):
        self.root = root
        self.url = url
        self.builds = 0

    def store(self):
        return ContentStore(str(self.root / "store"))

    def fetch(self, checksum=""):
        """The file as a step gets it."""
        self.builds += 1
        folder = self.root / str(self.builds)
        folder.mkdir()
        files = FetchedFiles(self.store())
        file = files.fetch(self.url, str(folder), checksum)
        path = folder / "file"
        files.place(self.url, file, str(folder), str(path))
        return path

    def blob(self, data):
        return self.store().blob_path(sha256(data))


@pytest.fixture
def place(site, tmp_path):
    return Place(tmp_path, f"{site.url}/x")


def test_a_file_that_is_the_same_is_not_sent_again(site, place):
    site.answers["/x"] = 200, HEADERS, b"content"
    first = place.fetch()
    site.answers["/x"] = 200, HEADERS, b"never sent: the server says 304"
    second = place.fetch()

    assert first.read_bytes() == second.read_bytes() == b"content"
    assert [headers.get("If-None-Match") for _, headers in site.seen] == [None, '"one"']
    for path in (first, second):
        status = os.stat(path)
        assert (stat.S_IMODE(status.st_mode), status.st_mtime) == (0o600, 1445412480)


def test_a_file_that_changed_is_sent_and_kept(site, place):
    site.answers["/x"] = 200, HEADERS, b"old"
    place.fetch()
    site.answers["/x"] = 200, {"ETag": '"two"'}, b"new"

    assert place.fetch().read_bytes() == b"new"
    assert place.fetch().read_bytes() == b"new"
    assert [headers.get("If-None-Match") for _, headers in site.seen] == [None, '"one"', '"two"']


def test_a_file_whose_checksum_is_known_is_not_asked_for(site, place):
    site.answers["/x"] = 200, HEADERS, b"content"
    place.fetch()

    assert place.fetch(sha256(b"content")).read_bytes() == b"content"
    assert len(site.seen) == 1


@pytest.mark.parametrize("content", [b"CONTENT", b"short"])
def test_a_damaged_file_is_fetched_anew_and_kept(site, place, content):
    site.answers["/x"] = 200, HEADERS, b"content"
    place.fetch()
    with open(place.blob(b"content"), "wb") as file:
        file.write(content)

    assert place.fetch().read_bytes() == b"content"
    asked = len(site.seen)
    assert place.fetch().read_bytes() == b"content"
    assert site.seen[asked:] and site.seen[-1][1].get("If-None-Match") == '"one"'
    assert place.store().verify() == ()


def test_a_prune_removes_what_was_fetched(site, place):
    site.answers["/x"] = 200, HEADERS, b"content"
    place.fetch()
    place.store().prune()

    assert not os.path.exists(place.blob(b"content"))
    assert place.fetch().read_bytes() == b"content"
    assert "If-None-Match" not in site.seen[-1][1]


def test_the_store_has_no_password_of_a_url(site, place):
    place.url = place.url.replace("http://", "http://user:S3cret@")
    site.answers["/x"] = 200, HEADERS, b"content"
    place.fetch()

    for name in os.listdir(place.root / "store"):
        if name.startswith("dflint.db"):
            assert b"S3cret" not in (place.root / "store" / name).read_bytes()


def test_builds_ask_whether_a_file_has_changed(site, command):
    site.answers["/x"] = 200, HEADERS, b"content"
    dockerfile = f"FROM busybox\nADD --chmod=644 {site.url}/x /x\nRUN cat /x\n"
    first = command.files(dockerfile=dockerfile)
    cached = command.build()
    anew = command.files("--no-cache")

    assert "CACHED" in cached.err
    for folder in (first, anew):
        assert (folder / "x").read_bytes() == b"content"
        assert os.stat(folder / "x").st_mtime == 1445412480
    assert [headers.get("If-None-Match") for _, headers in site.seen] == [None, '"one"', '"one"']

    site.answers["/x"] = 200, {"ETag": '"two"'}, b"new"
    assert (command.files() / "x").read_bytes() == b"new"


def test_contexts_and_dockerfiles_are_asked_for_again(site, command):
    archive = packed({"a": b"content", "Dockerfile": b"FROM busybox\n"})
    site.answers["/context.tar"] = 200, HEADERS, archive
    site.answers["/file"] = 200, HEADERS, b"FROM scratch\nCOPY a /\n"
    options = {"context": f"{site.url}/context.tar"}
    for _ in range(2):
        folder = command.files("-f", f"{site.url}/file", **options)
        assert (folder / "a").read_bytes() == b"content"
    assert [(path, headers.get("If-None-Match")) for path, headers in site.seen] == [
        ("/context.tar", None), ("/file", None), ("/context.tar", '"one"'), ("/file", '"one"')
    ]  # fmt: skip

    for blob in (command.store / "blobs" / "sha256").iterdir():
        blob.write_bytes(b"damaged")
    folder = command.files("-f", f"{site.url}/file", **options)
    assert (folder / "a").read_bytes() == b"content"
