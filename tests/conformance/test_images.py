"""Images that other tools have to read: some shapes with the tools that are here."""

from __future__ import annotations

import io
import os

import pytest

from tests.conformance.image_shapes import SHAPES
from tests.conformance.image_tools import tools
from tests.conformance.image_trees import differences, tree_of_folder
from tests.conformance.images import FAIL, LIMIT, OK, Limit, Row, _judge, read_limits, run, table
from tests.running import mounts_are_possible

SOME = ("scratch alone", "one layer on a base", "owners", "zstd")


def test_some_images_are_good_for_other_tools(tmp_path):
    if not mounts_are_possible():
        pytest.skip("building needs root with CAP_SYS_ADMIN")
    checks, missing = tools(str(tmp_path / "podman"), "")
    if "umoci" in missing and "skopeo" in missing:
        pytest.skip("neither umoci nor skopeo is installed")
    out = io.StringIO()
    checks = [one for one in checks if one[0] != "podman"]
    shapes = [one for one in SHAPES if one.name in SOME]

    rows = run(tmp_path, shapes, checks, read_limits(), out)

    assert len(rows) == len(SOME)
    assert not any(row.problems for row in rows), out.getvalue()
    assert all(row.verdicts["local"] == OK for row in rows)


def test_there_are_shapes_of_every_kind():
    names = [one.name for one in SHAPES]
    text = "\n".join(one.dockerfile for one in SHAPES)

    assert len({*names}) == len(names) >= 40
    for word in ("ENV", "LABEL", "EXPOSE", "VOLUME", "USER", "WORKDIR", "STOPSIGNAL", "HEALTHCHECK",
                 "SHELL", "CMD", "ENTRYPOINT", "ONBUILD", "COPY --link"):  # fmt: skip
        assert f"\n{word} " in text


def test_limits_are_of_shapes_that_exist_and_have_reasons():
    names = {one.name for one in SHAPES}

    for limit in read_limits():
        assert {*limit.shapes} <= names
        assert limit.text and limit.reason


def test_only_problems_without_a_reason_fail():
    row = Row("a")
    limits = [Limit("one", "known", "because", ("a",))]
    _judge(row, "one", ["is known"], limits)
    assert (row.verdicts, row.problems) == ({"one": LIMIT}, {})
    _judge(row, "one", ["is known", "is not"], limits)
    _judge(row, "two", ["is known"], limits)
    _judge(row, "three", [], limits)

    assert row.verdicts == {"one": FAIL, "two": FAIL, "three": OK}
    assert row.problems == {"one": ["is not"], "two": ["is known"]}
    assert "one: 1 FAIL" in table([row], ["one", "three"])


def test_trees_that_differ_say_where(tmp_path):
    for name in ("one", "two"):
        (tmp_path / name / "d").mkdir(parents=True)
        (tmp_path / name / "d" / "f").write_text(name)
        os.utime(tmp_path / name / "d" / "f", (1, 1))
        os.utime(tmp_path / name / "d", (1, 1))
    (tmp_path / "two" / "more").write_text("")
    os.link(tmp_path / "two" / "d" / "f", tmp_path / "two" / "hard")
    os.utime(tmp_path / "two" / "d", (1, 1))
    one, two = (tree_of_folder(str(tmp_path / name)) for name in ("one", "two"))

    assert differences(one, one) == []
    found = differences(one, two)
    assert found[:2] == ["'hard': not expected", "'more': not expected"]
    assert [line.partition(" is ")[0] for line in found[2:]] == ["'d/f': content", "'d/f': same"]
