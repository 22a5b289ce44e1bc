from __future__ import annotations

import json

from dflint.errors import BuildError
from dflint.oci.descriptor import read_descriptor
from dflint.oci.image_document import read_image_document
from dflint.oci.manifest import read_index, read_manifest
from dflint.oci.members import Members
from tests.oci.schema import schema_problems

READERS = {
    "image-manifest": read_manifest,
    "image-index": read_index,
    "config": read_image_document,
    "content-descriptor": lambda data: read_descriptor(Members.of(data, "descriptor")),
}

#: Where we are more lenient than the schema: what a reader need not look at.
LENIENT = {
    "TestManifest-5",  # no layers: an image of `FROM scratch` may have none
    "TestImageIndex-3",  # no architecture
    "TestDescriptor-17",  # an URL without a scheme
    "TestDescriptor-19",  # the type of an artifact
}


def _cases(shared):
    place = shared / "oracle" / "buildkit-units-dev" / "imagespec_schema.jsonl"
    return [json.loads(line) for line in place.read_text().splitlines()]


def test_our_schema_judges_the_image_specs_own_cases_alike(shared):
    wrong = [
        case["name"]
        for case in _cases(shared)
        if (not schema_problems(case["kind"], case["document"])) is not case["expected"]["valid"]
    ]

    assert wrong == []


def test_readers_judge_the_image_specs_own_cases_alike(shared):
    wrong = []
    for case in _cases(shared):
        if case["kind"] not in READERS:
            continue
        try:
            READERS[case["kind"]](case["document"].encode())
        except BuildError:
            is_valid = False
        else:
            is_valid = True
        if is_valid is not case["expected"]["valid"] and case["name"] not in LENIENT:
            wrong.append((case["name"], is_valid))

    # A manifest of our own kinds only; other indexes hold what we do not know.
    assert wrong == []
