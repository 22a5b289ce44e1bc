"""Builders by their names."""

from __future__ import annotations

from dflint.builders.base import Builder
from dflint.errors import UsageError

NATIVE = "native"
NAMES = (NATIVE, "buildx", "docker", "podman", "buildah")


def choose(name: str, builder: str = "") -> Builder | None:
    """The builder of a name, None for dflint's own; UsageError for a name that is none.

    `builder` is the name of a builder of buildx.
    """
    if name not in NAMES:
        raise UsageError(f"--engine: expected one of {', '.join(NAMES)}, found `{name}`")
    if builder and name != "buildx":
        raise UsageError(f"--builder: it names a builder of buildx, found `--engine {name}`")
    if name == "buildx":
        from dflint.builders.buildx import BuildxBuilder

        return BuildxBuilder(builder)
    if name == "docker":
        from dflint.builders.docker import DockerBuilder

        return DockerBuilder()
    if name in ("podman", "buildah"):
        from dflint.builders.buildah import BuildahBuilder

        return BuildahBuilder(name)
    return None


def engines() -> list[Builder]:
    """All builders but dflint's own."""
    found = (choose(name) for name in NAMES)
    return [one for one in found if one is not None]
