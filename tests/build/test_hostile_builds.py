"""Whole builds of what others have written: contexts that lead out, races, secrets."""

from __future__ import annotations

import os
import shutil
import sqlite3
import threading

import pytest

from dflint.content.files import remove_tree
from dflint.content.store import ContentStore
from tests.layer.hostile import entry, link, tar

SECRET = "the-secret-that-nobody-may-see"


def archive(**files):
    """A context as a tar, with links where the content is a pair."""
    members = []
    for name, content in files.items():
        is_link = isinstance(content, tuple)
        members.append(link(name, content[0]) if is_link else entry(name, data=content.encode()))
    return tar(*members)


@pytest.mark.parametrize("target", ["{path}", "../../../../../../../../../..{path}"])
def test_a_dockerfile_of_an_archive_is_no_file_of_the_host(command, target):
    outside = command.place / "outside"
    outside.write_text("OF_THE_HOST is no instruction\n")
    data = archive(Dockerfile=(target.format(path=outside),))

    built = command.run(context="-", stdin=data)

    assert built.status == 1
    assert "OF_THE_HOST" not in built.err
    assert "failed to read dockerfile" in built.err


def test_a_dockerfile_of_an_archive_may_be_a_link_inside(command):
    data = archive(real="FROM scratch\nCOPY real /\n", Dockerfile=("/real",))

    command.build(context="-", stdin=data)


def test_patterns_of_an_archive_are_no_file_of_the_host(command):
    outside = command.place / "outside"
    outside.write_text("[OF_THE_HOST\n")
    data = tar(
        entry("Dockerfile", data=b"FROM scratch\nCOPY . /\n"), link(".dockerignore", str(outside))
    )

    built = command.run(context="-", stdin=data)

    assert "OF_THE_HOST" not in built.err


def test_a_directory_that_becomes_a_link_while_it_is_copied(command):
    """Another process swaps a directory of the context for a link to the host's."""
    outside = command.place / "outside"
    outside.mkdir()
    for number in range(50):
        (outside / f"f{number}").write_text("of the host")
    command.write({f"d/f{number}": "of the context" for number in range(50)})
    folder = command.context / "d"
    stop = threading.Event()

    def swap():
        while not stop.is_set():
            folder.rename(command.context / "moved")
            folder.symlink_to(outside)
            folder.unlink()
            (command.context / "moved").rename(folder)

    swapping = threading.Thread(target=swap)
    swapping.start()
    try:
        for _ in range(4):
            target = command.place / f"made-{len(list(command.place.iterdir()))}"
            command.run("-o", str(target), dockerfile="FROM scratch\nCOPY d /d\n")
            for path in target.rglob("f*"):
                assert path.read_text() == "of the context"
    finally:
        stop.set()
        swapping.join()


def test_secrets_are_nowhere(command):
    command.write({".dockerignore": "secret"})
    (command.place / "secret").write_text(SECRET)
    dockerfile = (
        "FROM busybox\n"
        "RUN --mount=type=secret,id=s test -s /run/secrets/s\n"
        'RUN --mount=type=secret,id=s,env=S test -n "$S"\n'
        "RUN --mount=type=secret,id=s wc -c </run/secrets/s >/size\n"
    )

    built = command.build(
        f"--secret=id=s,src={command.place}/secret", "-t", "a:1", "-D", dockerfile=dockerfile
    )

    assert SECRET not in built.err
    for folder, _, files in os.walk(command.store):
        for name in files:
            path = os.path.join(folder, name)
            if os.path.isfile(path) and not os.path.islink(path):
                with open(path, "rb") as file:
                    assert SECRET.encode() not in file.read(), path
    connection = sqlite3.connect(command.store / "dflint.db")
    assert SECRET not in "".join(connection.iterdump())
    connection.close()


def test_another_secret_changes_no_key(command):
    dockerfile = "FROM busybox\nRUN --mount=type=secret,id=s wc -c </run/secrets/s >/size\n"
    command.build("--secret=id=s,env=S", dockerfile=dockerfile, S="one")

    again = command.build("--secret=id=s,env=S", dockerfile=dockerfile, S="another")

    assert "CACHED" in again.err


@pytest.mark.parametrize("snapshotter", ["overlay", "copying"])
def test_directories_deeper_than_anything(command, snapshotter):
    text = "FROM busybox\nRUN i=0; while [ $i -lt 1500 ]; do mkdir d; cd d; i=$((i+1)); done\n"

    built = command.run(f"--snapshotter={snapshotter}", "-t", "a:1", dockerfile=text)

    assert built.status == 1
    assert "directories are more than 512 deep" in built.err
    assert "Traceback" not in built.err
    remove_tree(str(command.store))  # what cleans up after tests cannot
    assert not command.store.exists()


def test_links_in_the_place_of_what_a_step_needs(command):
    text = "FROM scratch\nCOPY --from=busybox / /\nRUN rm -rf /etc && ln -s {} /etc\nRUN id\n"
    outside = command.place / "etc"
    outside.mkdir()

    command.run(
        "--build-context", "busybox=docker-image://busybox", dockerfile=text.format(outside)
    )
    built = command.run(dockerfile=text.format(outside))

    assert "Traceback" not in built.err
    assert list(outside.iterdir()) == []


def test_an_export_follows_no_link_of_an_earlier_one(command):
    outside = command.place / "outside"
    outside.mkdir()
    target = command.place / "made"
    command.build("-o", str(target), dockerfile=f"FROM busybox AS a\nRUN ln -s {outside} /l\n")

    command.build("-o", str(target), dockerfile="FROM busybox AS b\nRUN mkdir /l; echo x >/l/x\n")

    assert list(outside.iterdir()) == []
    assert (target / "l" / "x").read_text() == "x\n"


def damage(store, how):
    """Alter the blob of the only layer in a store that is compressed by gzip."""
    blobs = (store / "blobs/sha256").iterdir()
    (blob,) = (one for one in blobs if one.read_bytes()[:2] == b"\x1f\x8b")
    blob.write_bytes(how(blob.read_bytes()))


def lose_layers(store):
    """Remove the trees of all layers."""
    for layer in (store / "layers").iterdir():
        shutil.rmtree(layer)


@pytest.mark.parametrize("how", [lambda data: data[:-1] + b"?", lambda data: data[:9]])
def test_a_damaged_layer_is_made_anew(command, how):
    command.write({"f": "text" * 1000})
    text = "FROM scratch\nCOPY f /f\n"
    command.build("-t", "a:1", dockerfile=text)
    damage(command.store, how)

    image = command.image(dockerfile=text)

    assert len(image.manifest["layers"]) == 1
    store = ContentStore(str(command.store))
    assert store.verify() == ()
    store.close()


def test_a_damaged_layer_of_a_base_is_taken_anew(command):
    text = "FROM busybox\nCOPY Dockerfile /f\n"
    command.build("-t", "a:1", dockerfile="FROM busybox\n")
    damage(command.store, lambda data: data[:-1] + b"?")
    lose_layers(command.store)

    command.build("-t", "b:1", dockerfile=text)

    store = ContentStore(str(command.store))
    assert not any("blob" in fault for fault in store.verify())
    store.close()


def test_a_damaged_image_without_a_source_names_the_command(command):
    command.build("-t", "base:1", dockerfile="FROM scratch\nCOPY Dockerfile /f\n")
    damage(command.store, lambda data: data[:-1] + b"?")
    lose_layers(command.store)
    text = "FROM base:1\nCOPY Dockerfile /g\n"

    built = command.run("-o", str(command.place / "out"), dockerfile=text)

    assert built.status == 1
    assert "layer 1 of 1: blob `sha256:" in built.err
    assert "is missing: " in built.err
    assert "dflint store repair" in built.err
