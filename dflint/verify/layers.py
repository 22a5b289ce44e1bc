"""Plans whose layers are cut otherwise: the same commands and copies, one after another."""

from __future__ import annotations

from dflint.graph.ops import ExecOp, FileOp, MakeDirectory
from dflint.shell.meaning import meaning_of
from dflint.verify.difference import input_keys
from dflint.verify.script_parts import split

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from dflint.graph.build_graph import StagePlan
    from dflint.graph.vertex import Vertex


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
