"""`dflint image`: the verbs on images by docker's longer names."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from importlib import import_module

from dflint.errors import UsageError

#: The module and function of each.
_VERBS = {
    "ls": "images", "list": "images", "tag": "tag", "rm": "rmi", "remove": "rmi",
    "inspect": "inspect", "history": "history", "save": "save", "load": "load", "diff": "diff",
    "prune": "prune", "build": "build",
}  # fmt: skip
_HELP = """\
usage: dflint image VERB [OPTIONS] [ARGUMENTS]

The same as the verbs of one word:
  ls       dflint images      history  dflint history
  tag      dflint tag         save     dflint save
  rm       dflint rmi         load     dflint load
  inspect  dflint inspect     prune    dflint prune
  diff     dflint diff        build    dflint build
"""


def image(words: Sequence[str]) -> int:
    """Run the verb that the first word names."""
    if not words or words[0] in ("--help", "-h"):
        sys.stdout.write(_HELP)
        return 0
    name = _VERBS.get(words[0])
    if name is None:
        raise UsageError(f"image: expected one of {', '.join(_VERBS)}, found `{words[0]}`")
    status: int = getattr(import_module(f"dflint.cli.{name}"), name)(words[1:])
    return status
