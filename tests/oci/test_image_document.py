from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dflint.errors import BuildError
from dflint.oci.descriptor import PlatformFields
from dflint.oci.digest import digest_of
from dflint.oci.image_document import (
    ContainerConfig,
    Healthcheck,
    HistoryEntry,
    ImageDocument,
    normal_time,
    read_image_document,
)
from tests.oci.schema import BUILDKIT, schema_problems

texts = st.lists(st.text(), max_size=3).map(tuple)
sets = st.sets(st.text(), max_size=3).map(lambda found: tuple(sorted(found)))
counts = st.integers(0, 1 << 62)
times = st.just("") | st.datetimes().map(lambda time: normal_time(time.isoformat() + "Z"))
configs = st.builds(
    ContainerConfig,
    st.text(), sets, texts, texts, texts, sets, st.text(),
    st.dictionaries(st.text(), st.text(), max_size=3),
    st.text(), st.booleans(),
    st.none() | st.builds(Healthcheck, texts, counts, counts, counts, counts, counts),
    texts, texts,
    st.dictionaries(st.just("Hostname"), st.none() | st.text() | st.booleans()),
)  # fmt: skip
documents = st.builds(
    ImageDocument,
    st.builds(PlatformFields, st.text(), st.text(), st.text(), texts, st.text()),
    configs,
    st.lists(st.binary().map(digest_of), max_size=3).map(tuple),
    st.lists(st.builds(HistoryEntry, times, st.text(), st.text(), st.text(), st.booleans())).map(
        tuple
    ),
    times,
    st.text(),
    st.dictionaries(st.just("docker_version"), st.text()),
)


@given(documents)
def test_a_document_is_read_back_and_valid(image):
    data = image.encode()

    assert read_image_document(data) == image
    assert schema_problems("config", data) == []


@pytest.mark.parametrize(
    "path", sorted(BUILDKIT.glob("*-config*.json")), ids=lambda path: path.name
)
def test_configurations_have_buildkits_bytes(path):
    data = path.read_bytes()

    # BuildKit writes `null` where there are no layers and no time, which is not valid.
    expected = data.replace(b'"diff_ids":null', b'"diff_ids":[]').replace(b'"created":null,', b"")
    assert read_image_document(data).encode() == expected


def test_base_image_is_taken_over_as_buildkit_does():
    base = read_image_document((BUILDKIT / "odd-base.json").read_bytes()).plainly()
    built = json.loads((BUILDKIT / "odd-config1.json").read_bytes())
    label = built["config"]["Labels"].pop("x")
    history = built["history"].pop()
    # An engine for amd64 has built it, and a base image's own time does not count.
    found = json.loads(base.encode())
    del built["created"], found["created"]

    assert (label, history["created_by"]) == ("y", "LABEL x=y")
    assert found == built
    assert list(found["config"]) == list(built["config"])


def test_unknown_keys_are_kept():
    image = read_image_document((BUILDKIT / "odd-base.json").read_bytes())

    assert image.extra["docker_version"] == "1.2"
    assert image.config.extra["Hostname"] == "h"
    assert read_image_document(image.encode()) == image


def test_dockers_additions_are_read():
    config = read_image_document((BUILDKIT / "all-config1.json").read_bytes()).config

    assert config.healthcheck == Healthcheck(("CMD-SHELL", 'echo "<>&"'), 5_000_000_000, retries=3)
    assert (config.onbuild, config.shell) == (('RUN echo "&"',), ("/bin/sh", "-ec"))
    assert config.args_escaped


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("2020-01-01T00:00:00.120000000+02:00", "2020-01-01T00:00:00.12+02:00"),
        ("2020-01-01T00:00:00.000Z", "2020-01-01T00:00:00Z"),
        ("2020-01-01T00:00:00+00:00", "2020-01-01T00:00:00Z"),
        ("2020-01-01T00:00:00.1234567891Z", "2020-01-01T00:00:00.123456789Z"),
        ("2020-01-01t00:00:00z", "2020-01-01T00:00:00Z"),
        ("", ""),
    ],
)
def test_times_are_written_as_go_does(written, expected):
    assert normal_time(written) == expected


@pytest.mark.parametrize(
    ("members", "message"),
    [
        ({"os": 1}, "c: expected a string as `os`, found the number 1"),
        ({"config": []}, "c: expected an object as `config`, found a list"),
        ({"config": {"Env": "A=1"}}, "c: `config`: expected a list as `Env`, found a string"),
        ({"config": {"Cmd": [1]}}, "c: `config`: expected strings only in `Cmd`"),
        ({"config": {"Volumes": []}}, "c: `config`: expected an object as `Volumes`, found a list"),
        (
            {"config": {"Healthcheck": {"Interval": "5s"}}},
            "c: `config`: `Healthcheck`: expected a whole number as `Interval`, found a string",
        ),
        ({"history": [None]}, "c: `history[0]`: expected a JSON object, found null"),
        (
            {"history": [{"empty_layer": 1}]},
            "c: `history[0]`: expected true or false as `empty_layer`, found the number 1",
        ),
        ({"created": "today"}, "c: expected a time of RFC 3339 as `created`, found `today`"),
        ({"rootfs": {"type": "x"}}, "c: expected `layers` as type of `rootfs`, found `x`"),
        (
            {"rootfs": {"diff_ids": ["x"]}},
            "expected a digest like `sha256:...`, found `x`",
        ),
    ],
)
def test_hostile_documents_are_refused(members, message):
    with pytest.raises(BuildError) as raised:
        read_image_document(json.dumps(members).encode(), "c")

    assert str(raised.value) == message


def test_null_stands_for_what_is_missing():
    data = b"""{"architecture":"a","os":"o","config":null,"created":null,"history":null,
               "rootfs":{"type":"layers","diff_ids":null}}"""

    assert read_image_document(data) == ImageDocument(PlatformFields("a", "o"))
