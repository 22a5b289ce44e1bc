"""Copies of sources put below the step that has no use for them."""

from __future__ import annotations

from dflint.cst.instructions import (
    Arg,
    Cmd,
    Entrypoint,
    Env,
    Expose,
    HealthCheck,
    Label,
    Maintainer,
    Shell,
    StopSignal,
    User,
    Workdir,
)
from dflint.shell.composition import cleans_up
from dflint.text.edit import Edit
from dflint.text.lazy_pattern import LazyPattern
from dflint.text.span import Span

TYPE_CHECKING = False
if TYPE_CHECKING:
    from dflint.context.build_context import BuildContext
    from dflint.cst.instructions import Instruction
    from dflint.semantic.model import SemanticModel
    from dflint.semantic.repeated_installs import RepeatedInstallation
    from dflint.shell.script import Script

#: What a COPY can be put behind, as far as its words allow.
_PASSED = (
    Arg, Cmd, Entrypoint, Env, Expose, HealthCheck, Label, Maintainer, Shell, StopSignal, User,
    Workdir,
)  # fmt: skip
_PLAIN = LazyPattern(r"[\w./=:@,+-]++")
#: For each manager what to copy where nobody knows which files there are: a name with `*` may
#: have no file, and COPY goes on without it.
_UNSEEN = {
    "npm": "package*.json",
    "yarn": "package.json yarn.lock*",
    "pnpm": "package.json pnpm-lock.yaml*",
    "bun": "package.json bun.lock*",
    "bower": "bower.json",
    "pipenv": "Pipfile Pipfile.lock*",
    "bundle": "Gemfile Gemfile.lock*",
    "go": "go.mod go.sum*",
}


def can_pass(copy: Instruction, step: Instruction, model: SemanticModel) -> bool:
    """Whether a COPY of plain words does the same below a step of its stage.

    Not where files are copied in between, for they would be written over.
    """
    reading = copy.reading
    if reading.is_json or copy.line.markers or not reading.arguments:
        return False
    words = (*reading.flags, *reading.arguments)
    if len(copy.line.pieces) > 1 or any(_PLAIN.get().fullmatch(word) is None for word in words):
        return False
    between = model.tree.instructions[model.order(copy) + 1 : model.order(step)]
    is_absolute = reading.arguments[-1].startswith("/")
    return all(
        isinstance(one, _PASSED) and (is_absolute or not isinstance(one, Workdir))
        for one in between
    )


def copied_manifests(
    repeated: RepeatedInstallation, context: BuildContext | None
) -> list[str] | None:
    """The manifests as COPY has to name them; None where that is not certain.

    Only of managers that install from them alone, and where they are at the top of what is copied.
    """
    copy = repeated.copy
    manager = repeated.installation.manager.name
    source = copy.instruction.reading.arguments[copy.at]
    top = "" if copy.is_root else source.strip("/").removeprefix("./") + "/"
    names = [path.removeprefix(top) for path in repeated.manifests]
    if any("/" in name or _PLAIN.get().fullmatch(name) is None for name in names):
        return None
    if manager == "pip":
        return [top + name for name in names]
    wanted = _UNSEEN.get(manager)
    if wanted is None or repeated.has_manifests or repeated.installation.is_build:
        return None
    known = [name for name in names if context is not None and context.has(top + name)]
    if known and known[0] == names[0]:
        return [top + name for name in known]
    return [top + name for name in wanted.split()]


def parted_install(
    repeated: RepeatedInstallation, run: Instruction, script: Script, manifests: list[str]
) -> list[Edit] | None:
    """COPY of the manifests in the place of the sources', and that one behind the installation."""
    steps = script.steps
    command = repeated.installation.command
    copy = repeated.copy.instruction
    line, reading = copy.line, copy.reading
    if not steps or steps[0] is not command or len(reading.arguments) != 2:
        return None
    target = reading.arguments[1]
    # A single file would become a file of the directory's name.
    target = target if target.endswith("/") else target + "/"
    first = Edit(
        Span(line.offset(reading.places[0][0]), line.offset_after(reading.places[1][1])),
        " ".join((*manifests, target)),
    )
    written = line.text
    source = line.source
    newline = "\r\n" if "\r\n" in source[line.start : line.stop] else "\n"
    if len(steps) == 1:
        if run.line.stop == run.line.end:
            return None
        return [first, Edit.insertion(run.line.stop, written + newline)]
    operators = [step.operator_after for step in getattr(command.parent, "statements", ())]
    if command.operator_after != "&&" or "||" in operators or run.reading.flags:
        return None
    if any(cleans_up(one) for one in script.commands if one is not command):
        return None  # what the first has brought would stay in its layer
    start, end = command.span.end, steps[1].span.start
    if run.line.markers or "#" in source[start:end]:
        return None
    keyword = run.line.text[:3]
    return [first, Edit(Span(start, end), newline.join(("", written, f"{keyword} ")))]
