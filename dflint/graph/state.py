"""What a stage has come to while it is lowered."""

from __future__ import annotations

from dflint.graph.symbols import is_symbolic, symbol
from dflint.graph.vertex import Vertex
from dflint.semantic.expand import evaluate_word
from dflint.semantic.state import join_workdir
from dflint.shell.dialect import dialect_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from dflint.cst.instructions import Instruction
    from dflint.cst.reading import Reading
    from dflint.graph.build_graph import StagePlan
    from dflint.graph.image_config import ImageConfig
    from dflint.graph.ops import Op
    from dflint.graph.variables import Variables
    from dflint.semantic.expand_values import Reference
    from dflint.semantic.stages import Stage

#: What stands for a reference while the rest of its word is read; no file can hold it.
_MARK = "\ud803"
_LINUX_SHELL = ("/bin/sh", "-c")
_WINDOWS_SHELL = ("cmd", "/S", "/C")


class StageState:
    """A stage at some instruction.

    `variables` are all that an instruction sees, `config` what the image would say by now;
    `image` is the name of the image at the bottom. `triggers` are the ONBUILD instructions so far.
    """

    __slots__ = (
        "_dialect", "config", "has_own_cmd", "image", "last", "os_family", "plan", "stage",
        "steps", "triggers", "variables",
    )  # fmt: skip

    def __init__(
        self,
        stage: Stage,
        plan: StagePlan,
        config: ImageConfig,
        variables: Variables,
        last: Vertex,
    ) -> None:
        self.stage = stage
        self.plan = plan
        self.config = config
        self.variables = variables
        self.last = last
        self.image = stage.image
        self.os_family = "linux"
        self.steps: list[Vertex] = []
        self.triggers: list[tuple[Instruction, Reading]] = []
        self.has_own_cmd = False
        self._dialect: tuple[tuple[str, ...], str] | None = None

    @property
    def shell(self) -> tuple[str, ...]:
        """The words that a shell form is given to."""
        if self.config.shell:
            return self.config.shell
        return _WINDOWS_SHELL if self.os_family == "windows" else _LINUX_SHELL

    @property
    def dialect(self) -> str:
        """The name of the language of that shell."""
        shell = self.config.shell
        if self._dialect is None or self._dialect[0] is not shell:
            self._dialect = shell, dialect_of(shell or None, self.os_family, self.image).value
        return self._dialect[1]

    def expand(self, word: str, instruction: Instruction) -> str:
        """A word with its variables replaced, as the builder does it."""
        return expand(word, self.variables, instruction.line.escape)

    def add(self, op: Op, sources: tuple[Vertex, ...], instruction: Instruction) -> None:
        """Add an operation on what the stage has come to."""
        self.last = Vertex(op, (self.last, *sources), instruction, self.plan.index)
        self.steps.append(self.last)

    def path(self, path: str) -> str:
        """A path that is relative to the working directory, from the root."""
        return join(self.config.workdir, path, self.os_family)


def expand(word: str, variables: Variables, escape: str, skip_quotes: bool = False) -> str:
    """A word with its variables replaced; one that cannot be read stays as it is.

    Where an operator of `${name:-word}` asks what nobody knows before the build, there is a symbol
    for it and the values that it names, or for the whole word where quotes are in it.
    """
    if "$" not in word and "'" not in word and '"' not in word and escape not in word:
        return word
    if skip_quotes:
        expansion = evaluate_word(word, variables.get, escape, skip_quotes=True)
    else:
        expansion = evaluate_word(word, variables.get, escape)
    if expansion.error is not None:
        return word
    references = expansion.references
    if expansion.cut:
        return symbol("word", word, str(variables.checksum))
    asking = [
        one for one in references if one.modifier and is_symbolic(variables.get(one.name) or "")
    ]
    if not asking:
        return expansion.text
    values = [f"{one.name}={variables.get(one.name)}" for one in references]
    whole = symbol("word", word, *values)
    return whole if skip_quotes else _with_symbols(word, asking, values, variables, escape) or whole


def _with_symbols(
    word: str, asking: list[Reference], values: list[str], variables: Variables, escape: str
) -> str:
    """The value of a word in which some references become symbols; empty where quotes are in one.

    They are taken out of the word before it is read, since a symbol may hold anything.
    """
    parts: list[str] = []
    symbols: dict[str, str] = {}
    end = 0
    for one in asking:
        raw = one.span.slice(word)
        if one.span.start < end:
            continue  # within the one before
        if any(mark in raw for mark in ("'", '"', escape)):
            return ""
        mark = f"{_MARK}{len(symbols)}{_MARK}"
        symbols[mark] = symbol("word", raw, *values)
        parts += word[end : one.span.start], mark
        end = one.span.end
    expansion = evaluate_word("".join((*parts, word[end:])), variables.get, escape)
    if expansion.error is not None:
        return ""
    text = expansion.text
    for mark, value in symbols.items():
        text = text.replace(mark, value)
    return text


def join(current: str, path: str, os_family: str) -> str:
    """The directory that a path leads to from another one."""
    if not (is_symbolic(current) or is_symbolic(path)):
        return join_workdir(current, path, os_family) or path
    if os_family == "windows":
        is_absolute = path[1:2] == ":" or path[:1] in ("/", "\\")
        return path if is_absolute else symbol("join", current, path)
    if path.startswith("/") and not is_symbolic(path):
        return join_workdir("/", path, os_family) or path
    parts = path.split("/")
    if ".." in parts or is_symbolic(path[:1]):
        return symbol("join", current, path)
    if path.startswith("/"):
        current = ""
    kept = [part for part in parts if part not in ("", ".")]
    return "/".join([current.rstrip("/"), *kept]) or "/"
