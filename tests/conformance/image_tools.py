"""What other tools make of an image: each returns what is wrong, a line a problem."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from dataclasses import dataclass, replace
from pathlib import Path

from tests.build.conftest import OciArchive
from tests.conformance.image_shapes import Shape
from tests.conformance.image_trees import (
    Tree,
    differences,
    layer_times,
    tree_of_folder,
    tree_of_tar,
)
from tests.oci.schema import schema_problems

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

INDEXES = ("oci.image.index", "manifest.list")
_PLAIN = (
    *("Env", "Cmd", "Entrypoint", "WorkingDir", "User", "Labels", "ExposedPorts", "Volumes"),
    "StopSignal",
)
_OF_DOCKER = (*_PLAIN, "Healthcheck", "Shell", "OnBuild")
_SCRIPT = "echo ran; /bin/pwd"
# Those of podman are higher than who lacks CAP_SYS_RESOURCE may ask for.
_LIMITS = ("--ulimit=nofile=1024:1024", "--ulimit=nproc=1024:1024")
# What an engine puts into a container's file system before it starts.
_MOUNT_POINTS = (
    *(".dockerenv", "dev", "proc", "sys", "dev/console", "dev/pts", "dev/shm"),
    *("etc", "etc/hostname", "etc/hosts", "etc/mtab", "etc/resolv.conf"),
)


class ToolError(Exception):
    """A tool failed; the text is its last words."""


@dataclass
class Made:
    """A built image: `archive`, its layout as a folder, and the files as a tar and a folder."""

    shape: Shape
    tag: str
    place: Path
    image: OciArchive

    @property
    def archive(self) -> Path:
        return self.place / "image.tar"

    @property
    def layout(self) -> Path:
        return self.place / "layout"

    @property
    def files(self) -> Path:
        return self.place / "files.tar"

    @property
    def name(self) -> str:
        return f"shape:{self.tag}"

    @property
    def names(self) -> list[str]:
        """All names that the image was given."""
        given = [one for one in self.shape.options if one.startswith("-t=")]
        return [self.name, *(one.removeprefix("-t=") for one in given)]

    @property
    def is_docker(self) -> bool:
        """Whether the manifest is of Docker's media type, which no reader of OCI layouts takes."""
        return "docker" in self.manifests[0].get("mediaType", "")

    @property
    def source(self) -> str:
        """The image as skopeo names it."""
        if self.is_docker:
            return f"docker-archive:{self.archive}:{self.name}"
        return f"oci:{self.layout}:{self.tag}"

    @property
    def tree(self) -> Tree:
        """The files that whoever applies the layers should have.

        It is the tar's, which rounds times as BuildKit's does, with the times of the folder. With
        an epoch, which all files of both have, it has the times of the layers.
        """
        layers = [self.image.blob(one["digest"]) for one in self.manifests[0]["layers"]]
        times = layer_times(layers)
        folder = tree_of_folder(str(self.place / "files"))
        has_epoch = bool(self.shape.environment)
        return {
            name: replace(
                entry,
                time=times[name] if has_epoch or entry.kind == "folder" else folder[name].time,
            )
            for name, entry in tree_of_tar(str(self.files)).items()
        }

    @property
    def manifests(self) -> list[dict]:
        """The manifest of each platform."""
        top = json.loads(self.image.blob(self.image.digest))
        if "manifests" not in top:
            return [top]
        return [json.loads(self.image.blob(one["digest"])) for one in top["manifests"]]

    @property
    def document(self) -> dict:
        """The configuration document of the first platform."""
        return json.loads(self.image.blob(self.manifests[0]["config"]["digest"]))


def call(command: list[str], **variables: str) -> str:
    """What a command prints; raises ToolError when it fails."""
    done = subprocess.run(
        command,
        capture_output=True,
        text=True,
        errors="replace",
        env={**os.environ, **variables},
        timeout=120,
        check=False,
    )
    if done.returncode:
        raise ToolError(f"{command[0]}: {(done.stderr or done.stdout).strip()[-400:]}")
    return done.stdout


def schema(made: Made) -> list[str]:
    """Every document against the schemas of the image-spec."""
    files = made.image.files
    problems = schema_problems("image-layout", files["oci-layout"])
    problems += schema_problems("image-index", files["index.json"])
    top = made.image.blob(made.image.digest)
    if "manifests" in json.loads(top):
        problems += schema_problems("image-index", top)
    for manifest in made.manifests:
        problems += schema_problems("image-manifest", json.dumps(manifest))
        problems += schema_problems("config", made.image.blob(manifest["config"]["digest"]))
    return problems


def local(made: Made) -> list[str]:
    """`type=local` and `type=tar` of the same build are the same files, but for owners."""
    wanted = tree_of_tar(str(made.files))
    problems = [f"{one!r}: missing" for one in made.shape.marks if one not in wanted]
    found = tree_of_folder(str(made.place / "files"), 500_000_000)
    return problems + differences(wanted, found, ("owner",))


def skopeo_inspect(made: Made) -> list[str]:
    """`skopeo inspect` tells the digest, the layers and the configuration."""
    platform = made.document["architecture"]
    command = ["skopeo", f"--override-arch={platform}", "inspect"]
    told = json.loads(call([*command, made.source]))
    config = json.loads(call([*command, "--config", "--raw", made.source]))
    problems = _unequal("configuration", made.document, config)
    problems += _unequal("labels", made.document["config"].get("Labels"), told["Labels"])
    if made.is_docker:
        return problems + _unequal("layers", made.document["rootfs"]["diff_ids"], told["Layers"])
    layers = [one["digest"] for one in made.manifests[0]["layers"]]
    problems += _unequal("layers", layers, told["Layers"] or [])
    raw = json.loads(call([*command, "--raw", made.source]))
    return problems + _unequal("manifest", json.loads(made.image.blob(made.image.digest)), raw)


def skopeo_copy(made: Made) -> list[str]:
    """`skopeo copy` to a directory and back keeps every byte."""
    folder, back = made.place / "skopeo-dir", made.place / "skopeo-back"
    copy = ["skopeo", "--insecure-policy", "copy", "-q"]
    if made.is_docker:
        call([*copy, made.source, f"dir:{folder}"])
        call([*copy, f"dir:{folder}", f"docker-archive:{back}:{made.name}"])
        document = json.loads(call(["skopeo", "inspect", "--config", f"docker-archive:{back}"]))
        return _unequal("configuration", made.document, document)
    copy += ["--all", "--preserve-digests"]
    call([*copy, made.source, f"dir:{folder}"])
    call([*copy, f"dir:{folder}", f"oci:{back}:x"])
    index = json.loads((back / "index.json").read_text())
    problems = _unequal("digest", made.image.digest, index["manifests"][0]["digest"])
    blobs = [{*os.listdir(one / "blobs" / "sha256")} for one in (made.layout, back)]
    return problems + _unequal("blobs", sorted(blobs[0]), sorted(blobs[1]))


def umoci(made: Made) -> list[str]:
    """`umoci unpack` has the files that `type=tar` has."""
    bundle, layout = made.place / "bundle", made.layout
    if made.is_docker:
        layout = made.place / "converted"
        target = f"oci:{layout}:{made.tag}"
        call(["skopeo", "--insecure-policy", "copy", "-q", made.source, target])
    call(["umoci", "unpack", "--image", f"{layout}:{made.tag}", str(bundle)])
    return differences(made.tree, tree_of_folder(str(bundle / "rootfs")))


def runc(made: Made) -> list[str]:
    """runc runs a shell in umoci's bundle, as the image's user in its working directory."""
    bundle = made.place / "bundle"
    path = bundle / "config.json"
    if not path.exists():
        raise ToolError("umoci has made no bundle")
    config = json.loads(path.read_text())
    process = config["process"]
    ours = made.document["config"]
    problems = _unequal("cwd", ours.get("WorkingDir") or "/", process["cwd"])
    missing = {*(ours.get("Env") or ())} - {*process["env"]}
    problems += [f"variable {one!r} is missing" for one in sorted(missing)]
    words = [*(ours.get("Entrypoint") or ()), *(ours.get("Cmd") or ())]
    if words:
        problems += _unequal("args", words, process["args"])
    process.update(terminal=False, args=["/bin/sh", "-c", _SCRIPT])
    config["linux"].pop("resources", None)
    path.write_text(json.dumps(config))
    run = ["runc", "run", "--bundle", str(bundle), f"shape-{os.getpid()}-{made.tag}"]
    return problems + _ran(made, lambda: call(run))


class Podman:
    """podman with a storage of its own."""

    def __init__(self, folder: str) -> None:
        self._command = [
            *("podman", f"--root={folder}/root", f"--runroot={folder}/run"),
            *("--storage-driver=vfs", "--cgroup-manager=cgroupfs", "--events-backend=none"),
        ]
        # crun, its usual runtime, cannot do with version 1 and 2 of cgroups mounted together.
        if shutil.which("runc"):
            self._command.append("--runtime=runc")

    def __call__(self, made: Made) -> list[str]:
        """Load, inspect, mount and, where there is a shell, run."""
        # Of Docker's archives the names become `localhost/NAME`.
        loaded = self._call("load", "-q", "-i", str(made.archive)).splitlines()
        names = [one.removeprefix("Loaded image: ") for one in loaded]
        name = names[0]
        try:
            problems = _unequal("number of names", len(made.names), len(names))
            return problems + self._problems(made, name)
        finally:
            self._call("image", "umount", "--force", name)
            self._call("rmi", "--all", "--force")

    def _problems(self, made: Made, name: str) -> list[str]:
        (told,) = json.loads(self._call("image", "inspect", name))
        problems = _configuration(made, {**told["Config"], "User": told["User"]}, _PLAIN)
        if made.shape.platforms == 1:
            place = self._call("image", "mount", name).strip()
            problems += differences(made.tree, tree_of_folder(place))
        if made.shape.runs:
            run = ["run", "--rm", "--network=none", "--pull=never", *_LIMITS]
            run += ["--entrypoint=/bin/sh", name, "-c", _SCRIPT]
            problems += _ran(made, lambda: self._call(*run))
        return problems

    def _call(self, *words: str) -> str:
        return call([*self._command, *words])


class Docker:
    """An engine that runs already."""

    def __init__(self, host: str) -> None:
        self._host = host

    def __call__(self, made: Made) -> list[str]:
        """Load, inspect, export and, where there is a shell, run."""
        self._call("load", "-i", str(made.archive))
        try:
            return self._problems(made)
        finally:
            self._call("rmi", "--force", *made.names)

    def _problems(self, made: Made) -> list[str]:
        (told,) = json.loads(self._call("image", "inspect", made.name))
        problems = _unequal("names", sorted(made.names), sorted(told["RepoTags"]))
        problems += _configuration(made, told["Config"], _OF_DOCKER)
        if made.shape.platforms == 1:
            problems += self._exported(made)
        if made.shape.runs:
            run = ["run", "--rm", "--network=none", "--pull=never", "--entrypoint=/bin/sh"]
            run += [made.name, "-c", _SCRIPT]
            problems += _ran(made, lambda: self._call(*run))
        return problems

    def _exported(self, made: Made) -> list[str]:
        create = ("create", "--network=none", "--pull=never", made.name, "/command")
        container = self._call(*create).strip()
        path = made.place / "exported.tar"
        try:
            self._call("export", "-o", str(path), container)
        finally:
            self._call("rm", "-v", container)
        wanted, found = made.tree, tree_of_tar(str(path))
        for name in _MOUNT_POINTS:
            if name not in wanted:
                found.pop(name, None)
            elif name in found and wanted[name].kind == "folder":
                found[name] = replace(found[name], time=wanted[name].time)
        return differences(wanted, found)

    def _call(self, *words: str) -> str:
        return call(["docker", *words], DOCKER_HOST=self._host)


Tool = tuple[str, "Callable[[Made], list[str]]"]


def tools(folder: str, docker_host: str) -> tuple[list[Tool], dict[str, str]]:
    """The tools that this machine has, by name, and why others are not used."""
    found: list[Tool] = [("schema", schema), ("local", local)]
    missing = {}
    programs: dict[str, list[Tool]] = {
        "skopeo": [("skopeo inspect", skopeo_inspect), ("skopeo copy", skopeo_copy)],
        "umoci": [("umoci", umoci)],
        "runc": [("runc", runc)],
        "podman": [("podman", Podman(folder))],
    }
    for program, checks in programs.items():
        if shutil.which(program):
            found += checks
        else:
            missing[program] = "not installed"
    if not docker_host:
        missing["docker"] = "no --docker-host"
    elif not shutil.which("docker"):
        missing["docker"] = "not installed"
    else:
        found.append(("docker", Docker(docker_host)))
    return found, missing


def _ran(made: Made, start: Callable[[], str]) -> list[str]:
    """What is wrong with what the script prints; that it does not start is one problem of many."""
    folder = made.document["config"].get("WorkingDir") or "/"
    try:
        out = start()
    except ToolError as error:
        return [str(error)]
    return _unequal("output", ["ran", folder], out.split("\n")[:2])


def _configuration(made: Made, told: dict, fields: tuple[str, ...]) -> list[str]:
    ours = made.document["config"]
    return [
        problem
        for field in fields
        for problem in _unequal(field, ours.get(field) or None, told.get(field) or None)
    ]


def _unequal(what: str, expected: object, found: object) -> list[str]:
    return [] if expected == found else [f"{what} is {found!r}, expected {expected!r}"[:400]]
