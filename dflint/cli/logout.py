"""`dflint logout`: forgets the credentials for a registry."""

from __future__ import annotations

import sys
from collections.abc import Sequence

from dflint.cli.docker_flags import read_flags
from dflint.cli.login import server_of
from dflint.cli.registry_flags import HELP
from dflint.errors import BuildError
from dflint.registry.credentials import key_of
from dflint.registry.docker_config import DockerConfig

_HELP = """\
usage: dflint logout [SERVER]

Forgets the credentials for a registry, those that Docker uses too. Without SERVER it is
Docker Hub.

  -h, --help               print this
"""


def logout(words: Sequence[str]) -> int:
    """Run the verb; the exit status is 1 for credentials that cannot be removed."""
    given = read_flags(words, (HELP,))
    if given.is_on("--help"):
        sys.stdout.write(_HELP)
        return 0
    host = server_of("logout", given.arguments)
    try:
        was_kept = DockerConfig().forget(host)
    except BuildError as error:
        sys.stderr.write(f"dflint: logout: {error}\n")
        return 1
    name = key_of(host)
    text = f"Removing login credentials for {name}" if was_kept else f"Not logged in to {name}"
    sys.stdout.write(text + "\n")
    return 0
