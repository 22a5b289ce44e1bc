"""Statements of a shell text: what commands and the constructs around them have in common."""

from __future__ import annotations

from weakref import ref

from dflint.shell.redirects import Redirect, read_redirect
from dflint.text.choice import Choice

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

    from dflint.shell.shell_text import ShellText
    from dflint.shell.words import Word
    from dflint.text.span import Span


class Kind(Choice):
    """What a construct is."""

    SCRIPT = "script"
    AND_OR = "and-or list"
    PIPELINE = "pipeline"
    SUBSHELL = "subshell"
    GROUP = "group"
    IF = "if"
    CASE = "case"
    LOOP = "loop"
    CONDITION = "condition"
    BRANCH = "branch"
    FUNCTION = "function"
    SUBSTITUTION = "command substitution"
    PROCESS = "process substitution"


# The statements in these are ended by a newline where nothing else ends them.
_SEQUENCES = frozenset(
    (
        Kind.SCRIPT,
        Kind.SUBSHELL,
        Kind.GROUP,
        Kind.CONDITION,
        Kind.BRANCH,
        Kind.SUBSTITUTION,
        Kind.PROCESS,
    )
)
_PIPELINE = Kind.PIPELINE
_CHAINS = frozenset((Kind.AND_OR, Kind.PIPELINE))
# What these contain has no effect on the shell that they stand in.
_SEPARATE = frozenset((Kind.SUBSHELL, Kind.FUNCTION))
# These stand in words: they have a parent and are none of its statements.
_SUBSTITUTIONS = frozenset((Kind.SUBSTITUTION, Kind.PROCESS))


class Operator:
    """An operator between statements that no grammar has found; a node of the grammar is another.

    `type` is the operator, `start_byte` and `end_byte` are offsets into the shell text.
    """

    __slots__ = ("end_byte", "start_byte", "type")

    def __init__(self, type: str, start_byte: int) -> None:
        self.type = type
        self.start_byte = start_byte
        self.end_byte = start_byte + len(type)


class Place:
    """Where a statement stands in a shell text, as the grammar sees it.

    `start` and `end` are offsets into the text; they include redirections and a leading `!`,
    which `is_negated` tells of and `node` is without. `separator` is the operator that follows,
    `is_job` whether that is a lone `&`.
    """

    __slots__ = ("end", "is_job", "is_negated", "node", "redirects", "separator", "start")

    def __init__(self, node: Node, start: int, end: int) -> None:
        self.node = node
        self.start = start
        self.end = end
        self.separator: Node | Operator | None = None
        self.is_job = False
        self.is_negated = False
        self.redirects: tuple[Node, ...] = ()

    def redirect(self, redirects: tuple[Node, ...]) -> None:
        """Add redirections that follow."""
        if redirects:
            self.redirects += redirects
            self.end = max(self.end, redirects[-1].end_byte)


class Statement:
    """A command or a construct in its place.

    `start` and `end` are offsets into the shell text, a leading `!` and redirections included.
    `parent` is the construct that it stands in, None for the script; `index` its place among
    that one's `statements`, -1 for the script and for substitutions. `scope` is the nearest
    statement, this one included, that has the shell's state (directory, variables, options) to
    itself: a subshell, a substitution, a function, a part of a pipeline, a background job, or
    the script. What it stands in lives as long as it does; what stands beside it as long as the
    script.
    """

    __slots__ = (
        "__weakref__",
        "_place",
        "_scope",
        "_shell_text",
        "end",
        "index",
        "parent",
        "start",
    )

    def __init__(self, place: Place, shell_text: ShellText, parent: Construct | None) -> None:
        self.start = place.start
        self.end = place.end
        self._place = place
        self._shell_text = shell_text
        self.parent = parent
        # None for itself: there are no cycles, so that all goes with the last that knows it.
        self._scope: Statement | None = None
        self.index = -1
        if parent is not None:
            members = parent._members
            self.index = len(members)
            members.append(ref(self))
            parent._separators.append(place.separator)
            if parent.kind is not _PIPELINE and not place.is_job:
                self._scope = parent._scope or parent

    @property
    def scope(self) -> Statement:
        """The nearest statement that has the shell's state to itself."""
        return self._scope or self

    @property
    def is_negated(self) -> bool:
        """Whether `!` stands before it."""
        return self._place.is_negated

    @property
    def span(self) -> Span:
        """Where it stands in the Dockerfile."""
        return self._shell_text.source_span(self.start, self.end)

    @property
    def text(self) -> str:
        """What the shell reads there, without the Dockerfile's continuations."""
        return self._shell_text.text[self.start : self.end]

    @property
    def ancestors(self) -> Iterator[Construct]:
        """The constructs that it stands in, from the inside out, the script last."""
        construct = self.parent
        while construct is not None:
            yield construct
            construct = construct.parent

    @property
    def is_in_body_shell(self) -> bool:
        """Whether it runs in the very shell that reads the body, when that comes to it.

        It does not in a subshell, a pipeline, a background job, a substitution or a function.
        """
        return self.scope.parent is None

    @property
    def operator_before(self) -> str | None:
        """What joins it to the statement before: `&&`, `||`, `|`, `|&`, `;`, `&` or a newline.

        The first of an and-or list or a pipeline is joined by what stands before that; None
        where nothing comes before within the same construct.
        """
        statement: Statement = self
        while statement.parent is not None and statement.index >= 0:
            if statement.index > 0:
                return statement.parent.operator(statement.index - 1)
            if statement.parent.kind not in _CHAINS:
                return None
            statement = statement.parent
        return None

    @property
    def operator_after(self) -> str | None:
        """What joins it to the statement after, or ends it; None where nothing does."""
        found = self._operator_after()
        return found and found[0]

    @property
    def operator_after_span(self) -> Span | None:
        """Where that operator stands in the Dockerfile; None for a newline or nothing."""
        found = self._operator_after()
        separator = found and found[1].separator(found[2])
        if not separator:
            return None
        return self._shell_text.source_span(separator.start_byte, separator.end_byte)

    def _operator_after(self) -> tuple[str, Construct, int] | None:
        """Give the operator, the construct that it stands in and the index of what it follows."""
        statement: Statement = self
        while (parent := statement.parent) is not None and (index := statement.index) >= 0:
            operator = parent.operator(index)
            if operator is not None:
                return operator, parent, index
            if parent.kind not in _CHAINS:
                return None
            statement = parent
        return None


class Construct(Statement):
    """A statement made of statements.

    An `IF` holds a `CONDITION` and a `BRANCH` for each `then`, a `BRANCH` for `else`; a `CASE`
    a `BRANCH` for each pattern; a `LOOP` a `CONDITION` for `while` and `until` and a `BRANCH`. An
    and-or list is flat whatever its operators: `a && b || c` holds three statements.
    """

    __slots__ = ("_members", "_separators", "kind")

    def __init__(
        self, kind: Kind, place: Place, shell_text: ShellText, parent: Construct | None
    ) -> None:
        self.kind = kind
        self._members: list[ref[Statement]] = []
        self._separators: list[Node | Operator | None] = []
        if kind in _SUBSTITUTIONS:
            Statement.__init__(self, place, shell_text, None)
            self.parent = parent
        else:
            Statement.__init__(self, place, shell_text, parent)
            if kind in _SEPARATE:
                self._scope = None

    def __repr__(self) -> str:
        return f"Construct({self.kind.name}, {self.text!r})"

    @property
    def statements(self) -> list[Statement]:
        """What it is made of, in order; ReferenceError when the script has gone meanwhile."""
        found = [member() for member in self._members]
        if not all(found):
            raise ReferenceError("the script that these statements belong to has gone")
        return found  # type: ignore[return-value]  # none of them is None

    @property
    def redirects(self) -> tuple[Redirect, ...]:
        """The redirections of the whole construct, in order."""
        return tuple(read_redirect(node, self._shell_text)[0] for node in self._place.redirects)

    @property
    def header(self) -> tuple[Word, tuple[Word, ...] | None] | None:
        """The variable of a `for` and the words it goes through, None for those without `in`.

        None for every other construct.
        """
        from dflint.shell.contents import read_header

        return read_header(self._place, self._shell_text)

    def separator(self, index: int) -> Node | Operator | None:
        """Give what stands after the statement at `index`."""
        node = self._separators[index]
        # The grammar may be shown `;` where a shell needs none.
        is_made_up = node is not None and self._shell_text.text[node.start_byte].isspace()
        return None if is_made_up else node

    def operator(self, index: int) -> str | None:
        """Tell what stands after the statement at `index`."""
        separator = self.separator(index)
        if separator is not None:
            return separator.type
        if self.kind in _SEQUENCES and index + 1 < len(self._members):
            return "\n"
        return None
