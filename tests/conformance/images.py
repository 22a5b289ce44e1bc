"""Whether other tools can read, unpack and run what `dflint build` makes: a row an image.

    python -m tests.conformance.images [--docker-host unix://SOCKET] [--only WORD,…]

Builds the images of `image_shapes.py` and puts each to the schemas of the image-spec, skopeo,
umoci, runc, podman and, with `--docker-host`, a Docker engine: those that are there. It needs
root, as unpacking does. In the table `ok` is a check that passed, `limit` one that fails for a
known reason, which `image_limits.json` tells, `-` one that does not apply and `FAIL` any other,
which makes the exit status 1; so does a limit that shows nowhere when all are built.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import TextIO

from dflint.testing.images import busybox_root, write_layout
from tests.build.conftest import ROOT, Command, OciArchive
from tests.conformance.image_shapes import SHAPES, Shape, write_context
from tests.conformance.image_tools import Made, Tool, ToolError, tools

LIMITS = Path(__file__).with_name("image_limits.json")
OK, LIMIT, FAIL, NONE = "ok", "limit", "FAIL", "-"


@dataclass(frozen=True)
class Limit:
    """What a tool is known not to do: problems with `text` in them, of some shapes or of all."""

    tool: str
    text: str
    reason: str
    shapes: tuple[str, ...] = ()

    def covers(self, tool: str, shape: str, problem: str) -> bool:
        is_named = not self.shapes or shape in self.shapes
        return is_named and self.tool == tool and self.text in problem


@dataclass
class Row:
    """What became of one image, by tool: the verdict, and the problems that have no reason."""

    shape: str
    verdicts: dict[str, str] = field(default_factory=dict)
    problems: dict[str, list[str]] = field(default_factory=dict)
    limits: set[Limit] = field(default_factory=set)


def read_limits() -> list[Limit]:
    """The known limits."""
    rows = json.loads(LIMITS.read_text())
    return [Limit(**{**row, "shapes": tuple(row.get("shapes", ()))}) for row in rows]


class Bench:
    """Builds shapes in a folder, with one context and one store for all."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        root = busybox_root(str(folder / "busybox"), str(ROOT / ".cache" / "busybox"))
        layout = folder / "base"
        write_layout(root, str(layout))
        self._command = Command(folder, layout)
        self._command.context.rmdir()
        write_context(str(self._command.context))

    def make(self, shape: Shape, number: int) -> Made:
        """Build it; raises ToolError when that fails."""
        place = self._folder / f"shape-{number}"
        place.mkdir()
        file = place / "Dockerfile"
        file.write_text(shape.dockerfile)
        options = [f"--file={file}", f"-t=shape:{number}", *shape.options]
        outputs = [f"{shape.output},dest={place}/image.tar"]
        if shape.platforms == 1:
            outputs += [f"type=tar,dest={place}/files.tar", f"type=local,dest={place}/files"]
        options += [f"--output={one}" for one in outputs]
        built = self._command.run(*options, **shape.environment)
        if built.status:
            raise ToolError(built.err[-600:])
        layout = place / "layout"
        layout.mkdir()
        subprocess.run(["tar", "-xf", place / "image.tar", "-C", layout], check=True)
        return Made(shape, str(number), place, OciArchive(place / "image.tar"))


def check(shape: Shape, number: int, bench: Bench, checks: list[Tool], limits: list[Limit]) -> Row:
    """Build one image and show it to every tool."""
    row = Row(shape.name)
    try:
        made = bench.make(shape, number)
    except ToolError as error:
        row.verdicts["build"] = FAIL
        row.problems["build"] = [str(error)]
        return row
    row.verdicts["build"] = OK
    for name, tool in checks:
        if not applies(shape, name):
            row.verdicts[name] = NONE
            continue
        try:
            problems = tool(made)
        except ToolError as error:
            problems = [str(error)]
        _judge(row, name, problems, limits)
    return row


def applies(shape: Shape, tool: str) -> bool:
    """Whether a tool has something to do: umoci takes no index, `local` compares one platform."""
    if tool == "runc":
        return shape.runs
    return shape.platforms == 1 or tool not in ("local", "umoci")


def _judge(row: Row, tool: str, problems: list[str], limits: list[Limit]) -> None:
    unexplained = []
    for problem in problems:
        known = [one for one in limits if one.covers(tool, row.shape, problem)]
        row.limits.update(known)
        if not known:
            unexplained.append(problem)
    row.verdicts[tool] = FAIL if unexplained else LIMIT if problems else OK
    if unexplained:
        row.problems[tool] = unexplained


def table(rows: list[Row], names: list[str]) -> str:
    """Image by tool, and below it how often each verdict was."""
    width = max(len(row.shape) for row in rows)
    lines = [" ".join([" " * width, *names])]
    for row in rows:
        cells = (row.verdicts.get(name, NONE).ljust(len(name)) for name in names)
        lines.append(" ".join([row.shape.ljust(width), *cells]).rstrip())
    lines.append("")
    for name in names:
        found = [row.verdicts.get(name, NONE) for row in rows]
        counts = (f"{found.count(one)} {one}" for one in (OK, LIMIT, FAIL) if one in found)
        lines.append(f"{name}: {', '.join(counts)}")
    return "\n".join(lines)


def run(
    folder: Path, shapes: list[Shape], checks: list[Tool], limits: list[Limit], out: TextIO
) -> list[Row]:
    """Build and check, with what is found printed to `out`."""
    bench = Bench(folder)
    rows = []
    for number, shape in enumerate(shapes):
        rows.append(check(shape, number, bench, checks, limits))
        for tool, problems in rows[-1].problems.items():
            print(f"{shape.name}: {tool}:", *problems[:8], sep="\n    ", file=out, flush=True)
        shutil.rmtree(folder / f"shape-{number}")
    print(table(rows, ["build", *(name for name, _ in checks)]), file=out)
    return rows


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.conformance.images")
    parser.add_argument("--docker-host", default="", metavar="URL")
    parser.add_argument("--only", default="", metavar="WORDS", help="shapes with one in the name")
    options = parser.parse_args()
    if os.geteuid():
        parser.error("unpacking images with their owners needs root")
    words = options.only.split(",")
    shapes = [one for one in SHAPES if any(word in one.name for word in words)]
    if not shapes:
        parser.error(f"no shape has one of `{options.only}` in its name")
    limits = read_limits()
    with tempfile.TemporaryDirectory(prefix="dflint-images-") as folder:
        checks, missing = tools(os.path.join(folder, "podman"), options.docker_host)
        rows = run(Path(folder), shapes, checks, limits, sys.stdout)
    for name, reason in missing.items():
        print(f"{name}: not used: {reason}")
    used = {one for row in rows for one in row.limits}
    tried = {tool for row in rows for tool in row.verdicts}
    idle = [one for one in limits if one not in used and one.tool in tried and not options.only]
    for one in idle:
        print(f"a limit that nothing shows: {one.tool}: {one.text}")
    return 1 if idle or any(row.problems for row in rows) else 0


if __name__ == "__main__":
    sys.exit(main())
