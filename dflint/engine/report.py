"""What a run reports: plain records that can cross a process boundary."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from dflint.fix.outcome import Applied, Skipped
    from dflint.lint.finding import Severity


class Place:
    """Where something is, for people: lines and columns from 1, the end exclusive."""

    __slots__ = ("column", "end_column", "end_line", "line")

    line: int
    column: int
    end_line: int
    end_column: int

    def __init__(self, line: int, column: int, end_line: int, end_column: int) -> None:
        self.line = line
        self.column = column
        self.end_line = end_line
        self.end_column = end_column


class RelatedPlace:
    """A second place that belongs to a finding, with a note on what it is."""

    __slots__ = ("note", "place")

    place: Place
    note: str

    def __init__(self, place: Place, note: str) -> None:
        self.place = place
        self.note = note


class ReportedEdit:
    """A replacement that is part of a fix: what stands at `place` becomes `text`."""

    __slots__ = ("place", "text")

    place: Place
    text: str

    def __init__(self, place: Place, text: str) -> None:
        self.place = place
        self.text = text


class ReportedFix:
    """What mends a finding: what it does, in the imperative, and its edits in order.

    `applicability` is `safe`, `unsafe`, or `display` for what is never applied by itself.
    """

    __slots__ = ("applicability", "edits", "title")

    title: str
    applicability: str
    edits: tuple[ReportedEdit, ...]

    def __init__(self, title: str, applicability: str, edits: tuple[ReportedEdit, ...]) -> None:
        self.title = title
        self.applicability = applicability
        self.edits = edits


class ReportedFinding:
    """A finding as it is printed.

    `source_line` is the text of `place.line` without its line end. `suppressed_by` is None for
    a finding that stands, else the text of what suppressed it (`# dflint: ignore=… reason`).
    `fixable` is the best that a fix of it can be, empty where there is none or where the
    configuration wants no fix of the rule. `fix` is what mends it, None where nothing does and
    where no fixes were asked for.
    """

    __slots__ = (
        "fix",
        "fixable",
        "message",
        "place",
        "related",
        "rule",
        "severity",
        "source_line",
        "suppressed_by",
    )

    rule: str
    severity: Severity
    place: Place
    message: str
    source_line: str
    related: tuple[RelatedPlace, ...]
    suppressed_by: str | None
    fix: ReportedFix | None
    fixable: str

    def __init__(
        self,
        rule: str,
        severity: Severity,
        place: Place,
        message: str,
        source_line: str,
        related: tuple[RelatedPlace, ...] = (),
        suppressed_by: str | None = None,
        fix: ReportedFix | None = None,
        fixable: str = "",
    ) -> None:
        self.rule = rule
        self.severity = severity
        self.place = place
        self.message = message
        self.source_line = source_line
        self.related = related
        self.suppressed_by = suppressed_by
        self.fix = fix
        self.fixable = fixable


class FileReport:
    """What was found in one file.

    `findings` stand, `suppressed` were silenced by a comment in the file; both are sorted by place,
    then rule. `notes` are remarks that are no finding (a template that was skipped). `failure` is
    None, or why the file could not be checked; `internal` tells a bug of dflint from a file that
    cannot be read. `remarks` are on the run and not on the file (ShellCheck is not there);
    the same one may come with several files.
    """

    __slots__ = ("failure", "findings", "internal", "notes", "path", "remarks", "suppressed")

    path: str
    findings: tuple[ReportedFinding, ...]
    suppressed: tuple[ReportedFinding, ...]
    notes: tuple[str, ...]
    failure: str | None
    internal: bool
    remarks: tuple[str, ...]

    def __init__(
        self,
        path: str,
        findings: tuple[ReportedFinding, ...] = (),
        suppressed: tuple[ReportedFinding, ...] = (),
        notes: tuple[str, ...] = (),
        failure: str | None = None,
        internal: bool = False,
        remarks: tuple[str, ...] = (),
    ) -> None:
        self.path = path
        self.findings = findings
        self.suppressed = suppressed
        self.notes = notes
        self.failure = failure
        self.internal = internal
        self.remarks = remarks


class FixedFile(FileReport):
    """What was found in one file once fixes had been applied to it.

    `before` and `after` are the text without and with them; `applied` are the fixes, `skipped`
    those that a bug of their rule kept from being applied, and `unsettled` the rules whose fixes
    undo each other or have no end. `problem` is empty, or why the file is as it was all the same.
    `evidence` are the statements on what is proved of the fixes, as JSON objects.
    """

    __slots__ = ("after", "applied", "before", "evidence", "problem", "skipped", "unsettled")

    before: str
    after: str
    applied: tuple[Applied, ...]
    skipped: tuple[Skipped, ...]
    unsettled: tuple[str, ...]
    problem: str
    evidence: tuple[dict[str, object], ...]

    def __init__(self, report: FileReport, before: str, after: str) -> None:
        super().__init__(
            report.path,
            report.findings,
            report.suppressed,
            report.notes,
            report.failure,
            report.internal,
            report.remarks,
        )
        self.before = before
        self.after = after
        self.applied = ()
        self.skipped = ()
        self.unsettled = ()
        self.problem = ""
        self.evidence = ()

    @property
    def is_changed(self) -> bool:
        """Whether the text is another one."""
        return self.after != self.before


def worst(report: FileReport) -> Severity | None:
    """The gravest severity in a report, or None when nothing was found."""
    return max((finding.severity for finding in report.findings), default=None)
