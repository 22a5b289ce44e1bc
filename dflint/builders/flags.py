"""The flags that all builders have in common, with docker's names."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from dflint.build.request import BuildRequest, Secret, SshAgent
from dflint.errors import UsageError

_ARCHIVES = ("docker-archive:", "oci-archive:")
_DOCKER_PROGRESS = ("auto", "plain", "tty", "quiet", "none", "rawjson")


def docker_progress(kind: str) -> str:
    """The kind of progress that docker has for one of ours."""
    return kind if kind in _DOCKER_PROGRESS else "auto"


def common_flags(request: BuildRequest) -> Iterator[str]:
    """What is built and how its steps run, as words of a command line."""
    yield from _each("--build-arg", map("=".join, request.build_args))
    yield from _each("--label", map("=".join, request.labels))
    yield from _each("--build-context", (f"{x.name}={x.location}" for x in request.named_contexts))
    yield from _each("--secret", map(_secret, request.secrets))
    yield from _each("--ssh", map(_ssh, request.ssh_agents))
    yield from _each("--add-host", (f"{x.name}:{x.address}" for x in request.extra_hosts))
    yield from _each("--ulimit", (f"{x.name}={x.soft}:{x.hard}" for x in request.ulimits))
    values = (
        ("--file", request.dockerfile),
        ("--target", request.target),
        ("--platform", ",".join(map(str, request.platforms))),
        ("--network", request.network if request.network != "default" else ""),
        ("--shm-size", str(request.shm_size or "")),
        ("--cgroup-parent", request.cgroup_parent),
    )
    for name, value in values:
        if value:
            yield from (name, value)
    if request.no_cache:
        yield "--no-cache"
    if request.pull:
        yield "--pull"


def _each(name: str, values: Iterable[str]) -> Iterator[str]:
    for value in values:
        yield from (name, value)


def _secret(secret: Secret) -> str:
    where = f"env={secret.variable}" if secret.variable else f"src={secret.file}"
    return quoted([f"id={secret.id}", where])


def _ssh(agent: SshAgent) -> str:
    return agent.id + (f"={','.join(agent.paths)}" if agent.paths else "")


def quoted(fields: Iterable[str]) -> str:
    """Comma-separated fields, those with a comma or a quotation mark in quotation marks."""
    return ",".join(
        '"' + field.replace('"', '""') + '"' if "," in field or '"' in field else field
        for field in fields
    )


def common_problems(request: BuildRequest) -> Iterator[str]:
    """What of a request only dflint's own builder can do."""
    if request.executor != "auto":
        yield f"`--executor {request.executor}`: steps are run by the builder itself"
    if request.snapshotter != "auto":
        yield f"`--snapshotter {request.snapshotter}`: layers are the builder's own"
    for context in request.named_contexts:
        if context.location.startswith(_ARCHIVES):
            yield f"`--build-context {context.name}={context.location}`: it reads no archives"
    for output in request.outputs:
        if output.has_canonical_names or output.dangling_prefix:
            yield "`name-canonical` and `dangling-name-prefix` of `--output`"


def no_options(pairs: Iterable[tuple[object, str]]) -> Iterator[str]:
    """The sentences whose values are there."""
    for value, sentence in pairs:
        if value:
            yield sentence


def refuse(name: str, problems: Callable[[BuildRequest], list[str]], request: BuildRequest) -> None:
    """Raise UsageError for what a builder cannot do, before anything is started."""
    found = problems(request)
    if found:
        raise UsageError(f"--engine {name}: cannot do {'; '.join(dict.fromkeys(found))}")
