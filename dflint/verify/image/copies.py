"""Where copies take from, and where what they copy lands."""

from __future__ import annotations

import posixpath

from dflint.graph.ops import ContextSource, ExecOp, FileOp, GitSource, HttpSource, ImageSource
from dflint.graph.symbols import is_symbolic
from dflint.shell.plain_tools import NAMES_OF_TOOLS
from dflint.verify.image.apart import is_apart, rest_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from dflint.context.build_context import BuildContext
    from dflint.graph.ops import CopyAction
    from dflint.graph.vertex import Vertex

_ELSEWHERE = (ContextSource, HttpSource, GitSource)
#: Names on the way to where programs are.
_ON_WAY = frozenset(("usr", "local", "bin", "sbin"))


def takes_apart(vertex: Vertex, directory: str, stages: Collection[int]) -> bool:
    """Whether a step copies and mounts nothing that some stages have in a directory."""
    op = vertex.op
    sources: list[tuple[int, str]] = []
    if isinstance(op, FileOp):
        sources = [(one.input, one.source) for one in op.actions]
    elif isinstance(op, ExecOp):
        sources = [(one.input, one.source) for one in op.mounts]
    if stages and any(map(_may_be_stage, vertex.inputs[1:])):
        return False
    return all(
        number <= 0
        or isinstance(vertex.inputs[number].op, _ELSEWHERE)
        or vertex.inputs[number].stage not in stages
        or is_apart(posixpath.join("/", source), directory)
        for number, source in sources
    )


def _may_be_stage(vertex: Vertex) -> bool:
    """Whether the name of an image is an argument's, and so may be a stage's."""
    return isinstance(vertex.op, ImageSource) and is_symbolic(vertex.op.reference)


def lands_apart(vertex: Vertex, directory: str, context: BuildContext | None) -> bool:
    """Whether a copy is sure to leave a directory as it is, and all on the way to it.

    Of what is no single file nobody knows what is in it.
    """
    op = vertex.op
    return isinstance(op, FileOp) and all(
        is_apart(action.target, directory)
        or any(is_apart(path, directory) for path in _file(vertex, action, context))
        for action in op.actions
    )


def _file(vertex: Vertex, action: CopyAction, context: BuildContext | None) -> Iterator[str]:
    """The path of what is copied to a directory, if it is one file."""
    if not action.target.endswith("/") or action.options.parents:
        return
    name = posixpath.basename(action.source)
    if action.content is not None:
        yield action.target + name
    if action.input <= 0 or context is None or not name or is_symbolic(name):
        return
    is_of_context = isinstance(vertex.inputs[action.input].op, ContextSource)
    if not is_of_context or not {*"*?[\\"}.isdisjoint(action.source):
        return
    is_packed = action.unpack and context.holds_archive(action.source) is not False
    if context.kind(action.source.strip("/")) == "file" and not is_packed:
        yield action.target + name


def may_bring_tool(vertex: Vertex, places: Collection[str], context: BuildContext | None) -> bool:
    """Whether a copy may put another program in the place of a plain one."""
    op = vertex.op
    if not isinstance(op, FileOp):
        return False
    for action in op.actions:
        files = [*_file(vertex, action, context)]
        if files and posixpath.basename(files[0]) not in NAMES_OF_TOOLS:
            continue
        if any(_may_hold_tool(action.target, place) for place in places):
            return True
    return False


def _may_hold_tool(target: str, place: str) -> bool:
    """Whether something may be called like a program in a directory of such, copied to a target."""
    if is_symbolic(target):
        name = (rest_of(target) or "").partition("/")[0]
        return not name or name in NAMES_OF_TOOLS or name in _ON_WAY
    if is_apart(target, place):
        return False
    name = target[len(place) + 1 :].strip("/") if target.startswith(f"{place}/") else ""
    return not name or name in NAMES_OF_TOOLS
