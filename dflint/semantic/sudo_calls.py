"""Where a program calls `sudo`, and for whom."""

from __future__ import annotations

from dflint.shell.statements import Construct, Kind

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from dflint.semantic.programs import Program
    from dflint.shell.commands import Command
    from dflint.shell.words import Word

# What a condition has that asks who runs the script, or whether there is a `sudo`.
_QUESTIONS = (
    "id -u", "id -n", "whoami", "$EUID", "$UID", "${EUID", "${UID", "$USER", "-v sudo",
    "which sudo", "type sudo", "/sudo",
)  # fmt: skip


class SudoCall:
    """A command that `sudo` runs; `word` is the name, `target` the user it names as written.

    `target` is empty for root. `program` is where the command stands.
    """

    __slots__ = ("command", "program", "target", "word")

    def __init__(self, program: Program, command: Command, word: Word, target: str) -> None:
        self.program = program
        self.command = command
        self.word = word
        self.target = target


def sudo_calls(program: Program) -> Iterator[SudoCall]:
    """The calls of a program, without those of an `if` that asks who runs it."""
    if not program.script.mentions("sudo"):
        return
    for command in program.script.commands:
        words = command.leading_words
        for at, word in enumerate(words):
            if (word.value or "").rpartition("/")[2] == "sudo":
                if not _is_asked_for(command):
                    yield SudoCall(program, command, word, _target(words[at + 1 :]))
                break


def _is_asked_for(command: Command) -> bool:
    return any(
        one.kind is Kind.CONDITION and any(mark in one.text for mark in _QUESTIONS)
        for outer in command.ancestors
        if outer.kind is Kind.IF
        for one in outer.statements
        if isinstance(one, Construct)
    )


def _target(words: tuple[Word, ...]) -> str:
    """The user that `-u` names."""
    previous = ""
    for word in words:
        text = word.text
        name = ""
        is_cluster = previous[:1] == "-" and previous[1:2] != "-"
        if previous == "--user" or (is_cluster and previous.endswith("u")):
            name = text
        elif text.startswith("--user="):
            name = text[len("--user=") :]
        elif text.startswith("-u"):
            name = text[2:]
        if name:
            return "" if name in ("root", "0", "#0", '"#0"') else name
        previous = text
    return ""
