"""Where in a RUN a command can be put that cleans up behind others.

It runs when they have succeeded, and the RUN fails when it failed before. None everywhere where
that is not certain.
"""

from __future__ import annotations

from dflint.semantic.program_edits import append_command, append_statement
from dflint.shell.inner_scripts import SHELLS
from dflint.shell.statements import Kind

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from dflint.semantic.programs import Program
    from dflint.shell.commands import Command
    from dflint.shell.statements import Construct, Statement
    from dflint.shell.words import Word
    from dflint.text.edit import Edit

_SEQUENCES = (Kind.SCRIPT, Kind.SUBSHELL, Kind.GROUP, Kind.BRANCH)
# What runs once, when the shell comes to it.
_STRAIGHT = (*_SEQUENCES, Kind.AND_OR, Kind.IF, Kind.CASE)
# Wrappers that change neither the user nor the file system of what they run.
_HARMLESS = (
    "command", "eatmydata", "env", "exec", "ionice", "linux32", "linux64", "nice", "nohup",
    "setarch", "stdbuf", "time", "timeout", "xargs",
)  # fmt: skip


def cleanup_edits(users: Sequence[tuple[Program, Command]], text: str) -> tuple[Edit, ...] | None:
    """The edits that put a command behind some others of one RUN, behind the last of them.

    As root, with `sudo`, if the last one is run so.
    """
    if any(_may_run_on(program, command) for program, command in users):
        return None
    last = max(users, key=lambda user: user[1].span.start)
    prefix = _prefix(last[1])
    found = _common_program(list(users))
    if prefix is None or found is None:
        return None
    program, commands = found
    if program.is_exec_form or "noglob" in program.options_at(commands[-1]):
        return None
    target = _place(commands)
    if target is None or "$?" in program.script.text:
        return None
    return _edits(program, target, commands, prefix + text)


def _may_run_on(program: Program, command: Command) -> bool:
    """Whether a command may run on, or come to run, when the shell has gone on."""
    statements = (command, *command.ancestors)
    if any(one.operator_after == "&" for one in statements):
        return True
    # What a trap or an alias says may run behind all others.
    return any(one.name_value in ("trap", "alias") for one in program.script.commands)


def _prefix(command: Command) -> str | None:
    """What has to stand before a command to run as another one does; None if that is unknown."""
    words = command.leading_words[:-1]
    names = [(word.value or "").rpartition("/")[2] for word in words]
    if "sudo" not in names:
        return "" if all(map(_is_harmless, words, names)) or names[:1] == ["timeout"] else None
    at = names.index("sudo")
    if not all(map(_is_harmless, words[:at], names)):
        return None
    is_plain = all(name in ("-E", "-H", "-n") or "=" in name for name in names[at + 1 :])
    return "sudo " if is_plain else None


def _is_harmless(word: Word, name: str) -> bool:
    """Whether a word before a program's name is a wrapper, or belongs to one, that does no harm."""
    return name in _HARMLESS or "=" in word.text or word.prefix.startswith("-")


def _common_program(
    users: list[tuple[Program, Command]],
) -> tuple[Program, list[Command]] | None:
    """The innermost program that all commands stand in, with those that stand for them there."""
    while any(program is not users[0][0] for program, _ in users):
        at = max(range(len(users)), key=lambda index: _depth(users[index][0]))
        program = users[at][0]
        caller = program.caller
        if program.parent is None or caller is None or caller.program not in SHELLS:
            return None
        users[at] = (program.parent, caller)
    return users[0][0], sorted((command for _, command in users), key=lambda one: one.start)


def _depth(program: Program) -> int:
    depth = 0
    outer = program.parent
    while outer is not None:
        depth += 1
        outer = outer.parent
    return depth


def _place(commands: Sequence[Command]) -> Statement | None:
    """The statement behind which all of some commands have run."""
    chains = [[*command.ancestors] for command in commands]
    if any(one.kind is Kind.FUNCTION for chain in chains for one in chain):
        return None
    common = [one for one in chains[0] if all(one in chain for chain in chains)]
    while common and not _is_straight(common):
        common = common[1:]
    sequence = next((one for one in common if one.kind in _SEQUENCES), None)
    if sequence is None:
        return None
    target = _member(commands[-1], sequence)
    if target is None or target.is_negated or target.operator_after == "&":
        return None
    return target


def _is_straight(constructs: Sequence[Construct]) -> bool:
    return all(one.kind in _STRAIGHT and not one.is_negated for one in constructs)


def _member(command: Command, sequence: Construct) -> Statement | None:
    """The statement of a sequence, or of an and-or list in it, that a command stands in."""
    statement: Statement = command
    while statement.parent is not None:
        parent = statement.parent
        if statement.index < 0:  # a substitution: the command that it is a word of is not known
            return None
        if parent is sequence or (parent.kind is Kind.AND_OR and parent.parent is sequence):
            return statement
        statement = parent
    return None


def _edits(
    program: Program, target: Statement, commands: Sequence[Command], text: str
) -> tuple[Edit, ...] | None:
    """The command behind a statement: after `&&`, or as a statement of its own under `set -e`.

    A failure of what stands before `&&` does not end a shell, that of a whole list does. None
    where none of the commands may have run: there may be no such program to clean up.
    """
    parent = target.parent
    outer: Statement = target
    is_within = False
    if parent is not None and parent.kind is Kind.AND_OR:
        is_within = target.index + 1 < len(parent.statements)
        outer = outer if is_within else parent
    if is_within or "errexit" not in program.options_at(target) or _is_last(outer):
        if text.startswith("rm -") or _has_run(target, commands, False):
            return append_command(program, target, text)
        return None
    if any(one.kind is Kind.AND_OR for one in outer.ancestors):
        return None
    if text.startswith("rm -") or _has_run(outer, commands, True):
        return append_statement(program, target, text)
    return None


def _has_run(statement: Statement, commands: Sequence[Command], anyhow: bool) -> bool:
    """Whether one of some commands has run when a statement has succeeded, or `anyhow`."""
    import dflint.shell.certain_runs as runs

    if anyhow:
        return runs.has_run_in(statement, commands)
    return runs.has_run_behind(statement, commands)


def _is_last(statement: Statement) -> bool:
    """Whether the script ends with a statement, so that it fails if that does."""
    while statement.parent is not None:
        parent = statement.parent
        if parent.kind not in (*_SEQUENCES, Kind.IF, Kind.CASE):
            return False
        if parent.kind in _SEQUENCES and statement.index + 1 < len(parent.statements):
            return False
        statement = parent
    return True
