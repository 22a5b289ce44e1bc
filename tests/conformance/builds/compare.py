"""What two builds of the same have otherwise."""

from __future__ import annotations

import gzip
import hashlib
import io
import json
import os
import tarfile
from dataclasses import dataclass, field

from tests.conformance.builds.builders import Outcome

LINE = "line of the error"


class Image:
    """The image in an OCI layout: manifest, configuration, and layers as they are asked for."""

    def __init__(self, layout: str) -> None:
        self._layout = layout
        with open(os.path.join(layout, "index.json"), encoding="utf-8") as file:
            self.index = json.load(file)
        self.manifest = json.loads(self._blob(self.index["manifests"][0]["digest"]))
        self.config_bytes = self._blob(self.manifest["config"]["digest"])
        self.document = json.loads(self.config_bytes)
        self.diff_ids = self.document["rootfs"]["diff_ids"] or []

    def _blob(self, digest: str) -> bytes:
        with open(os.path.join(self._layout, "blobs", *digest.split(":")), "rb") as file:
            data = file.read()
        assert "sha256:" + hashlib.sha256(data).hexdigest() == digest, "a blob is not its digest"
        return data

    def layer(self, number: int) -> bytes:
        """The tar of a layer."""
        data = gzip.decompress(self._blob(self.manifest["layers"][number]["digest"]))
        found = "sha256:" + hashlib.sha256(data).hexdigest()
        assert found == self.diff_ids[number], f"layer {number} is not its diff ID"
        return data


@dataclass(frozen=True)
class Difference:
    """One difference: where it is, such as `config/Env`, and what the two say."""

    where: str
    theirs: str
    ours: str

    def __str__(self) -> str:
        return f"{self.where}:\n    buildkit {self.theirs}\n    dflint   {self.ours}"


@dataclass
class Comparison:
    """All that differs in one case, and what both agree on: built, refused.

    `reason` is why BuildKit refuses, `message` says that dflint has other words for it. `layers`
    are the diff IDs that both have, in pairs.
    """

    verdict: str
    differences: list[Difference] = field(default_factory=list)
    reason: str = ""
    message: str = ""
    layers: list[tuple[str, str]] = field(default_factory=list)


def compare(theirs: Outcome, ours: Outcome) -> Comparison:
    """What differs between BuildKit's outcome and ours."""
    if not theirs.layout or not ours.layout:
        return _compare_failures(theirs, ours)
    found = Comparison("built")
    images = Image(theirs.layout), Image(ours.layout)
    documents = [_without_nothing(one.document) for one in images]
    found.differences += _differing("config", *(_flat(one) for one in documents))
    is_equal = images[0].document == images[1].document
    if is_equal and images[0].config_bytes != images[1].config_bytes:
        texts = [one.config_bytes.decode() for one in images]
        found.differences.append(Difference("config bytes", *texts))
    found.differences += _differing("manifest", *(_flat(_described(one)) for one in images))
    found.differences += _layers(*images)
    found.layers = list(zip(images[0].diff_ids, images[1].diff_ids, strict=False))
    return found


def _compare_failures(theirs: Outcome, ours: Outcome) -> Comparison:
    if bool(theirs.layout) != bool(ours.layout):
        verdicts = [
            "built" if one.layout else f"failed: {one.message or one.log[-300:]}"
            for one in (theirs, ours)
        ]
        return Comparison("verdict", [Difference("verdict", *verdicts)])
    found = Comparison("refused", reason=theirs.message)
    if theirs.lines and theirs.lines != ours.lines:
        found.differences.append(
            Difference(
                LINE,
                f"{theirs.lines} {theirs.message}",
                f"{ours.lines} {ours.message}",
            )
        )
    if theirs.message != ours.message:
        found.message = str(Difference("message", theirs.message, ours.message))
    return found


def _described(image: Image) -> dict[str, object]:
    """A manifest without the digests and sizes of compressed layers, which are no content."""
    layers = [
        {name: value for name, value in one.items() if name not in ("digest", "size")}
        for one in image.manifest["layers"] or ()
    ]
    config = {"mediaType": image.manifest["config"]["mediaType"]}
    entry = {
        name: value
        for name, value in image.index["manifests"][0].items()
        if name not in ("digest", "size")
    }
    return {**image.manifest, "layers": layers, "config": config, "descriptor": entry}


def _without_nothing(document: dict[str, object]) -> dict[str, object]:
    """A document without lists of nothing, which BuildKit writes as null."""
    return {name: value for name, value in document.items() if value not in (None, [])}


def _flat(value: object, path: str = "") -> dict[str, object]:
    """Each leaf of a JSON value by its path; lists of words count as one leaf."""
    if isinstance(value, dict) and value:
        found: dict[str, object] = {}
        for name, inner in value.items():
            found.update(_flat(inner, f"{path}/{name}"))
        return found
    if isinstance(value, list) and value and isinstance(value[0], dict):
        found = {}
        for number, inner in enumerate(value):
            found.update(_flat(inner, f"{path}/{number}"))
        return found
    return {path: value}


def _differing(what: str, theirs: dict[str, object], ours: dict[str, object]) -> list[Difference]:
    return [
        Difference(what + name, _shown(theirs, name), _shown(ours, name))
        for name in sorted({*theirs, *ours})
        if _shown(theirs, name) != _shown(ours, name) and not name.startswith("/rootfs/diff_ids")
    ]


def _shown(values: dict[str, object], name: str) -> str:
    return json.dumps(values[name], ensure_ascii=False) if name in values else "(nothing)"


def _layers(theirs: Image, ours: Image) -> list[Difference]:
    count = len(theirs.diff_ids), len(ours.diff_ids)
    if count[0] != count[1]:
        return [Difference("layers", str(count[0]), str(count[1]))]
    found = []
    for number, digests in enumerate(zip(theirs.diff_ids, ours.diff_ids, strict=True)):
        if digests[0] != digests[1]:
            found += compare_layers(number, theirs.layer(number), ours.layer(number))
        else:
            ours.layer(number)
    return found


def compare_layers(number: int, theirs: bytes, ours: bytes) -> list[Difference]:
    """The entries of two layers that differ; their order or other bytes if none does."""
    what = f"layer {number} "
    entries = _entries(theirs), _entries(ours)
    named = [{name: text for name, text in one} for one in entries]
    found = [
        Difference(what + name, named[0].get(name, "(none)"), named[1].get(name, "(none)"))
        for name in sorted({*named[0], *named[1]})
        if named[0].get(name) != named[1].get(name)
    ]
    if found:
        return found
    orders = [[name for name, _ in one] for one in entries]
    if orders[0] != orders[1]:
        return [Difference(what + "order", str(orders[0]), str(orders[1]))]
    at = next(
        (at for at, pair in enumerate(zip(theirs, ours, strict=False)) if pair[0] != pair[1]), -1
    )
    around = slice(max(0, at - 20), at + 80)
    return [Difference(f"{what}bytes at {at}", repr(theirs[around]), repr(ours[around]))]


def _entries(data: bytes) -> list[tuple[str, str]]:
    found = []
    with tarfile.open(fileobj=io.BytesIO(data)) as archive:
        for one in archive:
            content = archive.extractfile(one) if one.isreg() else None
            digest = hashlib.sha256(content.read()).hexdigest()[:12] if content else ""
            pax = {k: v for k, v in one.pax_headers.items() if k not in ("path", "linkpath")}
            words = (
                f"{one.type.decode()} {one.mode:o} {one.uid}:{one.gid} {one.size} {one.mtime}",
                digest, one.linkname and f"-> {one.linkname}", f"{one.devmajor},{one.devminor}",
                str(pax or ""), one.uname + one.gname,
            )  # fmt: skip
            found.append((one.name, " ".join(word for word in words if word)))
    return found
