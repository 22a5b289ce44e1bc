"""What a registry may answer to harm who asks: a clear error each, and nothing in the store."""

from __future__ import annotations

import json
import os

import pytest

from dflint.content.store import ContentStore
from dflint.errors import BuildError
from dflint.oci.platform import Platform
from dflint.registry.errors import RegistryError
from dflint.registry.host import RegistryHost
from dflint.registry.resolve import read_reference
from dflint.registry.stored import pull_image
from dflint.testing.registry import Fault, MemoryRegistry, digest_of
from tests.registry.stores import options

LAYER = b"layer" * 50_000
ALWAYS = 10_000
MANIFEST, BLOBS = "GET .*/manifests/", "GET .*/blobs/"
LAYERS = f"GET .*/blobs/{digest_of(LAYER)}"
CONFIG = "application/vnd.oci.image.config.v1+json"
TAR = "application/vnd.oci.image.layer.v1.tar"
ZEROS = "sha256:" + "0" * 64
HELM = "application/vnd.cncf.helm.config.v1+json"


class Listener:
    def begun(self, digests, present):
        pass

    def progress(self, digest, done, total):
        pass


@pytest.fixture
def store(tmp_path):
    store = ContentStore(str(tmp_path / "store"))
    yield store
    store.close()


def files(store):
    """Everything that stands in the store as a blob, or on its way to one."""
    places = ("blobs/sha256", "ingest")
    return [name for place in places for name in os.listdir(os.path.join(store.root, place))]


def refused(registry, store, name="app:1", **values):
    """The text of the error that a pull ends with; the store has nothing of it."""
    reference = read_reference(f"{registry.address}/{name}")
    host = RegistryHost(reference.domain, options(**{"read_timeout": 5.0, **values}))
    with pytest.raises(BuildError) as caught:
        pull_image(store, host, reference, Platform("linux", "amd64", ""), Listener())
    assert store.tags() == ()
    assert files(store) == []
    text = str(caught.value)
    assert "\n" not in text and text.isprintable() and len(text) < 1500
    return caught.value


# Each answer: the faults of the registry, and what the error says.
ANSWERS = {
    "no challenge": (Fault(MANIFEST, ALWAYS, 401), "pull access denied"),
    "a challenge of no kind": (
        Fault(MANIFEST, ALWAYS, 401, {"WWW-Authenticate": 'Digest realm="x",,=="'}),
        "answered 401",
    ),
    "a token server by FTP": (
        Fault(MANIFEST, ALWAYS, 401, {"WWW-Authenticate": 'Bearer realm="ftp://a/b"'}),
        "names no token server",
    ),
    "a token server that is a file": (
        Fault(MANIFEST, ALWAYS, 401, {"WWW-Authenticate": 'Bearer realm="file:///etc/passwd"'}),
        "names no token server",
    ),
    "denied": (Fault(MANIFEST, ALWAYS, 403), "answered 403"),
    "not there, as HTML": (Fault(MANIFEST, ALWAYS, 404, body=b"<html>no</html>"), "not found"),
    "a teapot": (Fault(MANIFEST, ALWAYS, 418), "answered 418"),
    "too many requests": (Fault(MANIFEST, ALWAYS, 429, {"Retry-After": "0"}), "answered 429"),
    "a date to retry after": (
        Fault(MANIFEST, ALWAYS, 429, {"Retry-After": "Thu, 01 Jan 1970 00:00:00 GMT"}),
        "answered 429",
    ),
    "nonsense to retry after": (
        Fault(MANIFEST, ALWAYS, 503, {"Retry-After": "-1 or so"}),
        "answered 503",
    ),
    "an error of the server": (Fault(MANIFEST, ALWAYS, 500), "answered 500"),
    "a bad gateway": (Fault(MANIFEST, ALWAYS, 502, body=b"<html>"), "answered 502"),
    "a gateway that waits": (Fault(MANIFEST, ALWAYS, 504), "answered 504"),
    "no content": (Fault(MANIFEST, ALWAYS, 204), "answered 204"),
    "part of a manifest": (Fault(MANIFEST, ALWAYS, 206), "answered 206"),
    "a redirect to nowhere": (Fault(MANIFEST, ALWAYS, 302), "answered 302"),
    "a redirect loop": (
        Fault(MANIFEST, ALWAYS, 302, {"Location": "/v2/app/manifests/1"}),
        "more than 10 redirects",
    ),
    "a redirect to a file": (
        Fault(MANIFEST, ALWAYS, 302, {"Location": "file:///etc/passwd"}),
        "no HTTP address",
    ),
    "a redirect to no URL": (
        Fault(MANIFEST, ALWAYS, 302, {"Location": "http://[::1"}),
        "no URL",
    ),
    "control characters in an error": (
        Fault(MANIFEST, ALWAYS, 400, body=b'{"errors":[{"code":"\\u001b[2J","message":"a\\nb"}]}'),
        "answered 400: [2J: a b",
    ),
    "an endless error": (Fault(MANIFEST, ALWAYS, 400, body=b"x" * 2_000_000), "answered 400"),
    "errors that are none": (Fault(MANIFEST, ALWAYS, 400, body=b'{"errors":[7]}'), "400"),
    "deep errors": (Fault(MANIFEST, ALWAYS, 400, body=b"[" * 60_000), "answered 400"),
    "a manifest that breaks off": (
        Fault(MANIFEST, ALWAYS, keep=10),
        "failed to fetch the manifest",
    ),
    "no manifest at all": (Fault(MANIFEST, ALWAYS, keep=0), "failed to fetch the manifest"),
    "another manifest": (Fault(MANIFEST, ALWAYS, body=b"{}"), "do not have the digest"),
    "a manifest that is slow": (
        Fault(MANIFEST, ALWAYS, delay=0.4),
        ": timeout",
    ),
    "no configuration": (Fault(BLOBS, ALWAYS, 404), "failed to fetch the configuration"),
    "a configuration for ever": (Fault(BLOBS, 1, body=b"x" * 9_000_000), "longer than"),
    "another configuration": (Fault(BLOBS, ALWAYS, body=b"{}"), "do not have the digest"),
    "a configuration that breaks off": (Fault(BLOBS, ALWAYS, keep=5), "configuration"),
    "no layer": (Fault(LAYERS, ALWAYS, 404), "answered 404"),
    "a layer that is denied": (Fault(LAYERS, ALWAYS, 403), "answered 403"),
    "a layer that fails": (Fault(LAYERS, ALWAYS, 500), "answered 500"),
    "another layer": (
        Fault(LAYERS, ALWAYS, body=b"L" * len(LAYER)),
        "expected content with digest",
    ),
    "a short layer": (Fault(LAYERS, ALWAYS, body=LAYER[:-1]), "ends after 249999 of 250000"),
    "an empty layer": (Fault(LAYERS, ALWAYS, body=b""), "ends after 0 of 250000"),
    "a long layer": (Fault(LAYERS, ALWAYS, body=LAYER + b"x"), "more than the 250000 bytes"),
    "a layer that never comes": (Fault(LAYERS, ALWAYS, keep=0), "failed to fetch sha256"),
    "a part that nobody asked for": (
        Fault(LAYERS, ALWAYS, 206, {"Content-Range": "bytes 5-9/250000"}, body=b"layer"),
        "asked for bytes from 0, got",
    ),
    "a part without its place": (Fault(LAYERS, ALWAYS, 206, body=b"x"), "asked for bytes from 0"),
    "a layer that is here and there": (
        Fault(LAYERS, ALWAYS, 307, {"Location": f"/v2/app/blobs/{digest_of(LAYER)}"}),
        "more than 10 redirects",
    ),
}


@pytest.mark.parametrize("name", ANSWERS)
def test_a_hostile_answer_is_an_error(store, name):
    fault, expected = ANSWERS[name]
    with MemoryRegistry() as registry:
        registry.add_image("app", "1", [LAYER])
        registry.faults.append(fault)
        timeout = {"read_timeout": 0.1} if fault.delay else {}
        error = refused(registry, store, **timeout)

    assert expected in str(error)
    if fault.status:
        assert not isinstance(error, RegistryError) or error.url


def blob(media_type, data, **changed):
    return {"mediaType": media_type, "digest": digest_of(data), "size": len(data), **changed}


def configuration(*diff_ids, **changed):
    rootfs = {"type": "layers", "diff_ids": list(diff_ids)}
    return json.dumps(
        {"architecture": "amd64", "os": "linux", "rootfs": rootfs, **changed}
    ).encode()


GOOD = configuration(digest_of(LAYER))
# Each document: the configuration, the manifest with changed members, and what the error says.
DOCUMENTS = {
    "no JSON": (GOOD, b"\xff\xfe", "no JSON document"),
    "deep JSON": (GOOD, b'{"a":' * 90_000, "no JSON document"),
    "a list": (GOOD, b"[]", "no JSON object"),
    "schema 1": (GOOD, {"schemaVersion": 1}, "schema 1"),
    "an index and an image": (GOOD, {"manifests": []}, "ambiguous"),
    "a manifest of 9 MB": (GOOD, b" " * (9 << 20), "longer than"),
    "layers that are none": (GOOD, {"layers": None}, "it has 0 layers"),
    "layers by the thousand": (GOOD, {"layers": [blob(TAR, LAYER)] * 5000}, "it has 5000 layers"),
    "a path for a digest": (
        GOOD,
        {"layers": [blob(TAR, LAYER, digest="sha256:../x")]},
        "expected a digest like",
    ),
    "a weak digest": (
        GOOD,
        {"layers": [blob(TAR, LAYER, digest="md5:" + "0" * 32)]},
        "is no digest",
    ),
    "a size below nothing": (
        GOOD,
        {"layers": [blob(TAR, LAYER, size=-1)]},
        "expected a size in bytes",
    ),
    "a size in words": (
        GOOD,
        {"layers": [blob(TAR, LAYER, size="big")]},
        "expected a whole number",
    ),
    "a size that is wrong": (GOOD, {"layers": [blob(TAR, LAYER, size=9)]}, "more than the 9 bytes"),
    "a size that is too large": (GOOD, {"layers": [blob(TAR, LAYER, size=1 << 40)]}, "ends after"),
    "no configuration": (GOOD, {"config": None}, "no JSON object"),
    "a configuration that is not there": (GOOD, {"config": blob(CONFIG, b"-")}, "404"),
    "a configuration of gigabytes": (
        GOOD,
        {"config": blob(CONFIG, GOOD, size=1 << 33)},
        "expected at most",
    ),
    "a chart": (GOOD, {"config": blob(HELM, GOOD)}, "is no image: expected a configuration"),
    "a layer that is a text": (GOOD, {"layers": [blob("text/plain", LAYER)]}, "is no layer but"),
    "a configuration that is no JSON": (b"{", {}, "not valid JSON"),
    "a configuration that is a list": (b"[]", {}, "expected a JSON object"),
    "fewer layers than said": (configuration(), {}, "it has 1 layers, and its configuration"),
    "diff IDs that are none": (configuration("sha256:0"), {}, "digest"),
    "a file system of another kind": (configuration(rootfs={"type": "x"}), {}, "expected `layers`"),
}


@pytest.mark.parametrize("name", DOCUMENTS)
def test_a_hostile_document_is_an_error(store, name):
    config, changed, expected = DOCUMENTS[name]
    with MemoryRegistry() as registry:
        registry.add_blob(LAYER)
        registry.add_blob(config)
        document = changed
        if isinstance(changed, dict):
            layers = [blob(TAR, LAYER)]
            document = {"schemaVersion": 2, "config": blob(CONFIG, config), "layers": layers}
            document.update(changed)
        registry.add_manifest("app", document, "1")
        error = refused(registry, store)

    assert expected in str(error)


def an_index(registry, *entries):
    whole = {"schemaVersion": 2, "manifests": list(entries)}
    return registry.add_manifest("app", whole, "1")


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({"size": 5}, "bytes: expected 5"),
        ({"digest": ZEROS}, "not found"),
        ({"platform": {"os": "linux", "architecture": "s390x"}}, "no match for platform"),
        ({"platform": {"os": 7, "architecture": []}}, "no match for platform"),
        ({"mediaType": 5}, "no media type"),
    ],
)
def test_a_hostile_index_is_an_error(store, changed, expected):
    with MemoryRegistry() as registry:
        one = registry.add_image("app", "", [LAYER])
        platform = {"os": "linux", "architecture": "amd64"}
        an_index(registry, {**one, "platform": platform, **changed})
        assert expected in str(refused(registry, store))


def test_an_index_of_itself_is_an_error(store):
    with MemoryRegistry() as registry:
        platform = {"os": "linux", "architecture": "amd64"}
        inner = an_index(registry)
        for _ in range(6):
            inner = an_index(registry, {**inner, "platform": platform})
        assert "no match for platform" in str(refused(registry, store))


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<html>",
        b"[]",
        b'{"token": 7}',
        b'{"token": "a\\r\\nX-Injected: 1"}',
        b'{"access_token": ""}',
        b'{"token": "' + b"x" * (2 << 20) + b'"}',
    ],
)
def test_a_hostile_token_is_an_error(store, body):
    with MemoryRegistry(tokens=True) as registry:
        registry.add_image("app", "1", [LAYER])
        registry.faults.append(Fault("GET /token", ALWAYS, body=body))
        error = refused(registry, store)
        assert "token" in str(error)
        assert not any("x-injected" in one.headers for one in registry.seen)


@pytest.mark.parametrize("tokens", [True, False])
@pytest.mark.parametrize("pattern", [MANIFEST, BLOBS])
def test_a_redirect_to_another_host_takes_no_credentials_along(store, tokens, pattern):
    with (
        MemoryRegistry("me", "S3cret", tokens=tokens) as registry,
        MemoryRegistry("you", "other") as bait,
    ):
        registry.add_image("app", "1", [LAYER])
        where = {"Location": f"http://{bait.address}/v2/app/manifests/1?sig=S3cret"}
        registry.faults.append(
            Fault("GET .*/(manifests|blobs)/", 1, 401, CHALLENGE[tokens](registry))
        )
        registry.faults.append(Fault(pattern, ALWAYS, 307, where))
        error = refused(registry, store, user="me", secret="S3cret")

        assert bait.seen, "the redirect is followed"
        assert not any("authorization" in one.headers for one in bait.seen)
        assert "S3cret" not in str(error)


CHALLENGE = {
    False: lambda registry: {"WWW-Authenticate": 'Basic realm="x"'},
    True: lambda registry: {
        "WWW-Authenticate": f'Bearer realm="http://{registry.address}/token",service="test"'
    },
}


def test_credentials_go_to_no_token_server_of_another_host_without_encryption(store):
    with MemoryRegistry("me", "S3cret") as registry:
        where = {"WWW-Authenticate": 'Bearer realm="http://bait.example/token"'}
        registry.faults.append(Fault("GET", ALWAYS, 401, where))
        error = refused(registry, store, user="me", secret="S3cret")
    assert "not encrypted" in str(error)


def test_there_are_many_of_them():
    assert len(ANSWERS) + len(DOCUMENTS) >= 60
