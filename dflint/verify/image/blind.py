"""Steps that are blind to a directory of apt: they do the same whatever is in it.

Known are lists of plain programs that read what their words name (`dflint.shell.plain_tools`), of
which no word may lead to the directory, and copies of what lies elsewhere. Of everything else a
build has to tell: a script may look anywhere.
"""

from __future__ import annotations

from enum import Enum

from dflint.graph.ops import ExecOp, FileOp, MakeDirectory
from dflint.graph.symbols import is_symbolic, of_base
from dflint.shell.commands import Command
from dflint.shell.plain_tools import (
    PLAIN_TOOLS,
    clones,
    is_folder_of_tools,
    is_local,
    is_replacing,
    replaces_tool,
    steers,
)
from dflint.shell.script import Script
from dflint.shell.shell_text import ShellText
from dflint.shell.statements import Construct
from dflint.shell.words import PartKind
from dflint.text.lazy_pattern import LazyPattern
from dflint.verify.image.apart import is_apart, is_outside, is_text_apart, value_of
from dflint.verify.image.copies import lands_apart

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from dflint.context.build_context import BuildContext
    from dflint.graph.ops import Mount
    from dflint.graph.vertex import Vertex
    from dflint.shell.plain_tools import PlainTool
    from dflint.shell.words import Word

_SHELLS = frozenset(("sh", "bash", "dash", "ash"))
_PLACES = ("", "/bin", "/usr/bin")
#: Options of a shell that change neither what a program is nor how words are read.
_SHELL_OPTIONS = frozenset(("pipefail", "errexit", "nounset", "xtrace"))
_LETTERS = frozenset("ceuxo")
_PATH = LazyPattern(r"(?<!\w)PATH(?!\w)")
#: Where programs and their libraries are, and what they are told.
_SYSTEM = ("/bin", "/sbin", "/usr", "/lib", "/lib64", "/etc", "/proc", "/dev", "/sys")
#: Directories of programs that are those of the system.
STANDARD = ("/usr/local/sbin", "/usr/local/bin", "/usr/sbin", "/usr/bin", "/sbin", "/bin")
#: Options of apt-get with which it does on the system's own directories what its verb says.
_APT_OPTIONS = frozenset((
    "--yes", "--assume-yes", "--quiet", "--no-install-recommends", "--no-install-suggests",
    "--fix-missing", "--allow-unauthenticated", "--force-yes", "--purge",
))  # fmt: skip
_APT_LETTERS = frozenset("yqfm")
#: Commands that set variables by their words.
_SETTING = frozenset(("export", "printf", "read", "readonly", "unset"))
#: Variables that a shell sets by itself.
_OF_SHELL = frozenset(
    ("PWD", "OLDPWD", "IFS", "PPID", "UID", "EUID", "LINENO", "RANDOM", "SECONDS", "REPLY",
     "OPTARG", "OPTIND", "HOSTNAME", "SHLVL", "DIRSTACK", "FUNCNAME", "GROUPS", "MACHTYPE",
     "OSTYPE", "HOSTTYPE", "_")
)  # fmt: skip
_APT = ("apt-get", "apt")
_MOVING = frozenset(("ln", "mv", "cp", "install"))
_UNPACKED_TO = frozenset(("-C", "--directory", "-d"))
_EXPANDED = frozenset("*?[~")


class Sight(Enum):
    """What a step does with a directory of which it is not known what is in it."""

    #: It may see what is in it.
    SEES = "sees"
    #: It does the same whatever is in it.
    BLIND = "blind"
    #: It makes the content anew before anything looks at it.
    RENEWS = "renews"


def sight_of(vertex: Vertex, directory: str, context: BuildContext | None) -> Sight:
    """What a step does with a directory of the state that it begins with."""
    op = vertex.op
    if isinstance(op, FileOp):
        return Sight.BLIND if lands_apart(vertex, directory, context) else Sight.SEES
    if isinstance(op, MakeDirectory):
        return Sight.BLIND if is_outside(op.path, directory) else Sight.SEES
    script = script_of(op, directory) if isinstance(op, ExecOp) else None
    return Sight.SEES if script is None else script.sight()


def script_of(op: ExecOp, directory: str) -> PlainScript | None:
    """The script of a RUN of plain commands in a shell as usual; None where it is more than that.

    Neither its shell, its variables nor its mounts make these commands anything else.
    """
    if op.script_file is not None or not op.command.is_shell or not _is_usual(op.command.shell):
        return None
    text = op.command.text
    if _PATH.get().search(text) or may_replace_tool(op) or not _finds_tools(op):
        return None
    if not all(_is_aside(one, directory) for one in op.mounts):
        return None
    script = Script(ShellText(text, [0], [0]))
    if not script.is_plain:
        return None
    found = PlainScript(op, script, directory)
    return found if found.is_known else None


def may_replace_tool(op: ExecOp) -> bool:
    """Whether a RUN seems to make another program of a plain one."""
    text = op.command.text if op.script_file is None else op.script_file.content
    return replaces_tool(text) or is_folder_of_tools(op.workdir)


def _is_usual(shell: Sequence[str]) -> bool:
    """Whether a shell is called as usual: it reads no file before, and each word as written."""
    place, _, name = shell[0].rpartition("/")
    return (
        name in _SHELLS
        and place in _PLACES
        and shell[-1:] != shell[:1]
        and all(
            word in _SHELL_OPTIONS or (word[:1] == "-" and _LETTERS.issuperset(word[1:]))
            for word in shell[1:]
        )
    )


def _finds_tools(op: ExecOp) -> bool:
    """Whether the variables leave it to the system which program is meant, and what it does."""
    if any(steers(name) for name, _ in op.variables.pairs()):
        return False
    return program_places(op) is not None


def program_places(op: ExecOp) -> tuple[str, ...] | None:
    """The directories in which a RUN finds programs, as far as the file says; None if unclear.

    Those of the base image are taken for the usual ones.
    """
    path = op.variables.find("PATH")
    if path is None:
        return STANDARD
    found: list[str] = []
    for part in path.split(":"):
        if part == of_base("variable", "PATH"):
            break  # all programs that are meant are found up to here
        if is_symbolic(part) or not part.startswith("/"):
            return None
        found.append(part)
    else:
        if not {"/bin", "/usr/bin"}.issubset(found):
            return None
    return tuple(dict.fromkeys((*STANDARD, *found)))


def _is_aside(mount: Mount, directory: str) -> bool:
    """Whether a mount covers neither a directory nor what runs."""
    if mount.type == "unread":
        return False
    return not mount.target or all(is_apart(mount.target, one) for one in (directory, *_SYSTEM))


class PlainScript:
    """A script of plain commands, as far as it is known what they read."""

    def __init__(self, op: ExecOp, script: Script, directory: str) -> None:
        self.steps = script.steps
        self.commands = script.commands
        self._variables = op.variables
        self._directory = directory
        self._own = {one.name for command in script.commands for one in command.assignments}
        self._own |= {
            word.prefix.partition("=")[0]
            for command in script.commands
            for word in command.arguments
            if command.name_value in _SETTING
        }
        self._starts_outside = is_outside(op.workdir, directory)
        self._workdir = "" if is_symbolic(op.workdir) else op.workdir
        self._changes = any(one.name_value == "cd" for one in script.commands)

    @property
    def is_known(self) -> bool:
        """Whether it starts outside of the directory, and steers no programs by variables."""
        return self._starts_outside and not any(map(steers, self._own))

    def sight(self) -> Sight:
        """What the whole script does with the directory."""
        steps = self.steps
        for at, step in enumerate(steps):
            if isinstance(step, Command) and self.is_apt(step, "update"):
                # It comes to it, and does not go on without it.
                is_sure = all(one.operator_after == "&&" for one in steps[:-1])
                return Sight.RENEWS if is_sure else Sight.SEES
            if not self.is_blind(at):
                return Sight.SEES
        return Sight.BLIND

    def is_apt(self, command: Command, *actions: str) -> bool:
        """Whether a command calls apt-get as such, on the system's own directories."""
        words = [word.value for word in command.words]
        if None in words or words[:1] not in (["apt-get"], ["apt"]) or command.is_negated:
            return False
        options = [word for word in words[1:] if word and word.startswith("-")]
        verbs = [word for word in words[1:] if word and not word.startswith("-")]
        return (
            verbs[:1] != []
            and verbs[0] in actions
            and all(one in _APT_OPTIONS or _APT_LETTERS.issuperset(one[1:]) for one in options)
            and all(_is_null(one.target) for one in command.redirects)
        )

    def is_blind(self, at: int) -> bool:
        """Whether a step reads nothing of the directory."""
        step = self.steps[at]
        members = step.statements if isinstance(step, Construct) else [step]
        here = self._place(at)
        return all(isinstance(one, Command) and self._is_blind(one, here) for one in members)

    def moves_nothing(self) -> bool:
        """Whether no command makes another directory, or a link, of the directory or above it."""
        return all(
            self._is_blind(one, "")
            for one in self.commands
            if one.words and one.words[0].value in _MOVING
        )

    def is_shown(self, at: int) -> bool:
        """Whether a step is a plain program, or one of apt's: none that may run on unseen."""
        step = self.steps[at]
        members = step.statements if isinstance(step, Construct) else [step]
        names = [
            one.words[0].text if isinstance(one, Command) and one.words else "" for one in members
        ]
        return all(name in PLAIN_TOOLS or name in _APT for name in names)

    def _place(self, at: int) -> str:
        """The directory in which a step runs, empty where it may be any outside."""
        steps = self.steps
        while at and steps[at].operator_before == "&&":
            at -= 1
            step = steps[at]
            if isinstance(step, Command) and step.name_value == "cd":
                place = self._value(step.words[-1]) or ""
                is_far = place.startswith("/") and ".." not in place.split("/")
                return place if is_far and len(step.words) == 2 else ""
        return "" if self._changes else self._workdir

    def _is_blind(self, command: Command, here: str) -> bool:
        values = list(self._values(command))
        words = command.words
        if words:
            name = words[0].text.removeprefix("/usr").removeprefix("/bin/")
            tool = PLAIN_TOOLS.get(name)
            if tool is None:
                return name in _APT and self.is_apt(command, "clean")
            given = self._arguments(name, tool, words[1:])
            if given is None:
                return False
            if tool.is_unpacking and not here and _UNPACKED_TO.isdisjoint(given):
                return False
            values += given
            # Where a link leads is told from where it will be.
            here = "" if name == "ln" else here
        return all(
            value is not None and is_text_apart(value, self._directory, here) for value in values
        )

    def _arguments(self, name: str, tool: PlainTool, words: Sequence[Word]) -> list[str] | None:
        """The words that may be paths; None where a program may do more than that it reads them."""
        if tool.is_text:
            # Only what the shell looks for is read.
            if any(map(self._may_expand, words)):
                return None
            values: list[str | None] = [word.prefix for word in words]
        else:
            values = [self._value(word) for word in words]
        known = [value for value in values if value is not None]
        options = [value for value in known if value.startswith("-") and len(value) > 1]
        if len(known) < len(values) or not tool.takes(options):
            return None
        operands = [value for value in known if value not in options]
        if not _suits(name, known, operands):
            return None
        if tool.is_text:
            return []
        if name == "rm" and _removes_all(options):
            return [value for value in operands if not _is_in_line(value, self._directory)]
        return operands[1:] if name == "sed" else known

    def _may_expand(self, word: Word) -> bool:
        """Whether a shell may make names of files of a word."""
        return any(
            (part.kind is PartKind.LITERAL and not _EXPANDED.isdisjoint(part.text))
            or (part.kind is PartKind.VARIABLE and self._value(word) is None)
            for part in word.parts
        )

    def _values(self, command: Command) -> Iterator[str | None]:
        """What is assigned and where to it is redirected."""
        for assignment in command.assignments:
            yield "" if assignment.value is None else self._value(assignment.value)
        for redirect in command.redirects:
            yield "" if redirect.target is None else self._value(redirect.target)

    def _value(self, word: Word) -> str | None:
        return value_of(word, self._known)

    def _known(self, name: str) -> str | None:
        is_own = name in self._own or name in _OF_SHELL or name.startswith("BASH")
        return None if is_own else self._variables.find(name)


def _suits(name: str, words: Sequence[str], operands: Sequence[str]) -> bool:
    """Whether the words of some programs are such that nothing else is read."""
    if name == "cd":
        return len(operands) == 1 and operands[0] != "-"
    if name == "sed":
        return is_replacing(operands[0]) if operands else False
    if name == "git":
        return clones(operands)
    if name == "curl":
        return not any(map(is_local, operands))
    if name == "tar":
        # Its first word are options with or without a dash; behind a colon is another machine.
        first = words[0] if words and not words[0].startswith("-") else ""
        return PLAIN_TOOLS["tar"].takes([f"-{first}"]) and not any(":" in one for one in words)
    return True


def _removes_all(options: Sequence[str]) -> bool:
    """Whether options of rm make it remove what there is, and say nothing."""
    letters = "".join(options)
    return "f" in letters and not set(letters) - set("-rRf")


def _is_in_line(path: str, directory: str) -> bool:
    """Whether a path is that of a directory, of one that holds it, or is in it."""
    if not path.startswith("/") or ".." in path.split("/"):
        return False
    path = path.rstrip("/")
    is_above = bool(path) and directory.startswith(f"{path}/")
    return path == directory or path.startswith(f"{directory}/") or is_above


def _is_null(word: Word | None) -> bool:
    return word is None or word.value == "/dev/null"
