"""`docker buildx build`: BuildKit, in a daemon, a container, another machine or a cluster."""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Iterator
from typing import Any

from dflint.build.outcome import BuildResult
from dflint.build.request import Annotation, BuildRequest, CacheLocation, Output
from dflint.builders.base import EngineStatus
from dflint.builders.flags import common_flags, common_problems, docker_progress, no_options, quoted
from dflint.builders.program import ask, run
from dflint.builders.taking import take_into
from dflint.errors import BuildError

_BUILDX = ("docker", "buildx")
_CONTAINERD = "io.containerd.snapshotter"


class BuildxBuilder:
    """Builds by buildx, with the builder of a name, or the one that is in use."""

    name = "buildx"

    def __init__(self, builder: str = "") -> None:
        self._builder = ("--builder", builder) if builder else ()

    def problems(self, request: BuildRequest) -> list[str]:
        """What buildx has no option for; see `Builder.problems`."""
        return [
            *common_problems(request),
            *no_options([(request.jobs, "`--jobs`: the builder decides it")]),
        ]

    def build(self, request: BuildRequest, progress: str = "auto") -> BuildResult:
        """Build by `docker buildx build`; see `Builder.build`."""
        with tempfile.TemporaryDirectory(prefix="dflint-buildx-") as folder:
            archive = os.path.join(folder, "image.tar")
            metadata = os.path.join(folder, "metadata.json")
            words = [
                *_BUILDX, "build", *self._builder,
                *("--provenance=false", "--sbom=false", "--metadata-file", metadata),
                *("--progress", docker_progress(progress)),
                *common_flags(request),
                *_own_flags(request),
            ]  # fmt: skip
            for spec in self._outputs(request, archive):
                words += ["--output", spec]
            run(
                [*words, request.context],
                writes_stdout=any(one.destination == "-" for one in request.outputs),
                reads_stdin="-" in (request.context, request.dockerfile),
                is_quiet=progress == "quiet",
            )
            if not os.path.exists(archive):
                return _result(metadata)
            return take_into(request.store, archive, _stored_names(request))

    def status(self) -> EngineStatus:
        """Whether buildx is installed and its builder answers; see `Builder.status`."""
        version, problem = ask(*_BUILDX, "version")
        if problem:
            return EngineStatus(self.name, "", problem)
        words = version.split()
        version = words[1] if len(words) > 1 else version
        said, problem = self._inspected()
        if not problem and _driver(said) == "docker":
            _, problem = ask("docker", "version", "--format", "{{.Server.Version}}")
        return EngineStatus(self.name, version, problem)

    def _outputs(self, request: BuildRequest, archive: str) -> Iterator[str]:
        """The `--output` of each of the request's; images for the store come as an archive."""
        is_taken = False
        if not request.outputs:
            yield "type=cacheonly"
        for output in request.outputs:
            if output.type != "image":
                yield quoted(_fields(output, output.type, output.destination))
                continue
            if output.is_pushed:
                yield quoted([*_fields(output, "image", ""), *_pushed(output)])
            is_stored = output.is_stored and not output.is_pushed_by_digest
            if is_stored and not is_taken:
                is_taken = True
                yield quoted(_fields(output, self._archive_type(), archive))

    def _inspected(self) -> tuple[str, str]:
        """What is said of the builder, and why nothing is."""
        return ask(*_BUILDX, "inspect", *self._builder[1:])

    def _archive_type(self) -> str:
        """An OCI archive, but where a daemon keeps images in its old way: that cannot write one."""
        if _driver(self._inspected()[0]) != "docker":
            return "oci"
        said, _ = ask("docker", "info", "--format", "{{json .DriverStatus}}")
        return "oci" if _CONTAINERD in said else "docker"


def _driver(said: str) -> str:
    """The driver of a builder of which something is said; empty when that does not tell."""
    for line in said.splitlines():
        if line.startswith("Driver:"):
            return line.partition(":")[2].strip()
    return ""


def _own_flags(request: BuildRequest) -> Iterator[str]:
    for one in request.annotations:
        yield from ("--annotation", f"{_level(one)}:{one.key}={one.value}")
    for name in sorted(request.entitlements):
        yield from ("--allow", name)
    for stage in request.no_cache_filter:
        yield from ("--no-cache-filter", stage)
    for location in request.cache_from:
        yield from ("--cache-from", quoted(_cache(location, "src")))
    for location in request.cache_to:
        yield from ("--cache-to", quoted(_cache(location, "dest")))


def _level(annotation: Annotation) -> str:
    return annotation.level + (f"[{annotation.platform}]" if annotation.platform else "")


def _cache(location: CacheLocation, key: str) -> Iterator[str]:
    yield f"type={location.type}"
    if location.type == "local":
        yield f"{key}={location.place}"
    elif location.type == "registry":
        yield f"ref={location.place}"
    is_written = key == "dest" and location.type != "inline"
    for name, value in (
        ("mode", location.mode if is_written else ""),
        ("tag", location.tag if location.tag != "latest" else ""),
        ("digest", location.digest),
        ("compression", location.compression),
        ("ignore-error", "true" if location.ignore_error else ""),
        ("image-manifest", "" if location.is_image_manifest or not is_written else "false"),
        ("oci-mediatypes", "" if location.has_oci_types or not is_written else "false"),
        ("registry.insecure", "true" if location.is_insecure else ""),
    ):
        if value:
            yield f"{name}={value}"


def _fields(output: Output, kind: str, destination: str) -> Iterator[str]:
    yield f"type={kind}"
    if destination:
        yield f"dest={destination}"
    if output.names:
        yield f"name={','.join(output.names)}"
    if output.is_directory:
        yield "tar=false"
    for name, value in (
        ("compression", output.compression),
        ("compression-level", output.compression_level),
        ("force-compression", output.force_compression or None),
        ("oci-mediatypes", output.oci_media_types),
        ("rewrite-timestamp", output.rewrite_timestamp or None),
        ("source-date-epoch", output.source_date_epoch),
        ("platform-split", output.platform_split),
    ):
        if value is not None and value != "":
            yield f"{name}={str(value).lower()}"
    for one in output.annotations:
        yield f"annotation-{_level(one)}.{one.key}={one.value}"


def _pushed(output: Output) -> Iterator[str]:
    yield "push=true"
    if output.is_pushed_by_digest:
        yield "push-by-digest=true"
    if output.is_insecure:
        yield "registry.insecure=true"


def _stored_names(request: BuildRequest) -> tuple[str, ...]:
    names = (name for one in request.outputs if one.type == "image" for name in one.names)
    return tuple(dict.fromkeys(names))


def _result(metadata: str) -> BuildResult:
    """What the file of `--metadata-file` says; nothing of an image where none was made."""
    try:
        with open(metadata, "rb") as file:
            said: dict[str, Any] = json.load(file)
    except FileNotFoundError:
        return BuildResult()
    except ValueError as error:
        raise BuildError(f"buildx wrote metadata that is no JSON: {error}") from None
    names = str(said.get("image.name") or "")
    return BuildResult(
        str(said.get("containerimage.digest") or ""),
        str(said.get("containerimage.config.digest") or ""),
        said.get("containerimage.descriptor") or {},
        tuple(name for name in names.split(",") if name),
    )
