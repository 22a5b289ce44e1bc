"""Variables behind `$` and `${`, and the names that ARG may declare."""

from __future__ import annotations

import re

from dflint.text.span import Span
from dflint_lsp.completing.offers import Kind, Offer

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from dflint.cst.instructions import Instruction
    from dflint.semantic.scope import Variable
    from dflint_lsp.cursor import Cursor, Parts

_TYPED = re.compile(r"\$(\{?)(\w*)\Z")
_REST = re.compile(r"\w*")


class Known:
    """A variable as an instruction sees it; `source` says where its value comes from."""

    __slots__ = ("name", "source", "value")

    def __init__(self, name: str, value: str | None, source: str) -> None:
        self.name = name
        self.value = value
        self.source = source


def variable_offers(cursor: Cursor) -> list[Offer] | None:
    """The variables, when the cursor is in the name of one; None when it is not."""
    found = _TYPED.search(cursor.before)
    if found is None or cursor.instruction is None:
        return None
    start = found.start()
    sign = cursor.before[:start]
    escape = cursor.line.escape
    if (len(sign) - len(sign.rstrip(escape))) % 2:
        return None
    rest = _REST.match(cursor.text, cursor.at)
    end = rest.end() if rest is not None else cursor.at
    has_brace = found[1] == "{"
    if has_brace and cursor.text.startswith("}", end):
        end += 1
    span = cursor.edited(start, end)
    if span is None:
        return []
    form = "${%s}" if has_brace or not found[2] else "$%s"
    return [
        _offer(form % one.name, one, span, found[0])
        for one in known_variables(cursor, cursor.instruction)
    ]


def body_variable_offers(cursor: Cursor) -> list[Offer]:
    """The same in a heredoc, of which `before` has the line up to the cursor."""
    found = _TYPED.search(cursor.before)
    if found is None or cursor.instruction is None:
        return []
    span = Span(cursor.offset - len(found[0]), cursor.offset)
    form = "${%s}" if found[1] or not found[2] else "$%s"
    return [
        _offer(form % one.name, one, span, found[0])
        for one in known_variables(cursor, cursor.instruction)
    ]


def _offer(text: str, known: Known, span: Span, typed: str) -> Offer:
    detail = known.source if known.value is None else known.value
    match = ("${" if typed.startswith("${") else "$") + known.name
    documentation = "" if known.value is None else known.source
    return Offer(text, span, Kind.Variable, detail=detail, documentation=documentation, match=match)


def known_variables(cursor: Cursor, instruction: Instruction) -> Iterator[Known]:
    """The variables that an instruction sees, those of the file first."""
    from dflint.cst.instructions import From
    from dflint.semantic.scope import PLATFORM, PREDEFINED

    model = cursor.version.document.model
    stage = model.stage_of(instruction)
    is_from = isinstance(instruction, From)
    scope = model.global_scope if is_from or stage is None else stage.scope
    order = model.order(instruction)
    given = {*PLATFORM, *PREDEFINED}
    seen: set[str] = set()
    for name in scope.names():
        found = scope.find(name, order)
        if found is None or name in seen or (found.order < 0 and name != "PATH"):
            continue
        if is_from and found.is_env:
            continue
        seen.add(name)
        yield Known(name, found.value, _source(cursor, found))
    if not is_from:
        given -= set(PLATFORM)
    for name in sorted(given - seen, key=lambda one: (one not in PLATFORM, one.lower(), one)):
        yield Known(name, None, "given by the builder")


def _source(cursor: Cursor, variable: Variable) -> str:
    if variable.order < 0:
        return "the builder's default"
    document = cursor.version.document
    instruction = document.instructions[variable.order]
    line = cursor.version.lines.line_of(instruction.line.start) + 1
    return f"{'ENV' if variable.is_env else 'ARG'} on line {line}"


def argument_names(cursor: Cursor, parts: Parts) -> Iterator[Offer]:
    """What an ARG may declare: what the builder gives, and in a stage the global arguments."""
    from dflint.semantic.scope import PLATFORM

    word = parts.word
    if "=" in word.prefix or cursor.instruction is None:
        return
    span = cursor.edited(word.begin, word.end)
    if span is None:
        return
    model = cursor.version.document.model
    if model.stage_of(cursor.instruction) is not None:
        for name in model.global_scope.names():
            found = model.global_scope.find(name)
            if found is not None and found.order >= 0:
                yield Offer(name, span, Kind.Variable, detail=found.value or _source(cursor, found))
    for name in PLATFORM:
        yield Offer(name, span, Kind.Variable, about=("argument", name))
