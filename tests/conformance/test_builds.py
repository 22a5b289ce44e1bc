"""Generated builds: what makes and compares them, and with an engine at hand what they show."""

from __future__ import annotations

import io
import json
import os
import tarfile

import pytest

from dflint.build.frontend import read_file
from dflint.graph.refused import RefusedError
from tests.conformance.builds.bases import make_bases
from tests.conformance.builds.builders import ROOT, Outcome
from tests.conformance.builds.case import write_files
from tests.conformance.builds.compare import Difference, Image, compare, compare_layers
from tests.conformance.builds.generate import describe, make_case
from tests.conformance.builds.mistakes import HEADS, LINES
from tests.conformance.builds.run import (
    Oracle,
    is_shared,
    read_reasons,
    reason_of,
    run,
    summary,
    without_lines,
)

ENGINE = os.environ.get("DFLINT_BUILDKIT", "")
COUNT = int(os.environ.get("DFLINT_BUILDKIT_COUNT", "200"))


@pytest.mark.skipif(not ENGINE, reason="DFLINT_BUILDKIT names no folder of a running engine")
def test_generated_builds_are_those_of_buildkit(tmp_path):
    out = io.StringIO()
    cases = [make_case(2024, number) for number in range(COUNT)]
    rows = run(Oracle(ENGINE, str(tmp_path)), cases, 2, out)

    assert not any(row.differences for row in rows), out.getvalue()
    assert sum(row.comparison.verdict.startswith("built") for row in rows) > COUNT // 3


def test_a_seed_gives_the_same_builds():
    one, two = ([make_case(5, number) for number in range(20)] for _ in range(2))

    assert one == two
    assert [describe(case) for case in one] != [describe(make_case(6, at)) for at in range(20)]


def test_builds_have_something_of_every_area():
    found = set()
    for number in range(300):
        found |= {one.partition(":")[0] for one in make_case(1, number).features}

    assert found >= {
        "ADD", "ARG", "CMD", "COPY", "ENTRYPOINT", "ENV", "EXPOSE", "FROM", "HEALTHCHECK", "LABEL",
        "MAINTAINER", "ONBUILD", "RUN", "SHELL", "STOPSIGNAL", "USER", "VOLUME", "WORKDIR",
        "--target", "--platform", "--label", ".dockerignore", "archive", "heredoc", "script",
        "variable", "word", "mistake", "context", "stages", "directive", "continued line",
        "second build on the first's image",
    }  # fmt: skip


def test_most_builds_can_be_read():
    texts = [make_case(3, number) for number in range(100)]

    assert sum(not _is_refused(case.text) for case in texts) > 70


def _is_refused(text):
    try:
        read_file(text)
    except RefusedError:
        return True
    return False


def test_mistakes_are_of_many_kinds():
    refused = sum(_is_refused(f"FROM base\n{line}\n") for line in LINES)

    assert refused >= 50
    assert len(set(LINES)) == len(LINES) and len(set(HEADS)) == len(HEADS)


def test_context_files_have_sizes_and_times_of_their_own(tmp_path):
    case = make_case(1, 7)
    write_files(case.files, str(tmp_path / "context"))
    plain = [one for one in case.files if one.kind == "f" and "archive" not in one.path]
    seen = {(len(one.data), one.mtime_ns) for one in plain}

    assert len(seen) == len(plain)
    for one in plain:
        status = os.lstat(tmp_path / "context" / one.path)
        assert status.st_size == len(one.data)


@pytest.fixture(scope="module")
def layouts(tmp_path_factory):
    folder = tmp_path_factory.mktemp("bases")
    return make_bases(str(folder / "made"), str(ROOT / ".cache" / "busybox"))


def outcome(layout, log=""):
    return Outcome(str(layout), log)


def test_an_image_is_itself(layouts):
    found = compare(outcome(layouts["rich"]), outcome(layouts["rich"]))

    assert (found.verdict, found.differences) == ("built", [])


def test_differences_of_configuration_and_layers_are_found(layouts):
    found = compare(outcome(layouts["rich"]), outcome(layouts["base"]))
    places = {one.where for one in found.differences}

    assert {"config/config/User", "config/author", "config/history/1/created_by"} <= places
    assert "layers" in places


def tar(**changes):
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w", format=tarfile.PAX_FORMAT) as made:
        for name in changes.pop("names", ("a", "b")):
            entry = tarfile.TarInfo(name)
            data = changes.get("data", b"x")
            entry.size = len(data)
            for key, value in changes.items():
                if key != "data":
                    setattr(entry, key, value)
            made.addfile(entry, io.BytesIO(data))
    return stream.getvalue()


@pytest.mark.parametrize(
    "change",
    [
        {"mode": 0o600}, {"uid": 5}, {"gid": 6}, {"mtime": 9}, {"data": b"y"}, {"uname": "root"},
        {"pax_headers": {"SCHILY.xattr.user.a": "b"}}, {"names": ("a",)}, {"names": ("b", "a")},
        {"type": tarfile.SYMTYPE, "linkname": "x", "data": b""}, {"devmajor": 3},
    ],
)  # fmt: skip
def test_every_seeded_difference_of_a_layer_is_found(change):
    if "devmajor" in change:
        change = {**change, "type": tarfile.CHRTYPE, "data": b""}
        before = tar(type=tarfile.CHRTYPE, data=b"")
    else:
        before = tar()
    found = compare_layers(0, before, tar(**change))

    assert found and all(one.theirs != one.ours for one in found)


def test_a_blob_that_is_not_its_digest_is_told(layouts, tmp_path):
    import shutil

    shutil.copytree(layouts["base"], tmp_path / "copy")
    image = Image(str(tmp_path / "copy"))
    name = image.manifest["layers"][0]["digest"].partition(":")[2]
    (tmp_path / "copy" / "blobs" / "sha256" / name).write_bytes(b"other")

    with pytest.raises(AssertionError, match="not its digest"):
        image.layer(0)


FAILED = "Dockerfile:2\n   1 |     FROM a\n   2 | >>> RUN x\nERROR: failed to solve: no\n"


def test_failures_are_compared_by_line(layouts):
    theirs = outcome("", FAILED)

    assert compare(theirs, outcome("", FAILED)).differences == []
    other = compare(theirs, outcome("", FAILED.replace("   2 | >>>", "   3 | >>>")))
    assert [one.where for one in other.differences] == ["line of the error"]
    verdict = compare(theirs, outcome(layouts["base"]))
    assert [one.where for one in verdict.differences] == ["verdict"]


def test_only_what_has_a_reason_is_explained():
    reasons = read_reasons()
    entry = "config/history/3/created_by"
    health = Difference(entry, '"HEALTHCHECK &{[\\"CMD\\"', '"HEALTHCHECK {Test:[CMD')
    empty = Difference("layer 2 x/y", "0 644 0:0 0 7 e3b0c44298fc", "0 644 0:0 9 7 abcdef")

    assert reason_of(health, reasons, set())
    assert reason_of(empty, reasons, {".dockerignore: exceptions"})
    assert not reason_of(empty, reasons, set())
    assert not reason_of(Difference(entry, '"RUN a"', '"RUN b"'), reasons, set())
    assert all(json.dumps(one["reason"]) != '""' for one in reasons)


def test_lines_become_comments():
    assert without_lines("a\nb\nc\n", (2, 3)) == "a\n#\n#\n"


def test_steps_that_read_the_same_are_shared():
    assert is_shared("FROM a\nRUN x\nFROM b\nRUN x\n", (2, 4), (2,))
    assert not is_shared("FROM a\nRUN x\nFROM b\nRUN y\n", (2, 4), (2,))
    assert not is_shared("FROM a\nRUN x\n", (2,), (2,))


def test_a_summary_counts_features():
    assert summary([]).endswith("0 builds, 0 with unexplained differences")
