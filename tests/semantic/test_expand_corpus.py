"""Words of real Dockerfiles: taken and refused as BuildKit takes and refuses them."""

from __future__ import annotations

import json
import lzma
import re

import pytest

from dflint.oci.platform import PlatformProblem, parse_platform
from dflint.oci.reference import ReferenceProblem, parse_reference
from dflint.semantic.expand import evaluate_word, evaluate_words, expand_word
from dflint.semantic.mount_options import parse_mount

EXPANDED = {"env", "label", "arg", "copy", "add", "workdir", "user", "volume", "stopsignal"}
REFUSED = re.compile(r'failed to (process|parse stage name) ("(?:[^"\\]|\\.)*"): (.*)', re.DOTALL)


@pytest.fixture(scope="module")
def files(shared):
    """What BuildKit reads in each file."""
    with lzma.open(shared / "oracle" / "buildkit-dev.jsonl.xz", "rt", encoding="utf-8") as stream:
        return [json.loads(line) for line in stream]


def test_words_and_references_are_refused_for_the_same_reason(files):
    compared = 0
    for file in files:
        found = REFUSED.match(file.get("lint", ""))
        if found is None:
            continue
        word, reason = json.loads(found[2]), found[3]
        if found[1] == "process":
            error = evaluate_word(word, {}, file.get("escape") or "\\").error
            assert error is not None
            assert str(error) == found[0]
        else:
            problem = parse_reference(word)
            assert isinstance(problem, ReferenceProblem)
            assert problem.message == reason
        compared += 1
    assert compared > 50


def test_no_word_that_buildkit_takes_is_refused(files):
    for file, instruction in accepted(files):
        escape = file.get("escape") or "\\"
        keyword = instruction["c"].lower()
        for word in instruction.get("a") or ():
            if keyword in EXPANDED:
                assert evaluate_word(word, {}, escape).error is None, word
            elif keyword == "expose":
                assert evaluate_words(word, {}, escape).error is None, word


def test_no_base_image_or_platform_that_buildkit_takes_is_refused(files):
    compared = 0
    for _, instruction in accepted(files):
        if instruction["c"].lower() != "from" or "$" in instruction["a"][0]:
            continue
        compared += 1
        assert not isinstance(parse_reference(instruction["a"][0]), ReferenceProblem)
        for flag in instruction.get("f") or ():
            platform = flag.removeprefix("--platform=")
            if "$" not in platform:
                assert not isinstance(parse_platform(platform), PlatformProblem)
    assert compared > 1000


def test_no_mount_that_buildkit_takes_is_refused(files):
    compared = 0
    for _, instruction in accepted(files):
        for flag in instruction.get("f") or ():
            if flag.startswith("--mount="):
                compared += 1
                mount = parse_mount(flag.removeprefix("--mount="), keep_variables, "/srv")
                assert mount.problem is None, flag
    assert compared > 100


def keep_variables(word):
    return expand_word(word, {}, keep_unset=True).text


def accepted(files):
    for file in files:
        if not file.get("lint"):
            for instruction in file.get("ast") or ():
                yield file, instruction
