"""What a whole run found, in numbers and in one sentence."""

from __future__ import annotations

from dflint.engine.report import FixedFile
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


class Fixable:
    """How many findings can be fixed: as things are, and with unsafe fixes allowed besides.

    Where fixes were not made, these are the most that can be: by what their rules can fix at best.
    """

    __slots__ = ("is_certain", "now", "unsafe")

    def __init__(self, is_certain: bool = False) -> None:
        self.is_certain = is_certain
        self.now = 0
        self.unsafe = 0

    def add(self, report: FileReport, takes_unsafe: bool) -> None:
        """Count the findings in a report in, for a file of which unsafe fixes are taken or not."""
        for finding in report.findings:
            if not self.is_certain:
                self.count(finding.fixable, takes_unsafe)
            elif finding.fix is not None:
                self.count(finding.fix.applicability, takes_unsafe)

    def count(self, applicability: str, takes_unsafe: bool) -> None:
        """Count one finding in that has a fix, perhaps."""
        if applicability == "safe" or (applicability == "unsafe" and takes_unsafe):
            self.now += 1
        elif applicability == "unsafe":
            self.unsafe += 1

    def sentence(self) -> str:
        """Say how to have them fixed, empty if none can be."""
        if not self.is_certain:
            return self._most()
        if self.now and self.unsafe:
            return f"{self.now} can be fixed with `--fix`, {self.unsafe} more with `--unsafe-fixes`"
        if self.now:
            return f"{self.now} can be fixed with `--fix`"
        return f"{self.unsafe} can be fixed with `--fix --unsafe-fixes`" if self.unsafe else ""

    def _most(self) -> str:
        both = self.now + self.unsafe
        if self.now and self.unsafe:
            return f"up to {self.now} can be fixed with `--fix`, {both} with `--unsafe-fixes`"
        options = "--fix --unsafe-fixes" if self.unsafe else "--fix"
        return f"up to {both} can be fixed with `{options}`" if both else ""


class Summary:
    """Counts of a run, fed report by report."""

    __slots__ = (
        "by_severity",
        "failures",
        "files",
        "files_with_findings",
        "fixed",
        "fixed_files",
        "suppressed",
        "unsafe",
    )

    by_severity: dict[Severity, int]
    failures: int
    files: int
    files_with_findings: int
    suppressed: int
    fixed: int
    fixed_files: int
    unsafe: int

    def __init__(self) -> None:
        self.by_severity = dict.fromkeys(sorted(Severity, reverse=True), 0)
        self.failures = 0
        self.files = 0
        self.files_with_findings = 0
        self.suppressed = 0
        self.fixed = 0
        self.fixed_files = 0
        self.unsafe = 0

    def add(self, report: FileReport) -> None:
        """Count one file in."""
        self.files += 1
        self.failures += report.failure is not None
        self.files_with_findings += bool(report.findings)
        self.suppressed += len(report.suppressed)
        for finding in report.findings:
            self.by_severity[finding.severity] += 1
        if isinstance(report, FixedFile) and report.applied:
            self.fixed += len(report.applied)
            self.fixed_files += 1
            self.unsafe += sum(not one.is_safe for one in report.applied)

    @property
    def findings(self) -> int:
        """How many findings stand."""
        return sum(self.by_severity.values())

    def sentence(self) -> str:
        """Put the numbers in words: `3 findings (1 error, 2 warnings) in 1 of 12 files`."""
        if not self.files:
            return "no files to check"
        parts = [f"{self.changes('Fixed')}, {self._rest()}" if self.fixed else self._verdict()]
        if self.suppressed:
            parts.append(f"{self.suppressed} suppressed")
        if self.failures:
            parts.append(f"{_count(self.failures, 'file')} could not be checked")
        return ", ".join(parts)

    def changes(self, verb: str) -> str:
        """Say what was done: `Fixed 12 (3 unsafe) in 5 files`."""
        unsafe = f" ({self.unsafe} unsafe)" if self.unsafe else ""
        return f"{verb} {self.fixed}{unsafe} in {_count(self.fixed_files, 'file')}"

    def _rest(self) -> str:
        if not self.findings:
            return "no findings remain"
        return f"{self._found()} {'remains' if self.findings == 1 else 'remain'}"

    def _verdict(self) -> str:
        if not self.findings:
            checked = self.files - self.failures
            return f"{_count(checked, 'file')} checked, no findings"
        return self._found()

    def _found(self) -> str:
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
