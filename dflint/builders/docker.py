"""`docker build`: the builder of a Docker daemon, whichever it is set up to use."""

from __future__ import annotations

import os

from dflint.build.outcome import BuildResult
from dflint.build.request import BuildRequest, Output
from dflint.builders.base import EngineStatus
from dflint.builders.engine_store import build_and_take, image_problems
from dflint.builders.flags import common_flags, common_problems, docker_progress, no_options
from dflint.builders.program import ask, run


class DockerBuilder:
    """Builds into the images of a daemon, and takes the image from there."""

    name = "docker"

    def problems(self, request: BuildRequest) -> list[str]:
        """What a daemon cannot do; see `Builder.problems`."""
        kinds = {one.type for one in request.outputs} - {"image", "docker"}
        found = [
            *common_problems(request),
            *image_problems(request),
            *(f"`--output type={kind}`: `--engine buildx` can" for kind in sorted(kinds)),
            *no_options([
                (request.annotations, "`--annotation`: `--engine buildx` can"),
                (request.jobs, "`--jobs`: the builder decides it"),
                (any(x.is_directory for x in request.outputs), "`tar=false` of `--output`"),
            ]),
        ]  # fmt: skip
        if _is_classic():
            found += no_options([
                (request.secrets, "`--secret` without BuildKit"),
                (request.ssh_agents, "`--ssh` without BuildKit"),
                (request.named_contexts, "`--build-context` without BuildKit"),
                (request.entitlements - {"network.host"}, "`--allow` without BuildKit"),
            ])  # fmt: skip
        return found

    def build(self, request: BuildRequest, progress: str = "auto") -> BuildResult:
        """Build by `docker build`; see `Builder.build`."""
        words = ["docker", "build", *common_flags(request)]
        names = list(dict.fromkeys(name for one in request.outputs for name in one.names))
        # By its id the image cannot be asked for everywhere: which digest that is differs.
        passing = "" if names else f"localhost/dflint:{os.urandom(16).hex()}"
        for name in names or [passing]:
            words += ["--tag", name]
        if not _is_classic():
            words += ["--load", "--provenance=false", "--sbom=false"]
            words += ["--progress", docker_progress(progress)]
            for entitlement in sorted(request.entitlements):
                words += ["--allow", entitlement]
        saving = _Saving(tuple(names), passing)
        try:
            return build_and_take(words, request, saving.write, _push, is_quiet=progress == "quiet")
        finally:
            if passing:
                ask("docker", "rmi", passing)

    def status(self) -> EngineStatus:
        """Whether docker is installed and its daemon answers; see `Builder.status`."""
        version, problem = ask("docker", "version", "--format", "{{.Client.Version}}")
        if not version:
            said, missing = ask("docker", "--version")
            if missing:
                return EngineStatus(self.name, "", missing)
            version = said.removeprefix("Docker version ").partition(",")[0]
        server, problem = ask("docker", "version", "--format", "{{.Server.Version}}")
        return EngineStatus(self.name, version if problem else f"{version} (daemon {server})",
                            problem)  # fmt: skip


def _is_classic() -> bool:
    """Whether the daemon's old builder is used: when it is asked for, or buildx is not there."""
    if os.environ.get("DOCKER_BUILDKIT"):
        return os.environ["DOCKER_BUILDKIT"] in ("0", "false")
    return bool(ask("docker", "buildx", "version")[1])


def _push(name: str) -> None:
    run(["docker", "push", name])


class _Saving:
    """Writes an image that the daemon knows by some names, or by one that is nobody's."""

    def __init__(self, names: tuple[str, ...], passing: str) -> None:
        self._names = names
        self._passing = passing

    def write(self, id: str, output: Output, place: str) -> None:
        """Write it to a file, or to standard output."""
        del id
        names = output.names or self._names[:1] or (self._passing,)
        if place == "-":
            run(["docker", "save", *names], writes_stdout=True)
        else:
            run(["docker", "save", "--output", place, *names], is_quiet=True)
