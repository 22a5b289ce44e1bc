"""Go commands that want a module where no go.mod can be."""

from __future__ import annotations

import re

from dflint.cst.instructions import Add, Copy
from dflint.semantic.earlier_text import earlier_instructions, is_mentioned_before
from dflint.semantic.known_images import short_name

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from dflint.context.build_context import BuildContext
    from dflint.semantic.model import SemanticModel
    from dflint.semantic.programs import Program
    from dflint.semantic.stages import Stage
    from dflint.shell.invocation import Invocation

_VERBS = frozenset(("build", "get", "install", "list", "mod", "test", "vet"))
_VERSION = re.compile(r"1\.(\d+)")
#: The first version of Go that works with modules alone, unless it is told otherwise.
_SINCE = 16
#: What may bring a go.mod, or lets Go work without one.
_OTHERS = (
    "GO111MODULE", "mod init", "git clone", "git init", "go.mod", "curl", "wget", "tar ", "unzip",
    "type=bind", "go work", "GOFLAGS", "svn ", "hg ", "git checkout", "go-wrapper", "git pull",
)  # fmt: skip
#: So many directories of a context are looked through for a go.mod.
_MOST = 400


def calls_without_module(
    model: SemanticModel, programs: Iterable[Program], text: str, context: BuildContext | None
) -> Iterator[Invocation]:
    """List the commands of Go that find no go.mod, wherever they run.

    That is so where nothing of a build context was copied, or none is in all of the context.
    """
    for program in programs:
        stage = model.stage_of(program.instruction)
        if stage is None or program.occurrence.is_trigger or not program.mentions("go"):
            continue
        if not _wants_modules(stage) or _sees_context(program):
            continue
        for call in program.invocations_of("go"):
            if (
                call.verb in _VERBS
                and _wants_one(call)
                and not is_mentioned_before(stage, call.command.span.end, text, _OTHERS)
                and not _may_have_one(stage, call, context)
            ):
                yield call


def _sees_context(program: Program) -> bool:
    """Whether a RUN has a mount of files, of the build context or of another stage."""
    mounts = program.occurrence.reading.flag_values("mount")
    return any("type=" not in one or "type=bind" in one for one in mounts)


def _wants_modules(stage: Stage) -> bool:
    """Whether the image has a Go that works with modules alone."""
    name, _, tag = short_name((stage.ancestors() or [stage])[-1].image).partition(":")
    if name != "golang" or "onbuild" in tag or "windows" in tag:
        return False
    found = _VERSION.match(tag)
    return found is None or int(found[1]) >= _SINCE


def _wants_one(call: Invocation) -> bool:
    operands = [one.prefix for one in call.operands]
    if call.verb == "mod":
        return operands[:1] == ["download"] and len(operands) == 1
    if any("@" in one or one.endswith(".go") or one.startswith("$") for one in operands):
        return False
    if any(one in ("std", "cmd") for one in operands):
        return False
    return call.verb not in ("list", "vet") or bool(operands)


def _may_have_one(stage: Stage, call: Invocation, context: BuildContext | None) -> bool:
    is_known = context is not None and context.knows_files
    copies = [
        one
        for one in earlier_instructions(stage, call.call_span.start)
        if isinstance(one, (Copy, Add))
    ]
    if not copies:
        return False
    if context is None or not is_known:
        return True
    if any(one.reading.flag("from") is not None or "://" in one.line.text for one in copies):
        return True
    return has_module(context)


def has_module(context: BuildContext) -> bool:
    """Whether there may be a go.mod in a context."""
    pending = [""]
    for _ in range(_MOST):
        if not pending:
            return False
        folder = pending.pop()
        for name in context.names(folder):
            if name == "go.mod" or name.endswith((".tar.gz", ".tgz", ".zip", ".tar")):
                return True
            path = f"{folder}/{name}" if folder else name
            if name not in (".git", "node_modules") and context.kind(path) == "directory":
                pending.append(path)
    return True
