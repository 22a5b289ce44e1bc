"""Whether a symbol can be given another name, and what that would break."""

from __future__ import annotations

import re

from dflint.cst.instructions import Arg, From
from dflint_lsp.shell_names import assignments
from dflint_lsp.symbols import Kind, is_given_by_builder
from dflint_lsp.variables import Part

TYPE_CHECKING = False
if TYPE_CHECKING:
    from dflint_lsp.documents import DocumentVersion
    from dflint_lsp.symbols import Mention, Symbol, SymbolTable

_VARIABLE = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_STAGE = re.compile(r"[A-Za-z][A-Za-z0-9_.-]*")
_SOURCE = re.compile(r"""[^\s"'`,$\\]+""")
_HEREDOC = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]*")
_VARIABLE_NAMES = "letters, digits and underscores, no digit first"
_KEPT_STAGES = ("scratch", "context")
"""Names that BuildKit has a use for itself."""


class RenameError(ValueError):
    """Why a name cannot be changed, or not to that; the message is for the user."""


def check_symbol(version: DocumentVersion, symbol: Symbol, mention: Mention) -> None:
    """See whether the symbol has a name of its own there; raises RenameError."""
    if symbol.kind is Kind.STAGE:
        if not any(one.is_definition for one in symbol.mentions):
            raise RenameError("the stage has no name: give it one with AS first")
        if not mention.is_literal:
            raise RenameError(
                f"the stage is not called by its name here: rename it where it is `{symbol.name}`"
            )
        for one in symbol.mentions:
            written = one.span.slice(version.text)
            if not one.is_literal and "$" in written:
                line = version.lines.line_of(one.span.start) + 1
                raise RenameError(
                    f"line {line} names the stage through a variable ({written}), "
                    "which renaming would not follow"
                )
    elif symbol.kind is Kind.VARIABLE and is_given_by_builder(symbol.name):
        definitions = symbol.definitions
        if not definitions or any(isinstance(one.instruction, Arg) for one in definitions):
            raise RenameError(f"{symbol.name} has its value from the builder, under this name only")


def check_name(version: DocumentVersion, table: SymbolTable, symbol: Symbol, new_name: str) -> None:
    """See whether the symbol can have the name; raises RenameError."""
    if symbol.kind is Kind.VARIABLE:
        _check_variable(version, table, symbol, new_name)
    elif symbol.kind is Kind.SHELL_VARIABLE:
        _check_shell_variable(version, table, symbol, new_name)
    elif symbol.kind is Kind.STAGE:
        _check_stage(version, table, symbol, new_name)
    elif symbol.kind is Kind.SOURCE:
        _require(_SOURCE, new_name, "of an image or a build context", "no blanks, quotes or commas")
        if new_name.isdigit() or table.document.model.stage_named(new_name) is not None:
            raise RenameError(f"`{new_name}` names a stage of this file")
    else:
        _check_heredoc(version, symbol, new_name)


def _require(pattern: re.Pattern[str], name: str, of: str, expected: str) -> None:
    if pattern.fullmatch(name) is None:
        raise RenameError(f"`{name}` is no name {of}: expected {expected}")


def _check_variable(
    version: DocumentVersion, table: SymbolTable, symbol: Symbol, new_name: str
) -> None:
    _require(_VARIABLE, new_name, "of a variable", _VARIABLE_NAMES)
    is_argument = any(isinstance(one.instruction, Arg) for one in symbol.definitions)
    if is_argument and is_given_by_builder(new_name):
        raise RenameError(f"{new_name} has its value from the builder")
    reach = _reach(table, symbol)
    for other in table.variables():
        if (
            other.name == new_name
            and other is not symbol
            and not reach.isdisjoint(_reach(table, other))
        ):
            raise RenameError(_taken(version, new_name, other))
    for line in {mention.instruction.line for mention in symbol.mentions}:
        scripts = [line.text[Part(line).arguments :]]
        scripts += [line.source[start:close] for start, close, _ in line.bodies]
        if any(True for script in scripts for _ in assignments(script, {new_name})):
            number = version.lines.line_of(line.start) + 1
            raise RenameError(f"the script in line {number} has a `{new_name}` of its own")


def _check_shell_variable(
    version: DocumentVersion, table: SymbolTable, symbol: Symbol, new_name: str
) -> None:
    _require(_VARIABLE, new_name, "of a variable", _VARIABLE_NAMES)
    instruction = symbol.mentions[0].instruction
    for other in table.symbols:
        if other.name == new_name and other.kind in (Kind.VARIABLE, Kind.SHELL_VARIABLE):
            for mention in other.mentions:
                if mention.instruction is instruction:
                    line = version.lines.line_of(mention.span.start) + 1
                    raise RenameError(f"`{new_name}` is used already, in line {line}")


def _reach(table: SymbolTable, symbol: Symbol) -> set[int]:
    """The stages in which a variable is known, by their indices; -1 is what FROM sees.

    An ARG without a default would take the value of one above the first FROM.
    """
    model = table.document.model
    found = set()
    for mention in symbol.mentions:
        stage = model.stage_of(mention.instruction)
        is_global = stage is None or isinstance(mention.instruction, From)
        found.add(-1 if is_global or stage is None else stage.index)
        if mention.is_bare:
            found.add(-1)
    for stage in model.stages:
        if any(below.index in found for below in stage.ancestors()):
            found.add(stage.index)
    return found


def _check_stage(
    version: DocumentVersion, table: SymbolTable, symbol: Symbol, new_name: str
) -> None:
    expected = "a letter, then letters, digits, `-`, `_` and `.`"
    _require(_STAGE, new_name, "of a stage", expected)
    name = new_name.lower()
    if name in _KEPT_STAGES:
        raise RenameError(f"BuildKit keeps the name `{name}` for itself")
    for other in table.symbols:
        is_other_stage = other.kind is Kind.STAGE and other.key == ("stage", name)
        is_source = other.kind is Kind.SOURCE and other.name.lower() == name
        if other is not symbol and (is_other_stage or is_source):
            raise RenameError(_taken(version, new_name, other))
    for stage in table.document.model.stages:
        if stage.base is None and stage.image == name:
            line = version.lines.line_of(stage.from_instruction.line.start) + 1
            raise RenameError(f"`{name}` is the image that line {line} begins with")


def _check_heredoc(version: DocumentVersion, symbol: Symbol, new_name: str) -> None:
    expected = "letters, digits, `-`, `_` and `.`"
    _require(_HEREDOC, new_name, "of a heredoc", expected)
    if len(symbol.mentions) > 1:
        line = symbol.mentions[0].instruction.line
        stop = symbol.mentions[-1].span.start
        body = line.source[line.end : stop]
    else:  # one without an end would find it anywhere below
        body = version.text[symbol.mentions[0].span.end :]
    if any(one.strip("\r\t") == new_name for one in body.split("\n")[1:]):
        raise RenameError(f"a line of the heredoc is `{new_name}`, and would end it")


def _taken(version: DocumentVersion, name: str, other: Symbol) -> str:
    line = version.lines.line_of(other.mentions[0].span.start) + 1
    return f"`{name}` is used already, in line {line}"
