"""What another program finds in a document, which our suppressions hold for as well."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from dflint.lint.finding import Finding


class External:
    """The findings of another program.

    `is_complete` tells whether it has seen all that there is for it to see: if not, nobody knows
    what a suppression would have silenced. `asks` tells whether a name in a suppression means
    findings that the program was asked for.
    """

    __slots__ = ("asks", "findings", "is_complete")

    findings: Sequence[Finding]
    is_complete: bool
    asks: Callable[[str], bool]

    def __init__(
        self, findings: Sequence[Finding], is_complete: bool, asks: Callable[[str], bool]
    ) -> None:
        self.findings = findings
        self.is_complete = is_complete
        self.asks = asks
