"""What other builders are started with, and what is refused beforehand: with programs that tell."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

# Writes its words down, and what a builder is asked for: an id, an archive, metadata.
FAKE = """\
#!{python}
import json, os, shutil, sys
words = sys.argv[1:]
name = os.path.basename(sys.argv[0])
with open({log!r}, "a") as log:
    log.write(json.dumps([name, *words]) + "\\n")
if os.environ.get("FAKE_FAILS") and "build" in words:
    sys.stderr.write("it went wrong\\n")
    sys.exit(3)
def after(option):
    return words[words.index(option) + 1] if option in words else ""
if words[-1:] == ["version"] or "--version" in words:
    print(f"{{name}} version 9.8.7")
elif words[:2] == ["buildx", "inspect"]:
    print("Name: x\\nDriver: " + os.environ.get("FAKE_DRIVER", "docker-container"))
elif words[:1] == ["info"]:
    print('[["driver-type","overlay2"]]')
elif words[:1] == ["version"]:
    print("9.8.7")
if "build" in words[:2]:
    sys.stderr.write("the builder speaks\\n")
    if after("--iidfile"):
        open(after("--iidfile"), "w").write("{id}")
    if after("--metadata-file"):
        open(after("--metadata-file"), "w").write(
            '{{"containerimage.digest": "sha256:" + "d" * 64}}'.replace(" + ", "").replace(
                '"sha256:""d" * 64', '"sha256:' + "d" * 64 + '"'))
    for word in words:
        if word.startswith("type=oci,dest=") or word.startswith("type=docker,dest="):
            shutil.copyfile({archive!r}, word.split("dest=")[1].split(",")[0])
for place in (after("--output"), words[-1].partition(":")[2]):
    if words[:1] in (["save"], ["push"]) and place.startswith("/"):
        shutil.copyfile({archive!r}, place)
"""


class Engines:
    """dflint, and programs of other builders that write down what they are asked for."""

    def __init__(self, place, layout):
        import tarfile

        self.place = place
        self.log = place / "log"
        self.store = place / "store"
        archive = place / "image.tar"
        with tarfile.open(archive, "w") as tar:
            for path in sorted(layout.rglob("*")):
                tar.add(path, str(path.relative_to(layout)), recursive=False)
        folder = place / "bin"
        folder.mkdir()
        for name in ("docker", "buildah", "podman"):
            program = folder / name
            program.write_text(
                FAKE.format(
                    python=sys.executable, log=str(self.log), archive=str(archive), id="a" * 64
                )
            )
            program.chmod(0o755)
        (place / "context").mkdir()
        (place / "context/Dockerfile").write_text("FROM scratch\n")
        self.environment = {
            **{k: v for k, v in os.environ.items() if k not in ("DOCKER_BUILDKIT", "DOCKER_HOST")},
            "PATH": f"{folder}:{os.environ['PATH']}",
            "PYTHONPATH": os.pathsep.join([str(ROOT), str(ROOT / "rules")]),
            "DFLINT_STORE": str(self.store),
        }

    def __call__(self, *words, **variables):
        self.log.write_text("")
        return subprocess.run(
            [sys.executable, "-m", "dflint", *words], capture_output=True, text=True, check=False,
            env={**self.environment, **variables}, cwd=self.place, timeout=60,
        )  # fmt: skip

    def started(self, *first):
        """The command lines that begin with some words, without these."""
        lines = [json.loads(line) for line in self.log.read_text().splitlines()]
        return [line[len(first) :] for line in lines if tuple(line[: len(first)]) == first]


@pytest.fixture
def engines(tmp_path, busybox_layout):
    return Engines(tmp_path, busybox_layout)


OPTIONS = (
    *("--build-arg", "A=1", "--target", "t", "--label", "l=1", "--network", "none"),
    *("--add-host", "h:10.0.0.1", "--shm-size", "64m", "--ulimit", "nofile=10:20", "--no-cache"),
    *("--pull", "--secret", "id=s,env=HOME", "--build-context", "b=context", "-t", "app"),
)
COMMON = [
    *("--build-arg", "A=1", "--label", "l=1", "--build-context", "b=context"),
    *("--secret", "id=s,env=HOME", "--add-host", "h:10.0.0.1", "--ulimit", "nofile=10:20"),
    *("--target", "t", "--network", "none", "--shm-size", "67108864", "--no-cache", "--pull"),
]


def contains(words, part):
    return any(words[at : at + len(part)] == part for at in range(len(words)))


@pytest.mark.parametrize(
    ("engine", "first", "more"),
    [
        ("buildx", ("docker", "buildx", "build"), ["--provenance=false", "--sbom=false"]),
        ("docker", ("docker", "build"), ["--tag", "docker.io/library/app:latest", "--load"]),
        ("buildah", ("buildah", "build", "--format", "docker"), ["--tag"]),
        ("podman", ("podman", "build", "--format", "docker"), ["--tag"]),
    ],
)
def test_options_are_handed_on_and_the_image_is_taken(engines, engine, first, more):
    done = engines(
        *("build", "--engine", engine, *OPTIONS, "--iidfile", "iid", "--metadata-file", "m.json"),
        "context",
    )

    assert done.returncode == 0, done.stderr
    (words,) = engines.started(*first)
    assert contains(words, COMMON), words
    assert contains(words, more), words
    assert words[-1] == "context"
    assert "the builder speaks" in done.stderr
    metadata = json.loads((engines.place / "m.json").read_text())
    assert metadata["image.name"] == "docker.io/library/app:latest"
    index = json.loads((engines.store / "index.json").read_text())
    assert [one["digest"] for one in index["manifests"]] == [metadata["containerimage.digest"]]
    iid = (engines.place / "iid").read_text()
    assert iid == metadata["containerimage.config.digest"]


def test_an_image_without_a_name_gets_none(engines):
    done = engines("build", "-q", "--engine", "buildx", "context")

    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("sha256:")
    assert done.stderr == ""
    assert json.loads((engines.store / "index.json").read_text())["manifests"] == []


def test_buildx_gets_its_own_options(engines):
    done = engines(
        *("build", "--engine", "buildx", "--builder", "remote", "--platform"),
        *("linux/amd64,linux/arm64", "--annotation", "index:a=b", "--cache-to"),
        *(
            "type=local,dest=c,mode=max,compression=uncompressed",
            "--cache-from",
            "type=local,src=c",
            "--allow",
        ),
        *("network.host", "--no-cache-filter", "x", "--push", "-t", "r.example/app", "-o"),
        *("type=local,dest=files", "-o", "type=registry,compression=zstd", "context"),
    )

    assert done.returncode == 0, done.stderr
    (words,) = engines.started("docker", "buildx", "build", "--builder", "remote")
    for part in (
        ["--platform", "linux/amd64,linux/arm64"],
        ["--annotation", "index:a=b"],
        ["--cache-from", "type=local,src=c"],
        ["--cache-to", "type=local,dest=c,mode=max,compression=uncompressed"],
        ["--allow", "network.host"],
        ["--no-cache-filter", "x"],
        ["--output", "type=local,dest=files"],
        ["--output", "type=image,name=r.example/app:latest,compression=zstd,push=true"],
    ):
        assert contains(words, part), (part, words)


def test_an_engine_makes_no_image_either_where_none_is_asked_for(engines):
    done = engines("build", "--engine", "buildx", "-o", "type=cacheonly", "context")

    assert done.returncode == 0, done.stderr
    (words,) = engines.started("docker", "buildx", "build")
    assert words[words.index("--output") + 1] == "type=cacheonly"


@pytest.mark.parametrize(("driver", "kind"), [("docker", "docker"), ("kubernetes", "oci")])
def test_an_old_daemon_is_asked_for_another_archive(engines, driver, kind):
    done = engines("build", "--engine", "buildx", "-t", "app", "context", FAKE_DRIVER=driver)

    assert done.returncode == 0, done.stderr
    (words,) = engines.started("docker", "buildx", "build")
    assert words[words.index("--output") + 1].startswith(f"type={kind},dest=/")


@pytest.mark.parametrize(
    ("engine", "words", "message"),
    [
        ("nothing", [], "--engine: expected one of native, buildx, docker, podman, buildah"),
        ("docker", ["--builder", "x"], "it names a builder of buildx, found `--engine docker`"),
        (
            "podman",
            ["-o", "type=cacheonly"],
            "cannot do `--output type=cacheonly`: `--engine buildx`",
        ),
        ("docker", ["-o", "files"], "cannot do `--output type=local`: `--engine buildx` can"),
        ("docker", ["--annotation", "a=b"], "cannot do `--annotation`"),
        ("buildx", ["-j", "2"], "cannot do `--jobs`"),
        ("buildx", ["--executor", "runc"], "cannot do `--executor runc`"),
        ("podman", ["--snapshotter", "copying"], "cannot do `--snapshotter copying`"),
        ("podman", ["--platform", "linux/amd64,linux/arm64"], "several platforms at once"),
        ("buildah", ["--cache-to", "type=local,dest=x"], "`--cache-from` and `--cache-to`"),
        ("buildah", ["--allow", "security.insecure"], "cannot do `--allow security.insecure`"),
        ("buildah", ["--no-cache-filter", "a"], "cannot do `--no-cache-filter`"),
        ("buildah", ["-o", "type=oci,dest=x,rewrite-timestamp=true"], "`rewrite-timestamp`"),
        ("buildah", ["--annotation", "index:a=b"], "`--annotation` of an index"),
    ],
)
def test_what_an_engine_cannot_do_is_told_before_it_starts(engines, engine, words, message):
    done = engines("build", "--engine", engine, *words, "context")

    assert done.returncode == 2
    assert message in done.stderr
    assert engines.started("docker", "build") == engines.started("docker", "buildx", "build") == []
    assert engines.started("buildah") == engines.started("podman") == []


def test_secrets_need_buildkit(engines):
    done = engines(
        "build", "--engine", "docker", "--secret", "id=x,env=HOME", "context", DOCKER_BUILDKIT="0"
    )

    assert done.returncode == 2
    assert "cannot do `--secret` without BuildKit" in done.stderr


@pytest.mark.parametrize("quiet", [[], ["-q"]])
@pytest.mark.parametrize("engine", ["buildx", "docker", "podman", "buildah"])
def test_a_build_that_fails_says_what_the_engine_said(engines, engine, quiet):
    done = engines("build", *quiet, "--engine", engine, "-t", "app", "context", FAKE_FAILS="1")

    assert done.returncode == 1
    assert "it went wrong" in done.stderr
    assert "ended with status 3" in done.stderr
    assert not (engines.store / "index.json").exists()


def test_an_engine_that_is_not_there_is_named(engines):
    (engines.place / "bin/buildah").unlink()
    engines.environment["PATH"] = str(engines.place / "bin")

    done = engines("build", "--engine", "buildah", "context")
    told = engines("doctor")

    assert done.returncode == 1
    assert "`buildah` is not installed" in done.stderr
    assert "no   --engine buildah: cannot run `buildah`: no such file or directory" in told.stdout
    assert "yes  --engine podman 9.8.7" in told.stdout
