"""`--cache-to` and `--cache-from` with a folder: what is taken from it, and what it cannot harm."""

from __future__ import annotations

import json
import os
import shutil

import pytest

DOCKERFILE = """\
FROM busybox AS one
RUN echo one > /one
FROM busybox
COPY f /f
COPY --from=one /one /one
COPY --link g /g
RUN cat /f /g > /both
"""


@pytest.fixture
def place(command):
    command.write({"f": "f", "g": "g", "Dockerfile": DOCKERFILE})
    return command.place


def build(command, place, store, *words):
    """The standard error of a build with a store of its own, and the digest of what it made."""
    metadata = place / "metadata.json"
    built = command.build(f"--metadata-file={metadata}", *words, DFLINT_STORE=str(place / store))
    return built.err, json.loads(metadata.read_text())["containerimage.config.digest"]


def steps(log):
    """Of each step of the Dockerfile how it ended: `CACHED`, or `DONE`."""
    names, ends = {}, {}
    for line in log.splitlines():
        number, _, rest = line.partition(" ")
        if rest.startswith("[") and "/" in rest.partition("]")[0]:
            names[number] = rest.partition("] ")[2]
        elif number in names and rest.split(" ")[0] in ("CACHED", "DONE"):
            ends[names[number]] = rest.split(" ")[0]
    return {name: end for name, end in ends.items() if not name.startswith("FROM")}


@pytest.mark.parametrize(
    ("fields", "kind"),
    [
        ("", "oci.image.manifest"),
        (",image-manifest=false", "oci.image.index"),
        (",image-manifest=false,oci-mediatypes=false", "manifest.list"),
        (",compression=zstd", "oci.image.manifest"),
        (",compression=uncompressed", "oci.image.manifest"),
    ],
)
def test_all_steps_come_from_the_folder(command, place, fields, kind):
    cache = place / "cache"
    to = f"type=local,dest={cache},mode=max{fields}"
    build(command, place, "a", "--cache-to", f"{to},tag=other")
    _, first = build(command, place, "a", "--cache-to", to)
    entries = json.loads((cache / "index.json").read_text())["manifests"]
    assert len(entries) == 2 and all(kind in one["mediaType"] for one in entries)
    log, second = build(command, place, "b", "--cache-from", f"type=local,src={cache}")
    assert set(steps(log).values()) == {"CACHED"} and len(steps(log)) == 5
    assert second == first, "the same image, times included"


def test_a_changed_file_does_what_follows_anew(command, place):
    cache = place / "cache"
    build(command, place, "a", "--cache-to", f"type=local,dest={cache},mode=max")
    (place / "context" / "g").write_text("changed")
    log, _ = build(command, place, "b", "--cache-from", f"type=local,src={cache}")
    assert steps(log) == {
        "RUN echo one > /one": "CACHED",
        "COPY f /f": "CACHED",
        "COPY --from=one /one /one": "CACHED",
        "COPY --link g /g": "DONE",
        "RUN cat /f /g > /both": "DONE",
    }


def test_the_least_has_what_is_linked_whatever_is_below(command, place):
    cache = place / "cache"
    build(command, place, "a", "--cache-to", f"type=local,dest={cache}")
    (place / "context" / "f").write_text("changed")
    log, _ = build(command, place, "b", "--cache-from", f"type=local,src={cache}")
    assert steps(log)["COPY f /f"] == "DONE"
    assert steps(log)["COPY --link g /g"] == "CACHED"


def test_the_least_has_the_steps_of_the_result_alone(command, place):
    cache = place / "cache"
    build(command, place, "a", "--cache-to", f"type=local,dest={cache}")
    log, _ = build(command, place, "b", "--cache-from", f"type=local,src={cache}")
    assert steps(log)["RUN echo one > /one"] == "DONE"
    assert steps(log)["RUN cat /f /g > /both"] == "CACHED"


def records(cache, tag="latest"):
    """The keys of a cache in a folder."""
    entries = json.loads((cache / "index.json").read_text())["manifests"]
    (entry,) = (one for one in entries if tag in one["annotations"].values())
    config = read(cache, entry)["config"]
    return {one["digest"] for one in read(cache, config)["records"]}


def read(cache, entry):
    return json.loads((cache / "blobs" / "sha256" / entry["digest"][7:]).read_text())


@pytest.mark.parametrize("mode", ["min", "max"])
def test_a_cache_that_is_handed_on_loses_no_steps(command, place, mode):
    """Each job takes the cache and writes it: what was not looked for counts for the next one."""
    cache, handed = place / "cache", place / "handed"
    build(command, place, "a", f"--cache-to=type=local,dest={cache},mode={mode}")
    from_to = (
        f"--cache-from=type=local,src={cache}",
        f"--cache-to=type=local,dest={handed},mode={mode}",
    )
    log, _ = build(command, place, "b", *from_to)
    assert steps(log)["RUN cat /f /g > /both"] == "CACHED"
    assert records(handed) == records(cache)
    assert len(records(cache)) == {"min": 5, "max": 6}[mode]
    build(command, place, "b", f"--cache-to=type=local,dest={handed},mode={mode},tag=again")
    assert records(handed, "again") == records(cache)


@pytest.mark.parametrize("harm", ["missing", "index", "blob"])
def test_what_is_damaged_is_told_and_built_anew(command, place, harm):
    cache = place / "cache"
    build(command, place, "a", "--cache-to", f"type=local,dest={cache},mode=max")
    if harm == "missing":
        shutil.rmtree(cache)
    elif harm == "index":
        (cache / "index.json").write_text("{")
    else:
        for name in os.listdir(cache / "blobs" / "sha256"):
            path = cache / "blobs" / "sha256" / name
            if path.read_bytes()[:2] == b"\x1f\x8b":
                path.chmod(0o644)
                path.write_bytes(path.read_bytes()[:-9] + b"123456789")
    log, _ = build(command, place, "b", "--cache-from", f"type=local,src={cache}")
    assert "failed to import the cache" in log
    assert steps(log)["RUN cat /f /g > /both"] == "DONE"


def blobs(cache):
    return {name: (cache / "blobs" / "sha256" / name).stat().st_size
            for name in os.listdir(cache / "blobs" / "sha256")}  # fmt: skip


def test_what_the_index_names_no_more_goes(command, place):
    """A changed step leaves nothing of its old layer; a cache of another name stays whole."""
    cache = place / "cache"
    to = f"type=local,dest={cache},mode=max"
    build(command, place, "a", "--cache-to", f"{to},tag=other")
    other = blobs(cache)
    before = set(other)
    for text in ("changed", "again"):
        (place / "context" / "f").write_text(text)
        build(command, place, "a", "--cache-to", to)
        made = set(blobs(cache)) - before
        before = set(blobs(cache))
    (place / "context" / "f").write_text("and again")
    build(command, place, "a", "--cache-to", to)
    left = set(blobs(cache))
    assert set(other) < left
    assert len(made - left) >= 4, "manifest, configuration, and the layers of two steps"
    log, _ = build(command, place, "b", "--cache-from", f"type=local,src={cache}")
    assert steps(log)["RUN cat /f /g > /both"] == "CACHED"


def test_nothing_goes_that_cannot_be_told(command, place):
    cache = place / "cache"
    to = f"type=local,dest={cache},mode=max"
    build(command, place, "a", "--cache-to", f"{to},tag=other")
    index = json.loads((cache / "index.json").read_text())
    digest = index["manifests"][0]["digest"].partition(":")[2]
    (cache / "blobs" / "sha256" / digest).unlink()
    before = set(blobs(cache))
    (place / "context" / "f").write_text("changed")
    build(command, place, "a", "--cache-to", to)
    assert before < set(blobs(cache))
