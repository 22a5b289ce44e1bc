"""Archives that COPY brings and a later RUN of the stage unpacks, as ADD would have done.

ADD unpacks what is a tar archive, plain or compressed with gzip, bzip2, xz or zstd (reference,
"ADD").
"""

from __future__ import annotations

import re

from dflint.cst.instructions import Copy
from dflint.semantic.expand import evaluate_word
from dflint.semantic.occurrences import occurrences
from dflint.semantic.state import join_workdir
from dflint.shell.statements import Kind
from dflint.text.lazy_pattern import LazyPattern

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from dflint.cst.instructions import Instruction
    from dflint.semantic.model import SemanticModel
    from dflint.semantic.occurrences import Occurrence
    from dflint.semantic.programs import Program
    from dflint.shell.invocation import Argument, Invocation

_ARCHIVE = LazyPattern(r"\.(?:tar(?:\.(?:gz|bz2|xz|zst))?|tgz|tbz2?|tb2|txz|tzst)\Z", re.IGNORECASE)
_BRACED = LazyPattern(r"\$\{([A-Za-z_][A-Za-z0-9_]*+)\}")
# What `tar` may be told that ADD cannot do.
_BEYOND_ADD = (
    "--strip-components", "--strip", "--transform", "--xform", "--exclude", "--exclude-from", "-X",
    "--wildcards", "-T", "--files-from", "-k", "--keep-old-files", "--one-top-level", "-O",
    "--to-stdout", "--overwrite", "--no-same-owner", "-o", "--skip-old-files",
)  # fmt: skip
_UNPACKERS = ("gunzip", "bunzip2", "unxz", "unzstd")
#: Stands for the directory that the base image sets.
_UNKNOWN = "/\0"


class CopiedArchive:
    """The source `at` of a COPY that is an archive, and the paths that it may have in the image."""

    __slots__ = ("at", "occurrence", "paths", "stage")

    def __init__(self, occurrence: Occurrence, at: int, stage: int, paths: frozenset[str]) -> None:
        self.occurrence = occurrence
        self.at = at
        self.stage = stage
        self.paths = paths


def extracted_archives(
    model: SemanticModel, programs: Sequence[Program]
) -> Iterator[tuple[CopiedArchive, Invocation]]:
    """The archives of COPY that a RUN of the same stage unpacks all of, with the command."""
    archives = list(_copied_archives(model))
    if not archives:
        return
    calls = [
        (program, call, path)
        for program in programs
        for call in program.invocations_of("tar", "gzip", *_UNPACKERS)
        if (path := _unpacked(program, call)) is not None
    ]
    for archive in archives:
        copy = archive.occurrence
        for program, call, path in calls:
            if (
                any(_is_same(path, one) for one in archive.paths)
                and program.stage_number == archive.stage
                and program.occurrence.is_trigger == copy.is_trigger
                and program.instruction.line.start > copy.instruction.line.start
            ):
                yield archive, call
                break


def unpacked_to(program: Program, call: Invocation, archive: CopiedArchive) -> str | None:
    """The directory that a RUN unpacks an archive to, if it does nothing else but remove it.

    None where ADD could not do the same, and where nobody knows the directory.
    """
    reading = archive.occurrence.reading
    steps = program.script.steps
    if archive.occurrence.is_trigger or len(reading.arguments) != 2 or reading.is_json:
        return None
    if steps[0] is not call.command or call.name != "tar" or reading.flag("chmod") is not None:
        return None
    if program.parent is not None or program.occurrence.reading.flags or len(steps) > 2:
        return None
    for removal in program.invocations_of("rm") if len(steps) == 2 else []:
        paths = [join_workdir(None, one.value or "", "linux") for one in removal.operands]
        if removal.command is steps[1] and len(paths) == 1 and paths[0] in archive.paths:
            break
    else:
        if len(steps) == 2:
            return None
    directory = program.directory_at(call.command)
    option = call.option("-C", "--directory")
    if option is not None:
        given = option.given.value if option.given is not None else None
        directory = None if given is None else join_workdir(directory, given, "linux")
    plain = directory is not None and directory.isprintable() and " " not in directory
    return directory if plain and "$" not in (directory or "$") else None


def is_whole_extraction(call: Invocation) -> bool:
    """Whether a call of `tar` unpacks all of an archive, and as ADD does it."""
    operands = [one.prefix for one in call.operands]
    letters = _letters(call)
    if not letters and call.option("-x", "--extract", "--get") is None:
        return False
    if call.option(*_BEYOND_ADD) is not None or "o" in letters or "k" in letters:
        return False
    return len(operands) == bool(letters) + ("f" in letters)


def archive_of(call: Invocation) -> Argument | None:
    """The archive that a call of `tar` names."""
    option = call.option("-f", "--file")
    if option is not None:
        return option.given
    return call.operands[1] if "f" in _letters(call) and len(call.operands) > 1 else None


def _letters(call: Invocation) -> str:
    """The letters of `tar xzf`, without a dash."""
    first = call.arguments[0] if call.arguments else None
    if first is None or not call.operands or first is not call.operands[0]:
        return ""
    return first.prefix if "x" in first.prefix and first.prefix.isalpha() else ""


def _is_same(path: str, copied: str) -> bool:
    return path == copied or ("/" not in path and copied.endswith(f"/{path}"))


def _copied_archives(model: SemanticModel) -> Iterator[CopiedArchive]:
    for occurrence in occurrences(model.tree, Copy):
        reading = occurrence.reading
        sources = reading.arguments[:-1]
        if reading.flag("from") is not None or not any(map(_ARCHIVE.get().search, sources)):
            continue
        stage = model.stage_of(occurrence.instruction)
        target = _plain(model, occurrence, reading.arguments[-1])
        directory = _directory(model, occurrence.instruction)
        for at, source in enumerate(sources):
            if _ARCHIVE.get().search(source) is None:
                continue
            name = _plain(model, occurrence, source).rpartition("/")[2]
            paths = {join_workdir(directory, f"{target}/{name}", "linux")}
            if len(sources) == 1 and not target.endswith(("/", ".")):
                paths.add(join_workdir(directory, target, "linux"))
            known = frozenset(path for path in paths if path is not None)
            yield CopiedArchive(occurrence, at, stage.index if stage else -1, known)


def _plain(model: SemanticModel, occurrence: Occurrence, word: str) -> str:
    """A word of COPY with what is known of its variables; `${A}` becomes `$A` where it is not."""
    instruction = occurrence.instruction
    expansion = evaluate_word(word, model.environment(instruction).get, instruction.line.escape)
    if expansion.error is None and all(one.found for one in expansion.references):
        return expansion.text
    return _BRACED.get().sub(r"$\1", word)


def _directory(model: SemanticModel, instruction: Instruction) -> str:
    return model.state_before(instruction).workdir or _UNKNOWN


def _unpacked(program: Program, call: Invocation) -> str | None:
    """The path of the archive that a command unpacks all of; None for other commands."""
    command = call.command
    if any(outer.kind in (Kind.IF, Kind.CASE, Kind.LOOP) for outer in command.ancestors):
        return None
    if call.name in _UNPACKERS:
        given: Argument | None = call.operands[0] if len(call.operands) == 1 else None
        if given is None or _ARCHIVE.get().search(given.word.text) is None:
            return None
    elif call.name == "gzip":
        given = call.operands[0] if call.option("-d", "--decompress") and call.operands else None
    else:
        given = _tar_archive(call)
    if given is None:
        return None
    text = given.value
    if text is None:
        text = given.word.text.replace('"', "").replace("'", "")
        text = _BRACED.get().sub(r"$\1", text.partition("=")[2] if text.startswith("--") else text)
    directory = program.directory_at(command) if program.stage_number >= 0 else None
    # Where nobody knows the directory, a file of that name is most likely the one that was copied.
    return join_workdir(directory, text, "linux") or text.rpartition("/")[2]


def _tar_archive(call: Invocation) -> Argument | None:
    """The archive that `tar` unpacks all of."""
    return archive_of(call) if is_whole_extraction(call) else None
