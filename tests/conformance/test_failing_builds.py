"""Real builds that failed: what succeeded is not called missing, and failures are foreseen."""

from __future__ import annotations

import json

import pytest

from tests.conformance import failing_builds

STEPS = "oracle/classic-builder-steps-dev.jsonl.gz"


@pytest.fixture(scope="module")
def builds(shared):
    return list(failing_builds.builds(shared / STEPS))


def test_copies_that_succeeded_are_not_said_to_fail(builds):
    """One is: it names a symbolic link, which the lists of files leave out."""
    untrue = [
        (build.row["id"], finding.message)
        for build in builds
        for finding in build.untrue(frozenset(("copy-source-missing",)))
    ]

    assert [name for name, _ in untrue] in ([], ["as-json-2846"])


def test_so_many_failures_are_foreseen(builds):
    foreseen = sum(bool(build.foreseeing) for build in builds)

    assert foreseen >= 0.24 * len(builds)


def test_a_finding_counts_where_the_build_failed(tmp_path):
    row = {
        "id": "a",
        "cls": "run_nonzero",
        "run_cls": "apt",
        "steps": ["FROM debian:8", "COPY b /c", "RUN apt-get update"],
        "dockerfile": "# x\nFROM debian:8\nCOPY b /c\nRUN apt-get update\nRUN sudo a\n",
        "files": ["Dockerfile"],
        "dirs": [],
        "nfiles": 1,
    }
    path = tmp_path / "steps.jsonl"
    path.write_text(json.dumps(row) + "\n" + json.dumps(row | {"nfiles": 2}) + "\n")
    known, cut = failing_builds.builds(path)

    assert known.failed == 2
    assert known.foreseeing == ["archived-release"]
    assert [one.rule for one in known.untrue(frozenset(("copy-source-missing",)))] == [
        "copy-source-missing"
    ]
    assert list(cut.untrue(frozenset(("copy-source-missing",)))) == []
    lines = list(failing_builds.table([known, cut]))
    assert lines[-1] == "| all | 2 | 2 (100.0 %) | 2 (100.0 %) | 2 (100.0 %) |"
