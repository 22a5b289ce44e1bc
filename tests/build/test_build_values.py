"""The values of a build in its graph: arguments, contexts, stages, images."""

from __future__ import annotations

import pytest

from dflint.build.frontend import model_of, read_file
from dflint.graph.build import Build, NamedContext
from dflint.graph.lower_build import needed_images
from dflint.graph.ops import ImageSource, NamedContextSource, ScratchSource
from tests.build.bases import HISTORY, base, config, history, image, plan


def images(text, **values):
    tree = read_file(text)
    build = Build(**values)
    return needed_images(tree, model_of(tree, build), build)


def ops(graph):
    return [vertex.op for vertex in graph.reachable()]


def test_images_that_only_needed_stages_name():
    text = (
        "ARG BASE=debian\nFROM missing AS other\nFROM --platform=$BUILDPLATFORM $BASE AS a\n"
        "COPY --from=alpine:3 / /\nFROM scratch\nCOPY --from=a / /\n"
        "RUN --mount=from=busybox,target=/b true\n"
    )

    assert images(text, platform="linux/arm64", build_platform="linux/amd64") == (
        ("docker.io/library/debian:latest", "linux/amd64"),
        ("docker.io/library/alpine:3", "linux/arm64"),
        ("docker.io/library/busybox:latest", "linux/arm64"),
    )


def test_base_is_asked_once_for_each_image():
    asked = []

    def asking(reference, platform):
        asked.append(reference)
        return base(reference, platform)

    plan("FROM busybox AS a\nFROM busybox\nCOPY --from=a /x /y\n", base=asking)

    assert asked == ["docker.io/library/busybox:latest"]


@pytest.mark.parametrize(
    "name", ["busybox", "docker.io/library/busybox:latest", "busybox::linux/amd64"]
)
def test_context_takes_the_place_of_an_image(name):
    contexts = {name: NamedContext("docker.io/library/alpine:3")}
    graph = plan("FROM busybox\nRUN true\n", named_contexts=contexts)

    assert ops(graph)[0] == ImageSource("docker.io/library/alpine:3", "linux/amd64")


def test_context_of_another_platform_does_not():
    contexts = {"busybox::linux/arm64": NamedContext("alpine")}
    graph = plan("FROM busybox\nRUN true\n", named_contexts=contexts)

    assert ops(graph)[0] == ImageSource("docker.io/library/busybox:latest", "linux/amd64")


def test_context_takes_the_place_of_a_stage_with_all_that_it_does():
    text = "FROM missing AS Tools\nRUN make\nFROM scratch\nCOPY --from=tools /a /b\n"
    graph = plan(text, named_contexts={"tools": NamedContext()})

    assert NamedContextSource("tools") in ops(graph)
    assert images(text, named_contexts={"tools": NamedContext()}) == ()
    assert len(graph.reachable()) == 3


def test_files_as_a_base_are_like_an_empty_image():
    contexts = {"files": NamedContext()}

    assert config("FROM files\nENV a=1\n", named_contexts=contexts)["WorkingDir"] == "/"


def test_scratch_may_be_copied_from():
    graph = plan("FROM busybox\nCOPY --from=scratch / /x\n")

    assert ScratchSource() in ops(graph)


def test_number_in_a_mount_is_no_stage():
    text = "FROM busybox\nFROM busybox\nRUN --mount=from=0,target=/m true\n"

    assert ("docker.io/library/0:latest", "linux/amd64") in images(text)


def test_environment_of_run_has_arguments_and_variables_but_no_undeclared_ones():
    text = "FROM busybox\nARG A=1\nARG B\nENV C=$A\nRUN true\n"
    graph = plan(text, arguments={"B": "b", "NOPE": "x", "HTTP_PROXY": "p"})
    names = dict(graph.target.last.op.variables.pairs())

    assert {name: value for name, value in names.items() if name != "PATH"} == {
        "A": "1", "B": "b", "C": "1",
    }  # fmt: skip
    assert graph.build.proxies == ("HTTP_PROXY=p", "http_proxy=p")


def test_platforms_are_arguments_of_the_whole_file():
    text = "FROM busybox\nARG TARGETPLATFORM BUILDPLATFORM TARGETARCH TARGETVARIANT TARGETSTAGE\n"

    found = history(text, platform="linux/arm/v7", build_platform="linux/amd64")
    assert found == [
        "(ARG TARGETPLATFORM=linux/arm/v7 BUILDPLATFORM=linux/amd64 TARGETARCH=arm"
        " TARGETVARIANT=v7 TARGETSTAGE=default)"
    ]


@pytest.mark.parametrize(("target", "stage"), [("", "last"), ("One", "One"), ("last", "last")])
def test_the_target_is_an_argument(target, stage):
    text = "FROM busybox AS one\nARG TARGETSTAGE\nFROM one AS Last\nARG TARGETSTAGE\n"

    assert history(text, target=target)[-1] == f"(ARG TARGETSTAGE={stage})"


def test_directory_and_user_of_the_base_count():
    given = image(HISTORY, WorkingDir="/srv", User="app", Shell=["/bin/ash", "-c"])
    graph = plan("FROM x\nWORKDIR a\nRUN pwd\n", base=lambda reference, platform: given)
    make, run = (step.op for step in graph.target.steps)

    assert (make.path, make.owner) == ("/srv/a", "app")
    assert (run.workdir, run.user, run.command.arguments[0]) == ("/srv/a", "app", "/bin/ash")


def test_run_is_in_the_root_where_no_directory_is_set():
    assert plan("FROM busybox\nRUN pwd\n").target.last.op.workdir == "/"
    assert "WorkingDir" not in config("FROM busybox\nRUN pwd\n")


@pytest.mark.parametrize(
    ("text", "values", "epoch"),
    [
        ("FROM scratch\n", {}, (None, "")),
        ("FROM scratch\n", {"arguments": {"SOURCE_DATE_EPOCH": "7"}}, (7, "")),
        ("FROM scratch\n", {"epoch": 0, "arguments": {"SOURCE_DATE_EPOCH": "7"}}, (0, "")),
        ("ARG SOURCE_DATE_EPOCH=5\nFROM scratch\n", {}, (5, "")),
        ("ARG SOURCE_DATE_EPOCH=context\nFROM scratch\n", {}, (None, "context")),
        ("FROM scratch\nARG SOURCE_DATE_EPOCH=5\n", {}, (None, "")),
    ],
)
def test_epoch(text, values, epoch):
    graph = plan(text, **values)

    assert (graph.epoch, graph.epoch_of) == epoch


def test_arguments_that_speak_to_the_builder():
    build = Build(
        arguments={
            "BUILDKIT_SANDBOX_HOSTNAME": "box",
            "BUILDKIT_MULTI_PLATFORM": "1",
            "BUILDKIT_INLINE_CACHE": "0",
            "BUILDKIT_CONTEXT_KEEP_GIT_DIR": "true",
            "BUILDKIT_SYNTAX": "x/y",
            "BUILDKIT_DOCKERFILE_CHECK": "skip=all",
        }
    )

    assert (build.hostname, build.is_index, build.has_inline_cache) == ("box", True, False)
    assert (build.keeps_git_dir, build.frontend, build.checks) == (True, "x/y", "skip=all")
    assert Build().hostname == "buildkitsandbox"


def test_spans_tell_where_each_step_stands():
    text = "FROM busybox\n\nRUN a \\\n  b\n"
    graph = plan(text)

    assert graph.spans[graph.target.last].slice(text) == "RUN a \\\n  b"


def test_heredocs_are_copied_last():
    graph = plan("FROM scratch\nCOPY <<a b <<c d/\n1\na\n2\nc\n")

    actions = graph.target.last.op.actions
    assert [action.source for action in actions] == ["/b", "a", "c"]
