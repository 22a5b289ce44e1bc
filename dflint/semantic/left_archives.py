"""Archives that a script fetches, unpacks and leaves behind."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from dflint.semantic.programs import Program
    from dflint.shell.invocation import Argument, Invocation

_ENDINGS = (".tar", ".tar.gz", ".tgz", ".tar.bz2", ".tbz2", ".tar.xz", ".txz", ".tar.zst", ".zip")


def left_archives(programs: Iterable[Program]) -> Iterator[tuple[Program, Invocation, Argument]]:
    """The call that unpacks an archive, and where it names it, of each that the script fetched.

    Scripts that remove or move anything, or work in a mount, are left out: what of it is meant
    only a run can tell.
    """
    for program in programs:
        text = program.script.text
        if not ("curl" in text or "wget" in text) or not ("tar" in text or "unzip" in text):
            continue
        if program.occurrence.reading.flag_values("mount") or _cleans_up(program):
            continue
        fetched: set[str] | None = None
        for call in program.invocations_of("tar", "unzip"):
            archive = _archive(call)
            name = _base(archive.word.text) if archive is not None else ""
            if archive is None or not name:
                continue
            if fetched is None:  # few scripts come as far, and reading curl's options takes long
                fetched = {_base(text) for text in _fetched(program)}
            if name in fetched:
                yield program, call, archive


def _cleans_up(program: Program) -> bool:
    one: Program | None = program
    while one is not None:
        if one.invocations_of("rm", "mv", "find", "unlink", "shred"):
            return True
        one = one.parent
    return False


def _fetched(program: Program) -> Iterator[str]:
    """The names under which files are saved, as they are written."""
    for call in program.invocations_of("curl", "wget"):
        output = call.option("-o", "--output") if call.name == "curl" else call.option("-O")
        if output is not None and output.given is not None:
            yield output.given.word.text
        elif call.name == "wget" or call.option("-O", "--remote-name", "-OL") is not None:
            for argument in call.operands:
                yield argument.word.text


def _archive(call: Invocation) -> Argument | None:
    """What `tar x` or `unzip` reads."""
    arguments = call.arguments
    if call.name == "unzip":
        return call.operands[0] if call.operands and not call.option("-l", "-p") else None
    if not arguments:
        return None
    first = arguments[0].prefix
    is_old = first[:1] != "-" and "x" in first and "f" in first
    if is_old:
        return arguments[1] if len(arguments) > 1 else None
    if call.option("-x", "--extract", "--get") is None:
        return None
    option = call.option("-f", "--file")
    return option.given if option is not None else None


def _base(text: str) -> str:
    """The file's name at the end of a path or an address; empty for what is no archive."""
    name = text.strip("\"'").rpartition("/")[2].partition("?")[0]
    return name if name.endswith(_ENDINGS) else ""
