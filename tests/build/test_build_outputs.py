"""What comes out of whole builds, where their sources come from, and what is cached."""

from __future__ import annotations

import gzip
import hashlib
import io
import json
import os
import re
import tarfile
import time

import pytest

from tests.build.packing import packed

SMALL = 'FROM scratch\nCOPY a /\nCMD ["/a"]\n'


@pytest.fixture
def small(command):
    command.write({"Dockerfile": SMALL, "a": "content of a"})
    return command


def test_an_oci_layout_is_a_tar_or_a_folder(small):
    image = small.image("-t", "app:1")
    folder = small.place / "layout"
    small.build(f"--output=type=oci,tar=false,dest={folder}", "-t", "app:1")

    assert json.loads(image.files["oci-layout"]) == {"imageLayoutVersion": "1.0.0"}
    names = image.index["manifests"][0]["annotations"]
    assert names["org.opencontainers.image.ref.name"] == "1"
    assert names["io.containerd.image.name"] == "docker.io/library/app:1"
    assert (folder / "index.json").exists()
    written = {path.name for path in (folder / "blobs/sha256").iterdir()}
    assert written == {name.rpartition("/")[2] for name in image.files if "blobs/" in name}


def test_a_docker_archive_has_the_names(small):
    path = small.place / "docker.tar"
    small.build(f"--output=type=docker,dest={path}", "-t", "app:1", "-t", "app:2")

    with tarfile.open(path) as archive:
        (entry,) = json.load(archive.extractfile("manifest.json"))
        assert json.load(archive.extractfile(entry["Config"]))["config"]["Cmd"] == ["/a"]
        assert all(archive.getmember(layer).isfile() for layer in entry["Layers"])
    assert entry["RepoTags"] == ["app:1", "app:2"]


def test_a_tar_has_the_files(small):
    path = small.place / "files.tar"
    small.build(f"--output=type=tar,dest={path}")
    streamed = small.build("-o", "-")

    for content in (path.read_bytes(), streamed.out):
        with tarfile.open(fileobj=io.BytesIO(content)) as archive:
            assert archive.getnames() == ["a"]
            assert archive.extractfile("a").read() == b"content of a"


def test_an_archive_goes_to_standard_output(small):
    built = small.build("--output=type=oci,dest=-")

    with tarfile.open(fileobj=io.BytesIO(built.out)) as archive:
        assert "index.json" in archive.getnames()


def test_a_folder_has_the_files(small):
    folder = small.files()

    assert [path.name for path in folder.iterdir()] == ["a"]


def test_a_built_image_is_a_base_image(small):
    small.build("-t", "app", "-t", "other:2")
    for name in ("app", "app:latest", "other:2", "docker.io/library/app"):
        folder = small.files(dockerfile=f"FROM {name}\nCOPY a /b\n")
        assert sorted(path.name for path in folder.iterdir()) == ["a", "b"]


def test_image_output_names_the_image(small):
    small.build("--output=type=image,name=named")

    assert small.image(dockerfile="FROM named\nLABEL a=b\n").config["Cmd"] == ["/a"]


def test_triggers_of_a_built_image_run(command):
    command.build("-t", "app", dockerfile="FROM busybox\nONBUILD RUN echo triggered >/made\n")
    image = command.image(dockerfile="FROM app\nLABEL a=b\n")

    assert "OnBuild" not in image.config
    folder = command.files(dockerfile="FROM app\n")
    assert (folder / "made").read_text() == "triggered\n"


STAGES = """\
FROM busybox AS base
ARG V=unset
RUN echo base $V >/out
FROM base AS first
RUN echo first >>/out
FROM busybox AS unused
RUN exit 1
FROM base AS last
RUN echo last >>/out
"""


def test_only_the_target_is_built(command):
    text = (command.files("--target=first", dockerfile=STAGES) / "out").read_text()
    assert text == "base unset\nfirst\n"
    text = (command.files("--target", "BASE", "--build-arg", "V=1") / "out").read_text()
    assert text == "base 1\n"
    text = (command.files("--build-arg", "V", V="of the environment") / "out").read_text()
    assert text == "base of the environment\nlast\n"
    built = command.run("--target=nothing")
    assert built.status == 1
    assert 'target stage "nothing" could not be found' in built.err


def ran(built):
    """The steps that ran, by the words they printed."""
    return [line for line in built.log if line.startswith("ran ")]


def test_steps_are_cached_until_told_otherwise(command):
    text = """\
FROM busybox AS one
RUN echo ran one; touch /1
FROM busybox AS two
COPY --from=one /1 /
RUN echo ran two
"""
    command.write({"Dockerfile": text})

    assert ran(command.build()) == ["ran one", "ran two"]
    cached = command.build()
    assert ran(cached) == []
    for step in ("[one 1/2] RUN", "[two 1/3] COPY", "[two 2/3] RUN"):
        number = re.search(rf"^(#\d+) {re.escape(step)}", cached.err, re.MULTILINE).group(1)
        assert f"{number} CACHED\n" in cached.err
    assert ran(command.build("--no-cache-filter=two")) == ["ran two"]
    assert ran(command.build("--no-cache")) == ["ran one", "ran two"]


def test_a_changed_file_runs_what_follows(command):
    text = "FROM busybox\nRUN echo ran one\nCOPY a /\nRUN echo ran two\n"
    command.write({"Dockerfile": text, "a": "1", "b": "2"})
    command.build()

    command.write({"b": "3"})
    os.utime(command.context / "a", (1, 1))
    assert ran(command.build()) == []
    command.write({"a": "2"})
    assert ran(command.build()) == ["ran two"]


def test_the_same_sources_give_the_same_digest(command):
    command.write(
        {
            "Dockerfile": "FROM busybox\nCOPY d /d\nRUN mkdir /m; echo x >/m/x; ln -s x /m/y\n"
            "WORKDIR /w\nRUN rm /m/x\n",
            "d/a": "a",
        }
    )
    digests = set()
    for number in (1, 2):
        path = command.place / f"{number}.tar"
        command.build(
            "--no-cache",
            f"--output=type=oci,dest={path},rewrite-timestamp=true",
            SOURCE_DATE_EPOCH="1600000000",
            DFLINT_STORE=str(command.place / f"store{number}"),
        )
        digests.add(path.read_bytes())
        time.sleep(1.1)

    assert len(digests) == 1


@pytest.mark.parametrize("form", ["", ",rewrite-timestamp=true", ",compression=zstd"])
def test_layers_that_change_nothing_are_empty_archives(command, form):
    steps = ("echo x >/x", "true", ": 1", "echo y >/y", "touch /etc", ": 2", "rm /x")
    text = "".join(f"RUN {step}\n" for step in steps)
    command.write({"Dockerfile": f"FROM busybox\n{text}"})
    images = []
    for number in range(2):
        path = command.place / f"{number}.tar"
        command.build(f"--output=type=oci,dest={path}{form}", SOURCE_DATE_EPOCH="1600000000")
        images.append(command.read(path))

    ids = images[0].document["rootfs"]["diff_ids"][-len(steps) :]
    empty = f"sha256:{hashlib.sha256(bytes(1024)).hexdigest()}"
    assert [one == empty for one in ids] == [False, True, True, False, True, True, False]
    blobs = [one["digest"] for one in images[0].manifest["layers"][-len(steps) :]]
    assert len(set(blobs)) == len(set(ids)) == 4
    assert images[1].manifest["layers"] == images[0].manifest["layers"]


def test_the_dockerfile_comes_from_standard_input(small):
    folder = small.files("-f", "-", stdin=b"FROM scratch\nCOPY a /from-stdin\n")
    assert [path.name for path in folder.iterdir()] == ["from-stdin"]

    folder = small.files(context="-", stdin=b"FROM busybox\nRUN echo alone >/alone\n")
    assert (folder / "alone").read_text() == "alone\n"


@pytest.mark.parametrize("compress", ["", "gzip"])
def test_the_context_comes_from_standard_input(small, compress):
    data = packed({"Dockerfile.other": b"FROM scratch\nCOPY . /\n", "sub/x": b"x"})
    if compress:
        data = gzip.compress(data)
    folder = small.files("-f", "Dockerfile.other", context="-", stdin=data)

    assert (folder / "sub/x").read_bytes() == b"x"


def test_a_quiet_build_prints_the_id(small):
    built = small.build("-q", "--iidfile=id", "--metadata-file=metadata", "-t", "app")

    identity = (small.place / "id").read_text()
    told = json.loads((small.place / "metadata").read_text())
    assert built.out.decode() == identity + "\n"
    assert built.err == ""
    assert identity == told["containerimage.config.digest"]
    assert told["image.name"] == "docker.io/library/app:latest"
    assert told["containerimage.descriptor"]["digest"] == told["containerimage.digest"]


def test_named_contexts_are_sources(small):
    (small.place / "more").mkdir()
    (small.place / "more/file").write_text("more")
    folder = small.files(
        "--build-context=more=more",
        dockerfile="FROM scratch\nCOPY --from=more file /x\n",
    )

    assert (folder / "x").read_text() == "more"
