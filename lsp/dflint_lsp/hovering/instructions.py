"""What an instruction does, in general and here."""

from __future__ import annotations

from dflint.cst.instructions import Env, From, Instruction, User
from dflint_lsp.hovering.told import Told, listed
from dflint_lsp.reference.lookup import about
from dflint_lsp.texts import code

TYPE_CHECKING = False
if TYPE_CHECKING:
    from dflint.semantic.model import SemanticModel
    from dflint.semantic.stages import Stage
    from dflint_lsp.cursor import Cursor, Parts

Facts = list[tuple[str, str]]

_RUN_THERE = frozenset(("run", "cmd", "entrypoint", "healthcheck"))
_IN_DIRECTORY = _RUN_THERE | {"copy", "add", "workdir"}


def keyword_told(cursor: Cursor, parts: Parts) -> Told | None:
    """What the instruction is for whose keyword the cursor is on."""
    keyword = parts.keyword.upper()
    begin, end = parts.keyword_begin, parts.keyword_end
    if not begin <= cursor.at <= end or end <= begin:
        return None
    text = about("instruction", keyword)
    if text is None or cursor.instruction is None:
        return None
    here = "" if parts.is_trigger else listed(_here(cursor, cursor.instruction, parts.keyword))
    general, _, link = text.rpartition("\n\n")
    return Told("\n\n".join(one for one in (general, here, link) if one), cursor.span(begin, end))


def _here(cursor: Cursor, instruction: Instruction, keyword: str) -> Facts:
    """The facts that hold at this place of the file."""
    model = cursor.version.document.model
    stage = model.stage_of(instruction)
    if stage is None:
        return []
    if isinstance(instruction, From):
        return stage_facts(cursor, stage)
    facts: Facts = []
    state = model.state_before(instruction)
    if keyword in _IN_DIRECTORY:
        facts.append(("working directory", _directory(model, stage, state.workdir)))
    if keyword in _RUN_THERE:
        user = state.user
        facts.append(("user", "that of the base image" if user is None else code(user or "root")))
        if not instruction.reading.is_json:
            facts.append(("shell", code(_shell(state.shell, state.os_family))))
    after = model.state_after(instruction)
    if keyword == "workdir" and after.workdir is not None:
        facts.append(("from here on", code(after.workdir)))
    if isinstance(instruction, User) and after.user:
        facts.append(("from here on", code(after.user)))
    if keyword in ("copy", "add"):
        facts += _destination(instruction, state.workdir)
    if isinstance(instruction, Env):
        facts += _settings(model, stage, instruction)
    return facts


def _directory(model: SemanticModel, stage: Stage, workdir: str | None) -> str:
    from dflint.semantic.known_images import working_directory

    if workdir is not None:
        return code(workdir)
    known = working_directory(([stage, *stage.ancestors()])[-1].image)
    return "that of the base image" if known is None else code(known)


def _shell(words: tuple[str, ...] | None, family: str) -> str:
    from dflint.semantic.stage_shell import LINUX_SHELL, WINDOWS_SHELL

    if words is None:
        words = (WINDOWS_SHELL if family == "windows" else LINUX_SHELL).words
    return " ".join(words)


def _destination(instruction: Instruction, workdir: str | None) -> Facts:
    from dflint.semantic.state import join_workdir

    arguments = instruction.reading.arguments
    if len(arguments) < 2 or "$" in arguments[-1] or arguments[-1].startswith("/"):
        return []
    path = join_workdir(workdir, arguments[-1], "linux")
    return [] if path is None else [("destination", code(path))]


def _settings(model: SemanticModel, stage: Stage, instruction: Env) -> Facts:
    order = model.order(instruction)
    facts: Facts = []
    for name, _ in instruction.reading.pairs:
        found = stage.scope.find(name, order + 1)
        if found is not None and found.value is not None:
            facts.append((code(name), code(found.value)))
    return facts


def stage_facts(cursor: Cursor, stage: Stage) -> Facts:
    """What there is to say of a stage."""
    from dflint_lsp.symbols import symbols_of

    version = cursor.version
    number = f"{stage.index} (of {len(version.document.model.stages)}, from 0 on)"
    facts: Facts = [("stage", number)]
    if stage.name:
        facts.append(("name", code(stage.name)))
    if stage.base is not None:
        facts.append(("built on stage", f"{stage.base.index} {code(stage.base.name)}"))
    elif stage.image:
        facts.append(("built on", code(stage.image)))
    if stage.platform:
        facts.append(("platform", code(stage.platform)))
    symbol = symbols_of(version).of_stage(stage)
    uses = [] if symbol is None else [one for one in symbol.mentions if not one.is_definition]
    if uses:
        lines = [str(version.lines.line_of(one.span.start) + 1) for one in uses]
        facts.append(("used on", f"line {', '.join(lines)}"))
    elif stage.index + 1 < len(version.document.model.stages):
        facts.append(("used by", "no other stage"))
    return facts
