"""Base images for generated builds, as OCI layouts: the same bytes for every builder.

`base` is a shell, `rich` a second layer on it with files of every kind and a configuration that
says something in each field, triggers included.
"""

from __future__ import annotations

import gzip
import hashlib
import io
import json
import os
import tarfile
from collections.abc import Mapping
from types import MappingProxyType

from dflint.testing.images import PATH, busybox_root, write_layout

_MADE = "2020-09-13T12:26:40Z"
_TIME = 1_600_000_000
_LAYER = "application/vnd.oci.image.layer.v1.tar+gzip"
_CONFIG = "application/vnd.oci.image.config.v1+json"
_CAPABILITY = "\x01\x00\x00\x02\x00\x20" + "\x00" * 14


def make_bases(
    folder: str, cache: str, programs: Mapping[str, str] = MappingProxyType({})
) -> dict[str, str]:
    """Write the layouts into a new folder; where each image is.

    `programs` are the scripts of further programs, by their names.
    """
    root = busybox_root(os.path.join(folder, "root"), cache)
    for name, script in programs.items():
        path = os.path.join(root, "usr", "bin", name)
        with open(path, "w", encoding="utf-8") as file:
            file.write(script)
        os.chmod(path, 0o755)
    base = os.path.join(folder, "base")
    write_layout(root, base)
    rich = os.path.join(folder, "rich")
    _derive(base, rich, [_upper(), _top()], _RICH)
    return {"base": base, "rich": rich}


_RICH = {
    "Env": [f"PATH={PATH}:/rich/bin", "A=of rich", "RICH=1"],
    "Cmd": ["rich", "command"],
    "Entrypoint": ["/bin/sh", "-c", "rich"],
    "WorkingDir": "/data",
    "User": "root",
    "Labels": {"version": "rich", "rich": "label"},
    "ExposedPorts": {"8080/tcp": {}},
    "Volumes": {"/data/v": {}},
    "StopSignal": "SIGQUIT",
    "Healthcheck": {"Test": ["CMD", "rich"], "Interval": 5_000_000_000, "Retries": 2},
    "OnBuild": ["RUN echo of rich > /tmp/of-rich", "ENV ONRICH=yes"],
    "Shell": ["/bin/sh", "-ec"],
}


def _upper() -> bytes:
    made = _Tar()
    made.add("data/", tarfile.DIRTYPE, mode=0o755)
    made.add("data/attr", data=b"attribute\n", pax={"SCHILY.xattr.user.rich": "value"})
    made.add("data/cap", mode=0o755, pax={"SCHILY.xattr.security.capability": _CAPABILITY})
    made.add("data/dirlink", tarfile.SYMTYPE, link="sub")
    made.add("data/f", data=b"file\n", mode=0o640, owner=(5, 60))
    made.add("data/fifo", tarfile.FIFOTYPE)
    made.add("data/gone", data=b"is removed above\n")
    made.add("data/hard-1", data=b"several names\n", owner=(33, 33))
    made.add("data/hard-2", tarfile.LNKTYPE, link="data/hard-1")
    made.add("data/link", tarfile.SYMTYPE, link="f", owner=(1000, 1000))
    made.add("data/opaque/", tarfile.DIRTYPE, mode=0o755)
    made.add("data/opaque/below", data=b"hidden\n")
    made.add("data/sticky/", tarfile.DIRTYPE, mode=0o1777)
    made.add("data/sub/", tarfile.DIRTYPE, mode=0o2775, owner=(0, 50))
    made.add("data/sub/g", data=b"group\n", owner=(0, 50))
    made.add("data/sub/hard-3", tarfile.LNKTYPE, link="data/hard-1")
    return made.bytes()


def _top() -> bytes:
    made = _Tar()
    made.add("data/", tarfile.DIRTYPE, mode=0o755)
    made.add("data/.wh.gone", mode=0)
    made.add("data/opaque/", tarfile.DIRTYPE, mode=0o711)
    made.add("data/opaque/.wh..wh..opq", mode=0)
    made.add("data/opaque/above", data=b"seen\n")
    return made.bytes()


class _Tar:
    """A layer on its way."""

    def __init__(self) -> None:
        self._stream = io.BytesIO()
        self._tar = tarfile.TarFile(fileobj=self._stream, mode="w", format=tarfile.PAX_FORMAT)

    def add(self, name, kind=tarfile.REGTYPE, *, mode=0o644, data=b"", link="", owner=(0, 0),
            pax=None):  # fmt: skip
        entry = tarfile.TarInfo(name)
        entry.type, entry.mode, entry.linkname, entry.size = kind, mode, link, len(data)
        entry.uid, entry.gid = owner
        entry.mtime, entry.pax_headers = _TIME, pax or {}
        self._tar.addfile(entry, io.BytesIO(data))

    def bytes(self) -> bytes:
        self._tar.close()
        return self._stream.getvalue()


def _derive(base: str, folder: str, layers: list[bytes], config: dict[str, object]) -> None:
    """Write a layout with an image that has more layers than another one."""
    blobs = os.path.join(folder, "blobs", "sha256")
    os.makedirs(blobs)
    below = os.path.join(base, "blobs", "sha256")
    for name in os.listdir(below):
        os.link(os.path.join(below, name), os.path.join(blobs, name))
    with open(os.path.join(base, "index.json"), encoding="utf-8") as file:
        index = json.load(file)
    manifest = _read(blobs, index["manifests"][0]["digest"])
    document = _read(blobs, manifest["config"]["digest"])
    for number, layer in enumerate(layers):
        manifest["layers"].append(_blob(blobs, _LAYER, gzip.compress(layer, 6, mtime=0)))
        document["rootfs"]["diff_ids"].append(_digest(layer))
        document["history"].append({"created": _MADE, "created_by": f"rich layer {number}"})
    document["history"].append(
        {"created": _MADE, "created_by": "rich configuration", "empty_layer": True, "author": "x"}
    )
    document.update(config=config, author="someone of rich")
    manifest["config"] = _blob(blobs, _CONFIG, json.dumps(document).encode())
    described = _blob(blobs, manifest["mediaType"], json.dumps(manifest).encode())
    index["manifests"] = [{**index["manifests"][0], **described}]
    for name, data in (("index.json", index), ("oci-layout", {"imageLayoutVersion": "1.0.0"})):
        with open(os.path.join(folder, name), "w", encoding="utf-8") as file:
            json.dump(data, file)


def _read(blobs: str, digest: str):
    with open(os.path.join(blobs, digest.partition(":")[2]), encoding="utf-8") as file:
        return json.load(file)


def _blob(blobs: str, media_type: str, data: bytes) -> dict[str, object]:
    digest = _digest(data)
    with open(os.path.join(blobs, digest.partition(":")[2]), "wb") as file:
        file.write(data)
    return {"mediaType": media_type, "digest": digest, "size": len(data)}


def _digest(data: bytes) -> str:
    return "sha256:" + hashlib.sha256(data).hexdigest()
