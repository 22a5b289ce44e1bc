"""A report as a page of HTML, which stands for itself: no script, nothing is fetched."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime

from dflint.build.build_record import RecordedStep
from dflint.oci.image_document import ContainerConfig
from dflint.pictures.markup import markup
from dflint.pictures.page_bytes import bytes_part
from dflint.pictures.page_parts import cell, count_of, folded, row, seconds, share, size, table
from dflint.pictures.page_steps import is_internal, steps_part
from dflint.pictures.page_style import STYLE
from dflint.pictures.picture import Picture, cut
from dflint.pictures.report import Report
from dflint.pictures.svg import svg_element

_POLICY = "default-src 'none'; style-src 'unsafe-inline'"
_SHOWN = 3
_LONGEST = 100


def page(report: Report) -> str:
    """The page; the same report gives the same text."""
    title = markup(report.title)
    parts = [
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{title}: where the bytes and the seconds went</title>\n"
        f"<style>\n{STYLE}</style>\n</head>\n<body>\n"
        '<a class="skip" href="#main">Skip to the report</a>\n'
        f"<header><h1>{title}</h1>\n"
    ]
    parts += _identity(report)
    parts.append(_contents(report))
    parts.append('</header>\n<main id="main" tabindex="-1">\n')
    parts += _totals(report)
    parts += _stages(report)
    parts += steps_part(report)
    parts += bytes_part(report)
    parts += _configuration(report)
    return "".join([*parts, "</main>\n</body>\n</html>\n"])


def _identity(report: Report) -> Iterator[str]:
    image, record = report.image, report.record
    if image is None:
        yield '<p class="soft">A Dockerfile, which was not built for this page.</p>\n'
        return
    said = [f"{image.document.platform.platform}"]
    if image.document.created:
        said.append(f"made {image.document.created[:19].replace('T', ' ')}")
    if record is not None:
        time = datetime.fromtimestamp(record.started, UTC).strftime("%Y-%m-%d %H:%M:%S UTC")
        said.append(f"built by dflint {time}")
        if record.target:
            said.append(f"target {record.target}")
    yield f'<p class="soft">{markup(", ".join(said))}<br>\n'
    yield f"<code>{markup(image.digest)}</code></p>\n"


def _contents(report: Report) -> str:
    places = [("stages", "Stages")] if report.stages is not None else []
    places += [("time", "Time"), ("bytes", "Bytes")]
    if report.image is not None:
        places += [("needless", "Not needed"), ("configuration", "Configuration")]
    items = "".join(f'<li><a href="#{id}">{name}</a></li>' for id, name in places)
    return f'<nav aria-label="Parts of the report"><ul>{items}</ul></nav>\n'


def _totals(report: Report) -> Iterator[str]:
    image, record = report.image, report.record
    cards = []
    if image is not None:
        total = sum(one.size for one in report.layers)
        needless = sum(one.needless for one in report.layers)
        files = sum(one.files for one in report.layers)
        cards += [
            (
                size(total),
                f"in {count_of(files, 'file')} of {count_of(len(report.layers), 'layer')}",
            ),
            (size(sum(image.stored)), "as it is stored and sent"),
            (size(needless), f"not needed, {share(needless, total)} of all"),
        ]
    if record is not None:
        cached = sum(one.is_cached for one in report.steps)
        cards += [
            (seconds(record.seconds), "the build took"),
            (f"{cached} of {len(report.steps)}", "steps came from the cache"),
        ]
    if cards:
        items = "".join(f"<li><b>{text}</b><span>{note}</span></li>" for text, note in cards)
        yield f'<ul class="cards" aria-label="Totals">{items}</ul>\n'
    yield from _largest(report)


def _largest(report: Report) -> Iterator[str]:
    total = sum(one.size for one in report.layers)
    layers = sorted((one for one in report.layers if one.size), key=lambda one: -one.size)
    rows = [
        (f"{size(one.size)}, {share(one.size, total)}", f"layer-{one.number}", one.title)
        for one in layers[:_SHOWN]
    ]
    yield from _first("The largest layers", rows)
    ran = [(number, one) for number, one in enumerate(report.steps) if one.seconds >= 0.005]
    ran.sort(key=lambda one: -one[1].seconds)
    whole = 0.0 if report.record is None else report.record.seconds
    rows = [
        (f"{seconds(one.seconds)}, {share(one.seconds, whole)}", f"step-{number}", one.name)
        for number, one in ran[:_SHOWN]
    ]
    yield from _first("The slowest steps", rows)


def _first(title: str, rows: list[tuple[str, str, str]]) -> Iterator[str]:
    if rows:
        yield f'<h2>{title}</h2>\n<table class="first">\n'
        for amount, id, name in rows:
            yield (
                f'<tr><td class="n">{amount}</td>'
                f'<td><a href="#{id}"><code>{markup(cut(name, _LONGEST))}</code></a></td></tr>\n'
            )
        yield "</table>\n"


def _stages(report: Report) -> Iterator[str]:
    if report.stages is None:
        return
    picture = _linked(report, report.stages)
    yield '<section aria-labelledby="stages"><h2 id="stages">Stages</h2>\n'
    yield "<p>An arrow leads from what is used to what uses it."
    if not all(one.is_needed for one in picture.boxes):
        yield " What has a broken line was not needed."
    yield "</p>\n"
    yield '<div class="scroll" tabindex="0" role="region" aria-label="The stages as a picture">\n'
    yield svg_element(picture)
    yield "</div>\n"
    titles = {one.id: one.title for one in picture.boxes}
    rows = (
        row((cell(titles[one.start]), cell(one.label), cell(titles[one.end])))
        for one in picture.arrows
    )
    heads = ("what is used", "how", "by which stage")
    yield folded("The stages as a table", table("Stages and what they use", heads, rows))
    if report.record is not None:
        lines = report.record.dockerfile.expandtabs(4).splitlines()
        code = "\n".join(map(markup, lines))
        yield folded(
            "The Dockerfile", f'<pre class="scroll" tabindex="0"><code>{code}</code></pre>'
        )
    yield "</section>\n"


def _linked(report: Report, picture: Picture) -> Picture:
    """The picture with boxes that lead to the first step of their stage, and say their time."""
    by_stage: dict[str, list[tuple[int, RecordedStep]]] = {}
    for number, step in enumerate(report.steps):
        if not is_internal(step):
            by_stage.setdefault(f"s{step.stage}", []).append((number, step))
    boxes = []
    for box in picture.boxes:
        own = by_stage.get(box.id)
        if own:
            is_cached = all(step.is_cached for _, step in own)
            took = "cached" if is_cached else seconds(sum(step.seconds for _, step in own))
            box = replace(box, place=f"step-{own[0][0]}", note=f"{box.note}, {took}")
        boxes.append(box)
    return replace(picture, boxes=tuple(boxes))


def _configuration(report: Report) -> Iterator[str]:
    image = report.image
    if image is None:
        return
    yield '<section aria-labelledby="configuration"><h2 id="configuration">Configuration</h2>\n'
    said = [row((cell(name), cell(value))) for name, value in _settings(image.document.config)]
    said.append(row((cell("configuration"), cell(image.config_digest))))
    yield table("How containers of the image are run", ("setting", "value"), said)
    history = (
        row((cell(one.created), cell(one.created_by), cell("no" if one.is_empty_layer else "yes")))
        for one in image.document.history
    )
    yield folded("History", table("History", ("time", "made by", "has a layer"), history))
    yield "</section>\n"


def _settings(config: ContainerConfig) -> Iterator[tuple[str, str]]:
    """The keys of the configuration with their values, lists as JSON but for variables."""
    for name, value in config.plain().items():
        if isinstance(value, dict):
            for key, one in value.items():
                yield f"{name} {key}", "" if one == {} else _value(one)
        elif name == "Env" and isinstance(value, list):
            yield from (("Env", str(one)) for one in value)
        else:
            yield name, _value(value)


def _value(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
