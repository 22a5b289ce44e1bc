"""Pulling from a registry on loopback, whatever it does."""

from __future__ import annotations

import json

import pytest

from dflint.oci.platform import Platform
from dflint.registry.errors import RegistryError
from dflint.registry.platforms import exactly, in_order
from dflint.registry.pull import pull
from dflint.registry.resolve import resolve
from dflint.testing.registry import Fault, MemoryRegistry, digest_of
from tests.registry.stores import MemoryStore, options

AMD64 = exactly("linux", "amd64")
LAYERS = [b"one" * 100_000, b"two" * 200_000, b""]


@pytest.fixture
def registry():
    with MemoryRegistry() as registry:
        yield registry


def pulled(registry, name="app:1", choose=AMD64, **values):
    store = MemoryStore()
    resolved = pull(f"{registry.address}/{name}", choose, store, options(**values))
    return resolved, store


def refused(registry, name="app:1", **values):
    store = MemoryStore()
    with pytest.raises(RegistryError) as caught:
        pull(f"{registry.address}/{name}", AMD64, store, options(**values))
    assert "config" not in store.blobs
    return caught.value, store


def test_everything_of_an_image_arrives(registry):
    root = registry.add_image("app", "1", LAYERS)
    told = {}
    store = MemoryStore()
    resolved = pull(
        f"{registry.address}/app:1",
        AMD64,
        store,
        options(),
        lambda digest, done, total: told.__setitem__(digest, (done, total)),
    )

    assert resolved.manifest.descriptor.digest == root["digest"]
    assert resolved.root == resolved.manifest.descriptor
    assert {digest_of(one) for one in LAYERS} < set(store.blobs)
    assert root["digest"] in store.blobs
    assert json.loads(resolved.config)["os"] == "linux"
    assert told[digest_of(LAYERS[0])] == (300_000, 300_000)


def test_resolving_fetches_no_layer(registry):
    registry.add_image("app", "latest", LAYERS)
    resolved = resolve(f"{registry.address}/app", AMD64, options())

    assert resolved.name == f"{registry.address}/app:latest"
    assert registry.count("GET /v2/app/blobs/") == 1


def test_layers_that_are_there_are_not_fetched(registry):
    registry.add_image("app", "1", LAYERS)
    _, store = pulled(registry)
    before = registry.count("blobs/")
    pull(f"{registry.address}/app:1", AMD64, store, options())

    assert registry.count("blobs/") == before + 1


def test_a_digest_counts_more_than_a_tag(registry):
    old = registry.add_image("app", "1", [b"old"])
    registry.add_image("app", "1", [b"new"])
    resolved, _ = pulled(registry, f"app:1@{old['digest']}")

    assert resolved.manifest.descriptor.digest == old["digest"]


def index_of(registry, repository, tag, *entries):
    document = {"schemaVersion": 2, "manifests": list(entries)}
    return registry.add_manifest(repository, document, tag)


def test_an_index_is_chosen_from(registry):
    arm = registry.add_image("app", "", [b"arm"], architecture="arm64")
    amd = registry.add_image("app", "", [b"amd"])
    arm["platform"] = {"os": "linux", "architecture": "arm64", "variant": "v8"}
    amd["platform"] = {"os": "linux", "architecture": "amd64"}
    root = index_of(registry, "app", "1", arm, amd)
    resolved, store = pulled(registry)
    for_arm, _ = pulled(registry, choose=exactly("linux", "arm64"))

    assert resolved.manifest.descriptor.digest == amd["digest"]
    assert resolved.root.digest == root["digest"]
    assert root["digest"] in store.blobs
    assert arm["digest"] not in store.blobs
    assert for_arm.manifest.descriptor.digest == arm["digest"]


def test_platforms_are_wanted_in_an_order(registry):
    images = {}
    for variant in ("v6", "v7", "v5"):
        one = registry.add_image("app", "", [variant.encode()], architecture="arm")
        images[variant] = one["digest"]
        one["platform"] = {"os": "linux", "architecture": "arm", "variant": variant}
        images[variant, "whole"] = one
    index_of(registry, "app", "1", *(images[v, "whole"] for v in ("v6", "v7", "v5")))
    armv7, armv5 = Platform("linux", "arm"), Platform("linux", "arm", "v5")
    eighth = Platform("linux", "arm", "v8")

    for order, variant in (([eighth, armv7, armv5], "v7"), ([armv5, armv7], "v5")):
        resolved, _ = pulled(registry, choose=in_order(order))
        assert resolved.manifest.descriptor.digest == images[variant]


def test_an_index_without_platforms_is_chosen_from_by_configurations(registry):
    arm = registry.add_image("app", "", [b"arm"], architecture="arm64")
    amd = registry.add_image("app", "", [b"amd"])
    index_of(registry, "app", "1", index_of(registry, "app", "", arm, amd))
    resolved, _ = pulled(registry, choose=lambda them: AMD64(them) or list(them))

    assert resolved.manifest.descriptor.digest == amd["digest"]


def test_an_index_may_not_have_the_platform(registry):
    arm = registry.add_image("app", "", [b"arm"], architecture="arm64")
    arm["platform"] = {"os": "linux", "architecture": "arm64", "variant": "v8"}
    index_of(registry, "app", "1", arm)
    error, store = refused(registry)

    assert "no match for platform in manifest sha256:" in str(error)
    assert "it has linux/arm64/v8" in str(error)
    assert store.blobs == {}


def test_what_is_not_there_is_not_found(registry):
    error, _ = refused(registry)

    assert f"{registry.address}/app:1: not found" in str(error)
    assert (error.status, error.code) == (404, "MANIFEST_UNKNOWN")
    assert error.url == f"http://{registry.address}/v2/app/manifests/1"


@pytest.mark.parametrize("status", [500, 502, 503, 429, 408])
def test_passing_errors_are_tried_again(registry, status):
    registry.add_image("app", "1", LAYERS)
    registry.faults += [Fault("GET .*manifests", 2, status), Fault("GET .*blobs", 2, status)]
    _, store = pulled(registry)

    assert digest_of(LAYERS[1]) in store.blobs


def test_errors_that_do_not_pass_are_told(registry):
    registry.add_image("app", "1", LAYERS)
    registry.faults.append(Fault("GET .*manifests", 100, 503, {"Retry-After": "0"}))
    error, _ = refused(registry)

    assert error.status == 503
    assert registry.count("manifests") == options().attempts


@pytest.mark.parametrize("ranges", [True, False])
def test_a_broken_transfer_is_taken_up(ranges):
    with MemoryRegistry(ranges=ranges) as registry:
        registry.add_image("app", "1", LAYERS)
        place = f"GET .*{digest_of(LAYERS[1])}"
        registry.faults += [Fault(place, keep=250_000), Fault(place, keep=100_000)]
        _, store = pulled(registry)

        assert store.blobs[digest_of(LAYERS[1])] == LAYERS[1]
        spans = [one.headers.get("range") for one in registry.seen if "range" in one.headers]
        assert len(spans) == 2
        assert "bytes=250000-" in spans


def test_a_transfer_that_gets_on_goes_on(registry):
    data = b"x" * 40_000
    registry.add_image("app", "1", [data])
    registry.faults.append(Fault(f"GET .*{digest_of(data)}", 30, keep=1000))
    _, store = pulled(registry, attempts=2)

    assert store.blobs[digest_of(data)] == data


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (b"tampered" * 37_500, "expected content with digest"),
        (b"long" * 100_000, "sends more than the 300000 bytes expected"),
        (b"short", "ends after 5 of 300000 bytes"),
    ],
)
def test_wrong_layers_are_refused(registry, body, expected):
    registry.add_image("app", "1", LAYERS)
    registry.faults.append(Fault(f"GET .*{digest_of(LAYERS[0])}", 100, body=body))
    error, store = refused(registry)

    assert expected in str(error)
    assert digest_of(body) not in store.blobs
    assert not any(b"config" in data for data in store.blobs.values())


def test_a_wrong_configuration_is_refused(registry):
    registry.add_image("app", "1", LAYERS)
    resolved, _ = pulled(registry)
    config = resolved.manifest.config()
    registry.faults.append(Fault(f"GET .*{config.digest}", 9, body=b"x" * config.size))
    error, store = refused(registry)

    assert "do not have the digest" in str(error)
    assert store.blobs == {}


def test_a_manifest_must_have_its_digest(registry):
    root = registry.add_image("app", "1", LAYERS)
    registry.faults.append(Fault("GET .*manifests", 9, body=b"{}"))
    by_tag, _ = refused(registry)
    by_digest, _ = refused(registry, f"app@{root['digest']}")

    assert "do not have the digest" in str(by_tag)
    assert "do not have the digest" in str(by_digest)


SCHEMA_1 = "application/vnd.docker.distribution.manifest.v1+prettyjws"
BLOB = {"mediaType": "x", "digest": "sha256:" + "0" * 64, "size": 1}


@pytest.mark.parametrize(
    ("document", "kind", "expected"),
    [
        (b"", "", "no JSON document"),
        (b"[" * 100_000, "", "no JSON document"),
        (b"[]", "", "no JSON object"),
        ({"schemaVersion": 1}, "", "schema 1"),
        ({"schemaVersion": 1}, SCHEMA_1, "schema 1"),
        ({"manifests": [], "layers": []}, "", "ambiguous"),
        ({"schemaVersion": 2}, "text/html", "is no image"),
        ({"layers": [], "mediaType": "a/b"}, "a/b", "is no image"),
        (
            {"manifests": [], "mediaType": "application/vnd.oci.image.manifest.v1+json"},
            "",
            "not of",
        ),
        ({"layers": [BLOB]}, "", "descriptor is no JSON object"),
        ({"config": {**BLOB, "digest": "sha256:../../x"}, "layers": []}, "", "is no digest"),
        ({"config": {**BLOB, "digest": "md5:" + "0" * 32}, "layers": []}, "", "is no digest"),
        ({"config": {**BLOB, "size": -1}, "layers": []}, "", "expected bytes"),
        ({"config": {**BLOB, "size": True}, "layers": []}, "", "expected bytes"),
        ({"config": {**BLOB, "size": 1 << 40}, "layers": []}, "", "expected at most"),
        ({"config": {"digest": BLOB["digest"], "size": 1}, "layers": []}, "", "no media type"),
        ({"config": BLOB, "layers": []}, "", "failed to fetch the configuration"),
        ({"manifests": [BLOB] * 5000}, "", "no list of at most"),
        ({"manifests": {}}, "", "no list of at most"),
    ],
)
def test_hostile_manifests_are_refused(registry, document, kind, expected):
    registry.add_manifest("app", document, "1", kind)
    error, store = refused(registry)

    assert expected in str(error)
    assert store.blobs == {}


def test_a_huge_manifest_is_refused(registry):
    registry.add_manifest("app", b" " * (9 << 20), "1", "application/json")
    error, _ = refused(registry)

    assert "longer than" in str(error)


def test_endless_indexes_are_refused(registry):
    inner = index_of(registry, "app", "")
    for _ in range(9):
        inner = index_of(registry, "app", "1", {**inner, "platform": {"os": "linux"}})
    with pytest.raises(RegistryError, match="no match for platform"):
        pull(f"{registry.address}/app:1", list, MemoryStore(), options())


def test_foreign_layers_come_from_elsewhere_by_rule(registry):
    with MemoryRegistry(user="u", password="p") as registry_with_secrets:
        digest = registry.add_blob(b"foreign", "x")
        foreign = {
            "mediaType": "application/vnd.docker.image.rootfs.foreign.diff.tar.gzip",
            "digest": digest,
            "size": 7,
            "urls": ["ftp://a/b", f"http://{registry.address}/v2/x/blobs/{digest}"],
        }
        secret = registry_with_secrets
        config = secret.add_blob(b"{}", "app")
        document = {"config": {**BLOB, "digest": config, "size": 2}, "layers": [foreign]}
        secret.add_manifest("app", document, "1")
        _, store = pulled(secret, user="u", secret="p")
        error, _ = refused(secret, user="u", secret="p", fetches_foreign=False)

        assert store.blobs[digest] == b"foreign"
        assert not any("authorization" in one.headers for one in registry.seen)
        assert "foreign layer" in str(error)


def test_cancelling_ends_a_pull(registry):
    registry.add_image("app", "1", LAYERS)
    settings = options()
    settings.cancel.set()
    with pytest.raises(RegistryError, match="cancelled"):
        pull(f"{registry.address}/app:1", AMD64, MemoryStore(), settings)


def test_a_registry_that_is_not_there_is_told():
    with MemoryRegistry() as registry:
        address = registry.address
    with pytest.raises(RegistryError, match="connection refused") as caught:
        resolve(f"{address}/app", AMD64, options())
    assert caught.value.status == 0


def test_what_is_no_reference_is_told():
    with pytest.raises(RegistryError, match="must be lowercase"):
        resolve("localhost:1/App", AMD64, options())
