"""Files from web servers, whatever these do."""

from __future__ import annotations

import gzip
import hashlib
import os
import stat
import threading
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from dflint.errors import BuildError
from dflint.sources.contexts import HttpContext
from dflint.sources.http import HttpOptions, fetch_file, file_name
from dflint.sources.loading import load_http
from tests.sources.test_archive import tar

DATE = "Wed, 21 Oct 2015 07:28:00 GMT"
QUICK = HttpOptions(delay=0.001)


class Site:
    """Answers by path: status, headers, body; a list of them is used up one by one."""

    def __init__(self):
        self.answers = {}
        self.seen = []
        site = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):
                site.seen.append((self.path, dict(self.headers)))
                answer = site.answers[self.path.partition("?")[0]]
                status, headers, body = answer.pop(0) if isinstance(answer, list) else answer
                if headers.get("ETag") and headers["ETag"] == self.headers.get("If-None-Match"):
                    status, body = 304, b""
                self.send_response(status)
                for name, value in {"Content-Length": str(len(body)), **headers}.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, format, *args):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        threading.Thread(target=self.server.serve_forever, args=(0.02,), daemon=True).start()
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}"


@pytest.fixture
def site():
    site = Site()
    yield site
    site.server.shutdown()
    site.server.server_close()


class Cache:
    def __init__(self, folder):
        self.folder = folder
        self.files = {}

    def find(self, url):
        return self.files.get(url)

    def keep(self, url, file):
        path = self.folder / hashlib.sha256(url.encode()).hexdigest()
        os.rename(file.path, path)
        self.files[url] = replace(file, path=str(path))
        return self.files[url]


def sha256(data):
    return "sha256:" + hashlib.sha256(data).hexdigest()


@pytest.mark.parametrize(
    ("url", "name"),
    [
        ("http://h/a/b.txt", "b.txt"),
        ("http://h/a/b.txt?x=y/z#w", "b.txt"),
        ("http://h/a/", "a"),
        ("http://h/a%20b.txt", "a b.txt"),
        ("http://h/", "__unnamed__"),
        ("http://h", "__unnamed__"),
        ("http://h/..", "__unnamed__"),
        ("http://h/a%2f..%2fb", "b"),
    ],
)
def test_names_come_from_the_url(url, name):
    assert file_name(url) == name


@pytest.mark.parametrize(("headers", "mtime"), [({}, 0), ({"Last-Modified": DATE}, 1445412480)])
def test_a_file_arrives(site, tmp_path, headers, mtime):
    site.answers["/x"] = 200, headers, b"content"
    file = fetch_file(site.url + "/x", str(tmp_path), options=QUICK)
    status = os.stat(file.path)

    assert (file.digest, file.size, file.mtime) == (sha256(b"content"), 7, mtime)
    assert (stat.S_IMODE(status.st_mode), status.st_mtime) == (0o600, mtime)


def test_redirects_are_followed(site, tmp_path):
    site.answers["/x"] = 302, {"Location": "/y"}, b""
    site.answers["/y"] = 200, {}, b"there"

    assert fetch_file(site.url + "/x", str(tmp_path), options=QUICK).size == 5


def test_what_is_packed_for_the_transfer_is_unpacked(site, tmp_path):
    data = b"content" * 1_000_000
    site.answers["/x"] = 200, {"Content-Encoding": "gzip"}, gzip.compress(data)

    assert fetch_file(site.url + "/x", str(tmp_path), options=QUICK).digest == sha256(data)


def test_checksums(site, tmp_path):
    site.answers["/x"] = 200, {}, b"content"
    right, wrong = sha256(b"content"), sha256(b"")
    fetch_file(site.url + "/x", str(tmp_path), checksum=right, options=QUICK)
    (tmp_path / "two").mkdir()
    with pytest.raises(BuildError, match=f"digest mismatch {right}: {wrong}"):
        fetch_file(site.url + "/x", str(tmp_path / "two"), checksum=wrong, options=QUICK)

    assert os.listdir(tmp_path / "two") == []


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        ((404, {}, b"no"), "invalid response status 404"),
        ((500, {}, b"no"), "invalid response status 500"),
        ((503, {}, b"no"), "invalid response status 503"),
        ((304, {}, b""), "invalid response status 304"),
        ((302, {"Location": "/x"}, b""), "more than 10 redirects"),
        ((302, {"Location": "file:///etc/passwd"}, b""), "no HTTP address"),
        ((200, {"Content-Length": "100"}, b"short"), "incomplete read"),
        ((200, {}, b"x" * 1001), "longer than 1000 bytes"),
        ((200, {"Content-Encoding": "gzip"}, gzip.compress(b"x" * 10**6)), "longer than 1000"),
        ((200, {"Content-Encoding": "gzip"}, b"nonsense"), "no gzip stream"),
        ((200, {"Content-Encoding": "gzip"}, gzip.compress(b"x")[:-9]), "ends too early"),
    ],
)
def test_answers_that_are_no_file(site, tmp_path, answer, expected):
    site.answers["/x"] = answer
    options = replace(QUICK, limit=1000)
    with pytest.raises(BuildError, match=expected) as caught:
        fetch_file(site.url + "/x?token=S3cret", str(tmp_path), options=options)

    assert "S3cret" not in str(caught.value)
    assert os.listdir(tmp_path) == []


def test_what_may_pass_is_tried_again(site, tmp_path):
    site.answers["/x"] = [(503, {}, b""), (200, {"Content-Length": "9"}, b"cut"), (200, {}, b"all")]

    assert fetch_file(site.url + "/x", str(tmp_path), options=QUICK).digest == sha256(b"all")


def test_files_that_are_the_same_are_not_sent_again(site, tmp_path):
    site.answers["/x"] = 200, {"ETag": '"1"'}, b"one"
    (tmp_path / "kept").mkdir()
    (tmp_path / "new").mkdir()
    cache = Cache(tmp_path / "kept")

    def fetch(**values):
        return fetch_file(
            site.url + "/x", str(tmp_path / "new"), cache=cache, options=QUICK, **values
        )

    first, second = fetch(), fetch()
    fetch(checksum=first.digest)
    site.answers["/x"] = 200, {"ETag": '"2"'}, b"two"
    third = fetch()

    assert first == second != third
    assert [headers.get("If-None-Match") for _, headers in site.seen] == [None, '"1"', '"1"']
    assert third.digest == sha256(b"two")


def test_keys_tell_apart_what_differs(site, tmp_path):
    keys = set()
    for headers, body in (({}, b"a"), ({"Last-Modified": DATE}, b"a"), ({}, b"b")):
        site.answers["/x"] = 200, headers, body
        keys.add(fetch_file(site.url + "/x", str(tmp_path), options=QUICK).key("x"))

    assert len(keys) == 3


def test_user_and_password_of_a_url(site, tmp_path):
    site.answers["/x"] = 200, {}, b""
    fetch_file(site.url.replace("//", "//u:p%40@") + "/x", str(tmp_path), options=QUICK)

    assert site.seen[0][1]["Authorization"] == "Basic dTpwQA=="


def test_an_archive_is_a_context(site, tmp_path):
    site.answers["/c.tar"] = 200, {}, tar(("Dockerfile", "FROM scratch\n"), ("f", "x"))
    loaded = load_http(HttpContext(site.url + "/c.tar"), str(tmp_path / "c"), options=QUICK)

    assert (loaded.dockerfile, loaded.content) == ("", None)
    assert sorted(os.listdir(tmp_path / "c")) == ["Dockerfile", "f"]


def test_what_is_no_archive_is_the_dockerfile(site, tmp_path):
    site.answers["/df"] = 200, {"Last-Modified": DATE}, b"FROM scratch\nCOPY . /\n"
    loaded = load_http(HttpContext(site.url + "/df"), str(tmp_path / "c"), options=QUICK)

    assert loaded.dockerfile == "context"
    assert os.listdir(tmp_path / "c") == ["context"]
    assert os.stat(tmp_path / "c" / "context").st_mtime == 1445412480


def test_contexts_from_a_cache(site, tmp_path):
    (tmp_path / "kept").mkdir()
    cache = Cache(tmp_path / "kept")
    site.answers["/c"] = 200, {"ETag": '"1"'}, tar(("f", "x"))
    site.answers["/d"] = 200, {"ETag": '"1"'}, b"FROM scratch\n"
    for number in "12":
        for name in "cd":
            place = HttpContext(f"{site.url}/{name}")
            load_http(place, str(tmp_path / (name + number)), cache=cache, options=QUICK)

    assert os.listdir(tmp_path / "c2") == ["f"]
    assert os.listdir(tmp_path / "d2") == ["context"]
