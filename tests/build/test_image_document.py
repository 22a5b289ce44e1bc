"""The configuration document of a built image."""

from __future__ import annotations

import json

from dflint.build.image_document import ImageLayer, image_document
from dflint.graph.build import BaseImage
from tests.build.bases import CREATED, HISTORY, PATH, config, document, image, plan


def made(text, layers, epoch="", **values):
    graph = plan(text, **values)
    return image_document(graph.target, layers, graph.build, epoch)


def always(document):
    """A source of base images that has but one."""
    return lambda reference, platform: BaseImage(document)


FULL = """FROM scratch
EXPOSE 90/udp 80
VOLUME /v2 /v1
HEALTHCHECK --interval=5s --retries=3 CMD echo "hi"
SHELL ["/bin/sh", "-ec"]
CMD echo "x"
ENTRYPOINT ["a", "b"]
LABEL z=1 a=2
USER 1:2
STOPSIGNAL 9
"""


def test_configuration_has_buildkits_order():
    expected = {
        "User": "1:2",
        "ExposedPorts": {"80/tcp": {}, "90/udp": {}},
        "Env": [f"PATH={PATH}"],
        "Entrypoint": ["a", "b"],
        "Cmd": ["/bin/sh", "-ec", 'echo "x"'],
        "Volumes": {"/v1": {}, "/v2": {}},
        "WorkingDir": "/",
        "Labels": {"a": "2", "z": "1"},
        "StopSignal": "9",
        "ArgsEscaped": True,
        "Healthcheck": {
            "Test": ["CMD-SHELL", 'echo "hi"'],
            "Interval": 5000000000,
            "Retries": 3,
        },
        "Shell": ["/bin/sh", "-ec"],
    }

    assert json.dumps(config(FULL)) == json.dumps(expected)


def test_document_of_an_empty_image():
    found = document("FROM scratch\nENTRYPOINT echo\nHEALTHCHECK NONE\n")

    assert list(found) == ["architecture", "config", "history", "os", "rootfs"]
    assert found["config"]["Healthcheck"] == {"Test": ["NONE"]}


def test_entrypoint_clears_the_command_of_the_base_but_escapes_nothing():
    assert config("FROM busybox\nENTRYPOINT echo\n") == {
        "Env": [f"PATH={PATH}"],
        "Entrypoint": ["/bin/sh", "-c", "echo"],
    }


def test_labels_of_the_build_are_added():
    found = config("FROM busybox\nLABEL b=1 a=2\n", labels={"a": "3", "c": "4"})

    assert found["Labels"] == {"a": "3", "b": "1", "c": "4"}


def test_history_has_the_times_of_its_layers():
    text = "FROM busybox\nENV a=1\nRUN x\nENV b=2\nRUN y\nENV c=3\n"
    layers = [ImageLayer("sha256:b"), ImageLayer("sha256:x", "T1"), ImageLayer("sha256:y", "T2")]
    found = made(text, layers)

    times = [one["created"] for one in found["history"]]
    assert times == [CREATED, CREATED, "T1", "T1", "T1", "T2", "T2"]
    assert found["created"] == "T2"
    assert found["rootfs"]["diff_ids"] == ["sha256:b", "sha256:x", "sha256:y"]


def test_image_without_new_layers_is_as_old_as_its_base():
    assert made("FROM busybox\nENV a=1\n", [ImageLayer("sha256:b")])["created"] == CREATED


def test_epoch_is_the_time_of_all_that_is_new():
    layers = [ImageLayer("sha256:b"), ImageLayer("sha256:x", "T1")]
    found = made("FROM busybox\nENV a=1\nRUN x\n", layers, "E")

    assert [one["created"] for one in found["history"]] == [CREATED, CREATED, "E", "E"]
    assert found["created"] == "E"


def test_layers_without_an_entry_get_one():
    layers = [ImageLayer("sha256:b", "T0", "pulled from x")]
    found = made("FROM busybox\n", layers, base=always(image([]).document))

    assert found["history"] == [
        {"created": "T0", "created_by": "pulled from x", "comment": "buildkit.exporter.image.v0"}
    ]


def test_author_and_history_of_the_base_are_kept():
    base = {**image(HISTORY).document, "author": "me", "container": "x"}
    found = made("FROM busybox\n", [ImageLayer("sha256:b")], base=always(base))

    assert found["author"] == "me"
    assert "container" not in found
    assert found["history"] == HISTORY


def test_platform_that_is_asked_for_is_written_in_its_normal_form():
    found = made("FROM scratch\n", [], platform="linux/arm/7", is_platform_given=True)

    assert (found["os"], found["architecture"], found["variant"]) == ("linux", "arm", "v7")


def test_path_is_added_where_the_base_has_none():
    base = always({"os": "linux", "config": {"Env": ["A=1"]}})

    found = config("FROM busybox\nENV A=2 B=3\n", base=base)
    assert found["Env"] == ["A=2", f"PATH={PATH}", "B=3"]


def test_platform_of_from_says_nothing_of_an_empty_image():
    assert made("FROM --platform=linux/arm64 scratch\n", [])["architecture"] == "amd64"


def test_an_image_in_which_nothing_is_new_is_as_old_as_its_base():
    epoch = "2033-01-01T00:00:00Z"

    assert made("FROM busybox\n", [ImageLayer("sha256:a")], epoch)["created"] == CREATED
    assert made("FROM busybox\nENV A=b\n", [ImageLayer("sha256:a")], epoch)["created"] == epoch
    assert "created" not in made("FROM scratch\n", [], epoch)
