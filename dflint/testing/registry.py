"""A registry in memory for tests: pull and push on loopback, tokens, faults on demand."""

from __future__ import annotations

import base64
import hashlib
import itertools
import json
import re
import threading
import time
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

from dflint.testing.registry_faults import Fault as Fault
from dflint.testing.registry_faults import Seen as Seen

_MANIFEST = re.compile(r"/v2/(.+)/manifests/([^/]+)")
_BLOB = re.compile(r"/v2/(.+)/blobs/([a-z0-9]+:[0-9a-f]+)")
_UPLOADS = re.compile(r"/v2/(.+)/blobs/uploads/")
_UPLOAD = re.compile(r"/v2/(.+)/blobs/uploads/([0-9]+)")
_INDEX = "application/vnd.oci.image.index.v1+json"
_IMAGE = "application/vnd.oci.image.manifest.v1+json"


def digest_of(data: bytes) -> str:
    """The sha256 digest of bytes."""
    return "sha256:" + hashlib.sha256(data).hexdigest()


class MemoryRegistry:
    """A registry on a port of 127.0.0.1, until it is closed.

    `user` and `password` make it want credentials, as Basic or through tokens of its own token
    server; without a user, `tokens` hands tokens to anyone. `ranges` tells whether blobs can be
    had in part. `faults` are looked at in order; `seen` lists the requests.
    """

    def __init__(
        self,
        user: str = "",
        password: str = "",
        *,
        tokens: bool = False,
        ranges: bool = True,
        token_life: int = 300,
    ) -> None:
        self.user = user
        self.password = password
        self.tokens = tokens
        self.ranges = ranges
        self.token_life = token_life
        self.blobs: dict[str, bytes] = {}
        self.manifests: dict[tuple[str, str], tuple[bytes, str]] = {}
        self.owned: set[tuple[str, str]] = set()
        self.uploads: dict[str, bytearray] = {}
        self.given: dict[str, tuple[frozenset[str], float]] = {}
        self.faults: list[Fault] = []
        self.seen: list[Seen] = []
        self.refresh_tokens: set[str] = set()
        self.numbers = itertools.count()
        #: How many tags a page of a list has at most.
        self.page = 100
        self._lock = threading.Lock()
        self._server = _Server(("127.0.0.1", 0), self)
        self.address = f"127.0.0.1:{self._server.server_address[1]}"
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()

    def __enter__(self) -> MemoryRegistry:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Stop serving."""
        self._server.shutdown()
        self._server.server_close()

    def add_blob(self, data: bytes, repository: str = "") -> str:
        """Keep a blob; its digest. Without a repository every one has it."""
        digest = digest_of(data)
        self.blobs[digest] = data
        self.owned.add((repository, digest))
        return digest

    def add_manifest(
        self, repository: str, document: object, tag: str = "", media_type: str = ""
    ) -> dict[str, object]:
        """Keep a manifest or index; its descriptor."""
        data = document if isinstance(document, bytes) else json.dumps(document).encode()
        if not media_type and isinstance(document, dict):
            usual = _INDEX if "manifests" in document else _IMAGE
            media_type = str(document.get("mediaType") or usual)
        digest = digest_of(data)
        for name in (digest, tag):
            if name:
                self.manifests[repository, name] = data, media_type
        return {"mediaType": media_type, "digest": digest, "size": len(data)}

    def add_image(
        self, repository: str, tag: str, layers: list[bytes], **config: object
    ) -> dict[str, object]:
        """Keep an image of layers that are plain tars; its manifest's descriptor."""
        whole = {
            "architecture": "amd64",
            "os": "linux",
            **config,
            "rootfs": {"type": "layers", "diff_ids": [digest_of(one) for one in layers]},
        }
        data = json.dumps(whole).encode()
        kind = "application/vnd.oci.image.layer.v1.tar"
        document = {
            "schemaVersion": 2,
            "mediaType": _IMAGE,
            "config": _blob(self, data, "application/vnd.oci.image.config.v1+json", repository),
            "layers": [_blob(self, one, kind, repository) for one in layers],
        }
        return self.add_manifest(repository, document, tag)

    def fault_of(self, line: str) -> Fault | None:
        """The fault that strikes a request, if one does."""
        with self._lock:
            for fault in self.faults:
                if fault.times > 0 and re.search(fault.pattern, line):
                    fault.times -= 1
                    return fault
        return None

    def count(self, pattern: str) -> int:
        """How many requests matched a pattern of `METHOD path`."""
        return sum(re.search(pattern, f"{one.method} {one.path}") is not None for one in self.seen)


def _blob(registry: MemoryRegistry, data: bytes, kind: str, repository: str) -> dict[str, object]:
    return {"mediaType": kind, "digest": registry.add_blob(data, repository), "size": len(data)}


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, address: tuple[str, int], registry: MemoryRegistry) -> None:
        self.registry = registry
        super().__init__(address, _Handler)

    def handle_error(self, request: object, client_address: object) -> None:
        """Say nothing: clients of tests break connections on purpose."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Server
    _fault: Fault | None

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""

    def handle_one(self) -> None:
        """Answer one request."""
        registry = self.server.registry
        body = self._body()
        headers = {name.lower(): value for name, value in self.headers.items()}
        registry.seen.append(Seen(self.command, self.path, headers, len(body)))
        self._fault = registry.fault_of(f"{self.command} {self.path}")
        if self._fault and self._fault.delay:
            time.sleep(self._fault.delay)
        if self._fault and self._fault.takes:
            # Part of an upload's piece arrives, and then something breaks.
            upload = urlsplit(self.path).path.rpartition("/")[2]
            registry.uploads[upload] += body[: self._fault.takes]
        if self._fault and self._fault.status:
            # What is broken for a user is broken whatever is sent.
            status = self._fault.status
            self._send(status, self._fault.body or b"", **self._fault.headers)
            return
        parts = urlsplit(self.path)
        query = {name: values for name, values in parse_qs(parts.query).items()}
        if parts.path == "/token":
            self._token(query, body)
            return
        if not self._is_allowed(parts.path):
            return
        for method, pattern, action in _ROUTES:
            found = pattern.fullmatch(parts.path)
            if found and self.command in method.split():
                action(self, *found.groups(), query=query, body=body)
                return
        self._error(404, "UNSUPPORTED", "no such address")

    do_GET = do_HEAD = do_POST = do_PUT = do_PATCH = do_DELETE = handle_one

    def _body(self) -> bytes:
        if self.headers.get("Transfer-Encoding", "").lower() != "chunked":
            return self.rfile.read(int(self.headers.get("Content-Length") or 0))
        parts = []
        while size := int(self.rfile.readline().split(b";")[0], 16):
            parts.append(self.rfile.read(size))
            self.rfile.readline()
        self.rfile.readline()
        return b"".join(parts)

    def _send(self, status: int, body: bytes = b"", **headers: str) -> None:
        fault = self._fault
        if fault and fault.body is not None and not fault.status:
            body = fault.body
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command == "HEAD":
            return
        if fault and fault.keep >= 0:
            self.wfile.write(body[: fault.keep])
            self.close_connection = True
            return
        self.wfile.write(body)

    def _error(self, status: int, code: str, message: str, **headers: str) -> None:
        document = {"errors": [{"code": code, "message": message}]}
        body = json.dumps(document).encode()
        self._send(status, body, Content_Type="application/json", **headers)

    def _is_allowed(self, path: str) -> bool:
        registry = self.server.registry
        if not registry.tokens and not registry.user:
            return True
        sent = self.headers.get("Authorization", "")
        if not registry.tokens:
            if sent == _basic(registry):
                return True
            self._error(401, "UNAUTHORIZED", "who?", WWW_Authenticate='Basic realm="test"')
            return False
        found = re.match(r"/v2/(.+)/(?:manifests|blobs)/", path)
        actions = "pull" if self.command in ("GET", "HEAD") else "push"
        wanted = f"{found[1]}:{actions}" if found else ""
        scopes, expires = registry.given.get(sent.removeprefix("Bearer "), (frozenset[str](), 0.0))
        if expires > time.monotonic() and (not wanted or wanted in scopes):
            return True
        challenge = f'Bearer realm="http://{registry.address}/token",service="test"'
        if found:
            challenge += f',scope="repository:{found[1]}:pull,push"'
        self._error(401, "UNAUTHORIZED", "no token", WWW_Authenticate=challenge)
        return False

    def _token(self, query: dict[str, list[str]], body: bytes) -> None:
        registry = self.server.registry
        if self.command == "POST":
            query = parse_qs(body.decode())
            is_known = query.get("refresh_token", [""])[0] in registry.refresh_tokens
            scopes = query.get("scope", [""])[0].split()
        else:
            is_known = not registry.user or self.headers.get("Authorization") == _basic(registry)
            scopes = query.get("scope", [])
        if not is_known:
            self._error(401, "UNAUTHORIZED", "wrong password")
            return
        allowed = set()
        for scope in scopes:
            _, _, rest = scope.partition(":")
            name, _, actions = rest.rpartition(":")
            allowed |= {f"{name}:{action}" for action in actions.split(",")}
        token = f"token-{len(registry.given)}"
        life = registry.token_life
        registry.given[token] = frozenset(allowed), time.monotonic() + life
        answer = json.dumps({"token": token, "expires_in": life}).encode()
        self._send(200, answer, Content_Type="application/json")

    def manifest(self, name: str, which: str, query: object, body: bytes) -> None:
        """Send a manifest."""
        found = self.server.registry.manifests.get((name, which))
        if found is None:
            self._error(404, "MANIFEST_UNKNOWN", "manifest unknown")
            return
        data, kind = found
        self._send(200, data, Content_Type=kind, Docker_Content_Digest=digest_of(data))

    def put_manifest(self, name: str, which: str, query: object, body: bytes) -> None:
        """Take a manifest whose blobs are there."""
        registry = self.server.registry
        for blob in re.findall(rb'"digest": ?"(sha256:[0-9a-f]{64})"', body):
            digest = blob.decode()
            is_there = (name, digest) in registry.owned or ("", digest) in registry.owned
            if not is_there and (name, digest) not in registry.manifests:
                self._error(400, "MANIFEST_BLOB_UNKNOWN", f"blob unknown: {digest}")
                return
        kind = self.headers.get("Content-Type", "")
        registry.manifests[name, which] = registry.manifests[name, digest_of(body)] = body, kind
        location = f"/v2/{name}/manifests/{digest_of(body)}"
        self._send(201, Location=location, Docker_Content_Digest=digest_of(body))

    def blob(self, name: str, digest: str, query: object, body: bytes) -> None:
        """Send a blob, or its end."""
        registry = self.server.registry
        data = registry.blobs.get(digest)
        if data is None or not {(name, digest), ("", digest)} & registry.owned:
            self._error(404, "BLOB_UNKNOWN", "blob unknown to registry")
            return
        span = re.fullmatch(r"bytes=(\d+)-", self.headers.get("Range", ""))
        if span and registry.ranges and int(span[1]) < len(data):
            start = int(span[1])
            told = f"bytes {start}-{len(data) - 1}/{len(data)}"
            self._send(206, data[start:], Content_Range=told)
            return
        self._send(200, data, Docker_Content_Digest=digest)

    def post_upload(self, name: str, query: dict[str, list[str]], body: bytes) -> None:
        """Begin an upload, or mount a blob of another repository."""
        registry = self.server.registry
        mount, source = query.get("mount", [""])[0], query.get("from", [""])[0]
        if mount in registry.blobs and (source, mount) in registry.owned:
            registry.owned.add((name, mount))
            self._send(201, Location=f"/v2/{name}/blobs/{mount}")
            return
        upload = str(next(registry.numbers))
        registry.uploads[upload] = bytearray()
        self._send(202, Location=f"/v2/{name}/blobs/uploads/{upload}?state=x", Range="0-0")

    def patch_upload(self, name: str, upload: str, query: object, body: bytes) -> None:
        """Take a piece of an upload."""
        data = self.server.registry.uploads[upload]
        span = re.fullmatch(r"(\d+)-(\d+)", self.headers.get("Content-Range", ""))
        if span and int(span[1]) != len(data):
            self._error(416, "BLOB_UPLOAD_INVALID", "wrong range", Range=f"0-{len(data) - 1}")
            return
        data += body
        location = f"/v2/{name}/blobs/uploads/{upload}?state=x"
        self._send(202, Location=location, Range=f"0-{max(len(data) - 1, 0)}")

    def get_upload(self, name: str, upload: str, query: object, body: bytes) -> None:
        """Say how much of an upload is there."""
        size = len(self.server.registry.uploads[upload])
        location = f"/v2/{name}/blobs/uploads/{upload}?state=x"
        self._send(204, Location=location, Range=f"0-{max(size - 1, 0)}")

    def put_upload(self, name: str, upload: str, query: dict[str, list[str]], body: bytes) -> None:
        """End an upload."""
        registry = self.server.registry
        data = bytes(registry.uploads.pop(upload)) + body
        digest = query.get("digest", [""])[0]
        if digest_of(data) != digest:
            self._error(400, "DIGEST_INVALID", "provided digest did not match uploaded content")
            return
        registry.add_blob(data, name)
        self._send(201, Location=f"/v2/{name}/blobs/{digest}", Docker_Content_Digest=digest)

    def tags(self, name: str, query: dict[str, list[str]], body: bytes) -> None:
        """Send a page of the tags, and where the next one is."""
        registry = self.server.registry
        found = sorted(tag for one, tag in registry.manifests if one == name and ":" not in tag)
        last = query.get("last", [""])[0]
        page = [tag for tag in found if tag > last][: registry.page]
        headers = {"Content_Type": "application/json"}
        if page and page[-1] != found[-1]:
            headers["Link"] = f'</v2/{name}/tags/list?last={page[-1]}>; rel="next"'
        self._send(200, json.dumps({"name": name, "tags": page}).encode(), **headers)

    def ping(self, query: object, body: bytes) -> None:
        """Say that this is a registry."""
        self._send(200, b"{}", Content_Type="application/json")


_ROUTES: tuple[tuple[str, re.Pattern[str], Callable[..., None]], ...] = (
    ("GET", re.compile(r"/v2/"), _Handler.ping),
    ("GET", re.compile(r"/v2/(.+)/tags/list"), _Handler.tags),
    ("GET HEAD", _MANIFEST, _Handler.manifest),
    ("PUT", _MANIFEST, _Handler.put_manifest),
    ("GET HEAD", _BLOB, _Handler.blob),
    ("POST", _UPLOADS, _Handler.post_upload),
    ("PATCH", _UPLOAD, _Handler.patch_upload),
    ("GET", _UPLOAD, _Handler.get_upload),
    ("PUT", _UPLOAD, _Handler.put_upload),
)


def _basic(registry: MemoryRegistry) -> str:
    pair = f"{registry.user}:{registry.password}".encode()
    return "Basic " + base64.b64encode(pair).decode()
