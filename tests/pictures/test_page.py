"""The page of a report, made of values."""

from __future__ import annotations

import pytest

from dflint.build.build_record import BuildRecord, RecordedStep
from dflint.oci.descriptor import PlatformFields
from dflint.oci.image_document import ContainerConfig, HistoryEntry, ImageDocument
from dflint.pictures.cells import HEIGHT, WIDTH, layer_cells, path_cells
from dflint.pictures.page import page
from dflint.pictures.page_parts import seconds
from dflint.pictures.report import (
    ReportedImage,
    instruction_of,
    report_of_dockerfile,
    report_of_image,
)
from dflint.pictures.treemap import Rectangle, squarify
from dflint.verify.audit.size import SizedFile
from tests.pictures.pages import Page

HOSTILE = (
    "</style><script>alert(1)</script>\"'><img src=x onerror=alert(1)>&amp;\x1b[0m\u202e\udcff\0"
)
DOCKERFILE = "FROM a AS one\nRUN x\nFROM b\nCOPY --from=one / /\n"
DIGEST = "sha256:" + "a" * 64


def image(texts, files, config=None, name="app"):
    document = ImageDocument(
        PlatformFields("amd64", "linux"),
        config or ContainerConfig(),
        tuple(f"sha256:{number:064x}" for number in range(len(texts))),
        tuple(HistoryEntry(created_by=one) for one in texts),
    )
    return ReportedImage(name, DIGEST, DIGEST, document, (7,) * len(texts), tuple(files))


def record(steps, dockerfile=DOCKERFILE):
    return BuildRecord(dockerfile, (), "", "linux/amd64", 1e9, 10.0, tuple(steps))


def step(number, name, seconds=1.0, is_cached=False, layer=-1, stage=1, earlier=None):
    return RecordedStep(
        f"sha256:{number}", name, (), stage, 2, layer, float(number), seconds, is_cached, earlier
    )


def large(steps=30):
    files = [
        SizedFile(
            layer, f"/opt/d{number % 17}/e{number % 5}/f{number}", 1000 + number, "files", None
        )
        for layer in range(steps)
        for number in range(400)
    ]
    made = [
        step(number, f"[s {number}/30] RUN " + "x" * 300, layer=number) for number in range(steps)
    ]
    return report_of_image(image(["RUN " + "x" * 300] * steps, files), record(made))


def test_a_page_says_where_bytes_and_seconds_went():
    files = [
        SizedFile(0, "/a/b", 3000, "deleted later", 1),
        SizedFile(0, "/a/c", 1000, "files", None),
        SizedFile(1, "/tmp/x", 500, "temporary files", None),
    ]
    steps = [
        step(0, "[1/2] RUN make", 6.5, layer=0),
        step(7, "[2/2] RUN rm", 0.0, True, 1, earlier=2),
    ]
    text = page(report_of_image(image(["RUN make", "RUN rm"], files), record(steps)))
    found = Page(text)
    found.check()
    assert "3.50kB" in found.text
    assert "not needed, 78 % of all" in found.text
    assert "1 of 2" in found.text
    assert "6.50 s, 65 %" in found.text
    assert "cached, was 2.00 s" in found.text
    assert "which took 2.00 s when they ran" in found.text


def test_every_cell_and_step_can_be_reached_by_the_keyboard():
    found = Page(page(large()))
    cells = [one for one in found.of("a") if "cell" in one.get("class", "").split()]
    assert len(cells) > 50
    assert all(one["href"] and one["aria-label"] and one["title"] for one in cells)
    assert len(found.of("summary")) >= 30
    assert found.of("a")[0] == {"class": "skip", "href": "#main"}


def test_a_page_of_thirty_steps_is_small():
    text = page(large())
    Page(text).check()
    assert len(text.encode()) < 1_000_000


def test_the_same_report_gives_the_same_bytes():
    assert page(large()) == page(large())


def test_nothing_of_an_image_is_taken_for_markup():
    config = ContainerConfig(
        user=HOSTILE, env=(f"A={HOSTILE}",), cmd=(HOSTILE,), labels={HOSTILE: HOSTILE},
        extra={"x": {HOSTILE: [HOSTILE]}},
    )  # fmt: skip
    files = [SizedFile(0, f"/{HOSTILE}/{number}", 10, "files", None) for number in range(3)]
    files.append(SizedFile(0, f"/{HOSTILE}", 10, HOSTILE, None))
    files.append(SizedFile(0, f"/tmp/{HOSTILE}", 10, "temporary files", None))
    steps = [step(0, HOSTILE, layer=0)]
    dockerfile = f"FROM '{HOSTILE}' AS x\nRUN {HOSTILE}\n"
    text = page(
        report_of_image(image([HOSTILE], files, config, HOSTILE), record(steps, dockerfile))
    )
    text.encode()
    found = Page(text)
    found.check()
    assert "<script>alert(1)</script>" in found.text
    assert "\\xff" in found.text
    assert not set("\x1b\u202e\0") & set(text)


def test_an_image_without_a_record_says_that_times_are_not_known():
    found = Page(page(report_of_image(image(["RUN x"], []), None)))
    found.check()
    assert "How long the steps took is not known" in found.text
    assert not found.of("svg")


def test_a_dockerfile_shows_its_stages_alone():
    found = Page(page(report_of_dockerfile("Dockerfile", DOCKERFILE)))
    found.check()
    assert found.of("svg")
    assert "Nothing was built" in found.text


def test_an_image_without_layers_is_told():
    found = Page(page(report_of_image(image([], []), None)))
    found.check()
    assert "The image has no file with content" in found.text


@pytest.mark.parametrize(
    ("created_by", "instruction"),
    [
        ("RUN /bin/sh -c make # buildkit", "RUN make"),
        ('/bin/sh -c #(nop)  CMD ["sh"]', 'CMD ["sh"]'),
        ("|1 A=b /bin/sh -c make all", "RUN make all"),
        ("RUN |2 A=b C=d e /bin/sh -c make # buildkit", "RUN make"),
        ("COPY a b # buildkit", "COPY a b"),
        ("", ""),
    ],
)
def test_history_is_read_as_instructions(created_by, instruction):
    assert instruction_of(created_by) == instruction


@pytest.mark.parametrize("count", [1, 2, 7, 60])
def test_rectangles_have_the_areas_of_their_sizes_and_do_not_overlap(count):
    sizes = [float((count - number) ** 2) for number in range(count)]
    whole = Rectangle(0, 0, WIDTH, HEIGHT)
    found = squarify(sizes, whole)
    for size, one in zip(sizes, found, strict=True):
        assert one.area == pytest.approx(size * whole.area / sum(sizes))
        assert one.x + one.width <= WIDTH + 1e-6
        assert one.y + one.height <= HEIGHT + 1e-6
    for at, one in enumerate(found):
        for other in found[:at]:
            across = min(one.x + one.width, other.x + other.width) - max(one.x, other.x)
            along = min(one.y + one.height, other.y + other.height) - max(one.y, other.y)
            assert across < 1e-6 or along < 1e-6


def test_cells_hold_all_bytes_that_layers_and_paths_have():
    report = large(5)
    total = sum(one.size for one in report.files)
    assert sum(one.size for one in layer_cells(report.layers, report.files)) == total
    cells, frames = path_cells(report.files)
    assert sum(one.size for one in cells) == total
    assert sum(one.files for one in cells) == len(report.files)
    assert len(cells) < 400
    assert "/opt/d3" in {one.title for one in [*cells, *frames]}


def test_a_very_deep_path_is_one_cell():
    files = [SizedFile(0, "/a" * 3000, 5, "files", None), SizedFile(0, "/b", 5, "files", None)]
    cells, _ = path_cells(files)
    assert sorted(one.size for one in cells) == [5, 5]


@pytest.mark.parametrize(
    ("time", "text"), [(0.254, "0.25 s"), (12.34, "12.3 s"), (185.2, "3 min 05 s")]
)
def test_times_are_for_people(time, text):
    assert seconds(time) == text
