from __future__ import annotations

import gzip
import io
import json
import os
import tarfile

import pytest

from dflint.content import ContentStore
from dflint.content.archive import import_archive, import_image
from dflint.errors import BuildError
from dflint.oci.digest import digest_of
from dflint.oci.platform import Platform
from tests.content.worker import put_image

CONFIG = {"architecture": "amd64", "os": "linux", "rootfs": {"type": "layers"}}


def tar_of(members):
    """A tar of files; a text as content makes a symbolic link."""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as tar:
        for name, content in members:
            member = tarfile.TarInfo(name)
            if isinstance(content, str):
                member.type, member.linkname = tarfile.SYMTYPE, content
                tar.addfile(member)
            else:
                member.size = len(content)
                tar.addfile(member, io.BytesIO(content))
    return out.getvalue()


def saved(layers, links=()):
    """The files of an old `docker save`."""
    config = json.dumps({**CONFIG, "rootfs": {"diff_ids": [digest_of(each) for each in layers]}})
    name = digest_of(config.encode())[7:] + ".json"
    names = [f"{number}/layer.tar" for number in range(len(layers))]
    entry = {"Config": name, "RepoTags": ["app:1"], "Layers": names}
    files = [(n, c) for n, c in zip(names, layers, strict=True) if n not in dict(links)]
    listing = json.dumps([entry]).encode()
    return [*files, *links, (name, config.encode()), ("manifest.json", listing)]


@pytest.fixture
def layout(tmp_path):
    """A layout of one image of one layer."""
    source = ContentStore(str(tmp_path / "layout"))
    source.tag("docker.io/library/app:1", put_image(source, "x"))
    source.close()
    return source


def test_an_image_of_a_layout_is_taken(store, layout):
    for name in ("", "app:1", "1", "docker.io/library/app:1"):
        found = import_image(store, layout.root, name, Platform("linux", "amd64"))
        store.tag("a:b", found)
    assert store.verify() == ()
    with pytest.raises(BuildError, match=r"no image `app:2`: there are `docker.io/library/app:1`"):
        import_image(store, layout.root, "app:2")


def test_a_missing_layer_is_named(store, layout):
    digest = digest_of(b"x")
    os.unlink(layout.blob_path(digest))

    with pytest.raises(BuildError, match=f"layer 1 of 1: blob `{digest}` is missing"):
        import_image(store, layout.root)


@pytest.mark.parametrize("compress", [bytes, gzip.compress])
def test_an_old_docker_archive_is_taken(store, compress):
    members = saved([b"one", b"two", b"one"], [("2/layer.tar", "../0/layer.tar")])

    found = import_archive(store, io.BytesIO(compress(tar_of(members))), "app:1")

    layers = json.loads(store.read_blob(found.digest))["layers"]
    assert [layer["digest"] for layer in layers] == [
        digest_of(each) for each in (b"one", b"two", b"one")
    ]


@pytest.mark.parametrize(
    ("members", "message"),
    [
        ([("../x", b"")], "the name `../x` leads out of the archive"),
        ([("/x", b"")], "the name `/x` leads out of the archive"),
        ([("a", "../../etc/passwd")], "leads out of the archive"),
        ([("blobs/sha256/" + 64 * "0", b"x")], "expected content with digest `sha256:000"),
        ([("x", b"")], "holds no image"),
        (saved([b"one"])[1:], "the layer `0/layer.tar` is missing"),
        ([("0/layer.tar", b"other"), *saved([b"one"])[1:]], "expected digest `sha256:"),
    ],
)
def test_hostile_archives_are_refused(store, members, message):
    with pytest.raises(BuildError) as raised:
        import_archive(store, io.BytesIO(tar_of(members)))

    assert message in str(raised.value)


def test_a_truncated_archive_is_refused(store):
    data = gzip.compress(tar_of(saved([os.urandom(5000)])))

    with pytest.raises(BuildError, match="is no tar, or a damaged one"):
        import_archive(store, io.BytesIO(data[:3000]))
