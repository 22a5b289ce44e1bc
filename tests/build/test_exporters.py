"""Exporters of images: OCI layouts and what `docker load` takes."""

from __future__ import annotations

import hashlib
import io
import json
import os
import subprocess
import sys
import tarfile
from dataclasses import replace

import pytest

from dflint.build.exporter.image import Export, ExportBlob, ExportImage, blob_of
from dflint.build.exporter.layout import export_layout, write_archive
from dflint.build.request import Annotation, Output
from dflint.errors import BuildError
from dflint.oci.platform import Platform

OCI_MANIFEST = "application/vnd.oci.image.manifest.v1+json"
AMD64, ARM64 = Platform("linux", "amd64"), Platform("linux", "arm64")
ARM = Platform("linux", "arm", "v7")


def image(platform=AMD64, text=b"layer"):
    layer = blob_of("application/vnd.oci.image.layer.v1.tar", text)
    config = blob_of("application/vnd.oci.image.config.v1+json", str(platform).encode())
    manifest = {
        "schemaVersion": 2,
        "config": config.descriptor().plain(),
        "layers": [layer.descriptor().plain()],
    }
    return ExportImage(
        platform, blob_of(OCI_MANIFEST, json.dumps(manifest).encode()), config, (layer,)
    )


NAMES = ("docker.io/library/app:1", "reg.example/x/y:3")


def export(*images, **options):
    return Export(images or (image(),), created="2026-01-02T03:04:05Z", **options)


def members(data):
    with tarfile.open(fileobj=io.BytesIO(data)) as archive:
        return {one.name: archive.extractfile(one).read() for one in archive if one.isfile()}


def archive_of(export, **options):
    out = io.BytesIO()
    write_archive(export, out, **options)
    return out.getvalue()


def test_a_layout_in_a_tar_has_the_entries_of_buildkit():
    data = archive_of(export(names=NAMES))

    with tarfile.open(fileobj=io.BytesIO(data)) as archive:
        entries = [(one.name, one.type, one.mode, one.mtime, one.uid) for one in archive]
    digests = sorted(blob.digest[7:] for blob in export().blobs())
    assert entries == [
        ("blobs", tarfile.DIRTYPE, 0o755, 0, 0),
        ("blobs/sha256", tarfile.DIRTYPE, 0o755, 0, 0),
        *((f"blobs/sha256/{digest}", tarfile.REGTYPE, 0o444, 0, 0) for digest in digests),
        ("index.json", tarfile.REGTYPE, 0o644, 0, 0),
        ("oci-layout", tarfile.REGTYPE, 0o444, 0, 0),
    ]
    assert data.endswith(bytes(1024))
    assert archive_of(export(names=NAMES)) == data


def test_an_index_names_the_image_once_for_each_name():
    found = members(archive_of(export(names=NAMES)))
    manifest = image().manifest

    assert (
        found["index.json"]
        == (
            '{"schemaVersion":2,"mediaType":"application/vnd.oci.image.index.v1+json","manifests":['
            + ",".join(
                '{"mediaType":"application/vnd.oci.image.manifest.v1+json",'
                f'"digest":"{manifest.digest}","size":{manifest.size},"annotations":'
                f'{{"io.containerd.image.name":"{name}",'
                '"org.opencontainers.image.created":"2026-01-02T03:04:05Z",'
                f'"org.opencontainers.image.ref.name":"{tag}"}},'
                '"platform":{"architecture":"amd64","os":"linux"}}'
                for name, tag in zip(NAMES, ("1", "3"), strict=True)
            )
            + "]}"
        ).encode()
    )


def test_blobs_are_what_their_names_say():
    for name, data in members(archive_of(export(image(AMD64), image(ARM64)))).items():
        if name.startswith("blobs/"):
            assert hashlib.sha256(data).hexdigest() == os.path.basename(name)


def test_several_platforms_are_nested_in_an_index():
    annotations = (
        Annotation("index", "i", "1 < 2"),
        Annotation("index-descriptor", "id", "2"),
        Annotation("manifest-descriptor", "md", "3", ARM),
    )
    found = members(archive_of(export(image(AMD64), image(ARM), annotations=annotations)))

    (entry,) = json.loads(found["index.json"])["manifests"]
    assert entry["mediaType"] == "application/vnd.oci.image.index.v1+json"
    assert entry["annotations"] == {
        "id": "2",
        "org.opencontainers.image.created": "2026-01-02T03:04:05Z",
    }
    assert "platform" not in entry
    text = found["blobs/sha256/" + entry["digest"][7:]]
    assert b'\n  "annotations": {\n    "i": "1 \\u003c 2"\n  }\n}' in text
    first, second = json.loads(text)["manifests"]
    assert first["platform"] == {"architecture": "amd64", "os": "linux"}
    assert second["platform"] == {"architecture": "arm", "os": "linux", "variant": "v7"}
    assert "annotations" not in first
    assert second["annotations"] == {"md": "3"}


def test_an_index_of_docker_manifests_is_dockers():
    docker = blob_of("application/vnd.docker.distribution.manifest.v2+json", b"{}")
    found = export(replace(image(AMD64), manifest=docker), replace(image(ARM), manifest=docker))

    descriptor, _ = found.top()

    kind = "application/vnd.docker.distribution.manifest.list.v2+json"
    assert descriptor.media_type == kind


def test_index_annotations_need_an_index():
    with pytest.raises(BuildError, match="index annotations need several platforms"):
        export(annotations=(Annotation("index", "a", "b"),)).top()


def test_docker_has_a_manifest_of_its_own():
    found = members(archive_of(export(names=NAMES), is_docker=True))
    one = image()

    assert json.loads(found["manifest.json"]) == [
        {
            "Config": f"blobs/sha256/{one.config.digest[7:]}",
            "RepoTags": ["app:1", "reg.example/x/y:3"],
            "Layers": [f"blobs/sha256/{one.layers[0].digest[7:]}"],
        }
    ]
    unnamed = members(archive_of(export(), is_docker=True))
    assert json.loads(unnamed["manifest.json"])[0]["RepoTags"] is None


def test_docker_takes_one_platform(tmp_path):
    with pytest.raises(BuildError, match="found several: use `type=oci`"):
        export_layout(export(image(AMD64), image(ARM64)), Output("docker", str(tmp_path / "x")))


def test_an_archive_appears_as_a_whole(tmp_path):
    place = tmp_path / "x.tar"
    place.write_text("before")

    export_layout(export(), Output("oci", str(place)))

    assert "oci-layout" in members(place.read_bytes())
    assert [one.name for one in tmp_path.iterdir()] == ["x.tar"]


def damaged():
    layer = image().layers[0]
    return replace(image(), layers=(replace(layer, open=lambda: io.BytesIO(b"lay")),))


def test_a_failed_export_leaves_what_was_there(tmp_path):
    place = tmp_path / "x.tar"
    place.write_text("before")

    with pytest.raises(BuildError, match="expected 5 bytes, found 3"):
        export_layout(export(damaged()), Output("oci", str(place)))

    assert place.read_text() == "before"
    assert [one.name for one in tmp_path.iterdir()] == ["x.tar"]


def test_a_blob_that_is_too_long_is_damaged():
    layer = image().layers[0]
    long = replace(image(), layers=(replace(layer, open=lambda: io.BytesIO(b"x" * 9)),))

    with pytest.raises(BuildError, match="expected 5 bytes"):
        archive_of(export(long))


def test_the_destination_is_named_where_it_cannot_be_written(tmp_path):
    place = str(tmp_path / "no" / "x.tar")

    with pytest.raises(BuildError, match=r"cannot write to `.*/no/x.tar`: No such file"):
        export_layout(export(), Output("oci", place))


def test_a_link_stays_and_its_target_is_written(tmp_path):
    (tmp_path / "real").write_text("before")
    (tmp_path / "link").symlink_to("real")

    export_layout(export(), Output("oci", str(tmp_path / "link")))

    assert (tmp_path / "link").is_symlink()
    assert "index.json" in members((tmp_path / "real").read_bytes())


def test_an_archive_goes_to_a_pipe(tmp_path):
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    reader = subprocess.Popen(["cat", str(pipe)], stdout=subprocess.PIPE)

    export_layout(export(), Output("oci", str(pipe)))

    assert reader.communicate(timeout=20)[0] == archive_of(export())


def test_an_archive_goes_to_standard_output(capfdbinary):
    export_layout(export(), Output("oci", "-"))

    sys.stdout.flush()
    assert capfdbinary.readouterr().out == archive_of(export())


def tree_of(place):
    return sorted(
        os.path.relpath(os.path.join(folder, name), place)
        for folder, _, names in os.walk(place)
        for name in names
    )


def test_a_layout_in_a_directory(tmp_path):
    place = tmp_path / "a" / "layout"

    export_layout(export(), Output("oci", str(place), is_directory=True))

    blobs = [f"blobs/sha256/{blob.digest[7:]}" for blob in export().blobs()]
    assert tree_of(place) == sorted([*blobs, "index.json", "oci-layout"])
    (entry,) = json.loads((place / "index.json").read_text())["manifests"]
    assert entry["annotations"] == {
        "org.opencontainers.image.created": "2026-01-02T03:04:05Z",
        "org.opencontainers.image.ref.name": "latest",
    }
    assert (place / blobs[0]).stat().st_mode & 0o777 == 0o444


def test_images_are_added_to_a_layout_by_their_names(tmp_path):
    output = Output("oci", str(tmp_path), is_directory=True)
    other = image(text=b"other")

    export_layout(export(names=NAMES), output)
    export_layout(export(other, names=NAMES[:1]), output)
    export_layout(export(other), output)
    export_layout(export(other), output)

    entries = json.loads((tmp_path / "index.json").read_text())["manifests"]
    called = [
        (one["annotations"].get("io.containerd.image.name"), one["digest"]) for one in entries
    ]
    assert called == [
        (NAMES[1], image().manifest.digest),
        (NAMES[0], other.manifest.digest),
        (None, other.manifest.digest),
    ]


def test_a_failed_export_takes_its_directory_with_it(tmp_path):
    with pytest.raises(BuildError):
        export_layout(export(damaged()), Output("oci", str(tmp_path / "a/b"), is_directory=True))

    assert list(tmp_path.iterdir()) == []


def test_a_failed_export_leaves_the_layout_that_was_there(tmp_path):
    output = Output("oci", str(tmp_path), is_directory=True)
    export_layout(export(image(text=b"other")), output)
    before = tree_of(tmp_path)

    with pytest.raises(BuildError):
        export_layout(export(damaged()), output)

    assert tree_of(tmp_path) == before


def test_an_index_that_is_none_is_refused(tmp_path):
    (tmp_path / "index.json").write_text("[]")

    with pytest.raises(BuildError, match=r"index\.json"):
        export_layout(export(), Output("oci", str(tmp_path), is_directory=True))


def test_a_large_blob_is_read_in_pieces():
    data = b"x" * (3 << 20)
    digest = "sha256:" + hashlib.sha256(data).hexdigest()
    blob = ExportBlob("x", digest, len(data), lambda: io.BytesIO(data))

    found = members(archive_of(export(replace(image(), layers=(blob,)))))

    assert found[f"blobs/sha256/{blob.digest[7:]}"] == data
