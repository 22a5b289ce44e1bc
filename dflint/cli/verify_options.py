"""The options of `dflint verify` and `dflint equiv`, and what is to be compared."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass

from dflint.build.request import BuildRequest
from dflint.cli.build_options import STEPS
from dflint.cli.build_request import read_common
from dflint.cli.docker_flags import Flag, Given
from dflint.cli.flag_help import flag_lines
from dflint.errors import UsageError
from dflint.lint.contract import Contract
from dflint.text.source import Source

TYPE_CHECKING = False
if TYPE_CHECKING:
    from dflint.builders.base import Builder

FORMATS = ("text", "json")
_BASE = Flag(
    "--base", "REV", "compare FILE (default: `Dockerfile`) as it is in this revision of git with "
    "the file of the work tree",
)  # fmt: skip
_BUILT = (
    Flag("--context", "DIR", "the build context (default: the folder of the Dockerfile, of the "
         "second one of two)"),
    Flag("--build-arg", "NAME[=VALUE]", "a build argument; without a value, that of the "
         "environment"),
    Flag("--target", "STAGE", "the stage to build (default: the last)"),
    Flag("--platform", "PLATFORM", "the platform to build for"),
    Flag("--build-context", "NAME=PLACE", "another context, as for `dflint build`"),
)  # fmt: skip
_ALLOWED = (
    Flag("--may-go", "PATTERN", "paths that may be gone, such as `/var/cache/**`"),
    Flag("--may-change", "PATTERN", "files whose content may be another"),
    Flag("--may-come", "PATTERN", "paths that may be new"),
    Flag("--may-set", "KEY", "keys of the configuration that may differ: `Labels.*`, `Cmd`"),
)
_STEPS = (
    *STEPS,
    Flag("--pull", "", "ask registries for images even if the store has them"),
    Flag("--store", "DIR", "where images and layers are kept (default: that of `dflint build`)"),
    Flag("--executor", "NAME", "what runs steps, as for `dflint build`"),
    Flag("--snapshotter", "NAME", "what layers file systems, as for `dflint build`"),
    Flag("--jobs", "N", "how many steps run at once", "-j"),
)
#: The options of verbs that build something to look into it.
BUILD_GROUPS = (("what is built", _BUILT), ("how steps run", _STEPS))
_RUN = (
    Flag("--engine", "NAME", "what builds: `native` (default), `buildx`, `docker`, `podman`, "
         "`buildah`"),
    Flag("--builder", "NAME", "the builder of `--engine buildx`"),
    Flag("--no-plan", "", "build, even if the plans prove that nothing differs"),
    Flag("--format", "FORMAT", "how to print the verdict: " + ", ".join(FORMATS)),
    Flag("--evidence", "PLACE", "write a statement on it: into a folder, or to a file that ends in "
         ".json or .jsonl"),
    Flag("--progress", "KIND", "how to show the builds: `plain`, or `none` (default)"),
    Flag("--help", "", "print this", "-h"),
)  # fmt: skip
_GROUPS = (
    ("what is compared", (_BASE, *_BUILT)),
    ("what may differ", _ALLOWED),
    ("how steps run", _STEPS),
    ("the run", _RUN),
)
FLAGS = tuple(flag for _, flags in _GROUPS for flag in flags)
_TITLES = {
    "verify": "Builds both, unless their plans prove enough, and says in what the images differ.",
    "equiv": "Says whether both make the same image: proved, built-equal, different or unknown.",
}


def help_text(verb: str) -> str:
    """What `dflint verify --help` and `dflint equiv --help` print."""
    lines = [f"usage: dflint {verb} [OPTIONS] BEFORE AFTER"]
    lines += [f"       dflint {verb} [OPTIONS] --base REV [FILE]", "", _TITLES[verb]]
    lines += flag_lines(_GROUPS)
    lines += [
        "",
        "exit status: 0 the same, 1 different, 2 wrong usage, 4 unknown, 130 interrupted",
    ]
    return "\n".join(lines) + "\n"


@dataclass(frozen=True, slots=True)
class Compared:
    """Two Dockerfiles, what they are called, and what their builds are asked for."""

    before: Source
    after: Source
    names: tuple[str, str]
    request: BuildRequest
    contract: Contract
    engine: Builder | None = None


def read_compared(given: Given, environment: Mapping[str, str]) -> Compared:
    """What a command line asks for; UsageError says what is wrong with it."""
    before, after, names = _sources(given)
    context = given.text("--context") or os.path.dirname(after.path) or "."
    if not os.path.isdir(context):
        raise UsageError(f"--context: expected a directory, found `{context}`")
    request = read_request(given, environment, context, after.path)
    engine = _engine(given, request)
    return Compared(before, after, names, request, _contract(given), engine)


def _engine(given: Given, request: BuildRequest) -> Builder | None:
    """The other builder that is to build, None for dflint's own; UsageError for what it cannot."""
    if given.last("--engine") is None and given.last("--builder") is None:
        return None
    from dflint.builders.choose import choose
    from dflint.builders.flags import refuse

    engine = choose(given.text("--engine", "native"), given.text("--builder"))
    if engine is not None:
        refuse(engine.name, engine.problems, request)
    return engine


def read_request(
    given: Given, environment: Mapping[str, str], context: str, dockerfile: str
) -> BuildRequest:
    """The values of the builds, whose Dockerfile has the ignore file of that path."""
    request = read_common(given, environment, context, dockerfile)
    if len(request.platforms) > 1:
        raise UsageError("--platform: expected one platform, found several")
    return request


def _sources(given: Given) -> tuple[Source, Source, tuple[str, str]]:
    base, paths = given.last("--base"), given.arguments
    if base is not None:
        if len(paths) > 1:
            raise UsageError(f"--base: expected one file, found `{'`, `'.join(paths)}`")
        from dflint.cli.changed import file_at

        path = paths[0] if paths else "Dockerfile"
        after = Source.read(path)
        return Source(path, file_at(base, path)), after, (f"{base}:{path}", path)
    if len(paths) != 2:
        found = ", ".join(f"`{path}`" for path in paths) or "none"
        raise UsageError(f"expected two Dockerfiles, or `--base`, found {found}")
    before, after = (Source.read(path) for path in paths)
    return before, after, (paths[0], paths[1])


def _contract(given: Given) -> Contract:
    return Contract(
        gone=given.all("--may-go"),
        changed=[(one, "any") for one in given.all("--may-change")],
        new=given.all("--may-come"),
        keys=given.all("--may-set"),
    )
