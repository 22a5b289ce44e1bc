"""From an image's configuration and what is asked for to the process of a container."""

from __future__ import annotations

from dflint.containers.request import ContainerRequest
from dflint.errors import BuildError
from dflint.executor.process import Process
from dflint.oci.image_document import ContainerConfig
from dflint.semantic.scope import DEFAULT_PATH

#: What docker's run gives for a command without its surroundings, that may not run, that is not.
FAILURES = (125, 126, 127)


def command_of(config: ContainerConfig, request: ContainerRequest) -> tuple[str, ...]:
    """What is run: a new entrypoint takes the image's CMD away, too; BuildError for nothing."""
    if request.entrypoint is None:
        entrypoint, command = config.entrypoint, request.command or config.cmd
    else:
        entrypoint, command = request.entrypoint, request.command
    if not (*entrypoint, *command):
        raise BuildError(
            "no command is specified: the image has no ENTRYPOINT and no CMD, and none is given"
        )
    return (*entrypoint, *command)


def environment_of(
    config: ContainerConfig, request: ContainerRequest, hostname: str
) -> tuple[str, ...]:
    """The variables of a container as `NAME=VALUE`: docker's own, the image's, those given."""
    values = {"PATH": DEFAULT_PATH, "HOSTNAME": hostname}
    if request.has_terminal:
        values["TERM"] = "xterm"
    values |= dict(entry.partition("=")[::2] for entry in config.env)
    values |= dict(request.environment)
    return tuple(f"{name}={value}" for name, value in values.items())


def process_of(
    config: ContainerConfig,
    request: ContainerRequest,
    id: str,
    terminal: tuple[int, int] | None = None,
) -> Process:
    """The first process of a container."""
    hostname = request.hostname or id[:12]
    return Process(
        arguments=command_of(config, request),
        environment=environment_of(config, request, hostname),
        workdir=request.workdir or config.workdir or "/",
        user=request.user or config.user,
        hostname=hostname,
        network=request.network,
        mounts=request.mounts,
        ulimits=request.ulimits,
        extra_hosts=request.extra_hosts,
        is_read_only=request.is_read_only,
        has_init=request.has_init,
        terminal=terminal,
        start_failures=FAILURES,
        needs_accounts=False,
    )
