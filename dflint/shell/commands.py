"""Simple commands of a shell text (POSIX.1-2017, Shell Command Language, 2.9.1)."""

from __future__ import annotations

import re

from dflint.shell.contents import read_content
from dflint.shell.statements import Statement
from dflint.shell.wrappers import NAMES, find_program

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from dflint.shell.contents import Content
    from dflint.shell.redirects import Assignment, Redirect
    from dflint.shell.shell_text import ShellText
    from dflint.shell.statements import Construct, Place
    from dflint.shell.words import Word

#: The name of a program that is free of quotes and expansions.
PLAIN_NAME = re.compile(r"[A-Za-z0-9_./+:-]++(?![^\s;&|<>)])")


class Command(Statement):
    """A simple command, a `[`, `[[` or `((` command, or a declaration such as `export`.

    `words` are the name and the arguments. A command without a name has assignments or
    redirections only. `name_value` is the first word's value without its directories, `apt-get`
    for `/usr/bin/apt-get`; `program` the program that runs in the end, `apt-get` for `sudo env
    A=1 /usr/bin/apt-get`. Both are None when only a run can tell.
    """

    __slots__ = ("_content", "_program_at", "name_value", "program")

    def __init__(self, place: Place, shell_text: ShellText, parent: Construct) -> None:
        Statement.__init__(self, place, shell_text, parent)
        self._content: Content | None = None
        name = self._plain_name()
        if name is None and (words := self.words):
            name = words[0].value
        if name and "/" in name:
            name = name.rpartition("/")[2]
        self.name_value: str | None = name
        self.program: str | None = name
        self._program_at = 0
        if name in NAMES:
            self._program_at, self.program = find_program(self.words)

    def __repr__(self) -> str:
        return f"Command({self.text!r})"

    @property
    def words(self) -> tuple[Word, ...]:
        """The name and the arguments, in order, without assignments and redirections."""
        return (self._content or self._read())[0]

    @property
    def assignments(self) -> tuple[Assignment, ...]:
        """The assignments before the name, or those that are the whole command."""
        return (self._content or self._read())[1]

    @property
    def redirects(self) -> tuple[Redirect, ...]:
        """The redirections, in order."""
        return (self._content or self._read())[2]

    @property
    def name(self) -> Word | None:
        """The first word."""
        words = self.words
        return words[0] if words else None

    @property
    def program_word(self) -> Word | None:
        """The word that names that program."""
        words = (self._content or self._read())[0]
        return words[self._program_at] if words else None

    @property
    def leading_words(self) -> tuple[Word, ...]:
        """The words up to the one that names the program: `sudo`, `-E` and `make`."""
        return (self._content or self._read())[0][: self._program_at + 1]

    @property
    def arguments(self) -> tuple[Word, ...]:
        """The words after the one that names the program."""
        return (self._content or self._read())[0][self._program_at + 1 :]

    @property
    def options(self) -> Iterator[Word]:
        """The arguments that begin with `-`, up to `--`; a lone `-` is none."""
        for word in self.arguments:
            prefix = word.prefix
            if prefix == "--":
                return
            if prefix.startswith("-") and prefix != "-":
                yield word

    @property
    def operands(self) -> Iterator[Word]:
        """The arguments that do not begin with `-`, and all after `--`.

        The value of an option that stands in a word of its own is among them: which options take
        one is known to who knows the program.
        """
        ended = False
        for word in self.arguments:
            prefix = word.prefix
            if ended or not prefix.startswith("-") or prefix == "-":
                yield word
            elif prefix == "--":
                ended = True

    def find_option(self, *names: str) -> Word | None:
        """Give the first argument that is one of the options.

        A long option is found with a value too (`--name=value`), one letter in a cluster too
        (`-y` in `-qqy`).
        """
        for word in self.options:
            prefix = word.prefix
            if prefix in names or prefix.partition("=")[0] in names:
                return word
            if prefix[1] != "-" and any(
                len(name) == 2 and name[1] in prefix.partition("=")[0] for name in names
            ):
                return word
        return None

    def _plain_name(self) -> str | None:
        """Give the first word if it is free of quotes and expansions; reads no other word."""
        node = self._place.node
        if not node.has_error:
            match = PLAIN_NAME.match(self._shell_text.text, node.start_byte)
            # A number may stand right before a redirection.
            if match is not None and not match[0].isdigit():
                return match[0]
        if node.type == "command":
            for child in node.children:
                if child.type == "command_name":
                    match = PLAIN_NAME.match(self._shell_text.text, child.start_byte)
                    return match and match[0]
        return None

    def _read(self) -> Content:
        self._content = read_content(self._place, self._shell_text)
        return self._content
