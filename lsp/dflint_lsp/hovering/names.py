"""What variables, stages and heredocs are."""

from __future__ import annotations

from dflint.cst.instructions import From
from dflint_lsp.hovering.instructions import stage_facts
from dflint_lsp.hovering.told import Told, listed
from dflint_lsp.reference.lookup import about
from dflint_lsp.symbols import Kind, Mention, Symbol, symbols_of
from dflint_lsp.texts import code

TYPE_CHECKING = False
if TYPE_CHECKING:
    from dflint.semantic.scope import Scope, Variable
    from dflint_lsp.cursor import Cursor


def name_told(cursor: Cursor) -> Told | None:
    """What the name under the cursor stands for; None for what has no value or meaning."""
    found = symbols_of(cursor.version).at(cursor.offset)
    if found is None:
        return None
    symbol, mention = found
    text: str | None = None
    if symbol.kind is Kind.VARIABLE:
        text = _variable(cursor, symbol, mention)
    elif symbol.kind is Kind.STAGE and symbol.stage is not None:
        text = listed(stage_facts(cursor, symbol.stage))
    elif symbol.kind is Kind.SOURCE:
        text = f"{code(symbol.name)}: an image, or a build context of that name."
    elif symbol.kind is Kind.HEREDOC:
        text = _heredoc(symbol, mention)
    return None if text is None else Told(text, mention.span)


def _heredoc(symbol: Symbol, mention: Mention) -> str:
    line = mention.instruction.line
    expands = any(one.name == symbol.name and one.expand for one in line.markers)
    how = "are expanded" if expands else "stay as they are, for the delimiter is quoted"
    return f"Delimiter of a heredoc. Variables in its lines {how}."


def _variable(cursor: Cursor, symbol: Symbol, mention: Mention) -> str | None:
    if _is_open(cursor.version.text, mention):
        return None
    given = about("argument", symbol.name.upper())
    found = _setting(cursor, symbol.name, mention)
    if found is None or found.value is None or (given is not None and found.order < 0):
        return None if given is None else f"{code(symbol.name)}: {given}"
    if given is not None and not _has_default(cursor, found, symbol.name):
        return f"{code(symbol.name)}: {given}"
    return f"{code(symbol.name)} = {code(found.value)}\n\n{_origin(cursor, found)}"


def _is_open(text: str, mention: Mention) -> bool:
    """Whether the braces around a name are not closed: no builder reads that."""
    start, end = mention.span.start, mention.span.end
    if text[max(start - 2, 0) : start] != "${":
        return False
    line_end = text.find("\n", end)
    return "}" not in text[end : len(text) if line_end < 0 else line_end]


def _setting(cursor: Cursor, name: str, mention: Mention) -> Variable | None:
    """The setting that counts at a mention; that of a definition is its own."""
    model = cursor.version.document.model
    instruction = mention.instruction
    stage = model.stage_of(instruction)
    scope: Scope = model.global_scope
    if stage is not None and not isinstance(instruction, From):
        scope = stage.scope
    found = scope.find(name, model.order(instruction) + mention.is_definition)
    if isinstance(instruction, From) and found is not None and found.is_env:
        return None  # FROM sees arguments alone
    return found


def _has_default(cursor: Cursor, found: Variable, name: str) -> bool:
    """Whether the file itself gives a value to what builders give one."""
    instruction = cursor.version.document.instructions[found.order]
    return found.is_env or any(one.startswith(f"{name}=") for one in instruction.reading.arguments)


def _origin(cursor: Cursor, found: Variable) -> str:
    if found.order < 0:
        return "What the builder sets where the base image sets nothing."
    version = cursor.version
    instruction = version.document.instructions[found.order]
    line = version.lines.line_of(instruction.line.start) + 1
    if found.is_env:
        return f"Set by `ENV` on line {line}."
    return f"The default of `ARG` on line {line}; `--build-arg {found.name}=…` gives another."
