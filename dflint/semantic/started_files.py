"""The one file that a container starts with, as far as ENTRYPOINT and CMD tell."""

from __future__ import annotations

from dflint.cst.instructions import Cmd, Entrypoint
from dflint.semantic.image_variables import is_set_by_images
from dflint.semantic.started_programs import started_programs
from dflint.text.lazy_pattern import LazyPattern

TYPE_CHECKING = False
if TYPE_CHECKING:
    from dflint.cst.dockerfile import Dockerfile
    from dflint.semantic.model import SemanticModel
    from dflint.semantic.programs import Program

#: An argument that names a file, but for what every system has.
_FILE = LazyPattern(
    r"(?:.*[=:])?(?!/(?:dev|proc|sys|tmp)(?:/|\Z))(?:~|\.{0,2}/(?!/)).*"
    r"|[^:]*\.(?:cfg|conf|crt|db|env|html?|ini|jar|js|json|key|pem|properties|py|sh|sql|toml|txt|xml"
    r"|ya?ml)"
)
_URL = LazyPattern(r"(?:.*[=@])?\w+://.*")
_VARIABLE = LazyPattern(r"\$\{?(\w+)")
#: A source of chance that every system has, however it is written.
_EGD = "-Djava.security.egd="


class Start:
    """What a container starts: `program` or, with `java -jar` and `dotnet`, the file they run.

    `runner` is `java` or `dotnet` in that case, else empty.
    """

    __slots__ = ("path", "runner")

    def __init__(self, path: str, runner: str) -> None:
        self.path = path
        self.runner = runner


def started_file(tree: Dockerfile, model: SemanticModel) -> Start | None:
    """What a file with one stage starts; None where that is not certain, or needs other files."""
    words = _words(tree, model)
    if not words or any(word is None for word in words):
        return None
    first, *more = [word or "" for word in words]
    if first == "java":
        if more.count("-jar") != 1 or more[-1] == "-jar":
            return None
        at = more.index("-jar") + 1
        start, rest = Start(more[at], first), more[: at - 1] + more[at + 1 :]
    elif first == "dotnet":
        if not more or not more[0].endswith(".dll"):
            return None
        start, rest = Start(more[0], first), more[1:]
    else:
        start, rest = Start(first, ""), more
    return None if any(names_file(word) for word in rest) else start


def starts(program: Program, start: Start) -> bool:
    """Whether a script of one command runs the same program and nothing else."""
    words = _script_words(program)
    return bool(words) and not start.runner and words[0] == start.path


def names_file(word: str) -> bool:
    """Whether a word names a file that not every system has."""
    if word.startswith(_EGD) or _URL.get().fullmatch(word) is not None:
        return False
    if any(is_set_by_images(name) for name in _VARIABLE.get().findall(word)):
        return True
    return _FILE.get().fullmatch(word) is not None


def _words(tree: Dockerfile, model: SemanticModel) -> list[str | None]:
    """The words of what is started; empty where it is no single command."""
    entries = [one for one in tree.instructions if type(one) is Entrypoint]
    commands = [one for one in tree.instructions if type(one) is Cmd]
    if len(entries) > 1 or len(commands) > 1:
        return []
    programs = {one.instruction: one for one in started_programs(tree, lambda: model)}
    found: list[str | None] = []
    for one in (*entries, *commands):
        if one.reading.is_json:
            found += one.reading.arguments
        elif found or one not in programs:
            return []  # a shell as the argument of a program
        else:
            return _script_words(programs[one])
    return found


def _script_words(program: Program) -> list[str | None]:
    commands = program.script.commands
    if not program.is_readable or len(commands) != 1 or len(program.script.constructs) > 1:
        return []
    command = commands[0]
    if command.redirects or command.operator_after == "&":
        return []
    if "`" in command.text or "$(" in command.text:
        return []
    words = [word.value if word.value is not None else word.text for word in command.words]
    return [*(words[1:] if words[:1] == ["exec"] else words)]
