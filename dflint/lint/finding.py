"""What a rule reports."""

from __future__ import annotations

from enum import IntEnum

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from dflint.lint.fix import Fix
    from dflint.text.span import Span

    FixMaker = Callable[[], Fix | None]


class Severity(IntEnum):
    """How much a finding matters; greater is worse."""

    STYLE = 1
    INFO = 2
    WARNING = 3
    ERROR = 4

    @property
    def label(self) -> str:
        """The name as it is printed and configured: `error`, `warning`, `info`, `style`."""
        return self.name.lower()


class Related:
    """Another place that belongs to a finding, with a short note on what it is."""

    __slots__ = ("note", "span")

    span: Span
    note: str

    def __init__(self, span: Span, note: str) -> None:
        self.span = span
        self.note = note


class Finding:
    """One defect at one place: which rule says so, where, and what happens because of it.

    `make_fix` is None where nothing mends it, else what makes the fix when somebody asks: most
    checks want none.
    """

    __slots__ = ("make_fix", "message", "related", "rule", "severity", "span")

    rule: str
    severity: Severity
    span: Span
    message: str
    related: tuple[Related, ...]
    make_fix: FixMaker | None

    def __init__(
        self,
        rule: str,
        severity: Severity,
        span: Span,
        message: str,
        related: tuple[Related, ...] = (),
        make_fix: FixMaker | None = None,
    ) -> None:
        self.rule = rule
        self.severity = severity
        self.span = span
        self.message = message
        self.related = related
        self.make_fix = make_fix

    def __repr__(self) -> str:
        return f"Finding({self.rule!r}, {self.severity.label}, {self.span!r}, {self.message!r})"

    def fix(self) -> Fix | None:
        """What mends it, None where nothing does; made at the first call."""
        if self.make_fix is None:
            return None
        fix = self.make_fix()
        self.make_fix = lambda: fix
        return fix
