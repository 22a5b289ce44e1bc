"""`dflint ps`: the containers of a store."""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Sequence

from dflint.cli.docker_flags import Flag, Given, choice, read_flags
from dflint.cli.store_place import store_path
from dflint.containers.records import ContainerRecord, Containers
from dflint.containers.sizes import Size, size_of
from dflint.content.container_use import CONTAINERS
from dflint.errors import BuildError, UsageError
from dflint.text.go_units import byte_count, human_duration

_FLAGS = (
    Flag("--all", "", "those that have ended, too", "-a"),
    Flag("--size", "", "what each takes on disk", "-s"),
    Flag("--quiet", "", "print ids only", "-q"),
    Flag("--no-trunc", "", "print whole ids and commands"),
    Flag("--format", "FORMAT", "`table`, or `json`, an object a line"),
    Flag("--store", "DIR", "the store, as for `dflint build`"),
    Flag("--help", "", "print this"),
)
_HELP = """\
usage: dflint ps [-a] [-s] [-q] [--no-trunc] [--format table|json] [--store DIR]

Lists the containers that run.

  -a, --all          those that have ended and were kept, too
  -s, --size         what each has written, and with its image
  -q, --quiet        print ids only
      --no-trunc     print whole ids and commands
      --format F     `table`, or `json`, an object a line
      --store DIR    the store, as for `dflint build`
      --help         print this
"""
_COMMAND = 20


def ps(words: Sequence[str]) -> int:
    """Run the verb; the exit status is 1 for a store that cannot be read."""
    given = read_flags(words, _FLAGS)
    if given.is_on("--help"):
        sys.stdout.write(_HELP)
        return 0
    if given.arguments:
        raise UsageError(f"ps: expected no argument, found `{given.arguments[0]}`")
    form = choice(given, "--format", ("table", "json"))
    try:
        containers = open_containers(given)
        if containers is None:
            found: list[ContainerRecord] = []
        else:
            is_all = given.is_on("--all")
            found = [one for one in containers.all() if is_all or one.is_running]
        sizes = {}
        if containers is not None and given.is_on("--size"):
            sizes = {one.id: size_of(containers.folder(one.id), one) for one in found}
    except BuildError as error:
        sys.stderr.write(f"dflint: ps: {error}\n")
        return 1
    rows = [_row(one, sizes.get(one.id), given.is_on("--no-trunc")) for one in found]
    if given.is_on("--quiet"):
        sys.stdout.write("".join(f"{row['CONTAINER ID']}\n" for row in rows))
    elif form == "json":
        sys.stdout.write("".join(_json(*pair) for pair in zip(found, rows, strict=True)))
    else:
        sys.stdout.write(_table(rows, has_size=given.is_on("--size")))
    return 0


def open_containers(given: Given) -> Containers | None:
    """The containers of the store that is meant, None where there is none.

    The process goes where files of all owners can be seen and removed.
    """
    from dflint.cli.build import enter_namespace

    store = store_path(given)
    if not os.path.isdir(os.path.join(store, CONTAINERS)):
        return None
    enter_namespace()
    return Containers(store)


def _row(record: ContainerRecord, size: Size | None, is_whole: bool) -> dict[str, str]:
    command = " ".join(record.command)
    if not is_whole and len(command) > _COMMAND:
        command = command[: _COMMAND - 1] + "…"
    row = {
        "CONTAINER ID": record.id if is_whole else record.id[:12],
        "IMAGE": record.image,
        "COMMAND": f'"{command}"',
        "CREATED": f"{human_duration(time.time() - record.created)} ago",
        "STATUS": _status(record),
        "PORTS": ", ".join(record.ports),
        "NAMES": record.name,
    }
    if size is not None:
        row["SIZE"] = f"{byte_count(size.own)} (virtual {byte_count(size.virtual)})"
    return row


def _status(record: ContainerRecord) -> str:
    if record.is_running:
        return f"Up {human_duration(time.time() - record.created)}"
    return f"Exited ({record.exit_code}) {human_duration(time.time() - record.finished)} ago"


def _table(rows: list[dict[str, str]], has_size: bool) -> str:
    names = ["CONTAINER ID", "IMAGE", "COMMAND", "CREATED", "STATUS", "PORTS", "NAMES"]
    names += ["SIZE"] if has_size else []
    lines = [dict(zip(names, names, strict=True)), *rows]
    widths = {name: max(len(row[name]) for row in lines) for name in names}
    return "".join(
        "   ".join(row[name].ljust(widths[name]) for name in names).rstrip() + "\n" for row in lines
    )


def _json(record: ContainerRecord, row: dict[str, str]) -> str:
    said = {
        "ID": row["CONTAINER ID"],
        "Image": row["IMAGE"],
        "Command": row["COMMAND"],
        "CreatedAt": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(record.created)),
        "State": "running" if record.is_running else "exited",
        "Status": row["STATUS"],
        "Ports": row["PORTS"],
        "Names": row["NAMES"],
    }
    if "SIZE" in row:
        said["Size"] = row["SIZE"]
    return json.dumps(said, ensure_ascii=False) + "\n"
