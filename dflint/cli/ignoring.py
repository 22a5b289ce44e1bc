"""`dflint check --add-ignore`: a run that writes comments which silence what is found."""

from __future__ import annotations

from dflint.cli.fixing import FixingJob
from dflint.engine.report import FileReport, FixedFile
from dflint.fix.harm import harm
from dflint.fix.ignores import UNSILENCED, ignore_edits
from dflint.fix.outcome import Applied
from dflint.lint.document import Document
from dflint.lint.runner import BANNED
from dflint.text.edit import apply_edits
from dflint.text.source import Source

TYPE_CHECKING = False
if TYPE_CHECKING:
    from dflint.config.schema import Config
    from dflint.engine.begun import Begun
    from dflint.engine.report import ReportedFinding


class IgnoringJob(FixingJob):
    """A run that silences all that stands, and reports what cannot be silenced."""

    verbs = ("Silenced", "Would silence")
    is_told_by_text = False

    def hint(self) -> str:
        """What to say of fixes: nothing, as nobody asked for them."""
        return ""

    def finish(self, begun: Begun) -> FileReport:
        """The report on what was begun, once the comments are written."""
        report = super().finish(begun)
        touches = None if self.changed is None else self._touches(report)
        wanted = [
            finding
            for finding in report.findings
            if finding.rule not in UNSILENCED
            and (touches is None or touches(finding.place.line, finding.place.end_line))
        ]
        if not wanted or report.failure is not None or begun.doc.source.encoding_problem:
            return report
        return self._silenced(begun, report, wanted)

    def _silenced(
        self, begun: Begun, report: FileReport, wanted: list[ReportedFinding]
    ) -> FixedFile:
        """The file with comments that silence some findings, and what is found in it then."""
        doc = begun.doc
        found = [(one.rule, doc.lines.offset(one.place.line, one.place.column)) for one in wanted]
        edits = ignore_edits(doc, found, self.arguments.text("add_ignore") or "")
        data = apply_edits(doc.text, edits).encode("utf-8", "surrogateescape")
        after = Source(doc.source.path, data, doc.source.is_stream)
        config = self._config(after.path)
        then = self.session.check(after, config)
        problem = self._objection(begun, after, report, then) or self._write(doc.source, after)
        if problem:
            same = FixedFile(report, doc.text, doc.text)
            same.problem = problem
            return same
        file = FixedFile(then, doc.text, after.text)
        file.applied = tuple(
            Applied(one.rule, "silence it", one.place.line, True) for one in wanted
        )
        context = begun.doc.settings.context
        is_plain = context is None or not context.asked
        if self.results is not None and not self.is_diff and is_plain:
            self.results.keep(self._key(after, config, self.results), then)
        return file

    def _objection(self, begun: Begun, after: Source, report: FileReport, then: FileReport) -> str:
        """What speaks against the comments, empty for nothing."""
        if _count(then, BANNED) > _count(report, BANNED):
            return f"comments that silence rules are not wanted here (`{BANNED}`)"
        return harm(begun.doc, Document(after, begun.doc.settings)) or ""

    def _begin_anew(
        self, source: Source, config: Config, key: bytes | None, alone: bool
    ) -> Begun | FileReport:
        begun = self.session.begin(source, config, alone)
        begun.key = key
        return begun

    def _is_enough(self, report: FileReport, config: Config) -> bool:
        """Whether there is nothing to silence."""
        return not report.findings


def _count(report: FileReport, rule: str) -> int:
    return sum(finding.rule == rule for finding in report.findings)
