"""Commands that stop reading before the end of what a pipe gives them.

What writes on is then ended by SIGPIPE (POSIX.1-2017, write(), EPIPE): a failure that only
`pipefail` shows.
"""

from __future__ import annotations

from dflint.shell.commands import Command
from dflint.shell.statements import Construct, Kind
from dflint.text.contains import contains_any
from dflint.text.lazy_pattern import LazyPattern

TYPE_CHECKING = False
if TYPE_CHECKING:
    from dflint.shell.statements import Statement

_NOTHING, _SOME, _ALL = 0, 1, 2
_READ_NOTHING = frozenset((
    "true", ":", "false", "echo", "printf", "exit", "return", "sleep", "test", "[", "[[", "pwd",
    "date", "ls", "set", "cd", "export",
))  # fmt: skip
_READ_SOME = frozenset(("read", "cmp", "file", "funzip", "line"))
GREPS = frozenset(("grep", "egrep", "fgrep", "zgrep", "rg"))
_SEDS = frozenset(("sed", "gsed"))
_AWKS = frozenset(("awk", "gawk", "mawk", "nawk"))
_GREP_OPTIONS = (
    "-q", "-m", "-l", "-L", "--quiet", "--silent", "--max-count", "--files-with-matches",
    "--files-without-match",
)  # fmt: skip
#: With one of these options they stop early, or read nothing.
_OPTIONS = {
    "jq": ("-n", "--null-input"), "od": ("-N", "--read-bytes"), "xxd": ("-l", "-len"),
    "hexdump": ("-n", "--length"), "hd": ("-n",), "mapfile": ("-n",), "readarray": ("-n",),
}  # fmt: skip
#: `head -n -1` reads all.
_ALL_BUT = LazyPattern(r"(?:-[nc]|--lines=|--bytes=)\s*-\d")
_QUITS = LazyPattern(r"(?:\A|[\s;{}\d$/,!])[qQ][ \t]*\d*[ \t]*(?:[;}\n]|\Z)")
_LEAVES = LazyPattern(r"\b(?:exit|break|return)\b")
#: The option that gives an interpreter a script, by the beginning of its name.
_INTERPRETERS = (
    ("python", "-c"), ("pypy", "-c"), ("perl", "-e"), ("ruby", "-e"), ("node", "-e"), ("php", "-r"),
)  # fmt: skip
#: What stands in scripts that read to the end.
_READING_ALL = (
    "stdin.read()", "stdin.buffer.read()", "load(", "readlines()", "in sys.stdin", "in stdin",
    "fileinput", "parse(", "<>", "STDIN", "ARGF", "$<", "$stdin.read", "php://stdin",
    "process.stdin", "readFileSync(0", "/dev/stdin",
)  # fmt: skip


def stops_early(statement: Statement) -> bool:
    """Whether a member of a pipeline may end before it has read all that it is given."""
    return _reads(statement) != _ALL


def _reads(statement: Statement) -> int:
    if isinstance(statement, Command):
        return _read_by(statement)
    assert isinstance(statement, Construct)
    members = statement.statements
    if statement.kind is Kind.LOOP and len(members) > 1:
        # `while read` goes on to the end unless something leaves the loop.
        return _SOME if _LEAVES.get().search(statement.text) else _ALL
    return max(map(_reads, members), default=_NOTHING)


def _read_by(command: Command) -> int:
    program = command.program
    if program is None or any(one.operator == "<" for one in command.redirects):
        return _ALL
    if program in _READ_NOTHING:
        return _NOTHING
    if program in _READ_SOME or (program in _OPTIONS and command.find_option(*_OPTIONS[program])):
        return _SOME
    return _SOME if _ends_itself(program, command) else _ALL


def _ends_itself(program: str, command: Command) -> bool:
    if program == "head":
        return _ALL_BUT.get().search(command.text) is None
    if program in GREPS:
        # GNU grep stops at the first match when nobody looks at the lines.
        return command.find_option(*_GREP_OPTIONS) is not None or any(
            one.target is not None
            and one.target.text == "/dev/null"
            and one.descriptor in (None, 1)
            for one in command.redirects
        )
    if program in _SEDS:
        return any(_QUITS.get().search(word.prefix) for word in command.arguments)
    if program in _AWKS:
        return any("exit" in word.text for word in command.operands)
    if program == "dd":
        return any(word.prefix.startswith("count=") for word in command.arguments)
    for name, option in _INTERPRETERS:
        if program.startswith(name):
            return command.find_option(option) is not None and _stops_by_script(program, command)
    return False


def _stops_by_script(program: str, command: Command) -> bool:
    text = command.text
    if program.startswith("perl") and command.find_option("-n", "-p") is not None:
        return contains_any(text, ("last", "exit"))
    return not contains_any(text, _READING_ALL)
