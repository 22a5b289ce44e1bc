"""`--cache-to` and `--cache-from` with registries and images: what another machine gets of it."""

from __future__ import annotations

import base64
import json

import pytest

from dflint.testing.registry import Fault, MemoryRegistry
from tests.build.test_local_cache import DOCKERFILE, build, steps

CONFIG = "application/vnd.buildkit.cacheconfig.v0"


@pytest.fixture
def registry():
    with MemoryRegistry() as registry:
        yield registry


@pytest.fixture
def place(command):
    command.write({"f": "f", "g": "g", "Dockerfile": DOCKERFILE})
    return command.place


def document(registry, name, tag="latest"):
    return json.loads(registry.manifests[name, tag][0])


@pytest.mark.parametrize(
    ("fields", "kind", "layer"),
    [
        ("", "oci.image.manifest", "oci.image.layer"),
        (",image-manifest=false", "oci.image.index", "oci.image.layer"),
        (",image-manifest=false,oci-mediatypes=false", "manifest.list", "image.rootfs.diff"),
        (",compression=zstd", "oci.image.manifest", "tar+zstd"),
    ],
)
def test_all_steps_come_from_the_registry(command, place, registry, fields, kind, layer):
    ref = f"ref={registry.address}/cache"
    _, first = build(command, place, "a", f"--cache-to=type=registry,{ref},mode=max{fields}")
    written = document(registry, "cache")
    assert kind in registry.manifests["cache", "latest"][1]
    blobs = written.get("layers") or [
        one for one in written["manifests"] if one["mediaType"] != CONFIG
    ]
    assert all(layer in one["mediaType"] for one in blobs)
    assert all(one["annotations"]["containerd.io/uncompressed"] for one in blobs)

    log, second = build(command, place, "b", f"--cache-from=type=registry,{ref}")
    assert set(steps(log).values()) == {"CACHED"} and len(steps(log)) == 5
    assert second == first, "the same image, times included"
    log, _ = build(command, place, "b2", f"--cache-from={registry.address}/cache")
    assert set(steps(log).values()) == {"CACHED"}


def test_the_records_are_as_buildkit_documents_them(command, place, registry):
    build(command, place, "a", f"--cache-to=type=registry,ref={registry.address}/c,mode=max")
    config = document(registry, "c")["config"]
    assert config["mediaType"] == CONFIG
    records = json.loads(registry.blobs[config["digest"]])
    blobs = {one["digest"] for one in document(registry, "c")["layers"]}
    for number, layer in enumerate(records["layers"]):
        assert layer["blob"] in blobs
        assert -1 <= layer.get("parent", 0) < number or number == 0
    for record in records["records"]:
        assert record["digest"].startswith("sha256:")
        assert "inputs" not in record
        assert len(record.get("layers", ())) + len(record.get("chains", ())) == 1
    assert any("chains" in one for one in records["records"]), "what lies on a linked copy"


def test_the_least_has_the_steps_of_the_result_alone(command, place, registry):
    ref = f"type=registry,ref={registry.address}/c"
    build(command, place, "a", f"--cache-to={ref}")
    log, _ = build(command, place, "b", f"--cache-from={ref}")
    assert steps(log)["RUN echo one > /one"] == "DONE"
    assert steps(log)["RUN cat /f /g > /both"] == "CACHED"


def test_layers_are_fetched_when_they_are_wanted(command, place, registry):
    ref = f"type=registry,ref={registry.address}/c"
    build(command, place, "a", f"--cache-to={ref},mode=max")
    layers = {one["digest"] for one in document(registry, "c")["layers"]}
    registry.seen.clear()
    (place / "context" / "f").write_text("changed")
    log, _ = build(command, place, "b", f"--cache-from={ref}")
    assert steps(log)["COPY f /f"] == "DONE"
    fetched = {one.path.rpartition("/")[2] for one in registry.seen if one.method == "GET"}
    assert 0 < len(layers & fetched) < len(layers)


@pytest.mark.parametrize("way", ["type=inline", "argument"])
def test_an_image_carries_the_records_of_its_steps(command, place, registry, way):
    name = f"{registry.address}/app:1"
    option = f"--cache-to={way}" if "=" in way else "--build-arg=BUILDKIT_INLINE_CACHE=1"
    build(command, place, "a", "--push", "-t", name, option)
    config = json.loads(registry.blobs[document(registry, "app", "1")["config"]["digest"]])
    records = json.loads(base64.b64decode(config["moby.buildkit.cache.v0"]))
    assert {tuple(one) for one in records} == {("digest", "layers")}
    assert list(config) == sorted(config)

    registry.seen.clear()
    log, _ = build(command, place, "b", f"--cache-from=type=registry,ref={name}", option)
    assert steps(log)["RUN echo one > /one"] == "DONE", "a step of another stage"
    assert steps(log)["RUN cat /f /g > /both"] == "CACHED"


def test_an_image_for_several_platforms_carries_them_too(command, place, registry):
    command.write({"Dockerfile": "FROM scratch\nCOPY f /f\nCOPY --link g /g\n"})
    name = f"{registry.address}/app:1"
    platforms = "--platform=linux/amd64,linux/arm64"
    _, first = (
        command,
        command.build(
            platforms, "--push", "-t", name, "--cache-to=type=inline", DFLINT_STORE=str(place / "a")
        ),
    )
    log = command.build(platforms, f"--cache-from={name}", DFLINT_STORE=str(place / "b")).err
    assert "WARN" not in log
    assert log.count("CACHED") == 4
    assert first.status == 0


def test_a_cache_that_is_not_there_is_told_and_does_not_count(command, place, registry):
    log, _ = build(command, place, "a", f"--cache-from={registry.address}/none")
    assert f"failed to import the cache of `{registry.address}/none:latest`" in log
    assert "MANIFEST_UNKNOWN" in log
    registry.add_image("plain", "latest", [b""])
    log, _ = build(command, place, "a", f"--cache-from={registry.address}/plain")
    assert "it is an image without an inline cache" in log


@pytest.mark.parametrize(
    ("layers", "records"),
    [
        ("[[]]", "[]"),
        ('[{"blob": "sha256:0", "parent": -1}]', "[]"),
        ("[{BLOB, PARENT0}]", '[{"digest": "sha256:0", "layers": [{"layer": 0}]}]'),
        ("[{BLOB, PARENT0}]", "[{DIGEST, LAYER0}]"),
        ("[{BLOB, PARENT1}]", "[{DIGEST, LAYER0}]"),
        ("[{BLOB, NONE}]", "[{DIGEST, LAYER1}]"),
        ("[{BLOB, NONE}]", '[{DIGEST, "chains": [{"layers": [0, -1]}]}]'),
        ("[{BLOB, NONE}]", '[{DIGEST, "chains": [{"layers": 3}]}]'),
        ("[{BLOB, NONE}]", "{}"),
        ("[{BLOB, NONE}]", "[" + "[" * 5000 + "]" * 5000 + "]"),
    ],
)
def test_wrong_records_are_told_and_do_not_count(command, place, registry, layers, records):
    digest = registry.add_blob(b"layer")
    kind = "application/vnd.oci.image.layer.v1.tar"
    notes = {"containerd.io/uncompressed": digest}
    layer = {"mediaType": kind, "digest": digest, "size": 5, "annotations": notes}
    text = f'{{"layers": {layers}, "records": {records}}}'
    for word, value in (
        ("BLOB", f'"blob": "{digest}"'),
        ("NONE", '"parent": -1'),
        ("PARENT0", '"parent": 0'),
        ("PARENT1", '"parent": 1'),
        ("DIGEST", f'"digest": "{digest}"'),
        ("LAYER0", '"layers": [{"layer": 0}]'),
        ("LAYER1", '"layers": [{"layer": 1}]'),
    ):
        text = text.replace(word, value)
    config = registry.add_blob(text.encode())
    registry.add_manifest(
        "bad",
        {
            "schemaVersion": 2,
            "config": {"mediaType": CONFIG, "digest": config, "size": len(text)},
            "layers": [layer],
        },
        "latest",
    )
    log, _ = build(command, place, "a", f"--cache-from={registry.address}/bad")
    assert "the records cannot be read" in log
    assert steps(log)["COPY f /f"] == "DONE"


def test_a_damaged_layer_is_told_and_its_step_runs(command, place, registry):
    ref = f"type=registry,ref={registry.address}/c"
    build(command, place, "a", f"--cache-to={ref},mode=max")
    last = document(registry, "c")["layers"][-1]["digest"]
    registry.faults.append(Fault(f"GET .*/{last}", 99, body=b"wrong"))
    log, _ = build(command, place, "b", f"--cache-from={ref}")
    assert "failed to import the cache" in log and last in log
    assert "DONE" in steps(log).values()


def test_a_registry_that_refuses_ends_the_build_unless_told_otherwise(command, place, registry):
    registry.faults.append(Fault("PUT .*/manifests/", 99, 403))
    to = f"--cache-to=type=registry,ref={registry.address}/c"
    failed = command.run(to)
    assert failed.status == 1
    assert "push access denied" in failed.err and "answered 403" in failed.err
    assert command.run(f"{to},ignore-error=true").status == 0
