"""What a whole run found, in numbers and in one sentence."""

from __future__ import annotations

from dflint.lint.finding import Severity

TYPE_CHECKING = False
if TYPE_CHECKING:
    from dflint.engine.report import FileReport, ReportedFinding

# `Severity.label` goes through the enum's machinery at each call.
LABELS = {severity: severity.label for severity in Severity}

NOT_CHECKED = "not-checked"
INTERNAL_ERROR = "internal-error"


def failure_code(report: FileReport) -> str:
    """Name the failure where a format expects the name of a rule."""
    return INTERNAL_ERROR if report.internal else NOT_CHECKED


def failure_message(report: FileReport) -> str:
    """Say why the file was not checked; "" when it was."""
    if report.failure is None:
        return ""
    if report.internal:
        return f"not checked, internal error of dflint: {report.failure}"
    return f"not checked: {report.failure}"


def shown_findings(report: FileReport, show_suppressed: bool) -> tuple[ReportedFinding, ...]:
    """Choose the findings to print: those that stand and, if wanted, the suppressed between."""
    if not show_suppressed or not report.suppressed:
        return report.findings
    both = (*report.findings, *report.suppressed)
    return tuple(sorted(both, key=lambda f: (f.place.line, f.place.column, f.rule)))


class Summary:
    """Counts of a run, fed report by report."""

    __slots__ = ("by_severity", "failures", "files", "files_with_findings", "suppressed")

    by_severity: dict[Severity, int]
    failures: int
    files: int
    files_with_findings: int
    suppressed: int

    def __init__(self) -> None:
        self.by_severity = dict.fromkeys(sorted(Severity, reverse=True), 0)
        self.failures = 0
        self.files = 0
        self.files_with_findings = 0
        self.suppressed = 0

    def add(self, report: FileReport) -> None:
        """Count one file in."""
        self.files += 1
        self.failures += report.failure is not None
        self.files_with_findings += bool(report.findings)
        self.suppressed += len(report.suppressed)
        for finding in report.findings:
            self.by_severity[finding.severity] += 1

    @property
    def findings(self) -> int:
        """How many findings stand."""
        return sum(self.by_severity.values())

    def sentence(self) -> str:
        """Put the numbers in words: `3 findings (1 error, 2 warnings) in 1 of 12 files`."""
        if not self.files:
            return "no files to check"
        parts = [self._verdict()]
        if self.suppressed:
            parts.append(f"{self.suppressed} suppressed")
        if self.failures:
            parts.append(f"{_count(self.failures, 'file')} could not be checked")
        return ", ".join(parts)

    def _verdict(self) -> str:
        if not self.findings:
            checked = self.files - self.failures
            return f"{_count(checked, 'file')} checked, no findings"
        kinds = ", ".join(
            _count(count, LABELS[severity], severity >= Severity.WARNING)
            for severity, count in self.by_severity.items()
            if count
        )
        where = f"{self.files_with_findings} of {_count(self.files, 'file')}"
        return f"{_count(self.findings, 'finding')} ({kinds}) in {where}"


def _count(number: int, noun: str, countable: bool = True) -> str:
    # "2 style" and "2 info": neither word has a plural that fits.
    return f"{number} {noun}s" if countable and number != 1 else f"{number} {noun}"
