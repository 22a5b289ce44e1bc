"""Addresses, proxies, certificates and requests."""

from __future__ import annotations

import shutil
import ssl
import subprocess
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from dflint.web.addresses import is_loopback, origin, redacted
from dflint.web.certificates import tls_context
from dflint.web.client import WebClient, WebSettings
from dflint.web.errors import WebError
from dflint.web.proxies import is_direct, proxy_for


@pytest.mark.parametrize(
    ("authority", "expected"),
    [
        ("localhost", True),
        ("LocalHost:5000", True),
        ("127.0.0.1:1", True),
        ("127.8.9.1", True),
        ("[::1]:5000", True),
        ("[::2]:5000", False),
        ("localhost.evil.example", False),
        ("127.0.0.1.evil.example", False),
        ("128.0.0.1", False),
        ("ghcr.io", False),
    ],
)
def test_loopback(authority, expected):
    assert is_loopback(authority) is expected


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://a/b", "https://a/b"),
        ("https://user:secret@a:1/b?x=secret&y#secret", "https://xxxxx@a:1/b?x=xxxxx&y"),
        ("http://[", "(no valid URL)"),
    ],
)
def test_redacted(url, expected):
    assert redacted(url) == expected


def test_origins():
    assert origin("https://A/x") == origin("https://a:443/y")
    assert origin("https://a/x") != origin("http://a/x")


@pytest.mark.parametrize(
    ("authority", "no_proxy", "expected"),
    [
        ("a.example", "", False),
        ("a.example", "*", True),
        ("a.example:1", "a.example", True),
        ("a.example:1", "a.example:2", False),
        ("x.a.example", "a.example", True),
        ("x.a.example", "b, .a.example", True),
        ("xa.example", "a.example", False),
        ("10.1.2.3", "10.0.0.0/8", True),
        ("11.1.2.3", "10.0.0.0/8,nonsense/9", False),
    ],
)
def test_no_proxy(authority, no_proxy, expected):
    assert is_direct(authority, no_proxy) is expected


def test_proxies_by_environment(monkeypatch):
    for name in ("http_proxy", "https_proxy", "no_proxy", "HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HTTPS_PROXY", "proxy:3128")
    monkeypatch.setenv("NO_PROXY", "b.example")

    assert proxy_for("https://a.example/") == "http://proxy:3128"
    assert proxy_for("http://a.example/") == ""
    assert proxy_for("https://b.example/") == ""
    assert proxy_for("https://localhost/") == ""


class Recorder(BaseHTTPRequestHandler):
    """Answers with what was asked, and with what the path says."""

    protocol_version = "HTTP/1.1"

    def do_GET(self):
        if self.path == "/headers":
            self.wfile.write(b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 10_000 + b"\r\n")
            return
        if self.path == "/line":
            self.wfile.write(b"HTTP/1.1 200 OK\r\nX: " + b"y" * 100_000 + b"\r\n\r\n")
            return
        if self.path == "/nonsense":
            self.wfile.write(b"\0\1\2\r\n\r\n")
            return
        body = self.path.encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body) + (9 if self.path == "/short" else 0)))
        self.end_headers()
        self.wfile.write(body)
        self.close_connection = True

    def log_message(self, format, *args):
        pass


@pytest.fixture
def server():
    server = ThreadingHTTPServer(("127.0.0.1", 0), Recorder)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


def test_requests_go_through_a_proxy(server, monkeypatch):
    monkeypatch.setenv("http_proxy", f"http://127.0.0.1:{server.server_address[1]}")
    monkeypatch.delenv("no_proxy", raising=False)
    monkeypatch.delenv("NO_PROXY", raising=False)
    with WebClient().request("GET", "http://host.example/x?y=z") as answer:
        assert answer.read(99) == b"http://host.example/x?y=z"


@pytest.mark.parametrize("path", ["/headers", "/line", "/nonsense", "/short"])
def test_broken_answers_are_errors(server, path):
    url = f"http://127.0.0.1:{server.server_address[1]}{path}"
    with pytest.raises(WebError, match=f"GET {url}: "):
        WebClient().request("GET", url).read(1 << 20)


def test_long_answers_are_errors(server):
    url = f"http://127.0.0.1:{server.server_address[1]}/12345678"
    with pytest.raises(WebError, match="longer than 8 bytes"):
        WebClient().request("GET", url).read(8)


@pytest.mark.parametrize("url", ["http://", "http://a b/", "http://[::1", "http://a:99999/"])
def test_what_is_no_url_is_an_error(url):
    with pytest.raises(WebError):
        WebClient().request("GET", url)


@pytest.fixture(scope="module")
def authority(tmp_path_factory):
    """A certificate for 127.0.0.1 that signs itself, and its key."""
    openssl = shutil.which("openssl")
    if openssl is None:
        pytest.skip("openssl is not installed")
    folder = tmp_path_factory.mktemp("ca")
    subprocess.run(
        [
            openssl, "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2",
            "-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1",
            "-keyout", str(folder / "key.pem"), "-out", str(folder / "ca.crt"),
        ],
        check=True,
        capture_output=True,
    )  # fmt: skip
    return folder


@pytest.fixture
def secure(server, authority):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(authority / "ca.crt", authority / "key.pem")
    server.socket = context.wrap_socket(server.socket, server_side=True)
    return f"127.0.0.1:{server.server_address[1]}"


def test_an_unknown_authority_is_refused(secure):
    with pytest.raises(WebError, match="certificate verify failed") as caught:
        WebClient().request("GET", f"https://{secure}/")
    assert not caught.value.is_passing


def test_further_authorities(secure, authority, tmp_path):
    by_file = WebClient(WebSettings(ca_files=(str(authority / "ca.crt"),)))
    folder = tmp_path / secure
    folder.mkdir()
    shutil.copy(authority / "ca.crt", folder)
    by_host = WebClient(WebSettings(certificate_directories=(str(tmp_path),)))

    assert by_file.request("GET", f"https://{secure}/a").read(9) == b"/a"
    assert by_host.request("GET", f"https://{secure}/b").read(9) == b"/b"


def test_certificates_that_are_none_are_told(tmp_path):
    (tmp_path / "x.crt").write_text("nonsense")
    for file in (tmp_path / "x.crt", tmp_path / "missing.crt"):
        with pytest.raises(WebError, match=str(file)):
            tls_context("a", [str(file)])
