"""The values of a container's options, read as docker reads them.

Every function raises UsageError that names the option, what was found, and what was expected.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator, Mapping

from dflint.cli import build_values as values
from dflint.cli.docker_flags import Given, choice
from dflint.containers.request import ContainerRequest
from dflint.errors import UsageError
from dflint.executor.process import BindMount, Mount, TmpfsMount, Ulimit
from dflint.snapshot.choose import NAMES as SNAPSHOTTERS

_NAME = re.compile(r"[a-zA-Z0-9][a-zA-Z0-9_.-]+")


def read_container(given: Given, environment: Mapping[str, str]) -> ContainerRequest:
    """What the verbs that run containers have in common; UsageError says what is wrong."""
    if not given.arguments:
        raise UsageError("expected an image, found nothing")
    entrypoint = given.last("--entrypoint")
    platforms = values.read_platforms(given.all("--platform"))
    if len(platforms) > 1:
        raise UsageError("--platform: expected one platform, found several")
    limits = map(values.read_ulimit, given.all("--ulimit"))
    return ContainerRequest(
        image=given.arguments[0],
        command=tuple(given.arguments[1:]),
        entrypoint=None if entrypoint is None else ((entrypoint,) if entrypoint else ()),
        environment=_environment(given, environment),
        user=given.text("--user"),
        workdir=_absolute(given.text("--workdir"), "--workdir"),
        hostname=given.text("--hostname"),
        mounts=(
            *map(read_volume, given.all("--volume")),
            *(TmpfsMount(_absolute(one, "--tmpfs")) for one in given.all("--tmpfs")),
        ),
        extra_hosts=tuple(
            (one.name, one.address) for one in values.read_hosts(given.all("--add-host"))
        ),
        ulimits=tuple(Ulimit(one.name, one.soft, one.hard) for one in limits),
        is_read_only=given.is_on("--read-only"),
        has_init=given.is_on("--init"),
        platform=str(platforms[0]) if platforms else "",
        pulls=given.is_on("--pull"),
        store=given.text("--store") or values.default_store(environment),
        snapshotter=choice(given, "--snapshotter", SNAPSHOTTERS),
    )


def read_name(text: str) -> str:
    """The name of a container."""
    if text and _NAME.fullmatch(text) is None:
        raise UsageError(
            f"--name: expected letters, digits, `_`, `.` and `-`, two at least, found `{text}`"
        )
    return text


def read_volume(text: str) -> Mount:
    """`SRC:DST[:ro]`; the source has to be there."""
    source, _, rest = text.partition(":")
    target, _, options = rest.partition(":")
    words = [word for word in options.split(",") if word]
    if not target.startswith("/"):
        raise UsageError(f"--volume: expected `SRC:DST[:ro]` with a whole path, found `{text}`")
    for word in words:
        if word not in ("ro", "rw"):
            raise UsageError(f"--volume: expected `ro` or `rw`, found `{word}`")
    if not source.startswith(("/", ".")):
        raise UsageError(
            f"--volume: expected a path such as `./{source}`, found `{source}`: "
            "volumes with names are not kept"
        )
    if not os.path.exists(source):
        raise UsageError(f"--volume: expected a file or directory, found nothing at `{source}`")
    return BindMount(os.path.abspath(source), target, "ro" in words)


def _absolute(text: str, option: str) -> str:
    if text and not text.startswith("/"):
        raise UsageError(f"{option}: expected a whole path, found `{text}`")
    return text


def _environment(given: Given, environment: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    files = (line for path in given.all("--env-file") for line in _lines(path))
    pairs = dict(_pairs(files, environment, "--env-file"))
    pairs |= dict(_pairs(given.all("--env"), environment, "--env"))
    return tuple(pairs.items())


def _lines(path: str) -> Iterator[str]:
    try:
        with open(path, encoding="utf-8", errors="surrogateescape") as file:
            lines = file.read().removeprefix("\ufeff").splitlines()
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise UsageError(f"--env-file: cannot read `{path}`: {reason}") from None
    for line in lines:
        line = line.lstrip()
        if line and not line.startswith("#"):
            yield line


def _pairs(
    texts: Iterable[str], environment: Mapping[str, str], option: str
) -> Iterator[tuple[str, str]]:
    for text in texts:
        name, equals, value = text.partition("=")
        if not name or (name != name.strip() and option == "--env-file"):
            raise UsageError(f"{option}: expected `NAME=VALUE`, found `{text}`")
        if equals:
            yield name, value
        elif name in environment:
            yield name, environment[name]
