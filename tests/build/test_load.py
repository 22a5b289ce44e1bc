"""Base images from archives: `dflint load`, and named contexts."""

from __future__ import annotations

import gzip
import subprocess
import sys

import pytest

TEXT = "FROM base:1\nRUN echo here >/made\n"


@pytest.fixture
def archives(command):
    """The base image as `docker save` and as an OCI layout write it, called `base:1`."""
    found = {}
    for kind in ("docker", "oci"):
        found[kind] = command.place / f"{kind}:x.tar"
        command.build(
            f"-otype={kind},dest={found[kind]}", "-tbase:1", dockerfile="FROM busybox\nUSER 7\n"
        )
    return found


def load(command, *options, stdin=b""):
    return subprocess.run(
        [sys.executable, "-m", "dflint", "load", *options],
        input=stdin, capture_output=True, env=command.environment, cwd=command.place, check=False,
    )  # fmt: skip


@pytest.mark.parametrize("kind", ["docker", "oci"])
def test_a_build_begins_with_a_loaded_image(command, archives, kind):
    done = load(command, "-i", str(archives[kind]))
    assert (done.returncode, done.stdout) == (0, b"Loaded image: base:1\n")
    image = command.image(dockerfile=TEXT.replace("RUN", "USER 0\nRUN"))
    assert len(image.manifest["layers"]) == 2

    packed = gzip.compress(archives[kind].read_bytes())
    done = load(command, "-q", "--tag", "other", stdin=packed)
    assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")
    assert command.image(dockerfile="FROM other\nLABEL a=b\n").config["User"] == "7"


def test_a_bad_archive_is_told(command):
    command.write({"bad.tar": "nonsense " * 100})
    done = load(command, "-i", str(command.context / "bad.tar"))
    assert done.returncode == 1
    assert b"dflint: load: `" in done.stderr and b"is no tar, or a damaged one" in done.stderr
    done = load(command, "bad.tar")
    assert (done.returncode, done.stdout) == (2, b"")
    assert b"load: expected the archive as `-i FILE`, found `bad.tar`" in done.stderr


@pytest.mark.parametrize("kind", ["docker", "oci"])
@pytest.mark.parametrize("name", ["", ":base:1"])
def test_a_named_context_is_an_archive(command, archives, kind, name):
    place = f"base:1={kind}-archive:{archives[kind]}{name}"
    text = TEXT.replace("RUN", "USER 0\nRUN")
    folder = command.files("--build-context", place, dockerfile=text)
    assert (folder / "made").read_text() == "here\n"
    assert "CACHED" in command.build("--build-context", place).err


def test_an_archive_without_the_image_is_told(command, archives):
    place = f"base:1=docker-archive:{archives['docker']}:other:2"
    built = command.run("--build-context", place, dockerfile=TEXT)
    assert built.status == 1
    assert "no image `other:2`: there are `1`, `docker.io/library/base:1`" in built.err
    built = command.run("--build-context", "x=oci-archive:nowhere.tar", dockerfile=TEXT)
    assert "oci-archive: expected an archive at `nowhere.tar`" in built.err
