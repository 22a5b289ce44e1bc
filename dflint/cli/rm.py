"""`dflint rm`: removes containers."""

from __future__ import annotations

import sys
from collections.abc import Sequence

from dflint.cli.docker_flags import Flag, read_flags
from dflint.cli.ps import open_containers
from dflint.errors import BuildError, UsageError

_FLAGS = (
    Flag("--force", "", "kill what runs", "-f"),
    Flag("--store", "DIR", "the store, as for `dflint build`"),
    Flag("--help", "", "print this"),
)
_HELP = """\
usage: dflint rm [-f] [--store DIR] CONTAINER...

Removes containers, by their names or by the beginnings of their ids.

  -f, --force        kill those that run
      --store DIR    the store, as for `dflint build`
      --help         print this
"""


def rm(words: Sequence[str]) -> int:
    """Run the verb; the exit status is 1 when a container could not be removed."""
    given = read_flags(words, _FLAGS)
    if given.is_on("--help"):
        sys.stdout.write(_HELP)
        return 0
    if not given.arguments:
        raise UsageError("rm: expected a container, found nothing")
    status = 0
    try:
        containers = open_containers(given)
    except BuildError as error:
        sys.stderr.write(f"dflint: rm: {error}\n")
        return 1
    for name in given.arguments:
        try:
            if containers is None:
                raise BuildError(f"no such container: `{name}`")
            containers.remove(containers.find(name), is_forced=given.is_on("--force"))
        except BuildError as error:
            sys.stderr.write(f"dflint: rm: {error}\n")
            status = 1
        else:
            sys.stdout.write(f"{name}\n")
    return status
