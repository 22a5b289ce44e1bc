"""What became of the fixes of one file."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from dflint.fix.choose import Reason
    from dflint.lint.document import Document
    from dflint.lint.fix import Fix


class Applied:
    """A fix that was applied: by which rule, what it does, on which line it began."""

    __slots__ = ("is_safe", "line", "rule", "title")

    rule: str
    title: str
    line: int
    is_safe: bool

    def __init__(self, rule: str, title: str, line: int, is_safe: bool) -> None:
        self.rule = rule
        self.title = title
        self.line = line
        self.is_safe = is_safe


class Skipped:
    """A fix that was wanted and not applied: by which rule, where, why, in detail."""

    __slots__ = ("detail", "line", "reason", "rule")

    rule: str
    line: int
    reason: Reason
    detail: str

    def __init__(self, rule: str, line: int, reason: Reason, detail: str) -> None:
        self.rule = rule
        self.line = line
        self.reason = reason
        self.detail = detail

    def __str__(self) -> str:
        detail = f": {self.detail}" if self.detail else ""
        why = f"{self.reason.value}{detail}"
        return f"line {self.line}: the fix of `{self.rule}` was not applied, {why}"


class Outcome:
    """What the fixes made of a file.

    `doc` is the document as it is now, `fixes` those that were applied with the pass they were
    applied in, for whoever judges them again. `unsettled` are the rules whose fixes undid each
    other, or had no end; empty for a file that needs no other pass.
    """

    __slots__ = ("applied", "before", "doc", "passes", "skipped", "unsettled")

    before: Document
    doc: Document
    applied: list[Applied]
    skipped: list[Skipped]
    unsettled: tuple[str, ...]
    passes: list[tuple[Document, list[Fix]]]

    def __init__(self, doc: Document) -> None:
        self.before = doc
        self.doc = doc
        self.applied = []
        self.skipped = []
        self.unsettled = ()
        self.passes = []

    @property
    def is_changed(self) -> bool:
        """Whether the text is another one."""
        return self.doc.text != self.before.text
