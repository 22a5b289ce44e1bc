"""`dflint run`: a command in a new container of an image."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from dataclasses import replace

from dflint.cli import container_values as values
from dflint.cli.build import enter_namespace
from dflint.cli.container_options import RUN, run_help
from dflint.cli.docker_flags import Given, choice, read_flags
from dflint.cli.published_ports import read_ports
from dflint.containers.request import ContainerRequest
from dflint.errors import BuildError, UsageError

_NOT_STARTED, _INTERRUPTED = 125, 130


def run(words: Sequence[str]) -> int:
    """Run the verb; the exit status is the command's, 125 where no container could be started."""
    try:
        given = read_flags(words, RUN, ends_early=True)
        if given.is_on("--help"):
            sys.stdout.write(run_help())
            return 0
        request = _request(given)
    except UsageError as error:
        sys.stderr.write(f"dflint: run: {error} (`dflint run --help` lists the options)\n")
        return _NOT_STARTED
    from dflint.containers.container import open_container
    from dflint.containers.front import run_in_front, terminal_size

    try:
        enter_namespace()
        size = terminal_size() if request.has_terminal else None
        with open_container(request, size, _tell) as container:
            container.exit_code = run_in_front(container, request)
            return container.exit_code
    except BuildError as error:
        sys.stderr.write(f"dflint: run: {error}\n")
        return _NOT_STARTED
    except KeyboardInterrupt:
        return _INTERRUPTED


def _request(given: Given) -> ContainerRequest:
    if given.is_on("--detach"):
        raise UsageError("--detach: containers run in the foreground, and end with `dflint run`")
    name = values.read_name(given.text("--name"))
    if given.is_on("--keep") and given.is_on("--rm"):
        raise UsageError("expected `--keep` or `--rm`, found both")
    is_interactive, has_terminal = given.is_on("--interactive"), given.is_on("--tty")
    if is_interactive and has_terminal and not sys.stdin.isatty():
        raise UsageError("--tty: expected a terminal as standard input, found none")
    return replace(
        values.read_container(given, os.environ),
        name=name,
        network=choice(given, "--network", ("host", "none")),
        ports=tuple(port for one in given.all("--publish") for port in read_ports(one)),
        publishes_all=given.is_on("--publish-all"),
        is_kept=given.is_on("--keep") or bool(name and not given.is_on("--rm")),
        is_interactive=is_interactive,
        has_terminal=has_terminal,
    )


def _tell(text: str) -> None:
    sys.stderr.write(f"dflint: {text}\n")
