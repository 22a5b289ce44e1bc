"""Parser directives."""

from __future__ import annotations

from dflint.cst.node import Node


class ParserDirective(Node):
    """A `# name=value` line at the very top: `syntax`, `escape` or `check`.

    "Parser directives" in the Dockerfile reference: any case, blanks around `=` allowed, each
    at most once, and nothing but other directives above it. `marker` is the `#` with the blanks
    behind it, `equals` the `=` with the blanks around it.
    """

    marker: str
    name: str
    equals: str
    value: str
    trailing: str
    newline: str
