"""`dflint graph`: the stages and steps of a Dockerfile, drawn."""

from __future__ import annotations

import json
import re
import xml.etree.ElementTree as ET
from itertools import pairwise

import pytest

from dflint.cli.main import main
from dflint.cst.parser.build import parse
from dflint.pictures.dot import dot
from dflint.pictures.layout import GAP, lay_out
from dflint.pictures.mermaid import mermaid
from dflint.pictures.picture import cut
from dflint.pictures.picture_json import picture_json
from dflint.pictures.stage_picture import stage_picture
from dflint.pictures.step_picture import step_picture
from dflint.pictures.svg import svg
from dflint.semantic.model import SemanticModel

TEXT = """\
ARG V=3
FROM alpine:$V AS base
RUN apk add x
FROM base AS build
COPY . .
RUN --mount=from=busybox,target=/x make
FROM scratch AS unused
COPY a /
FROM alpine:$V
COPY --from=build /a /b
COPY --from=build /c /d
COPY --from=0 /x /y
"""
HOSTILE = (
    'FROM "<script>alert(1)</script>" AS a\nRUN echo "]]> & \\" \x1b[31m \u202e `x` #quot;"\n'
    "FROM a\nCOPY --from=a <b>&'\" /\nRUN \udcff\n"
)
SVG = "{http://www.w3.org/2000/svg}"


def model_of(text, **values):
    return SemanticModel(parse(text), **values)


def arrows(picture):
    titles = {box.id: box.title for box in picture.boxes}
    return [(titles[one.start], titles[one.end], one.label) for one in picture.arrows]


def test_stages_have_arrows_that_say_how_they_are_used():
    assert arrows(stage_picture(model_of(TEXT))) == [
        ("alpine:3", "base", "FROM"),
        ("base", "build", "FROM"),
        ("busybox", "build", "mount"),
        ("scratch", "unused", "FROM"),
        ("alpine:3", "stage 3", "FROM"),
        ("build", "stage 3", "COPY --from ×2"),
        ("base", "stage 3", "COPY --from"),
    ]


def test_what_the_target_does_not_need_is_shown_as_such():
    picture = stage_picture(model_of(TEXT, target="base"))
    needed = {box.title for box in picture.boxes if box.is_needed}
    assert needed == {"base", "alpine:3"}
    assert [box.title for box in picture.boxes if box.is_target] == ["base"]
    assert "1 instruction, not needed" in svg(stage_picture(model_of(TEXT)))


def test_a_build_argument_changes_what_a_stage_begins_with():
    picture = stage_picture(model_of(TEXT, build_args={"V": "9"}))
    assert "alpine:9" in {box.title for box in picture.boxes}


def test_steps_follow_one_another_and_need_what_they_copy():
    found = arrows(step_picture(model_of(TEXT, build_args={}), TEXT))
    assert ("alpine:3", "RUN apk add x", "FROM") in found
    assert ("RUN apk add x", "COPY . .", "FROM") in found
    assert ("build context", "COPY . .", "COPY") in found
    mounting = "RUN --mount=from=busybox,target=/x make"
    assert ("busybox:latest", mounting, "mount") in found
    assert ("COPY . .", mounting, "") in found
    assert (mounting, "COPY --from=build /a /b", "COPY --from") in found
    assert ("RUN apk add x", "COPY --from=0 /x /y", "COPY --from") in found


def test_steps_that_the_target_does_not_need_are_told_apart():
    picture = step_picture(model_of(TEXT, build_args={}), TEXT)
    assert [box.title for box in picture.boxes if not box.is_needed] == ["COPY a /"]


def test_mermaid_names_the_stages_and_groups_the_steps():
    drawn = mermaid(stage_picture(model_of("FROM a AS b\nFROM b\nCOPY --from=b c d\n")))
    assert drawn == (
        "flowchart TD\n"
        '  s0["b<br/>0 instructions"]\n'
        '  s1["stage 1<br/>1 instruction, target"]\n'
        '  i0(["a"])\n'
        '  i0 -->|"FROM"| s0\n'
        '  s0 -->|"FROM"| s1\n'
        '  s0 -.->|"COPY --from"| s1\n'
    )
    assert '  subgraph g1["base"]\n    v1["RUN apk add x"]\n  end\n' in mermaid(
        step_picture(model_of(TEXT, build_args={}), TEXT)
    )


def test_dot_has_clusters_and_tooltips():
    drawn = dot(step_picture(model_of(TEXT, build_args={}), TEXT))
    assert drawn.count("{") == drawn.count("}")
    assert 'subgraph cluster_1 {\n    label="base";' in drawn
    assert 'tooltip="base, line 3: RUN apk add x"' in drawn


def test_json_names_ends_that_are_there():
    said = json.loads(picture_json(stage_picture(model_of(TEXT))))
    ids = {one["id"] for one in said["nodes"]}
    assert len(ids) == len(said["nodes"])
    assert all({one["from"], one["to"]} <= ids for one in said["edges"])
    assert {"from": "s1", "to": "s3", "kind": "COPY --from", "count": 2} in said["edges"]


@pytest.mark.parametrize("draw", [stage_picture, lambda model: step_picture(model, HOSTILE)])
def test_nothing_in_a_file_is_taken_for_markup(draw):
    picture = draw(model_of(HOSTILE, build_args={}))
    root = ET.fromstring(svg(picture))
    assert {one.tag.removeprefix(SVG) for one in root.iter()} <= {
        "svg", "title", "style", "rect", "path", "polygon", "g", "text",
    }  # fmt: skip
    for text in (svg(picture), mermaid(picture), dot(picture), picture_json(picture)):
        text.encode()
        assert "\x1b" not in text
        assert "\u202e" not in text or text.startswith("{")
    labels = re.findall(r'\["(.*)"\]', mermaid(picture))
    assert labels
    assert not [one for one in labels if set('"<`#') & set(one.replace("<br/>", ""))]


def test_long_names_are_cut_and_whole_in_the_tooltip():
    name = "a" * 80
    root = ET.fromstring(svg(stage_picture(model_of(f"FROM {name} AS b\n"))))
    assert name not in {one.text for one in root.iter(f"{SVG}text")}
    assert f"image {name}" in {one.text for one in root.iter(f"{SVG}title")}
    assert cut(name) == "a" * 29 + "…"


def test_boxes_of_a_layer_do_not_overlap_and_arrows_lead_down():
    sizes = [(90.0 + number % 5 * 20, 30.0) for number in range(40)]
    lines = [
        (start, end) for end in range(40) for start in range(end) if (start * 7 + end) % 11 == 0
    ]
    layout = lay_out(sizes, lines)
    rows = {}
    for place in layout.places:
        rows.setdefault(place.y, []).append(place)
    for row in rows.values():
        row.sort(key=lambda one: one.x)
        for one, other in pairwise(row):
            assert other.x - one.x >= (one.width + other.width) / 2 + GAP - 0.2
    assert all(way[0].y < way[-1].y for way in layout.ways)
    assert all(0 <= one.x - one.width / 2 <= layout.width for one in layout.places)


def test_a_circle_of_stages_is_drawn_too():
    text = "FROM a AS x\nCOPY --from=y a b\nFROM b AS y\nCOPY --from=x a b\n"
    drawn = svg(stage_picture(model_of(text)))
    assert len(ET.fromstring(drawn).findall(f"{SVG}path")) == 4


def test_the_same_file_gives_the_same_bytes():
    assert svg(stage_picture(model_of(TEXT))) == svg(stage_picture(model_of(TEXT)))


def test_the_format_follows_from_the_name_of_the_output(tmp_path, capsys):
    (tmp_path / "Dockerfile").write_text(TEXT)
    output = tmp_path / "out.mmd"
    assert main(["graph", str(tmp_path), "-o", str(output)]) == 0
    assert output.read_text().startswith("flowchart TD\n")
    assert main(["graph", str(tmp_path), "--steps", "--format", "dot"]) == 0
    assert capsys.readouterr().out.startswith("digraph ")


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (["--target", "nope"], "expected a stage of"),
        (["--format", "png"], "expected one of svg, mermaid, dot, json, found `png`"),
        (["--stages", "--steps"], "expected one of --stages and --steps"),
    ],
)
def test_wrong_usage_is_told(tmp_path, capsys, words, expected):
    (tmp_path / "Dockerfile").write_text(TEXT)
    assert main(["graph", str(tmp_path), *words]) == 2
    assert expected in capsys.readouterr().err


def test_a_file_without_a_stage_is_told(tmp_path, capsys):
    (tmp_path / "Dockerfile").write_text("# nothing\n")
    assert main(["graph", str(tmp_path)]) == 1
    assert "has no stage" in capsys.readouterr().err
