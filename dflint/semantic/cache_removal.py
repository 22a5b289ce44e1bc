"""Commands that remove the files of a cache again, in the same RUN."""

from __future__ import annotations

import sys

from dflint.semantic.path_patterns import covers, expand_braces, is_at_or_below
from dflint.semantic.state import join_workdir
from dflint.shell.statements import Kind
from dflint.text.contains import contains_any

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from dflint.semantic.programs import Program
    from dflint.shell.commands import Command
    from dflint.shell.statements import Construct
    from dflint.shell.words import Word

# Tests of find(1) that leave some of the files.
_CHOOSING = ("-name", "-iname", "-path", "-ipath", "-regex", "-iregex", "-mtime", "-size", "-empty")
# What may remove files, beside all that has `clean` in its name.
_REMOVING = ("rm", "rmdir", "find", "trap")
_LISTING = ("find", "ls", "echo", "printf")


def last_removal(programs: Iterable[Program], directories: tuple[str, ...]) -> int:
    """The offset in the file of the last command that empties one of the directories; else -1.

    What stands in a function or a trap runs later than where it stands. A program with `clean` in
    its name is trusted.
    """
    last = -1
    for program in programs:
        for command in program.script.commands:
            name = command.program
            if (
                name
                and (name in _REMOVING or "clean" in name)
                and (_removes(program, command, name, directories))
            ):
                if _runs_later(command):
                    return sys.maxsize
                last = max(last, command.span.start)
    return last


def _runs_later(command: Command) -> bool:
    return command.name_value == "trap" or any(
        construct.kind is Kind.FUNCTION for construct in command.ancestors
    )


def _removes(program: Program, command: Command, name: str, directories: tuple[str, ...]) -> bool:
    if name == "trap":
        return "rm " in command.text and any(one.strip("~") in command.text for one in directories)
    if name == "find":
        return _finds(program, command, directories)
    if name in ("rm", "rmdir"):
        words = command.arguments if command.name_value != "xargs" else _listed(command)
        for word in words:  # noqa: SIM110 - a generator costs more
            if _covers_any(program, command, word, directories):
                return True
        return False
    return True


def _finds(program: Program, command: Command, directories: tuple[str, ...]) -> bool:
    text = command.text
    is_removing = "-delete" in text or " rm " in text or _is_piped_to_rm(command)
    chooses = any(option in text for option in _CHOOSING)
    if not is_removing:
        return False
    for word in command.arguments:
        if word.prefix.startswith(("-", "(", "!")):
            return False
        for path in _paths(program, command, word):
            for directory in directories:
                if covers(path, directory) and (not chooses or is_at_or_below(path, directory)):
                    return True
    return False


def _is_piped_to_rm(command: Command) -> bool:
    pipeline = command.parent
    return pipeline is not None and pipeline.kind is Kind.PIPELINE and "rm" in pipeline.text


def _listed(command: Command) -> Iterator[Word]:
    """The words of what is piped to `xargs rm`."""
    pipeline: Construct | None = command.parent
    if pipeline is not None and pipeline.kind is Kind.PIPELINE:
        for statement in pipeline.statements[: max(command.index, 0)]:
            if getattr(statement, "name_value", None) in _LISTING:
                yield from getattr(statement, "arguments", ())


def _covers_any(
    program: Program, command: Command, word: Word, directories: tuple[str, ...]
) -> bool:
    if word.prefix[:1] == "-":
        return False
    text = word.text
    if "cache dir" in text or "cache-folder" in text:
        return True
    if _lies_elsewhere(word.value, directories):
        return False
    for path in _paths(program, command, word):
        for directory in directories:
            if covers(path, directory):
                return True
    return False


def _lies_elsewhere(path: str | None, directories: tuple[str, ...]) -> bool:
    """Whether a relative path surely has nothing to do with them, wherever it begins.

    It ends in no name that is a part of theirs, so it is neither one nor above one.
    """
    if not path or path[0] in "/~$" or contains_any(path, "*?[{"):
        return False
    last = path.rstrip("/").rpartition("/")[2]
    if last in ("", ".", ".."):
        return False
    for directory in directories:  # noqa: SIM110 - a generator costs more
        if directory[:1] != "/" or last in directory:
            return False
    return True


def _paths(program: Program, command: Command, word: Word) -> Iterable[str]:
    """The paths that a word stands for, those below `$HOME` with `~`."""
    value = word.value
    if value is not None and value[:1] in ("/", "~") and "{" not in value:
        return (value,)
    return _expanded_paths(program, command, word)


def _expanded_paths(program: Program, command: Command, word: Word) -> Iterator[str]:
    for argument in program.expand((word,)):
        text = argument.value
        if text is None:
            text = word.text.replace('"', "").replace("${HOME}", "~").replace("$HOME", "~")
        for path in expand_braces(text):
            if path.startswith(("/", "~", "$")):
                yield path
                continue
            directory = program.directory_at(command)
            yield (join_workdir(directory, path, "linux") or path) if directory else path
