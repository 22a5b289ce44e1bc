"""What a builder passes over: blanks, line ends, comments, continuations."""

from __future__ import annotations

from dflint.cst.node import Node


class Whitespace(Node):
    """Blanks within a line."""

    text: str


class Continuation(Node):
    r"""An escaped line end: the escape character, blanks after it, and the line end.

    "Format" in the Dockerfile reference: an instruction goes on over the next line. `newline`
    is empty when the file ends right after the escape character.
    """

    escape: str
    blanks: str
    newline: str


class Comment(Node):
    """A line whose first character that is not blank is `#`.

    It stands above an instruction or within its continuation; a builder drops the whole line.
    `text` begins with the `#`.
    """

    indent: str
    text: str
    newline: str


class EmptyLine(Node):
    """A line of blanks only."""

    blanks: str
    newline: str


#: What can stand between two words.
Trivia = Whitespace | Continuation | Comment | EmptyLine
#: What can stand above an instruction.
Above = Comment | EmptyLine
