"""Whether images go through a registry unharmed, between us and skopeo: a row an image.

    python -m tests.conformance.registry [--only WORD,…]

Builds images of `image_shapes.py`, and starts Debian's `docker-registry` on loopback. Each image
is loaded into a store and pushed by `dflint push`, and pulled by skopeo; pushed by skopeo, and
pulled by `dflint pull`. The digests of all have to be the same. Needs root, skopeo and
docker-registry; the exit status is 1 when any image is not what it was.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.conformance.image_shapes import SHAPES, Shape
from tests.conformance.image_tools import Made, ToolError, call
from tests.conformance.images import Bench
from tests.registry.server import real_registry

#: One of so many shapes is tried, and every one that comes out in another form.
_EVERY = 3


def chosen() -> list[Shape]:
    """At least thirty images of many shapes."""
    forms = [one for one in SHAPES if one.output != "type=oci" or one.platforms > 1]
    rest = [one for one in SHAPES if one not in forms]
    return forms + rest[::_EVERY] + [one for one in rest if "scratch alone" in one.name]


def dflint(*words: str, store: Path) -> str:
    """What a verb of ours prints."""
    return call([sys.executable, "-m", "dflint", *words], DFLINT_STORE=str(store))


def _skopeo(*words: str) -> None:
    call(["skopeo", "--insecure-policy", "copy", "-q", "--all", "--preserve-digests", *words])


def _digest_of_layout(layout: Path) -> str:
    index = json.loads((layout / "index.json").read_text())
    return str(index["manifests"][0]["digest"])


def check(made: Made, address: str) -> list[str]:
    """Send an image both ways; what is wrong, a line a problem."""
    ours, theirs = f"{address}/ours/shape:{made.tag}", f"{address}/theirs/shape:{made.tag}"
    store, fetched = made.place / "store", made.place / "fetched"
    # An archive for docker with several names is one image all the same.
    dflint("load", "-q", "-i", str(made.archive), "-t", ours, store=store)
    digest = made.image.digest
    pushed = dflint("push", ours, store=store).splitlines()[-1]
    problems = [] if digest in pushed else [f"pushed as {pushed}: expected {digest}"]

    _skopeo("--src-tls-verify=false", f"docker://{ours}", f"dir:{made.place / 'dir'}")
    raw = (made.place / "dir" / "manifest.json").read_bytes()
    if raw != made.image.blob(digest):
        problems.append("skopeo has fetched another manifest")

    _skopeo("--dest-tls-verify=false", f"dir:{made.place / 'dir'}", f"docker://{theirs}")
    platform = f"--platform=linux/{made.document['architecture']}"
    pulled = dflint("pull", platform, theirs, store=fetched).splitlines()
    if f"Digest: {digest}" not in pulled:
        problems.append(f"pulled as {pulled[-3:]}: expected {digest}")
    for blob in made.manifests[0]["layers"]:
        path = fetched / "blobs" / blob["digest"].replace(":", "/")
        if not path.is_file() or path.stat().st_size != blob["size"]:
            problems.append(f"layer {blob['digest']} has not come")
    return problems


def main() -> int:
    """Try every image, and print how many are as they were."""
    parser = argparse.ArgumentParser(prog="python -m tests.conformance.registry")
    parser.add_argument("--only", default="", metavar="WORDS", help="shapes with one in the name")
    options = parser.parse_args()
    if os.geteuid():
        parser.error("building images with their owners needs root")
    words = options.only.split(",")
    shapes = [one for one in chosen() if any(word in one.name for word in words)]
    good = 0
    with tempfile.TemporaryDirectory(prefix="dflint-registry-") as folder:
        place = Path(folder)
        (place / "registry").mkdir()
        bench = Bench(place)
        with real_registry(place / "registry") as address:
            for number, shape in enumerate(shapes):
                try:
                    problems = check(bench.make(shape, number), address)
                except (ToolError, subprocess.TimeoutExpired) as error:
                    problems = [str(error)]
                good += not problems
                for problem in problems:
                    print(f"{shape.name}: {problem}", flush=True)
    print(f"{good} of {len(shapes)} images are the same on both ways")
    return 0 if good == len(shapes) else 1


if __name__ == "__main__":
    sys.exit(main())
