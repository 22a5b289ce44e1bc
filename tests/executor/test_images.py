"""The small root file system of the tests, and its image."""

from __future__ import annotations

import filecmp
import gzip
import hashlib
import json
import os
import tarfile

from dflint.testing import images
from tests.running import run


def test_an_image_is_the_same_each_time(busybox, tmp_path):
    digests = [images.write_layout(str(busybox), str(tmp_path / name)) for name in ("a", "b")]

    assert digests[0] == digests[1]
    names = sorted(os.listdir(tmp_path / "a/blobs/sha256"))
    assert filecmp.cmpfiles(
        tmp_path / "a/blobs/sha256", tmp_path / "b/blobs/sha256", names, shallow=False
    ) == (names, [], [])


def test_an_image_describes_its_blobs(busybox_layout):
    def read(digest):
        data = (busybox_layout / "blobs/sha256" / digest.removeprefix("sha256:")).read_bytes()
        assert f"sha256:{hashlib.sha256(data).hexdigest()}" == digest
        return data

    index = json.loads((busybox_layout / "index.json").read_bytes())
    manifest = json.loads(read(index["manifests"][0]["digest"]))
    config = json.loads(read(manifest["config"]["digest"]))
    layer = gzip.decompress(read(manifest["layers"][0]["digest"]))

    assert config["rootfs"]["diff_ids"] == [f"sha256:{hashlib.sha256(layer).hexdigest()}"]
    assert config["config"]["Cmd"] == ["sh"]


def test_a_hard_link_stands_behind_its_file(tmp_path):
    root = tmp_path / "root"
    (root / "b").mkdir(parents=True)
    (root / "b/file").write_text("content")
    # The file system lists names in any order: some of these come before `b/file`.
    for name in ("a", "c", "b/a", "b/z"):
        os.link(root / "b/file", root / name)
    images.write_layout(str(root), str(tmp_path / "layout"))

    index = json.loads((tmp_path / "layout/index.json").read_bytes())
    blobs = tmp_path / "layout/blobs/sha256"
    manifest = json.loads((blobs / index["manifests"][0]["digest"][7:]).read_bytes())
    with tarfile.open(blobs / manifest["layers"][0]["digest"][7:]) as archive:
        entries = [(one.name, one.linkname) for one in archive if not one.isdir()]
    assert entries == [("a", ""), ("b/a", "a"), ("b/file", "a"), ("b/z", "a"), ("c", "a")]


def test_without_busybox_the_programs_of_the_host_do(namespaces, tmp_path, monkeypatch):
    monkeypatch.setattr(images, "find_busybox", lambda cache: "")
    root = images.busybox_root(str(tmp_path / "root"), str(tmp_path / "cache"))

    ran = run(namespaces, root, "id -u; grep -c root /etc/passwd; ls -d /etc")

    assert (ran.status, ran.stdout, ran.stderr) == (0, "0\n1\n/etc\n", "")
