"""What a fix spoils, as far as that is seen without building: the same judge for every fixer."""

from __future__ import annotations

import posixpath
import sys
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from dflint.cst.instructions import Add, Copy, Shell, Workdir
from dflint.semantic.known_images import short_name, working_directory
from tests.fix.laws import harm

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from dflint.lint.document import Document
    from dflint.semantic.stages import Stage

#: Programs that a fix may take away or write another one for.
MAY_GO = frozenset(("apt", "aptitude", "cd", "curl", "ln", "mkdir", "rm", "sudo", "wget"))


def worse(before: Document, after: Document) -> list[str]:
    """What is wrong with a text that was well before: each in a few words."""
    found = harm(before, after)
    gone = programs(before) - programs(after)
    gone = Counter({name: many for name, many in gone.items() if name not in MAY_GO})
    if gone:
        found.append(f"no longer run: {', '.join(sorted(gone))}")
    for path in shell_directories(after) - shell_directories(before):
        found.append(f"only a shell understands WORKDIR {path}")
    found += missing_shells(before, after)
    for one, other in zip(before.model.stages, after.model.stages, strict=False):
        if places(one) != places(other):
            found.append(f"other places: {places(one)} -> {places(other)}")
    return found


def programs(doc: Document) -> Counter[str]:
    """How often each program is called when the image is built."""
    return Counter(
        command.program
        for program in doc.programs
        for command in program.script.commands
        if command.program
    )


def missing_shells(before: Document, after: Document) -> Iterable[str]:
    """Each new SHELL with bash in a stage on Alpine or BusyBox, where nobody has installed it."""
    known = {one.reading.arguments for one in before.all(Shell)}
    for stage in after.model.stages:
        image = short_name(stage.image)
        name, _, tag = image.partition(":")
        if name not in ("alpine", "busybox") and "alpine" not in tag:
            continue
        for at, one in enumerate(stage.instructions):
            words = one.reading.arguments
            if not isinstance(one, Shell) or words in known or "bash" not in words[0]:
                continue
            if not any("bash" in above.line.text for above in stage.instructions[:at]):
                yield f"no bash in {image}"


def places(stage: Stage) -> list[str]:
    """Where COPY and ADD of a stage lead, if it is known where it begins."""
    directory = working_directory(stage.image)
    if directory is None or stage.base is not None:
        return []
    found = []
    for one in stage.instructions:
        arguments = one.reading.arguments
        if isinstance(one, Workdir) and arguments:
            directory = posixpath.join(directory, arguments[0].strip("\"'"))
        elif isinstance(one, Copy | Add) and len(arguments) > 1:
            found.append(_normal(posixpath.join(directory, arguments[-1].strip("\"'"))))
    return found


def shell_directories(doc: Document) -> Counter[str]:
    """The WORKDIR of what only a shell understands: `-`, `~`, a command behind the path."""
    paths = ["".join(one.reading.arguments) for one in doc.all(Workdir)]
    words = (path.replace("\t", " ").split() for path in paths)
    return Counter(
        path
        for path, parts in zip(paths, words, strict=True)
        if parts and (parts[0] == "-" or parts[0][0] == "~" or len(parts) > 1)
    )


def _normal(path: str) -> str:
    return "/" + posixpath.normpath(path).lstrip("/")
