"""Debian's registry server: what is pushed to it comes back, whatever breaks on the way."""

from __future__ import annotations

import base64
import gzip
import hashlib
import json
import os
import subprocess
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

import pytest

from dflint.content.store import ContentStore
from dflint.oci.descriptor import Descriptor
from dflint.oci.manifest import Manifest
from dflint.oci.platform import Platform
from dflint.registry.errors import RegistryError
from dflint.registry.host import RegistryHost
from dflint.registry.push import PushListener, Way
from dflint.registry.resolve import read_reference
from dflint.registry.stored import pull_image, push_image
from tests.registry.server import CuttingProxy, needs_server, real_registry
from tests.registry.stores import options

pytestmark = needs_server

CONFIG = "application/vnd.oci.image.config.v1+json"
TAR = "application/vnd.oci.image.layer.v1.tar"
LARGE = 24 << 20
#: `htpasswd -Bbn me S3cret`, at the least cost of bcrypt.
HTPASSWD = "me:$2y$05$abcdefghijklmnopqrstuubixMLxXbS.ecUXLMU219LHk.9qNyV6i\n"


class Listener:
    def begun(self, digests, present):
        pass

    def progress(self, digest, done, total):
        pass


@pytest.fixture
def server(tmp_path):
    (tmp_path / "registry").mkdir()
    with real_registry(tmp_path / "registry") as address:
        yield address


@pytest.fixture
def stores(tmp_path):
    """Two stores, the first one with an image of some layers."""
    made = [ContentStore(str(tmp_path / name)) for name in ("one", "two")]
    yield made
    for store in made:
        store.close()


def an_image(store, name, *layers, is_gzip=False):
    """An image of layers, in gzip's format where that is asked for; its digest."""
    diff_ids = ["sha256:" + hashlib.sha256(data).hexdigest() for data in layers]
    blobs = [store.put_blob(gzip.compress(data, 0) if is_gzip else data) for data in layers]
    kind = TAR + "+gzip" if is_gzip else TAR
    document = {
        "architecture": "amd64",
        "os": "linux",
        "config": {},
        "rootfs": {"type": "layers", "diff_ids": diff_ids},
    }
    config = store.put_blob(json.dumps(document).encode())
    manifest = Manifest(
        Descriptor(CONFIG, config.digest, config.size),
        tuple(Descriptor(kind, one.digest, one.size) for one in blobs),
    )
    kept = store.put_blob(manifest.encode())
    store.tag(name, Descriptor(manifest.media_type, kept.digest, kept.size))
    return kept.digest


def push(store, name, ways=None, **values):
    reference = read_reference(name)
    host = RegistryHost(reference.domain, options(**values))
    ended = (ways if ways is not None else {}).__setitem__
    return push_image(store, host, reference, None, PushListener(ended=ended))


def pull(store, name, **values):
    reference = read_reference(name)
    host = RegistryHost(reference.domain, options(**values))
    return pull_image(store, host, reference, Platform("linux", "amd64", ""), Listener())


def test_an_image_comes_back_as_it_went(server, stores):
    name = f"{server}/team/app:1"
    digest = an_image(stores[0], name, b"a" * 5000, os.urandom(70_000), b"")
    assert push(stores[0], name).descriptor.digest == digest
    assert pull(stores[1], name).digest == digest
    assert not stores[1].verify()

    ways = {}
    push(stores[0], name, ways)
    assert {one.kind for one in ways.values()} == {"present"}
    an_image(stores[0], f"{server}/other:1", b"a" * 5000, b"new")
    push(stores[0], f"{server}/other:1", ways)
    first = "sha256:" + hashlib.sha256(b"a" * 5000).hexdigest()
    assert ways[first] == Way("mounted", "team/app")


def cut(address, **cuts):
    return CuttingProxy(int(address.rpartition(":")[2]), **cuts)


def test_an_upload_that_breaks_is_taken_up(server, stores):
    with cut(server, up=[5 << 20, 9 << 20]) as proxy:
        name = f"{proxy.address}/app:1"
        data = os.urandom(LARGE)
        digest = an_image(stores[0], name, data)
        push(stores[0], name, parallel=1)
        assert len(proxy.done) == 2
    assert pull(stores[1], f"{server}/app:1").digest == digest
    assert not stores[1].verify()


def test_a_download_that_breaks_is_taken_up(server, stores):
    name = f"{server}/app:1"
    digest = an_image(stores[0], name, os.urandom(LARGE))
    push(stores[0], name)
    with cut(server, down=[3 << 20, 4 << 20, 5 << 20]) as proxy:
        assert pull(stores[1], f"{proxy.address}/app:1").digest == digest
        assert len(proxy.done) == 3
    assert not stores[1].verify()


def test_a_registry_with_passwords(tmp_path, stores):
    (tmp_path / "htpasswd").write_text(HTPASSWD)
    auth = f"{{htpasswd: {{realm: test, path: {tmp_path}/htpasswd}}}}"
    with real_registry(tmp_path, auth) as server:
        name = f"{server}/app:1"
        digest = an_image(stores[0], name, b"layer")
        with pytest.raises(RegistryError, match="UNAUTHORIZED") as caught:
            push(stores[0], name)
        assert (caught.value.status, caught.value.code) == (401, "UNAUTHORIZED")
        with pytest.raises(RegistryError, match="push access denied"):
            push(stores[0], name, user="me", secret="wrong")
        push(stores[0], name, user="me", secret="S3cret")
        with pytest.raises(RegistryError, match="pull access denied"):
            pull(stores[1], name)
        assert pull(stores[1], name, user="me", secret="S3cret").digest == digest


class TokenServer(BaseHTTPRequestHandler):
    """Gives tokens (JSON Web Tokens, ES256) to who has the password; they last two seconds."""

    key = ""
    chain = ""
    given: list[str]

    def log_message(self, *_):
        pass

    def do_GET(self):
        query = parse_qs(urlsplit(self.path).query)
        pair = base64.b64encode(b"me:S3cret").decode()
        if self.headers.get("Authorization") != f"Basic {pair}":
            self._send(401, {"errors": [{"code": "UNAUTHORIZED", "message": "who?"}]})
            return
        access = []
        for scope in query.get("scope", []):
            kind, name, actions = scope.split(":")
            access.append({"type": kind, "name": name, "actions": actions.split(",")})
        self.given.append(" ".join(query.get("scope", [])))
        self._send(200, {"token": self._token(access), "expires_in": 2})

    def _send(self, status, document):
        body = json.dumps(document).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def _token(self, access):
        now = int(time.time())
        head = {"typ": "JWT", "alg": "RS256", "x5c": [self.chain]}
        claims = {
            "iss": "tests", "sub": "me", "aud": "registry", "jti": str(now),
            "exp": now + 2, "nbf": now - 60, "iat": now, "access": access,
        }  # fmt: skip
        text = ".".join(_url64(json.dumps(one).encode()) for one in (head, claims))
        signed = subprocess.run(
            ["openssl", "dgst", "-sha256", "-sign", self.key],
            input=text.encode(),
            capture_output=True,
            check=True,
        ).stdout
        return f"{text}.{_url64(signed)}"


def _url64(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


@pytest.fixture
def token_server(tmp_path):
    key, chain = tmp_path / "key.pem", tmp_path / "cert.pem"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2",
         "-subj", "/CN=tests", "-keyout", key, "-out", chain],
        capture_output=True,
        check=True,
    )  # fmt: skip
    lines = [line for line in chain.read_text().splitlines() if "-----" not in line]
    members = {"key": str(key), "chain": "".join(lines), "given": []}
    handler = type("Handler", (TokenServer,), members)
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    yield server, handler, chain
    server.shutdown()
    server.server_close()


def test_a_registry_with_a_token_server(tmp_path, stores, token_server):
    server, handler, chain = token_server
    realm = f"http://127.0.0.1:{server.server_address[1]}/token"
    auth = (
        f'{{token: {{realm: "{realm}", service: registry, issuer: tests, '
        f"rootcertbundle: {chain}}}}}"
    )
    with real_registry(tmp_path, auth) as registry:
        name = f"{registry}/team/app:1"
        digest = an_image(stores[0], name, *(bytes([at]) * 100_000 for at in range(6)))
        with pytest.raises(RegistryError, match=r"no token.*401: UNAUTHORIZED"):
            push(stores[0], name, user="me", secret="wrong")
        push(stores[0], name, user="me", secret="S3cret")
        assert handler.given[0] == "repository:team/app:pull,push"
        before = len(handler.given)
        time.sleep(1.1)
        assert pull(stores[1], name, user="me", secret="S3cret").digest == digest
        assert len(handler.given) > before, "tokens that end are fetched anew"
