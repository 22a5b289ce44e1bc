"""Where a script sets the password of a user to something that can be read in the file."""

from __future__ import annotations

from dflint.shell.statements import Construct, Kind
from dflint.shell.words import PartKind

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from dflint.semantic.programs import Program
    from dflint.shell.commands import Command
    from dflint.shell.invocation import Invocation
    from dflint.shell.words import Word
    from dflint.text.span import Span


#: What no password's hash is: nobody can log in with one.
_LOCKED = ("*", "!", "!!", "x", "*LK*")


def set_passwords(programs: Iterable[Program]) -> Iterator[tuple[Span, bool]]:
    """The place of each password, and whether it is made empty."""
    for program in programs:
        if not program.mentions("passw", "useradd", "usermod"):
            continue
        for call in program.invocations_of("chpasswd", "passwd"):
            yield from _passwords(call)
        for call in program.invocations_of("useradd", "usermod"):
            option = call.option("-p", "--password")
            given = option.given if option is not None else None
            if given is None or given.value in _LOCKED:
                continue
            if not _is_from_elsewhere(given.word):
                yield given.span, not given.prefix and given.value is not None


def _passwords(call: Invocation) -> Iterator[tuple[Span, bool]]:
    """What is fed to `chpasswd` or `passwd`, or that it is to be deleted."""
    if call.name == "passwd":
        delete = call.option("-d", "--delete")
        if delete is not None:
            yield delete.span, True
            return
        if call.option("-l", "--lock", "-S", "--status", "-e", "--expire", "-u") is not None:
            return
    for redirect in call.command.redirects:
        if redirect.operator == "<<<" and redirect.target is not None:
            yield redirect.target.span, False
            return
    before = _before_in_pipe(call.command)
    if before is None or before.program not in ("echo", "printf"):
        return
    words = [word for word in before.arguments if not word.prefix.startswith("-")]
    if words and not any(map(_is_from_elsewhere, words)):
        yield words[0].span, False


def _before_in_pipe(command: Command) -> Command | None:
    parent = command.parent
    if parent is None or parent.kind is not Kind.PIPELINE or command.index < 1:
        return None
    before = parent.statements[command.index - 1]
    if isinstance(before, Construct):
        return None
    return before  # type: ignore[return-value]  # what is no construct is a command


def _is_from_elsewhere(word: Word) -> bool:
    """Whether a command gives it: it may read a secret that is mounted."""
    return any(
        part.kind is PartKind.SUBSTITUTION
        or any(inner.kind is PartKind.SUBSTITUTION for inner in part.parts)
        for part in word.parts
    )
