"""From the grammar's tree to constructs and commands, in one walk."""

from __future__ import annotations

from bisect import bisect_left
from functools import cache

from dflint.shell.commands import Command
from dflint.shell.parser import by_kind_id
from dflint.shell.statements import Construct, Kind, Place
from dflint.text.lazy_pattern import LazyPattern

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from tree_sitter import Node

    from dflint.shell.shell_text import ShellText

# What a kind of node is to the walk.
_COMMAND, _CONSTRUCT, _CHAIN, _WRAPPED, _AND_OR, _PIPE, _END, _JOB, _COMMENT, _ERROR = range(1, 11)
_ROLES = {
    "command": _COMMAND,
    "declaration_command": _COMMAND,
    "unset_command": _COMMAND,
    "test_command": _COMMAND,
    "variable_assignment": _COMMAND,
    "variable_assignments": _COMMAND,
    "subshell": _CONSTRUCT,
    "compound_statement": _CONSTRUCT,
    "function_definition": _CONSTRUCT,
    "for_statement": _CONSTRUCT,
    "c_style_for_statement": _CONSTRUCT,
    "while_statement": _CONSTRUCT,
    "if_statement": _CONSTRUCT,
    "case_statement": _CONSTRUCT,
    "case_item": _CONSTRUCT,
    "do_group": _CONSTRUCT,
    "list": _CHAIN,
    "pipeline": _CHAIN,
    "redirected_statement": _WRAPPED,
    "negated_command": _WRAPPED,
    "&&": _AND_OR,
    "||": _AND_OR,
    "|": _PIPE,
    "|&": _PIPE,
    ";": _END,
    "&": _JOB,
    "comment": _COMMENT,
    "ERROR": _ERROR,
}
_STATEMENTS = frozenset((_COMMAND, _CONSTRUCT, _CHAIN, _WRAPPED))
_OPERATORS = frozenset((_AND_OR, _PIPE, _END, _JOB))

_CONSTRUCTS = {
    "subshell": Kind.SUBSHELL,
    "compound_statement": Kind.GROUP,
    "command_substitution": Kind.SUBSTITUTION,
    "process_substitution": Kind.PROCESS,
    "function_definition": Kind.FUNCTION,
    "for_statement": Kind.LOOP,
    "c_style_for_statement": Kind.LOOP,
    "while_statement": Kind.LOOP,
    "if_statement": Kind.IF,
    "case_statement": Kind.CASE,
    "case_item": Kind.BRANCH,
    "do_group": Kind.BRANCH,
}
# The words that begin a clause of `if` and `while`.
_CLAUSES = {
    "if": Kind.CONDITION,
    "elif": Kind.CONDITION,
    "while": Kind.CONDITION,
    "until": Kind.CONDITION,
    "then": Kind.BRANCH,
    "else": Kind.BRANCH,
}
_BODIES = ("do_group", "compound_statement")
_SUBSTITUTION = LazyPattern(r"[`$<>](?:(?<=`)|\()")


@cache
def _roles() -> dict[int, int]:
    return by_kind_id(_ROLES)


class Outline:
    """The constructs, commands and comments of a shell text, each in the order of the text.

    `comments` are pairs of offsets into the shell text. The first construct is the script.
    """

    __slots__ = (
        "_marks",
        "_roles",
        "_shell_text",
        "_unfilled",
        "commands",
        "comments",
        "constructs",
    )

    def __init__(self, root: Node, shell_text: ShellText) -> None:
        self._shell_text = shell_text
        # Where substitutions may begin.
        self._marks = [mark.start() for mark in _SUBSTITUTION.get().finditer(shell_text.text)]
        self.commands: list[Command] = []
        self.comments: list[tuple[int, int]] = []
        self.constructs: list[Construct] = []
        # Constructs that lack their statements, with the nodes that these are in.
        self._unfilled: list[tuple[Construct, Sequence[Node]]] = []
        self._roles = _roles()
        script = Construct(Kind.SCRIPT, Place(root, 0, len(shell_text.text)), shell_text, None)
        self.constructs.append(script)
        self._fill(script, root.children)
        if self._unfilled:
            self._fill_all()

    def _fill_all(self) -> None:
        while self._unfilled:
            self._fill(*self._unfilled.pop())
        self.commands.sort(key=_order)
        self.constructs.sort(key=_order)
        self.comments.sort()

    def _fill(self, parent: Construct, nodes: Sequence[Node]) -> None:
        """Add the statements among `nodes` to `parent`."""
        roles = [self._roles.get(node.kind_id, 0) for node in nodes]
        roles.append(0)
        for index, node in enumerate(nodes):
            role = roles[index]
            if role in _STATEMENTS:
                place = self._place(node, role)
                if roles[index + 1] in _OPERATORS:
                    place.separator = nodes[index + 1]
                    place.is_job = roles[index + 1] == _JOB
                self._add(place, role, parent)
            elif role == _COMMENT:
                self.comments.append((node.start_byte, node.end_byte))
            elif role == _ERROR:
                self._unfilled.append((parent, node.children))
            elif self._marks and not role and node.is_named:
                self._add_substitutions(parent, node)

    def _add(self, place: Place, role: int, parent: Construct) -> None:
        if role == _WRAPPED:
            role = self._unwrap(place)
        if role == _CHAIN:
            self._add_chain(place, parent)
            return
        for redirect in place.redirects:
            self._add_from_redirect(parent, redirect)
        if role == _CONSTRUCT and not _is_arithmetic(place.node):
            self._add_construct(place, parent)
        elif role != _COMMAND and place.node.type != "compound_statement":
            self._unfilled.append((parent, place.node.children))
        elif place.start < place.end:  # else the grammar made it up where one is missing
            self.commands.append(Command(place, self._shell_text, parent))
            if self._marks:
                self._add_substitutions(parent, place.node)

    def _place(self, node: Node, role: int) -> Place:
        place = Place(node, node.start_byte, node.end_byte)
        if role == _CONSTRUCT and node.type == "compound_statement":
            # The grammar is not shown a `!` before a group.
            text = self._shell_text.text
            at = place.start
            while at > 0 and text[at - 1] in " \t":
                at -= 1
            if text.endswith("!", 0, at):
                place.is_negated = True
                place.start = at - 1
        return place

    def _unwrap(self, place: Place) -> int:
        """Take what the grammar puts around a statement, redirections and `!`, off the node."""
        role = _WRAPPED
        while role == _WRAPPED:
            node = place.node
            if node.type == "negated_command":
                place.is_negated = not place.is_negated
                place.node = node.children[-1]
            elif body := node.child_by_field_name("body"):
                place.redirect(tuple(node.children_by_field_name("redirect")))
                place.node = body
            else:
                return _COMMAND
            role = self._roles.get(place.node.kind_id, 0)
        return role

    def _add_substitutions(self, parent: Construct, node: Node) -> None:
        """Add the substitutions within a node, but for those within one another."""
        text = self._shell_text.text
        index = bisect_left(self._marks, node.start_byte)
        if index == len(self._marks) or self._marks[index] >= node.end_byte:
            return
        stack = [node]
        while stack:
            node = stack.pop()
            if node.type in ("command_substitution", "process_substitution"):
                start = node.start_byte
                # In a string the grammar counts blanks before a backquote to the substitution.
                while text.startswith((" ", "\t", "\n"), start):
                    start += 1
                self._add_construct(Place(node, start, node.end_byte), parent)
            else:
                stack += node.children

    def _add_from_redirect(self, parent: Construct, node: Node) -> None:
        """Add what runs in a redirection; a heredoc's has the rest of its line in it."""
        if node.type == "heredoc_redirect":
            self._unfilled.append((parent, node.children))
        elif self._marks:
            self._add_substitutions(parent, node)

    def _add_construct(self, place: Place, parent: Construct) -> None:
        kind = place.node.type
        nodes = place.node.children
        construct = self._construct(_CONSTRUCTS[kind], place, parent)
        if kind in ("if_statement", "while_statement"):
            self._add_clauses(construct, nodes)
        elif kind == "c_style_for_statement":
            self._unfilled.append((construct, [node for node in nodes if node.type in _BODIES]))
        else:
            self._unfilled.append((construct, nodes))

    def _construct(self, kind: Kind, place: Place, parent: Construct) -> Construct:
        construct = Construct(kind, place, self._shell_text, parent)
        self.constructs.append(construct)
        return construct

    def _add_clauses(self, construct: Construct, nodes: Sequence[Node]) -> None:
        """Add the conditions and branches of `if`, or the condition and the body of `while`."""
        kind: Kind | None = None
        clause: list[Node] = []
        for node in _clause_nodes(nodes):
            begins = _CLAUSES.get(node.type)
            if begins is None and node.type != "do_group":
                clause.append(node)
                continue
            self._add_clause(construct, kind, clause)
            kind, clause = begins, []
            if begins is None:
                self._add_construct(Place(node, node.start_byte, node.end_byte), construct)
        self._add_clause(construct, kind, clause)

    def _add_clause(self, construct: Construct, kind: Kind | None, nodes: list[Node]) -> None:
        if kind is not None and nodes:
            place = Place(nodes[0], nodes[0].start_byte, nodes[-1].end_byte)
            self._unfilled.append((self._construct(kind, place, construct), nodes))

    def _add_chain(self, place: Place, parent: Construct) -> None:
        """Add an and-or list or a pipeline.

        The grammar nests what is flat to a shell, and where redirections stand between, it takes
        `a && b > f | c` for a pipeline. So the chain is laid out flat and put together again.
        """
        pipelines = self._flatten(place)
        last = pipelines[-1][-1][0] if pipelines[-1] else place
        if len(pipelines) > 1:
            place.end = max(place.end, last.end)
            if pipelines[0]:
                place.start = min(place.start, pipelines[0][0][0].start)
            place.is_negated, place.redirects = False, ()
            parent = self._construct(Kind.AND_OR, place, parent)
        else:
            last.separator, last.is_job = place.separator, place.is_job
        for members in pipelines:
            if len(members) > 1:
                self._add_pipeline(members, parent)
            elif members:
                self._add(*members[0], parent)

    def _add_pipeline(self, members: list[tuple[Place, int]], parent: Construct) -> None:
        first, last = members[0][0], members[-1][0]
        place = Place(first.node, first.start, last.end)
        place.separator, place.is_job = last.separator, last.is_job
        last.separator, last.is_job = None, False
        # `!` stands before the whole pipeline.
        place.is_negated, first.is_negated = first.is_negated, False
        first.start = first.node.start_byte
        pipeline = self._construct(Kind.PIPELINE, place, parent)
        for member, role in members:
            self._add(member, role, pipeline)

    def _flatten(self, chain: Place) -> list[list[tuple[Place, int]]]:
        """Give the pipelines of a chain, each a list of what it joins, with roles."""
        pipelines: list[list[tuple[Place, int]]] = [[]]
        place = Place(chain.node, 0, 0)
        stack: list[Node | tuple[Node, ...]] = [chain.redirects, chain.node]
        role_of = self._roles.get
        while stack:
            item = stack.pop()
            if isinstance(item, tuple):
                place.redirect(item)
                continue
            role = role_of(item.kind_id, 0)
            if role == _CHAIN:
                stack += item.children[::-1]
            elif role in (_AND_OR, _PIPE):
                place.separator = item
                if role == _AND_OR:
                    pipelines.append([])
            elif role == _COMMENT:
                self.comments.append((item.start_byte, item.end_byte))
            else:
                member = self._place(item, role)
                if role == _WRAPPED:
                    role = self._unwrap(member)
                if role == _CHAIN:
                    stack += member.redirects, member.node
                else:
                    place = member
                    pipelines[-1].append((member, role))
        return pipelines


def _is_arithmetic(node: Node) -> bool:
    """Whether it is `((…))`, which the grammar counts to the groups."""
    return (
        node.type == "compound_statement" and node.child_count > 0 and node.children[0].type == "(("
    )


def _clause_nodes(nodes: Sequence[Node]) -> Iterator[Node]:
    """Give the children of `elif` and `else` clauses in their place, without the last `fi`."""
    for node in nodes:
        if node.type in ("elif_clause", "else_clause"):
            yield from node.children
        elif node.type != "fi":
            yield node


def _order(statement: Command | Construct) -> tuple[int, int]:
    return statement.start, -statement.end
