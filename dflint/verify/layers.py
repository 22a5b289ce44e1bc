"""Plans whose layers are cut otherwise: the same commands and copies, one after another."""

from __future__ import annotations

from dflint.graph.ops import ExecOp, FileOp, MakeDirectory
from dflint.shell.meaning import meaning_of
from dflint.shell.script import Script
from dflint.shell.shell_text import ShellText
from dflint.shell.statements import Construct, Kind
from dflint.text.lazy_pattern import LazyPattern
from dflint.verify.difference import input_keys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from dflint.graph.build_graph import StagePlan
    from dflint.graph.vertex import Vertex
    from dflint.shell.statements import Statement

#: What changes the shell that runs it, so that a command behind it in the same RUN may notice.
_LEAVES_TRACES = frozenset(
    (
        ".", "alias", "bg", "bind", "break", "builtin", "cd", "command", "continue", "coproc",
        "declare", "disown", "enable", "eval", "exec", "exit", "export", "fg", "getopts", "hash",
        "let", "local", "logout", "mapfile", "popd", "pushd", "read", "readarray", "readonly",
        "return", "set", "shift", "shopt", "source", "suspend", "trap", "typeset", "ulimit",
        "umask", "unalias", "unset", "wait",
    )
)  # fmt: skip
_ASSIGNS = LazyPattern(r"\$\{[A-Za-z_][A-Za-z0-9_]*+:?=|\(\(")


class _Piece:
    """A command of a RUN that fails the build when it fails, or one source of a copy.

    `ends_step` tells that the step ends with it. With `is_ignored` a failure of it is, and
    `leaves_traces` says that it may change the shell for those behind it.
    """

    __slots__ = ("ends_step", "is_ignored", "key", "leaves_traces")

    def __init__(self, key: object, is_ignored: bool = False, leaves_traces: bool = True) -> None:
        self.key = key
        self.is_ignored = is_ignored
        self.leaves_traces = leaves_traces
        self.ends_step = False


def same_but_for_layers(before: StagePlan, after: StagePlan) -> bool:
    """Whether two stages run and copy the same in the same order, however it is grouped."""
    ones, others = _pieces(before), _pieces(after)
    if len(ones) != len(others):
        return False
    traces = other_traces = False
    for one, other in zip(ones, others, strict=True):
        if one.key != other.key or one.is_ignored != other.is_ignored:
            return False
        traces = traces or one.leaves_traces
        other_traces = other_traces or other.leaves_traces
        if one.ends_step != other.ends_step and (other_traces if one.ends_step else traces):
            return False
        traces = traces and not one.ends_step
        other_traces = other_traces and not other.ends_step
    return True


def _pieces(plan: StagePlan) -> list[_Piece]:
    pieces: list[_Piece] = []
    made: list[MakeDirectory] = []
    for step in plan.steps:
        if isinstance(step.op, MakeDirectory):
            made.append(step.op)
            continue
        pieces += _directories(made)
        made = []
        pieces += _exec_pieces(step, step.op) if isinstance(step.op, ExecOp) else _copies(step)
        if pieces:
            pieces[-1].ends_step = True
    pieces += _directories(made)
    return pieces


def _directories(made: list[MakeDirectory]) -> Iterator[_Piece]:
    """What WORKDIRs in a row make: the directory above one that is made is made with it."""
    paths = {(one.path.rstrip("/"), one.owner) for one in made}
    lowest = frozenset(
        (path, owner)
        for path, owner in paths
        if not any(other.startswith(path + "/") and owner == whose for other, whose in paths)
    )
    if lowest:
        piece = _Piece(("mkdir", lowest), leaves_traces=False)
        piece.ends_step = True
        yield piece


def _copies(step: Vertex) -> Iterator[_Piece]:
    op = step.op
    if not isinstance(op, FileOp):
        return
    inputs = input_keys(step)
    for action in op.actions:
        origin = inputs[action.input - 1] if action.input > 0 else None
        key = (action.source, action.content, action.target, action.unpack, action.options)
        yield _Piece((origin, op.link, *key), leaves_traces=False)


def _exec_pieces(step: Vertex, op: ExecOp) -> Iterator[_Piece]:
    around = (
        input_keys(step), op.variables.checksum, op.workdir, op.user, op.mounts, op.network,
        op.security, op.devices,
    )  # fmt: skip
    if op.script_file is not None or not (op.command.is_shell and op.command.is_posix):
        yield _Piece((around, op.command, op.script_file))
        return
    keeps = all(one.read_only or one.type in ("cache", "secret", "ssh") for one in op.mounts)
    for text, is_ignored, leaves_traces in split(op.command.text):
        key = (around, op.command.shell, meaning_of(text) or text)
        yield _Piece(key, is_ignored, leaves_traces or not keeps)


def split(text: str) -> list[tuple[str, bool, bool]]:
    """The parts of a script that run one after another.

    Each with whether its failure is ignored, and whether it may leave traces in its shell. Only
    the last list of a script fails it, and of that list only what stands behind its last `||` can
    be parted at `&&`.
    """
    whole = [(text, False, True)]
    if meaning_of(text) is None or "<<" in text:
        return whole
    script = Script(ShellText(text, [0], [0]))
    if script.error is not None:
        return whole
    statements = script.root.statements
    if not statements or any(script.root.operator(at) == "&" for at in range(len(statements))):
        return whole
    bounds = [(one.start, one.end) for one in statements[:-1]]
    parts = [(begin, end, True) for begin, end in bounds]
    parts += [(begin, end, False) for begin, end in _chain(statements[-1])]
    if "".join(text[begin:end] for begin, end, _ in parts) == "":
        return whole
    return [
        (text[begin:end], is_ignored, _leaves_traces(script, begin, end))
        for begin, end, is_ignored in parts
    ]


def _chain(statement: Statement) -> list[tuple[int, int]]:
    if not isinstance(statement, Construct) or statement.kind is not Kind.AND_OR:
        return [(statement.start, statement.end)]
    members = statement.statements
    operators = [statement.operator(at) for at in range(len(members) - 1)]
    fixed = max((at + 1 for at, one in enumerate(operators) if one != "&&"), default=0)
    parts = [(members[0].start, members[fixed].end)]
    return parts + [(one.start, one.end) for one in members[fixed + 1 :]]


def _leaves_traces(script: Script, begin: int, end: int) -> bool:
    if _ASSIGNS.get().search(script.text, begin, end):
        return True
    for construct in script.constructs:
        if begin <= construct.start < end and construct.kind in (Kind.FUNCTION, Kind.LOOP):
            return True
    for command in script.commands:
        if not (begin <= command.start < end and command.is_in_body_shell):
            continue
        name = command.name_value
        is_assigning = name == "printf" and "-v" in command.text.split()[1:2]
        if not name or name in _LEAVES_TRACES or is_assigning:
            return True
    return False
