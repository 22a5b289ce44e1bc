"""Build contexts in the place of stages and of images: what is kept of them, how they are named."""

from __future__ import annotations

import os

import pytest

from dflint.graph.build import NamedContext
from tests.build.bases import plan

EPOCH = 1_000_000_000
DATE = "2001-09-09T01:46:40Z"


@pytest.fixture
def base(command):
    """The option that brings an image of today as the context `base`."""
    command.write({"Dockerfile": "FROM scratch\nCOPY old /\n", "old": "old", "new": "new"})
    layout = command.place / "layout"
    command.build(f"--output=type=oci,tar=false,dest={layout}", "-t", "base:latest")
    return f"--build-context=base=oci-layout://{layout}:latest"


def dated(command, text, *options):
    """The image of a Dockerfile whose times are those of an epoch."""
    path = command.place / f"image-{len(list(command.place.iterdir()))}.tar"
    output = f"--output=type=oci,dest={path},rewrite-timestamp=true"
    epoch = f"--build-arg=SOURCE_DATE_EPOCH={EPOCH}"
    command.build(output, epoch, *options, dockerfile=text)
    return command.read(path)


def test_the_layers_of_a_base_keep_their_times(command, base):
    kept = dated(command, "FROM base\nCOPY new /\n", base)
    plain = command.image(base, dockerfile="FROM base\n")

    assert kept.document["rootfs"]["diff_ids"][0] == plain.document["rootfs"]["diff_ids"][0]
    assert kept.document["history"][0] == plain.document["history"][0]
    assert kept.document["history"][1]["created"] == DATE


@pytest.mark.parametrize(
    "text",
    [
        "FROM base AS base\nRUN not done\n",
        "FROM scratch AS base\nFROM base\nCOPY new /\n",
        "FROM scratch AS base\nFROM base AS more\nCOPY new /\nFROM more\nENV a=b\n",
    ],
)
def test_those_of_an_image_in_the_place_of_a_stage_do_not(command, base, text):
    plain = command.image(base, dockerfile="FROM base\n")
    image = dated(command, text, base)

    assert image.document["rootfs"]["diff_ids"][0] != plain.document["rootfs"]["diff_ids"][0]
    assert {entry["created"] for entry in image.document["history"]} == {DATE}
    assert image.document["created"] == DATE


def test_what_is_older_than_the_epoch_stays_as_it_is(command, base):
    plain = command.image(base, dockerfile="FROM base\n")
    path = command.place / "later.tar"
    command.build(
        f"--output=type=oci,dest={path},rewrite-timestamp=true",
        "--build-arg=SOURCE_DATE_EPOCH=4000000000",
        base,
        dockerfile="FROM base AS base\n",
    )

    assert command.read(path).document == plain.document


def test_files_are_an_image_without_any_step(command):
    command.write({"files/a": "a"})
    image = command.image("--build-context=files=context/files", dockerfile="FROM files\nENV a=b\n")

    assert len(image.document["rootfs"]["diff_ids"]) == 1
    assert [entry["created_by"] for entry in image.document["history"]] == [
        "ENV a=b",
        "local source for files",
    ]


def test_a_layer_without_an_instruction_is_named_after_its_step(command):
    command.write({"files/a": "a"})
    image = command.image(
        "--build-context=files=context/files", dockerfile="FROM files\nCOPY Dockerfile /\n"
    )

    assert [entry["created_by"] for entry in image.document["history"]] == [
        "COPY Dockerfile / # buildkit",
        "[1/2] COPY Dockerfile /",
    ]


@pytest.mark.parametrize("text", ["FROM files AS files\n", "FROM files AS files\nFROM files\n"])
def test_files_in_the_place_of_a_stage_are_no_image(command, text):
    command.write({"files/a": "a"})
    option = "--build-context=files=context/files"
    path = command.place / "image.tar"
    built = command.run(option, f"--output=type=oci,dest={path}", dockerfile=text)

    assert built.status == 1
    assert "invalid image config for export: missing architecture" in built.err
    assert not path.exists()
    assert (command.files(option, dockerfile=text) / "a").read_text() == "a"


SCRATCH = "--build-context=empty=docker-image://scratch"


def test_nothing_takes_the_place_of_an_image(command):
    command.write({"a": "a"})
    image = command.image(SCRATCH, dockerfile="FROM empty\nCOPY a /\n")

    assert len(image.document["rootfs"]["diff_ids"]) == 1


def test_nothing_takes_the_place_of_a_stage(command):
    text = "FROM missing AS empty\nRUN false\nFROM scratch\nCOPY --from=empty / /\nCOPY a /\n"
    command.write({"a": "a"})

    assert os.listdir(command.files(SCRATCH, dockerfile=text)) == ["a"]


@pytest.mark.parametrize(
    ("reference", "name"),
    [
        ("", "[context base] load from client"),
        ("oci-layout:///l:latest", "[context base] OCI load from client"),
        ("docker.io/library/alpine:latest", "[context base] alpine"),
        ("registry.test/a:1", "[context base] registry.test/a:1"),
    ],
)
def test_a_context_has_its_own_name_and_no_number(reference, name):
    graph = plan("FROM base\nCOPY a /\n", named_contexts={"base": NamedContext(reference)})

    assert graph.names[graph.target.last.inputs[0]] == name
    assert graph.names[graph.target.last] == "[1/2] COPY a /"


def test_nothing_has_no_name_and_no_number():
    graph = plan("FROM base\nCOPY a /\n", named_contexts={"base": NamedContext("scratch")})

    assert graph.names[graph.target.last.inputs[0]] == ""
    assert graph.names[graph.target.last] == "[1/2] COPY a /"


@pytest.mark.parametrize("type", ["tmpfs", "ssh"])
def test_what_a_mount_names_has_to_be_there(command, type):
    mount = f"--mount=type={type},from=localhost:1/missing,target=/t"
    built = command.run(dockerfile=f"FROM busybox\nRUN {mount} true\n")

    assert built.status == 1
    assert "failed to resolve source metadata for localhost:1/missing:latest" in built.err
