"""The part of a report on time: the steps of the build, when each ran, and what was cached."""

from __future__ import annotations

from collections.abc import Iterator

from dflint.build.build_record import NONE, RecordedStep
from dflint.pictures.markup import markup
from dflint.pictures.page_parts import cell, count_of, folded, row, seconds, share, size, table
from dflint.pictures.report import Report
from dflint.pictures.stage_picture import stage_id

#: Shorter times are not told.
_LEAST = 0.005


def is_internal(step: RecordedStep) -> bool:
    """Whether a step belongs to no instruction, as reading the Dockerfile does."""
    return step.stage == NONE


def steps_part(report: Report) -> Iterator[str]:
    """The section as markup."""
    yield '<section aria-labelledby="time"><h2 id="time">Where the time went</h2>\n'
    record = report.record
    if record is None:
        yield _no_record(report)
        yield "</section>\n"
        return
    cached = [one for one in report.steps if one.is_cached]
    yield (
        f"<p>The build took <b>{seconds(record.seconds)}</b>. "
        f"Of {count_of(len(report.steps), 'step')} {len(cached)} came from the cache"
        f"{_saved(cached)}. "
        "Steps of several stages run side by side. Open a step to see all of it.</p>\n"
    )
    yield (
        '<ul class="legend"><li><i class="ran"></i>ran</li>'
        '<li><i class="kept"></i>from the cache</li></ul>\n'
    )
    yield '<ol class="steps">\n'
    for number, step in enumerate(report.steps):
        yield _step(report, number, step, record.seconds)
    yield "</ol>\n"
    yield folded("All steps as a table", _table(report))
    yield "</section>\n"


def _saved(cached: list[RecordedStep]) -> str:
    """What the cached steps took when they ran, as far as that is known."""
    earlier = sum(one.earlier or 0.0 for one in cached)
    return f", which took {seconds(earlier)} when they ran" if earlier >= _LEAST else ""


def _no_record(report: Report) -> str:
    if report.image is None:
        return "<p>Nothing was built: there are no times.</p>\n"
    return (
        "<p>How long the steps took is not known: the store has no record of this image's build. "
        "<code>dflint build</code> keeps one of each image that it makes.</p>\n"
    )


def _step(report: Report, number: int, step: RecordedStep, total: float) -> str:
    left = 100 * step.start / total if total else 0.0
    width = 100 * step.seconds / total if total else 0.0
    left = min(left, 99.6)
    bar = (
        f'<span class="bar{" cached" if step.is_cached else ""}" '
        f'style="left:{left:.2f}%;width:{width:.2f}%"></span>'
    )
    return (
        f'<li><details id="step-{number}"><summary><span class="name">{markup(step.name)}</span>'
        f'<span class="track">{bar}</span><span class="n">{_took(step)}</span></summary>\n'
        f"<dl>{''.join(_facts(report, step))}</dl></details></li>\n"
    )


def _took(step: RecordedStep) -> str:
    if not step.is_cached:
        return seconds(step.seconds)
    return "cached" if step.earlier is None else f"cached, was {seconds(step.earlier)}"


def _facts(report: Report, step: RecordedStep) -> Iterator[str]:
    yield f"<dt>step</dt><dd><code>{markup(step.name)}</code></dd>"
    if step.line:
        yield f"<dt>line</dt><dd>{step.line} of the Dockerfile</dd>"
    if not is_internal(step) and report.stages is not None:
        found = [one for one in report.stages.boxes if one.id == stage_id(step.stage)]
        yield from (f"<dt>stage</dt><dd>{markup(one.title)}</dd>" for one in found)
    if step.is_cached:
        earlier = "" if step.earlier is None else f"; it took {seconds(step.earlier)} when it ran"
        yield f"<dt>time</dt><dd>from the cache{earlier}</dd>"
    else:
        yield (
            f"<dt>time</dt><dd>{seconds(step.seconds)}, from {seconds(step.start)} after the start"
            "</dd>"
        )
    if step.layer != NONE and step.layer < len(report.layers):
        layer = report.layers[step.layer]
        yield (
            f'<dt>layer</dt><dd><a href="#layer-{layer.number}">layer {layer.number + 1}</a>, '
            f"{size(layer.size)}</dd>"
        )


def _table(report: Report) -> str:
    total = 0.0 if report.record is None else report.record.seconds
    rows = (
        row((
            cell(number + 1, "n"), cell(one.name),
            cell("from the cache" if one.is_cached else "ran"), cell(f"{one.start:.3f}", "n"),
            cell(f"{one.seconds:.3f}", "n"), cell(share(one.seconds, total), "n"),
            cell("" if one.earlier is None else f"{one.earlier:.3f}", "n"),
        ))
        for number, one in enumerate(report.steps)
    )  # fmt: skip
    heads = ("#", "step", "how", "start, s", "took, s", "of all", "when it ran, s")
    return table("Steps of the build", heads, rows, (0, 3, 4, 5, 6))
