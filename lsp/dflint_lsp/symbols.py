"""What has a name in a Dockerfile: stages, variables and heredocs, and everywhere each is named.

Places are spans of the text. They cover the name alone, without the `$`, the braces or the
quotes around it, but with the continuations within it. Files that are half typed have symbols as
far as they can be read.
"""

from __future__ import annotations

from enum import Enum

from dflint.cst.instructions import Arg, From
from dflint.semantic.scope import PLATFORM, PREDEFINED
from dflint.text.span import Span
from dflint_lsp.mentions import heredoc_names, stage_mentions
from dflint_lsp.variables import (
    DOCKERFILE,
    RUNTIME_KEYWORDS,
    Name,
    Part,
    names_declared_bare,
    names_set,
    names_used,
    names_used_in_heredocs,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from dflint.cst.instructions import Instruction
    from dflint.lint.document import Document
    from dflint.semantic.stages import Stage
    from dflint_lsp.documents import DocumentVersion


class Kind(Enum):
    """What a symbol is."""

    #: A build stage that the file has.
    STAGE = "stage"
    #: What `--from` names and no stage is called: an image or a named build context.
    SOURCE = "source"
    #: A build argument or an environment variable.
    VARIABLE = "variable"
    #: A variable that a shell script sets for itself.
    SHELL_VARIABLE = "shell variable"
    #: The delimiter of a heredoc.
    HEREDOC = "heredoc"


class Mention:
    """One place where a symbol is named.

    `is_definition` tells what makes the symbol (`AS name`, ARG, ENV, `<<NAME`). `is_literal` is
    false where the name is not written: a stage by its number or through a variable. `stage` is
    the one whose variables are seen there, None above the first FROM and in each FROM.
    """

    __slots__ = ("instruction", "is_definition", "is_literal", "span", "stage")

    def __init__(
        self,
        span: Span,
        instruction: Instruction,
        is_definition: bool,
        is_literal: bool = True,
        stage: Stage | None = None,
    ) -> None:
        self.span = span
        self.instruction = instruction
        self.is_definition = is_definition
        self.is_literal = is_literal
        self.stage = stage

    def __repr__(self) -> str:
        return f"Mention({self.span}, {'definition' if self.is_definition else 'use'})"

    @property
    def is_bare(self) -> bool:
        """Whether it is an ARG's without a default, which has the value of a global one."""
        if not self.is_definition or not isinstance(self.instruction, Arg):
            return False
        return not self.instruction.line.source.startswith("=", self.span.end)


class Symbol:
    """Something with a name, and its mentions in the order of the text.

    `name` is as its first definition, or first mention, has it; `key` names the symbol among all
    of the file. `stage` is the (first) stage of that name.
    """

    __slots__ = ("key", "kind", "mentions", "name", "stage")

    def __init__(self, kind: Kind, key: tuple[object, ...], name: str) -> None:
        self.kind = kind
        self.key = key
        self.name = name
        self.mentions: list[Mention] = []
        self.stage: Stage | None = None

    def __repr__(self) -> str:
        return f"Symbol({self.kind.value} {self.name!r}, {self.mentions})"

    @property
    def definitions(self) -> list[Mention]:
        """The mentions that define it."""
        return [one for one in self.mentions if one.is_definition]

    def definition_for(self, mention: Mention) -> Mention | None:
        """Where an editor should go from a mention; None when the symbol is defined nowhere.

        Of a stage name that is given twice it is the last one above that counts. Of a variable it
        is the first place of the own stage, or the nearest stage below it, that declares it; from
        there, and from an ARG without a default, it is the argument above the first FROM.
        """
        found = self.definitions
        if self.kind is Kind.STAGE:
            if mention.is_definition:
                return mention
            above = [one for one in found if one.span.start < mention.span.start]
            found = above[-1:] or found
        elif self.kind is Kind.VARIABLE:
            stage = mention.stage
            while stage is not None:
                own = next((one for one in found if one.stage is stage), None)
                if own is not None and (own is not mention or not own.is_bare):
                    return own
                stage = stage.base
        return found[0] if found else None


class SymbolTable:
    """The symbols of one document."""

    __slots__ = ("_mentions", "_starts", "document", "symbols")

    def __init__(self, document: Document) -> None:
        self.document = document
        self.symbols = _Collector(document).symbols()
        mentions = [(one, symbol) for symbol in self.symbols for one in symbol.mentions]
        mentions.sort(key=lambda pair: pair[0].span)
        self._mentions = mentions

    def at(self, offset: int) -> tuple[Symbol, Mention] | None:
        """The symbol that is named at an offset, or right before it, and the mention.

        A cursor on the `$` or the brace of a variable means the variable.
        """
        found = self._at(offset)
        if found is None:
            text = self.document.text
            if text.startswith("${", offset):
                return self._at(offset + 2)
            if text.startswith("$", offset) or text.startswith("${", offset - 1):
                return self._at(offset + 1)
        return found

    def _at(self, offset: int) -> tuple[Symbol, Mention] | None:
        found: tuple[Symbol, Mention] | None = None
        for mention, symbol in self._mentions:
            span = mention.span
            if span.start > offset:
                break
            if offset <= span.end and (found is None or len(span) <= len(found[1].span)):
                found = symbol, mention
        return found

    def of_stage(self, stage: Stage) -> Symbol | None:
        """The symbol of a stage; None for one that has no name and that nothing refers to."""
        key = ("stage", stage.name or stage.index)
        return next((one for one in self.symbols if one.key == key), None)

    def variables(self) -> Iterator[Symbol]:
        """The variables."""
        return (one for one in self.symbols if one.kind is Kind.VARIABLE)


_known: list[SymbolTable] = []
_MOST_KNOWN = 4


def symbols_of(version: DocumentVersion) -> SymbolTable:
    """The symbols of a version; those of the last few documents are kept."""
    document = version.document
    for table in _known:
        if table.document is document:
            return table
    table = SymbolTable(document)
    _known.insert(0, table)
    del _known[_MOST_KNOWN:]
    return table


def is_given_by_builder(name: str) -> bool:
    """Whether builds set an ARG of that name by themselves."""
    return name in PLATFORM or name in PREDEFINED


class _Collector:
    """Reads a document once."""

    def __init__(self, document: Document) -> None:
        self._document = document
        self._model = document.model
        self._symbols: dict[tuple[object, ...], Symbol] = {}
        self._parts = [Part(one.line) for one in document.instructions]
        self._bare: set[tuple[object, str]] = set()
        self._first: dict[str, int] = {}
        self._scopes: dict[tuple[int, str], str] = {}
        self._declared = self._declarations()

    def symbols(self) -> list[Symbol]:
        """All symbols; the mentions of each are in the order of the text."""
        for instruction, part in zip(self._document.instructions, self._parts, strict=True):
            self._stages_in(instruction, part)
            self._variables_in(instruction, part)
            self._heredocs_in(instruction)
        found = list(self._symbols.values())
        for symbol in found:
            symbol.mentions.sort(key=lambda mention: mention.span)
        return found

    def _add(self, kind: Kind, key: tuple[object, ...], name: str, mention: Mention) -> Symbol:
        symbol = self._symbols.get(key)
        if symbol is None:
            symbol = self._symbols[key] = Symbol(kind, key, name)
        elif mention.is_definition and not symbol.definitions:
            symbol.name = name
        symbol.mentions.append(mention)
        return symbol

    def _stages_in(self, instruction: Instruction, part: Part) -> None:
        user = self._model.stage_of(instruction)
        for mention in stage_mentions(self._model, instruction, part, user):
            one = Mention(mention.span, instruction, mention.is_definition, mention.is_literal)
            if mention.stage is None:
                self._add(Kind.SOURCE, ("source", mention.name), mention.name, one)
                continue
            key = ("stage", mention.stage.name or mention.stage.index)
            symbol = self._add(Kind.STAGE, key, mention.name, one)
            symbol.stage = symbol.stage or mention.stage

    def _heredocs_in(self, instruction: Instruction) -> None:
        for at, (name, opening, closing) in enumerate(heredoc_names(instruction.line)):
            key = ("heredoc", instruction.line.start, at)
            self._add(Kind.HEREDOC, key, name, Mention(opening, instruction, True))
            if closing is not None:
                self._add(Kind.HEREDOC, key, name, Mention(closing, instruction, False))

    def _variables_in(self, instruction: Instruction, part: Part) -> None:
        line = instruction.line
        for name in (*names_set(part), *names_used(part)):
            span = Span(line.offset(name.begin), line.offset_after(name.end))
            self._variable(instruction, part, name, span)
        if line.markers:
            for name in names_used_in_heredocs(part):
                self._variable(instruction, part, name, Span(name.begin, name.end))

    def _variable(self, instruction: Instruction, part: Part, found: Name, span: Span) -> None:
        name = found.text
        is_from = isinstance(instruction, From)
        stage = None if is_from else self._model.stage_of(instruction)
        mention = Mention(span, instruction, found.is_definition, stage=stage)
        if found.owner != DOCKERFILE:
            key: tuple[object, ...] = ("script", instruction.line.start, found.owner, name)
            self._add(Kind.SHELL_VARIABLE, key, name, mention)
            return
        if is_from:
            scope = "global" if ("", name) in self._declared else "from"
        else:
            scope = self._scope_of(stage, name)
            if part.keyword in RUNTIME_KEYWORDS and not self._is_in_image(instruction, name):
                scope = f"runtime of {scope}"
        self._add(Kind.VARIABLE, ("variable", scope, name), name, mention)

    def _declarations(self) -> dict[tuple[object, str], bool]:
        """Which names each stage sets, and whether any ENV does; "" is the global scope."""
        found: dict[tuple[object, str], bool] = {}
        for instruction, part in zip(self._document.instructions, self._parts, strict=True):
            stage = self._model.stage_of(instruction)
            scope = "" if stage is None else stage.index
            for one in names_set(part):
                if stage is None and part.keyword == "env":
                    continue  # FROM does not see it
                if stage is not None:
                    self._first.setdefault(one.text, stage.index)
                key = (scope, one.text)
                found[key] = found.get(key, False) or part.keyword == "env"
            for name in names_declared_bare(part):
                self._bare.add((scope, name))
        return found

    def _scope_of(self, stage: Stage | None, name: str) -> str:
        """The scope that a name of a stage belongs to.

        A stage has the variables of the stage that it is built on, and an ARG without a default
        is the global one.
        """
        if stage is None:
            return "global"
        return self._declared_scope(stage, name) or f"stage {stage.index}"

    def _declared_scope(self, stage: Stage, name: str) -> str:
        """The scope of a name that the stage or one below it declares; else empty."""
        below: list[Stage] = []
        one: Stage | None = stage
        first = self._first.get(name, len(self._model.stages))
        while one is not None and one.index >= first and (one.index, name) not in self._scopes:
            below.append(one)
            one = one.base
        scope = "" if one is None else self._scopes.get((one.index, name), "")
        has_global = ("", name) in self._declared
        for one in reversed(below):
            if has_global and (one.index, name) in self._bare:
                scope = "global"
            elif not scope and (one.index, name) in self._declared:
                scope = f"stage {one.index}"
            self._scopes[one.index, name] = scope
        return scope

    def _is_in_image(self, instruction: Instruction, name: str) -> bool:
        """Whether the variable is in a container's environment, not an argument of the build."""
        stage = self._model.stage_of(instruction)
        if stage is None:
            return True
        settings = [
            self._declared[one.index, name]
            for one in (stage, *stage.ancestors())
            if (one.index, name) in self._declared
        ]
        return not settings or any(settings)
