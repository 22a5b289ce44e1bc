"""What a report tells of an image: its layers and files, how it was built, what it was built of."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from dflint.build.build_record import NONE, BuildRecord, RecordedStep
from dflint.cst.parser.build import parse
from dflint.oci.image_document import HistoryEntry, ImageDocument
from dflint.pictures.picture import Picture
from dflint.pictures.stage_picture import stage_picture
from dflint.semantic.model import SemanticModel
from dflint.verify.audit.size import NEEDLESS, SizedFile

_SHELL = re.compile(r"(?:RUN )?(?:\|\d+ .*? )?/bin/sh -c (?:#\(nop\) +)?", re.DOTALL)


@dataclass(frozen=True, slots=True)
class ReportedLayer:
    """One layer, counted from the bottom: where it comes from, and what is in it.

    `size` and `needless` are bytes of file contents, `stored` is what the layer's blob takes.
    `line` is that of its instruction, 0 where nobody knows.
    """

    number: int
    diff_id: str
    title: str
    line: int
    stored: int
    size: int
    needless: int
    files: int


@dataclass(frozen=True, slots=True)
class ReportedImage:
    """An image as it is: its name, the digests of its manifest and configuration, and its content.

    `stored` are the sizes of its layers' blobs.
    """

    name: str
    digest: str
    config_digest: str
    document: ImageDocument
    stored: tuple[int, ...]
    files: tuple[SizedFile, ...]


@dataclass(frozen=True, slots=True)
class Report:
    """What is told: of an image, of how it was built, and of the stages, each where it is known."""

    title: str
    image: ReportedImage | None = None
    record: BuildRecord | None = None
    stages: Picture | None = None
    layers: tuple[ReportedLayer, ...] = ()

    @property
    def files(self) -> tuple[SizedFile, ...]:
        """The files of all layers."""
        return () if self.image is None else self.image.files

    @property
    def steps(self) -> tuple[RecordedStep, ...]:
        """The steps of the build, in the order in which they were begun."""
        return () if self.record is None else self.record.steps


def report_of_image(image: ReportedImage, record: BuildRecord | None) -> Report:
    """The report of an image, and of its build where there is a record."""
    stages = None
    if record is not None:
        model = SemanticModel(
            parse(record.dockerfile), dict(record.arguments), record.platform, record.target
        )
        stages = stage_picture(model, "Stages of the build")
    return Report(image.name, image, record, stages, _layers(image, record))


def report_of_dockerfile(name: str, text: str) -> Report:
    """The report of what was not built."""
    return Report(name, stages=stage_picture(SemanticModel(parse(text)), f"Stages of {name}"))


def _layers(image: ReportedImage, record: BuildRecord | None) -> tuple[ReportedLayer, ...]:
    lines = {one.layer: one.line for one in (record.steps if record is not None else ())}
    lowest = min((one for one in lines if one != NONE), default=0)
    count = len(image.document.diff_ids)
    titles = layer_titles(image.document.history, count)
    sizes, needless, files = [0] * count, [0] * count, [0] * count
    for one in image.files:
        sizes[one.layer] += one.size
        needless[one.layer] += one.size if one.kind in NEEDLESS else 0
        files[one.layer] += 1
    return tuple(
        ReportedLayer(
            number,
            image.document.diff_ids[number],
            f"base image: {titles[number]}" if number < lowest else titles[number],
            lines.get(number, 0),
            image.stored[number],
            sizes[number],
            needless[number],
            files[number],
        )
        for number in range(count)
    )


def layer_titles(history: Iterable[HistoryEntry], count: int) -> list[str]:
    """What made each of so many layers, by the history, which need not tell of all of them."""
    made = [instruction_of(one.created_by) for one in history if not one.is_empty_layer]
    if len(made) != count:
        made = [""] * count
    return [title or f"layer {number + 1}" for number, title in enumerate(made)]


def instruction_of(created_by: str) -> str:
    """The instruction that an entry of the history is of, without what builders put around it."""
    text = created_by.strip().removesuffix("# buildkit").strip()
    found = _SHELL.match(text)
    if found is None:
        return text
    rest = text[found.end() :].strip()
    return rest if "#(nop)" in found[0] else f"RUN {rest}"
