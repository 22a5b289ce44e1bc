"""COPY and ADD: file operations with their sources."""

from __future__ import annotations

from dflint.cst.parser.heredoc_words import heredoc_of
from dflint.graph.lower_run import body
from dflint.graph.ops import (
    NO_INPUT,
    CopyAction,
    CopyOptions,
    FileOp,
    GitSource,
    HttpSource,
)
from dflint.graph.paths import clean_source, ends_in_directory
from dflint.graph.state import expand
from dflint.graph.vertex import Vertex
from dflint.semantic.copy_flags import is_git

TYPE_CHECKING = False
if TYPE_CHECKING:
    from dflint.cst.instructions import Instruction
    from dflint.cst.reading import Reading
    from dflint.graph.lowering import Lowering
    from dflint.graph.state import StageState


def lower_copy(
    lowering: Lowering, state: StageState, instruction: Instruction, reading: Reading
) -> None:
    """Add the file operation of a COPY or ADD."""
    copying = _Copying(lowering, state, instruction, reading)
    actions = tuple(copying.action(word) for word in reading.arguments[:-1])
    # With --chmod BuildKit copies into the stage itself, whatever --link says.
    op = FileOp(actions, is_on(reading, "link") and not copying.options.mode)
    state.add(op, tuple(copying.sources), instruction)


def is_on(reading: Reading, name: str) -> bool:
    """Whether a flag that is on or off is on."""
    value = reading.flag(name)
    return value is not None and value.lower() != "false"


class _Copying:
    """One COPY or ADD on its way; `sources` are the inputs beside the stage."""

    def __init__(
        self, lowering: Lowering, state: StageState, instruction: Instruction, reading: Reading
    ) -> None:
        self.lowering = lowering
        self.state = state
        self.instruction = instruction
        self.reading = reading
        self.sources: list[Vertex] = []
        self.is_add = reading.keyword == "add"
        self._heredocs = 0
        target = state.expand(reading.arguments[-1], instruction)
        self.target = state.path(target)
        if ends_in_directory(target):
            self.target = self.target.rstrip("/") + "/"
        self.options = CopyOptions(
            self._flag("chown"),
            _mode(self._flag("chmod")),
            is_on(reading, "parents"),
            tuple(state.expand(one, instruction) for one in reading.flag_values("exclude")),
        )

    def action(self, word: str) -> CopyAction:
        """What one word of the sources copies."""
        content = self._heredoc(word)
        if content is not None:
            return self._action(NO_INPUT, content[0], content[1], False)
        source = self.state.expand(word, self.instruction)
        if self.is_add and (is_git(source) or source.startswith(("http://", "https://"))):
            return self._remote(source)
        number = self._input()
        if not self.options.parents and self.state.os_family != "windows":
            source = clean_source(source)
        is_unpacked = self.is_add and self.reading.flag("unpack") != "false"
        return self._action(number, source, None, is_unpacked)

    def _remote(self, source: str) -> CopyAction:
        checksum = self._flag("checksum")
        op: GitSource | HttpSource
        if is_git(source):
            op = GitSource(source, is_on(self.reading, "keep-git-dir"), checksum)
        else:
            op = HttpSource(source, checksum)
        index = self.state.plan.index
        self.sources.append(Vertex(op, (), self.instruction, index))
        is_unpacked = is_on(self.reading, "unpack")
        return self._action(len(self.sources), source, None, is_unpacked)

    def _action(
        self, number: int, source: str, content: str | None, is_unpacked: bool
    ) -> CopyAction:
        return CopyAction(number, source, content, self.target, is_unpacked, self.options)

    def _input(self) -> int:
        """The number of the input that files come from: a stage, an image, or the context."""
        name = "" if self.is_add else self.reading.flag("from")
        lowering, state = self.lowering, self.state
        if name:
            vertex = lowering.from_name(name, state, self.instruction)
        else:
            vertex = lowering.context(self.instruction)
        if vertex not in self.sources:
            self.sources.append(vertex)
        return self.sources.index(vertex) + 1

    def _heredoc(self, word: str) -> tuple[str, str] | None:
        """The name and the text of the heredoc that a word begins."""
        line = self.instruction.line
        at = self._heredocs
        if at >= len(line.markers) or self.reading.is_json:
            return None
        try:
            marker = heredoc_of(word)
        except ValueError:
            return None
        if marker is None:
            return None
        self._heredocs += 1
        text = body(self.instruction, at)
        if line.markers[at].expand:
            text = expand(text, self.state.variables, line.escape, skip_quotes=True)
        return marker.name, text

    def _flag(self, name: str) -> str:
        return self.state.expand(self.reading.flag(name) or "", self.instruction)


def _mode(text: str) -> str:
    """A mode in octal without the zeros before it; one in symbols as it is."""
    return text.lstrip("0") or "0" if text.isascii() and text.isdigit() else text
