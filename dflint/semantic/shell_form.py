"""CMD and ENTRYPOINT in shell form (reference, "Shell and exec form")."""

from __future__ import annotations

from dflint.cst.instructions import Cmd, Entrypoint, From
from dflint.semantic.exec_form import misread_array
from dflint.semantic.stage_shell import stage_shells
from dflint.text.lazy_pattern import LazyPattern

TYPE_CHECKING = False
if TYPE_CHECKING:
    import re
    from collections.abc import Iterator

    from dflint.cst.dockerfile import Dockerfile
    from dflint.cst.instructions import Instruction
    from dflint.semantic.stage_shell import StageShell

    #: Words without quotes, each behind its place.
    PlacedWords = tuple[tuple[tuple[int, int], str], ...]

_SPECIAL = frozenset("$`\\*?[]~#!{}&|;()<>\n")
_JOINING = frozenset("&|;()<>`\n")
#: A text in quotes, and a character that double quotes make ordinary.
_QUOTED = LazyPattern(r"\"[^\"]*+\"?|'[^']*+'?")
_PLAIN_INSIDE = LazyPattern(r"[^$`\\]")
#: First words that only a shell knows.
_BUILTINS = frozenset(
    (".", ":", "alias", "bg", "break", "builtin", "case", "cd", "command", "continue", "declare",
     "eval", "exec", "exit", "export", "fc", "fg", "for", "function", "getopts", "hash", "history",
     "if", "jobs", "let", "local", "popd", "pushd", "read", "readonly", "return", "set", "shift",
     "shopt", "source", "time", "times", "trap", "type", "typeset", "ulimit", "umask", "unalias",
     "unset", "until", "wait", "while")
)  # fmt: skip


class Startup:
    """The CMD and the ENTRYPOINT that a stage ends with; None for one that it does not set.

    `replaced` holds those that a later one of the stage replaces.
    """

    __slots__ = ("cmd", "entrypoint", "replaced")

    def __init__(self) -> None:
        self.cmd: Instruction | None = None
        self.entrypoint: Instruction | None = None
        self.replaced: list[Instruction] = []

    def last(self, kind: type[Instruction]) -> Instruction | None:
        """The CMD or the ENTRYPOINT."""
        return self.cmd if kind is Cmd else self.entrypoint


class StartText:
    """A CMD or ENTRYPOINT in shell form, as the default shell of its platform gets it.

    `replacement` is the one of the stage that replaces it.
    """

    __slots__ = ("_placed_words", "instruction", "replacement", "shell", "startup", "text")

    def __init__(self, instruction: Instruction, shell: StageShell, startup: Startup) -> None:
        self.instruction = instruction
        self.shell = shell
        self.startup = startup
        self.text = instruction.reading.arguments[0]
        self._placed_words: PlacedWords | None = None
        last = startup.last(type(instruction))
        self.replacement = None if last is instruction else last

    @property
    def overruling(self) -> Instruction | None:
        """What takes all effect from it: its replacement, of a CMD an ENTRYPOINT in shell form."""
        entrypoint = self.startup.entrypoint
        if isinstance(self.instruction, Cmd) and is_shell_form(entrypoint):
            return self.replacement or entrypoint
        return self.replacement

    @property
    def is_harmless(self) -> bool:
        """Whether the shell of a CMD sees to signals, and is the container's first process."""
        return self.shell.dialect.is_posix and not self.has_entrypoint and self.hands_over

    @property
    def command(self) -> str:
        """The text without the `exec` that it may begin with."""
        return self.text[5:].lstrip(" \t") if _is_exec(self.text) else self.text

    @property
    def has_entrypoint(self) -> bool:
        """Whether the stage also sets an ENTRYPOINT, and not to nothing."""
        entrypoint = self.startup.entrypoint
        return entrypoint is not None and bool(entrypoint.reading.arguments)

    @property
    def words(self) -> tuple[str, ...]:
        """The words when this is one command and needs no shell, else nothing."""
        return tuple(word for _, word in self.placed_words)

    @property
    def placed_words(self) -> PlacedWords:
        """The same, each behind its place in the instruction's joined text."""
        if self._placed_words is None:
            self._placed_words = self._find_words()
        return self._placed_words

    def _find_words(self) -> PlacedWords:
        command = self.command
        if not _SPECIAL.isdisjoint(_masked(command)):
            return ()
        found = _split(command, self.instruction.reading.places[0][1] - len(command))
        first = found[0][1] if found else ""
        if not first or "=" in first or first in _BUILTINS or first[0] == "-":
            return ()
        return () if first == "echo" and _is_of_shell(found) else found

    @property
    def program(self) -> str:
        """The first word when this is one command of one program, else empty."""
        if not _JOINING.isdisjoint(_masked(self.command)):
            return ""
        for word in self.command.split():
            if "=" not in word:
                name = word.strip("\"'")
                return name if name not in _BUILTINS and _SPECIAL.isdisjoint(name) else ""
        return ""

    @property
    def exec_form(self) -> str:
        """The same as exec form; empty when it needs a shell."""
        words = self.words
        if not words:
            return ""
        import dflint.cst.writing as writing  # costs less each time than a name of it

        return writing.json_array(words) or ""

    @property
    def hands_over(self) -> bool:
        """Whether the shell sees to signals: its last command is an `exec`, or it sets a trap."""
        text = self.text
        if text.startswith("trap ") or _is_exec(text):
            return True
        if "exec " not in text or _JOINING.isdisjoint(text):
            return False
        from dflint.shell.script import read_shell_form

        last = read_shell_form(text).steps[-1:]
        return bool(last) and _is_exec(last[0].text)


def start_texts(tree: Dockerfile, kind: type[Instruction]) -> Iterator[StartText]:
    """Every CMD, or ENTRYPOINT, in shell form, by stage; the last one of a stage first.

    Left out are those under a SHELL of the Dockerfile's own, which is chosen on purpose, and
    arrays that only fail to be exec form.
    """
    shells: dict[Instruction, StageShell] | None = None
    for startup in startups(tree):
        for instruction in (startup.last(kind), *startup.replaced):
            if not isinstance(instruction, kind) or not is_shell_form(instruction):
                continue
            shells = shells or stage_shells(tree)
            shell = shells[instruction]
            if not shell.is_explicit and misread_array(instruction) is None:
                yield StartText(instruction, shell, startup)


def startups(tree: Dockerfile) -> list[Startup]:
    """What each stage starts, a Startup per stage and one for what stands before the first."""
    found = [Startup()]
    for instruction in tree.instructions:
        if isinstance(instruction, From):
            found.append(Startup())
        elif isinstance(instruction, (Cmd, Entrypoint)):
            startup = found[-1]
            last = startup.last(type(instruction))
            if last is not None:
                startup.replaced.append(last)
            if isinstance(instruction, Cmd):
                startup.cmd = instruction
            else:
                startup.entrypoint = instruction
    return found


def is_shell_form(instruction: Instruction | None) -> bool:
    """Whether there is an instruction, and it has a command in shell form."""
    if instruction is None:
        return False
    return bool(instruction.reading.places) and not instruction.reading.is_json


def _is_of_shell(words: PlacedWords) -> bool:
    """Whether the `echo` of a shell prints something else than the program of that name."""
    return words[1:2] != () and (words[1][1][:1] == "-" or any("\\" in one for _, one in words))


def _is_exec(text: str) -> bool:
    """Tell whether a command is an `exec` of a program, and not only of redirections."""
    return text.startswith("exec ") and text[5:6] not in "<>&0123456789"


def _masked(text: str) -> str:
    """The text with what quotes make ordinary replaced by letters, white space too."""
    if '"' not in text and "'" not in text:
        return text
    return _QUOTED.get().sub(_mask, text)


def _mask(quoted: re.Match[str]) -> str:
    text = quoted[0]
    quote = text[0]
    end = quote if text[1:].endswith(quote) else ""
    inner = text[1 : len(text) - len(end)]
    masked = "x" * len(inner) if quote == "'" else _PLAIN_INSIDE.get().sub("x", inner)
    return quote + masked + end


def _split(text: str, start: int) -> PlacedWords:
    """The words of a text without escapes; nothing when a quote is not closed.

    Each with its place, by the place where the text starts.
    """
    words: list[tuple[tuple[int, int], str]] = []
    masked = _masked(text)
    at = 0
    for masked_word in masked.split():
        at = masked.index(masked_word, at)
        word = text[at : at + len(masked_word)]
        place = start + at, start + at + len(masked_word)
        at += len(masked_word)
        value = _unquoted(word)
        if value is None:
            return ()
        words.append((place, value))
    return tuple(words)


def _unquoted(word: str) -> str | None:
    """A word without its quotes; None when one is not closed."""
    if '"' not in word and "'" not in word:
        return word
    out: list[str] = []
    quote = ""
    for character in word:
        if character == quote:
            quote = ""
        elif not quote and character in "\"'":
            quote = character
        else:
            out.append(character)
    return None if quote else "".join(out)
