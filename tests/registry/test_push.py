"""Pushing to a registry on loopback."""

from __future__ import annotations

import io
import json

import pytest

import dflint.registry.upload
from dflint.registry.errors import RegistryError
from dflint.registry.platforms import exactly
from dflint.registry.pull import pull
from dflint.registry.push import Way, push
from dflint.testing.registry import Fault, MemoryRegistry, digest_of
from tests.registry.stores import MemoryStore, options

AMD64 = exactly("linux", "amd64")
WRONG_DIGEST = b'{"errors":[{"code":"DIGEST_INVALID","message":"not what it says"}]}'
LAYERS = [b"one" * 100_000, b"two" * 200_000, b""]


@pytest.fixture(autouse=True)
def small_pieces(monkeypatch):
    monkeypatch.setattr(dflint.registry.upload, "PIECE", 100_000)


class Source(MemoryStore):
    def open_blob(self, digest):
        return io.BytesIO(self.blobs[digest])


@pytest.fixture(scope="module")
def image():
    """A store with an image, and the image's digest."""
    with MemoryRegistry() as registry:
        root = registry.add_image("app", "1", LAYERS)
        store = Source()
        pull(f"{registry.address}/app:1", AMD64, store, options())
    return store, root["digest"]


@pytest.fixture
def registry():
    with MemoryRegistry() as registry:
        yield registry


def sent(registry, image, name="team/app:2", **values):
    store, digest = image
    mounts = dict.fromkeys(store.blobs, values.pop("mount_from", ()))
    where = f"{registry.address}/{name}"
    return push(where, digest, store, options(**values), mount_from=mounts)


def test_what_is_pushed_can_be_pulled(registry, image):
    store, digest = image
    pushed = sent(registry, image)
    again = MemoryStore()
    resolved = pull(f"{registry.address}/team/app:2", AMD64, again, options())

    assert pushed.descriptor.digest == resolved.root.digest == digest
    assert again.blobs == store.blobs
    assert len(pushed.digests("sent")) == 4
    methods = [one.method for one in registry.seen if "manifests" in one.path]
    assert methods[0] == "PUT"
    assert registry.count("PATCH") == 0


def test_what_is_there_is_not_sent_again(registry, image):
    sent(registry, image)
    before = registry.count("POST|PATCH")
    pushed = sent(registry, image, "team/app:3")

    assert registry.count("POST|PATCH") == before
    assert pushed.digests("sent") == ()
    assert len(pushed.digests("present")) == 4


def test_blobs_of_other_repositories_are_mounted(registry, image):
    sent(registry, image, "base:1")
    before = registry.count("PATCH")
    pushed = sent(registry, image, mount_from=["base"])

    assert registry.count("PATCH") == before
    assert len(pushed.digests("mounted")) == 4


def test_what_cannot_be_mounted_is_sent(registry, image):
    assert len(sent(registry, image, mount_from=["nothing"]).digests("sent")) == 4


@pytest.mark.parametrize("tokens", [True, False])
def test_credentials(image, tokens):
    with MemoryRegistry("me", "S3cret", tokens=tokens) as registry:
        assert len(sent(registry, image, user="me", secret="S3cret").digests("sent")) == 4
        with pytest.raises(RegistryError, match=r"401|no token") as caught:
            sent(registry, image, user="me", secret="S3cret-wrong")
    assert "S3cret" not in str(caught.value)


@pytest.mark.parametrize("method", ["HEAD", "POST", "PUT .*uploads", "PUT .*manifests"])
def test_errors_that_pass(registry, image, method):
    registry.faults.append(Fault(method, 2, 503))
    sent(registry, image)

    assert registry.manifests["team/app", "2"]
    for layer in LAYERS:
        assert registry.blobs[digest_of(layer)] == layer


@pytest.mark.parametrize("again", ["PUT .*uploads", "PATCH"])
def test_a_broken_blob_is_sent_on_from_where_it_is(registry, image, again):
    registry.faults.append(Fault("PUT .*uploads", 1, 503, takes=30_000))
    registry.faults.append(Fault(again, 2, 503, takes=30_000))
    sent(registry, image, parallel=1)

    for layer in LAYERS:
        assert registry.blobs[digest_of(layer)] == layer
    assert registry.count("POST") == 4
    assert registry.count("PATCH") >= 3


def test_what_is_too_large_for_one_request_goes_in_pieces(registry, image):
    registry.faults.append(Fault("PUT .*uploads", 1, 413))
    sent(registry, image, parallel=1)

    assert registry.blobs[digest_of(LAYERS[0])] == LAYERS[0]
    assert registry.count("PATCH") == 3


def test_pieces_that_come_apart_are_sent_anew(registry, image):
    registry.faults.append(Fault("PUT .*uploads", 1, 503, takes=30_000))
    registry.faults.append(Fault("PUT .*uploads", 1, 400, body=WRONG_DIGEST))
    sent(registry, image, parallel=1)

    assert registry.blobs[digest_of(LAYERS[0])] == LAYERS[0]
    assert registry.count("POST") == 5


def test_an_upload_that_a_failed_mount_began_is_gone_on_with(registry, image):
    assert len(sent(registry, image, mount_from=["nothing"]).digests("sent")) == 4
    assert registry.count("POST") == 4
    assert registry.count("DELETE") == 0


def test_foreign_layers_that_nobody_has_are_left_out(registry, image):
    store, digest = image
    document = json.loads(store.blobs[digest])
    kind = "application/vnd.docker.image.rootfs.foreign.diff.tar.gzip"
    far = {"mediaType": kind, "digest": digest_of(b"far"), "size": 3, "urls": ["https://a.example"]}
    document["layers"].insert(0, far)
    data = json.dumps(document).encode()
    store.put_blob(data)
    registry.add_blob(b"far")
    pushed = sent(registry, (store, digest_of(data)), parallel=1)
    assert pushed.ways[far["digest"]] == Way("present")
    registry.owned.discard(("", far["digest"]))
    with pytest.raises(RegistryError, match="MANIFEST_BLOB_UNKNOWN"):
        sent(registry, (store, digest_of(data)), "else/app:1", parallel=1)


def test_an_index_comes_with_its_images(registry, image):
    store, digest = image
    document = {
        "schemaVersion": 2,
        "mediaType": "application/vnd.oci.image.index.v1+json",
        "manifests": [
            {
                "mediaType": "application/vnd.oci.image.manifest.v1+json",
                "digest": digest,
                "size": len(store.blobs[digest]),
            }
        ],
    }
    data = json.dumps(document).encode()
    store.put_blob(data)
    push(f"{registry.address}/app:1", digest_of(data), store, options())

    assert registry.manifests["app", "1"][1] == document["mediaType"]
    assert ("app", digest) in registry.manifests


@pytest.mark.parametrize(
    ("fault", "expected"),
    [
        (Fault("PUT .*manifests", 9, 403), "push access denied"),
        (Fault("PUT .*uploads", 9, 400), "failed to send sha256"),
        (Fault("POST", 99, 202), "does not say where an upload goes"),
        (Fault("POST", 99, 202, {"Location": "ftp://a/b"}), "does not say where"),
        (Fault("PUT .*uploads", 99, 307, {"Location": "http://a.example/"}), "answered 307"),
        (Fault("PUT .*manifests", 9, 201, {"Docker-Content-Digest": "sha256:1"}), "took it for"),
    ],
)
def test_what_is_refused_is_told(registry, image, fault, expected):
    registry.faults.append(fault)
    with pytest.raises(RegistryError, match=expected):
        sent(registry, image)
    assert ("team/app", "2") not in registry.manifests


def test_a_damaged_blob_is_not_sent(registry, image):
    store, digest = image
    damaged = Source()
    damaged.blobs = {**store.blobs, digest_of(LAYERS[0]): LAYERS[0][:-1]}
    with pytest.raises(RegistryError, match="the store's blob has 299999 bytes: expected 300000"):
        sent(registry, (damaged, digest))
    damaged.blobs[digest] = b"{}"
    with pytest.raises(RegistryError, match="is damaged"):
        sent(registry, (damaged, digest))
