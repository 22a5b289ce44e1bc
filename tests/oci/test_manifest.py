from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dflint.errors import BuildError
from dflint.oci import media_types
from dflint.oci.descriptor import Descriptor, PlatformFields
from dflint.oci.digest import digest_of
from dflint.oci.json_text import write_compact
from dflint.oci.manifest import Index, Manifest, read_document, read_index, read_manifest
from tests.oci.schema import BUILDKIT, schema_problems

DIGEST = digest_of(b"x")
CONFIG = {"mediaType": media_types.OCI_CONFIG, "digest": DIGEST, "size": 1}

names = st.text(st.characters(codec="ascii", categories=["L", "N"]), min_size=1, max_size=20)
platforms = st.builds(PlatformFields, names, names, st.text(), st.tuples(names), st.text())
descriptors = st.builds(
    Descriptor,
    st.builds("{}/{}".format, names, names),
    st.binary().map(digest_of),
    st.integers(0, 1 << 50),
    st.lists(st.just("https://example.com/x")).map(tuple),
    st.dictionaries(st.text(), st.text()),
    st.just(""),
    st.none() | platforms,
    st.just("") | st.builds("{}/{}".format, names, names),
)
manifests = st.builds(
    Manifest,
    descriptors,
    st.lists(descriptors, min_size=1).map(tuple),
    st.sampled_from([media_types.OCI_MANIFEST, media_types.DOCKER_MANIFEST]),
    st.just(""),
    st.none() | descriptors,
    st.dictionaries(st.text(), st.text()),
)
indexes = st.builds(
    Index,
    st.lists(descriptors).map(tuple),
    st.sampled_from([media_types.OCI_INDEX, media_types.DOCKER_INDEX]),
    st.just(""),
    st.none() | descriptors,
    st.dictionaries(st.text(), st.text()),
)


def document(**members):
    return json.dumps({"schemaVersion": 2, **members}).encode()


@given(manifests)
def test_a_manifest_is_read_back_and_valid(manifest):
    data = manifest.encode()

    assert read_manifest(data) == manifest
    assert schema_problems("image-manifest", data) == []


@given(indexes)
def test_an_index_is_read_back_and_valid(index):
    data = index.encode()

    assert read_index(data) == index
    assert schema_problems("image-index", data) == []


@pytest.mark.parametrize(
    "path",
    sorted(
        each
        for each in BUILDKIT.glob("*.json")
        if "-manifest" in each.name or "-index" in each.name
    ),
    ids=lambda path: path.name,
)
def test_manifests_and_indexes_have_buildkits_bytes(path):
    data = path.read_bytes()

    # BuildKit writes `null` where an image has no layers, which is not valid.
    assert read_document(data).encode() == data.replace(b'"layers": null', b'"layers": []')


@pytest.mark.parametrize("path", sorted(BUILDKIT.glob("*-layout.json")), ids=lambda path: path.name)
def test_indexes_of_layouts_have_buildkits_bytes(path):
    data = path.read_bytes()

    assert write_compact(read_index(data).plain()) == data


def test_null_stands_for_what_is_missing():
    data = document(config=CONFIG, layers=None, annotations=None, subject=None, mediaType=None)

    assert read_manifest(data) == Manifest(Descriptor(media_types.OCI_CONFIG, DIGEST, 1), ())


def test_a_document_without_a_type_is_taken_by_its_members():
    assert isinstance(read_document(document(config=CONFIG, layers=[])), Manifest)
    assert isinstance(read_document(document(manifests=[])), Index)
    assert read_document(document(manifests=[]), media_types.DOCKER_INDEX) == Index(
        (), media_types.DOCKER_INDEX
    )


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"{}", "m: expected 2 as `schemaVersion`, found null"),
        (b'{"schemaVersion":"2"}', "m: expected a whole number as `schemaVersion`, found a string"),
        (b'{"schemaVersion":3}', "m: expected 2 as `schemaVersion`, found the number 3"),
        (b'{"schemaVersion":1}', "m: images of Docker's schema 1 are not supported"),
        (document(config=CONFIG, manifests=[]), "m: it is an index and a manifest at once"),
        (document(mediaType="text/plain"), "m: media type `text/plain` is none of an image"),
        (
            document(mediaType=media_types.OCI_INDEX, layers=[]),
            "m: a manifest that says it is an index",
        ),
        (
            document(mediaType=media_types.OCI_MANIFEST, manifests=[]),
            "m: an index that says it is a manifest",
        ),
        (document(layers=[]), "m: expected a descriptor as `config`, found null"),
        (document(config=[]), "m: expected an object as `config`, found a list"),
        (document(config=CONFIG, layers={}), "m: expected a list as `layers`, found an object"),
        (
            document(config=CONFIG, layers=[1]),
            "m: `layers[0]`: expected a JSON object, found the number 1",
        ),
        (
            document(config={**CONFIG, "size": -1}),
            "m: `config`: expected a size in bytes as `size`, found the number -1",
        ),
        (
            document(config={**CONFIG, "size": 1 << 62}),
            "m: `config`: expected a size of at most 1125899906842624 bytes as `size`, "
            "found the number 4611686018427387904",
        ),
        (
            document(config={**CONFIG, "size": True}),
            "m: `config`: expected a whole number as `size`, found true",
        ),
        (
            document(config={**CONFIG, "size": 1.5}),
            "m: `config`: expected a whole number as `size`, found the number 1.5",
        ),
        (
            document(config={**CONFIG, "mediaType": "x"}),
            "m: `config`: expected a media type as `mediaType`, found `x`",
        ),
        (
            document(config={**CONFIG, "digest": "../x"}),
            "m: `config`: expected a digest like `sha256:...`, found `../x`",
        ),
        (
            document(config={**CONFIG, "annotations": {"a": 1}}),
            "m: `config`: expected a string as `a` of `annotations`, found the number 1",
        ),
        (
            document(config={**CONFIG, "platform": {"os": 1}}),
            "m: `config`: `platform`: expected a string as `os`, found the number 1",
        ),
        (document(config={**CONFIG, "urls": [1]}), "m: `config`: expected strings only in `urls`"),
    ],
)
def test_hostile_documents_are_refused(data, message):
    with pytest.raises(BuildError) as raised:
        read_document(data, what="m")

    assert str(raised.value) == message


def test_a_type_that_contradicts_the_descriptor_is_refused():
    data = document(mediaType=media_types.OCI_MANIFEST, config=CONFIG, layers=[])

    with pytest.raises(BuildError, match=r"expected media type `.*docker.*`, found `.*oci.*`"):
        read_document(data, media_types.DOCKER_MANIFEST)


def test_index_is_no_manifest_and_the_reverse():
    with pytest.raises(BuildError, match="expected an image manifest, found an image index"):
        read_manifest(document(manifests=[]))
    with pytest.raises(BuildError, match="expected an image index, found an image manifest"):
        read_index(document(config=CONFIG))
