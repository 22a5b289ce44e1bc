"""`dflint check compose.yaml`: the Dockerfiles that a file names, as it has them built."""

from __future__ import annotations

import os

from dflint.cst.parser.build import parse
from dflint.discovery.build_target import kind_of_build_file, read_build_file
from dflint.engine.report import FileReport, Place, RelatedPlace, ReportedFinding
from dflint.errors import SourceError
from dflint.semantic.model import SemanticModel
from dflint.text.lines import LineIndex
from dflint.text.source import Source
from dflint.text.span import Span

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from dflint.cli.check import Job
    from dflint.config.schema import Config
    from dflint.discovery.build_target import BuildTarget, InlineText


def without_build_files(job: Job, paths: list[str]) -> Iterator[str | FileReport]:
    """What is to be checked for the files that describe builds, and all other paths as they are."""
    for path in paths:
        kind = kind_of_build_file(path) if os.path.isfile(path) else None
        if kind is None:
            yield path
        else:
            yield from _named(job, path, kind)


def _named(job: Job, path: str, kind: str) -> Iterator[str | FileReport]:
    """The Dockerfiles that a file names, a report on those within it, and on what is wrong."""
    try:
        targets = read_build_file(path, kind)
    except SourceError as error:
        yield FileReport(error.path, failure=error.message)
        return
    failures = {target: _failure(target) for target in targets if target.inline is None}
    told = [failure for failure in failures.values() if failure is not None]
    reports: dict[str, list[FileReport]] = {}
    if told:
        reports[path] = [FileReport(path, failure="; ".join(dict.fromkeys(told)))]
    for target in targets:
        if target.inline is not None:
            report = _inline_report(job, target, target.inline)
            reports.setdefault(report.path, []).append(report)
    yield from (_joined(file, several) for file, several in reports.items())
    if not targets:
        yield FileReport(path, notes=("it names no Dockerfile that is here",))
    builds = _by_dockerfile(job, [one for one in failures if failures[one] is None])
    for dockerfile, configs in builds.items():
        job.built[dockerfile] = configs[0]
        if len(configs) == 1 or job.is_fixing:
            yield dockerfile
        else:
            yield _union(job, dockerfile, configs)


def _by_dockerfile(job: Job, targets: list[BuildTarget]) -> dict[str, list[Config]]:
    """The Dockerfiles with the configurations under which each is built, none of them twice."""
    found: dict[str, list[Config]] = {}
    for target in targets:
        if target.dockerfile is not None:
            config = target.configured(job.finder.for_file(target.dockerfile))
            known = found.setdefault(target.dockerfile, [])
            if config not in known:
                known.append(config)
    return found


def _failure(target: BuildTarget) -> str | None:
    """Why a build cannot be what it is said to be; None when it can."""
    where = f"line {target.line}: `{target.name}`"
    path = target.dockerfile
    if path is None or target.context is None:
        return None
    if not os.path.isfile(path):
        return f"{where} is built of `{path}`: there is no such file"
    if not target.target:
        return None
    try:
        model = SemanticModel(parse(Source.read(path).text))
    except SourceError as error:
        return f"{where}: `{path}`: {error.message}"
    number = target.target
    is_number = number.isdigit() and int(number) < len(model.stages)
    if model.stage_named(target.target) is None and not is_number:
        return f"{where} is to be the stage `{target.target}`: `{path}` has none of that name"
    return None


def _union(job: Job, path: str, configs: list[Config]) -> FileReport:
    """What is found in a file that is built in several ways, each finding once."""
    try:
        source = Source.read(path)
    except SourceError as error:
        return FileReport(path, failure=error.message)
    return _joined(path, [job.session.check(source, config) for config in configs])


def _joined(path: str, reports: list[FileReport]) -> FileReport:
    """What several reports have on one file, each finding once."""
    failures = [one.failure for one in reports if one.failure is not None]
    return FileReport(
        path,
        _once(tuple(one for report in reports for one in report.findings)),
        _once(tuple(one for report in reports for one in report.suppressed)),
        failure="; ".join(dict.fromkeys(failures)) or None,
        internal=any(report.internal for report in reports),
        remarks=tuple(dict.fromkeys(one for report in reports for one in report.remarks)),
    )


def _once(findings: tuple[ReportedFinding, ...]) -> tuple[ReportedFinding, ...]:
    known = {(one.rule, one.message, one.place.line, one.place.column): one for one in findings}
    return tuple(
        sorted(known.values(), key=lambda one: (one.place.line, one.place.column, one.rule))
    )


def _inline_report(job: Job, target: BuildTarget, inline: InlineText) -> FileReport:
    """What is found in a Dockerfile that stands in another file, at its places there."""
    path = inline.path
    source = Source(path, inline.text.encode("utf-8", "surrogateescape"))
    report = job.session.check(source, target.configured(job.finder.for_file(path)))
    places = _Places(inline)
    return FileReport(
        path,
        tuple(map(places.moved, report.findings)),
        tuple(map(places.moved, report.suppressed)),
        failure=report.failure,
        internal=report.internal,
    )


class _Places:
    """The places of an inline Dockerfile in the file around it."""

    def __init__(self, inline: InlineText) -> None:
        self._inline = inline
        self._inner = LineIndex(inline.text)
        self._text = Source.read(inline.path).text
        self._outer = LineIndex(self._text)

    def moved(self, finding: ReportedFinding) -> ReportedFinding:
        """The finding where it is in the file around; nothing mends it."""
        place = self._place(finding.place)
        return ReportedFinding(
            finding.rule,
            finding.severity,
            place,
            finding.message,
            self._outer.line_text(place.line),
            tuple(RelatedPlace(self._place(one.place), one.note) for one in finding.related),
            finding.suppressed_by,
        )

    def _place(self, place: Place) -> Place:
        inner, outer = self._inner, self._outer
        start = inner.offset(place.line, place.column)
        end = inner.offset(place.end_line, place.end_column)
        span = self._inline.outer_span(Span(start, end), self._text)
        return Place(*outer.position(span.start), *outer.position(span.end))
