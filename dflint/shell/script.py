"""The shell text of an instruction as a program."""

from __future__ import annotations

from functools import lru_cache

from dflint.shell.plain import is_plain
from dflint.shell.plain_outline import PlainOutline
from dflint.shell.shell_text import ShellText, join_lines, strip_heredoc
from dflint.shell.statements import Construct, Kind
from dflint.text.contains import contains_any
from dflint.text.span import Span

TYPE_CHECKING = False
if TYPE_CHECKING:
    from tree_sitter import Node, Tree

    from dflint.shell.commands import Command
    from dflint.shell.heredocs import Heredoc
    from dflint.shell.outline import Outline
    from dflint.shell.redirects import Redirect
    from dflint.shell.statements import Statement


def read_shell_form(body: str, base: int = 0, escape: str = "\\") -> Script:
    """Read the script of an instruction in shell form, with the bodies of heredocs that follow it.

    `body` is the argument as it stands in the Dockerfile, after the instruction's flags; `base`
    is its offset there, `escape` the file's escape character.
    """
    return Script(join_lines(body, base, escape))


def read_heredoc(body: str, base: int = 0, chomp: bool = False) -> Script:
    """Read the script that is a heredoc's whole body, as in `RUN <<EOF`; `chomp` is for `<<-`."""
    return Script(strip_heredoc(body, base, chomp))


class Script:
    """A shell program.

    It is parsed when something is asked of it that needs that, and only once. All spans are
    offsets into the Dockerfile. Reading never fails: of a text that is no program, `error` tells
    where it ceases to be one, and commands are those that could be made out. `text` is what the
    shell reads: lines joined, the Dockerfile's comment lines dropped.
    """

    __slots__ = (
        "_by_name",
        "_commands",
        "_heredocs",
        "_is_correct",
        "_is_readable",
        "_outline",
        "_plain",
        "_root",
        "_shell_text",
        "text",
    )

    def __init__(self, shell_text: ShellText) -> None:
        self._shell_text = shell_text
        self.text = shell_text.text
        self._root: Node | None = None
        self._plain: bool | None = None
        # Whether it is known to have no error.
        self._is_correct = False
        self._is_readable = True
        self._heredocs: tuple[Heredoc, ...] = ()
        self._outline: Outline | PlainOutline | None = None
        self._commands: tuple[Command, ...] | None = None
        self._by_name: dict[str, list[Command]] | None = None

    @property
    def shell_text(self) -> ShellText:
        """The text with the places of its characters."""
        return self._shell_text

    def mentions(self, *names: str) -> bool:
        """Whether one of the names stands anywhere in the text; asks for no parse.

        A quick test before a question about commands: no command is called what is not mentioned,
        but for names with quotes or escapes in them.
        """
        return contains_any(self.text, names)

    def source_span(self, start: int, end: int) -> Span:
        """Where the characters from `start` to `end` of `text` stand in the Dockerfile."""
        return self._shell_text.source_span(start, end)

    @property
    def is_readable(self) -> bool:
        """Whether it was read at all: false for a text of absurd size or depth."""
        if self._root is None and self.is_plain:
            return True
        self._parse()
        return self._is_readable

    @property
    def error(self) -> Span | None:
        """The first place where the text is no program, None when all of it is one."""
        if self._is_correct:
            return None
        if self._root is None and self.is_plain:
            self._is_correct = True
            return None
        root = self._parse()
        if not self._is_readable:
            return self.source_span(0, len(self.text))
        if not root.has_error:
            self._is_correct = True
            return None
        wrong = _first_error(root)
        return self.source_span(wrong.start_byte, wrong.end_byte)

    @property
    def root(self) -> Construct:
        """The construct that holds everything."""
        return self._read().constructs[0]

    @property
    def commands(self) -> tuple[Command, ...]:
        """Every command in the order of the text, those in substitutions included."""
        commands = self._commands
        if commands is None:
            commands = self._commands = tuple(self._read().commands)
        return commands

    @property
    def constructs(self) -> tuple[Construct, ...]:
        """Every construct in the order of the text, the script first."""
        return tuple(self._read().constructs)

    @property
    def pipelines(self) -> tuple[Construct, ...]:
        """Every pipeline of two statements or more, in the order of the text."""
        return tuple(item for item in self._read().constructs if item.kind is Kind.PIPELINE)

    @property
    def comments(self) -> tuple[Span, ...]:
        """The shell's own comments; one in joined lines takes the rest of them with it."""
        return tuple(self.source_span(*comment) for comment in self._read().comments)

    @property
    def steps(self) -> tuple[Statement, ...]:
        """The statements of the body itself, and-or lists opened: what runs one after another.

        `operator_before` and `operator_after` of a step tell how it is joined to its neighbours.
        """
        steps: list[Statement] = []
        for statement in self.root.statements:
            if isinstance(statement, Construct) and statement.kind is Kind.AND_OR:
                steps += statement.statements or (statement,)
            else:
                steps.append(statement)
        return tuple(steps)

    def commands_named(self, *names: str) -> tuple[Command, ...]:
        """Give the commands with one of the names, in the order of the text.

        A name is that of the first word or of the program that runs in the end: `sudo apt-get`
        is found by `sudo` and by `apt-get`.
        """
        if not self.mentions(*names):
            return ()
        index = self._by_name or self._name_commands()
        found = [command for name in names for command in index.get(name, ())]
        if len(names) > 1:
            found.sort(key=lambda command: command.start)
        return tuple(dict.fromkeys(found))

    def heredoc_of(self, redirect: Redirect) -> Heredoc | None:
        """Give the heredoc that a redirection reads; None for other redirections."""
        if not redirect.operator.startswith("<<"):
            return None
        for heredoc in self._heredocs:
            if redirect.start <= heredoc.marker < redirect.end:
                return heredoc
        return None

    def _name_commands(self) -> dict[str, list[Command]]:
        by_name: dict[str, list[Command]] = {}
        for command in self._read().commands:
            name, program = command.name_value, command.program
            if name:
                by_name.setdefault(name, []).append(command)
            if program and program != name:
                by_name.setdefault(program, []).append(command)
        self._by_name = by_name
        return by_name

    @property
    def is_plain(self) -> bool:
        """Whether it is a list of plain commands, which is known without the grammar."""
        if self._plain is None:
            self._plain = is_plain(self.text)
        return self._plain

    def _parse(self) -> Node:
        if self._root is None:
            import dflint.shell.parser as module

            tree: Tree | None = None
            if len(self.text) <= module.MOST_CHARACTERS:
                tree, self._heredocs = _parse_text(self.text)
            self._is_readable = tree is not None
            self._root = (tree or module.parse_nothing()).root_node
        return self._root

    def _read(self) -> Outline | PlainOutline:
        if self._outline is None:
            if self._root is None and self.is_plain:
                self._outline = PlainOutline(self._shell_text)
            else:
                import dflint.shell.outline as module

                self._outline = module.Outline(self._parse(), self._shell_text)
        return self._outline


@lru_cache(maxsize=256)
def _parse_text(text: str) -> tuple[Tree | None, tuple[Heredoc, ...]]:
    """The tree of a text, None if it cannot be read, and its heredocs.

    Kept for a while: a file that fixes are made to is read again with most scripts as they were.
    """
    from dflint.shell.normalise import hide, normalise, separate
    from dflint.shell.parser import parse

    plain, heredocs = normalise(text)
    hidden = hide(plain)
    tree = parse(hidden)
    if tree is None or not tree.root_node.has_error:
        return tree, heredocs
    tried = {hidden}
    for other_text in (plain, separate(hidden)):
        if other_text not in tried:
            tried.add(other_text)
            other = parse(other_text)
            if other is not None and not other.root_node.has_error:
                return other, heredocs
    return tree, heredocs


def _first_error(node: Node) -> Node:
    """Give the first node that is an error or that the grammar had to make up."""
    stack = [node]
    while stack:
        node = stack.pop()
        if node.is_error or node.is_missing:
            break
        stack.extend(child for child in reversed(node.children) if child.has_error)
    return node
