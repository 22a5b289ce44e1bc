"""`buildah build` and `podman build`, which are one builder under two names."""

from __future__ import annotations

from dflint.build.outcome import BuildResult
from dflint.build.request import BuildRequest, Output
from dflint.builders.base import EngineStatus
from dflint.builders.engine_store import build_and_take, image_problems
from dflint.builders.flags import common_flags, common_problems, no_options, quoted
from dflint.builders.program import ask, run
from dflint.errors import BuildError


class BuildahBuilder:
    """Builds by `buildah` or `podman`, into the images of its own place."""

    def __init__(self, name: str) -> None:
        self.name = name

    def problems(self, request: BuildRequest) -> list[str]:
        """What it has no option for; see `Builder.problems`."""
        has_levels = any(one.level != "manifest" or one.platform for one in request.annotations)
        is_split = any(one.platform_split is not None for one in request.outputs)
        docker_folder = any(one.is_directory and one.type == "docker" for one in request.outputs)
        to_stdout = any(
            one.destination == "-" and one.type in ("oci", "docker") for one in request.outputs
        )
        files = sum(one.type in ("tar", "local") for one in request.outputs)
        return [
            *common_problems(request),
            *image_problems(request),
            *no_options([
                (has_levels, "`--annotation` of an index or a descriptor"),
                ("security.insecure" in request.entitlements, "`--allow security.insecure`"),
                (is_split, "`platform-split` of `--output`"),
                (docker_folder, "`tar=false` of `--output type=docker`"),
                (to_stdout, "an image archive on standard output"),
                (files > 1, "more than one `--output` of files"),
            ]),
        ]  # fmt: skip

    def build(self, request: BuildRequest, progress: str = "auto") -> BuildResult:
        """Build by `buildah build` or `podman build`; see `Builder.build`.

        Images are made in docker's format: the other one has no HEALTHCHECK, SHELL and ONBUILD.
        """
        words = [self.name, "build", "--format", "docker", *common_flags(request)]
        names = [name for one in request.outputs for name in one.names]
        for name in dict.fromkeys(names):
            words += ["--tag", name]
        for one in request.annotations:
            words += ["--annotation", f"{one.key}={one.value}"]
        if request.jobs:
            words += ["--jobs", str(request.jobs)]
        for output in request.outputs:
            if output.type in ("tar", "local"):
                place = f"dest={output.destination}"
                words += ["--output", quoted([f"type={output.type}", place])]
        return build_and_take(words, request, self._write, self._push, is_quiet=progress == "quiet")

    def status(self) -> EngineStatus:
        """Whether it is installed and can be used; see `Builder.status`."""
        version, problem = ask(self.name, "--version")
        if problem:
            return EngineStatus(self.name, "", problem)
        words = version.split()
        _, problem = ask(self.name, "info")
        return EngineStatus(self.name, words[2] if len(words) > 2 else version, problem)

    def _write(self, id: str, output: Output, place: str) -> None:
        """Write an image to an archive or folder."""
        if ":" in place or "," in place:
            raise BuildError(f"{self.name}: expected a path without `:` and `,`, found `{place}`")
        kind = "docker-archive" if output.type == "docker" else "oci-archive"
        kind = "oci" if output.is_directory else kind
        name = f":{output.names[0]}" if output.names else ""
        run([self.name, "push", id, f"{kind}:{place}{name}"], is_quiet=True)

    def _push(self, name: str) -> None:
        run([self.name, "push", name])
