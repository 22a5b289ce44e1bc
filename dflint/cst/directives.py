"""Parser directives."""

from __future__ import annotations

from dflint.cst.node import Node


class ParserDirective(Node):
    """A `# name=value` line at the very top: `syntax`, `escape` or `check`.

    "Parser directives" in the Dockerfile reference: any case, blanks around `=` allowed, each
    at most once, and nothing but other directives above it. `marker` is the `#` with the blanks
    before and behind it, `equals` the `=` with the blanks around it.

    With blanks before it BuildKit's parser knows it still, so that `escape` counts; who looks for
    `syntax` and `check` knows neither that line nor what is below it.
    """

    marker: str
    name: str
    equals: str
    value: str
    trailing: str
    newline: str

    @property
    def is_indented(self) -> bool:
        """Whether blanks stand before it."""
        return self.marker[0] != "#"
