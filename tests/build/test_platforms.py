"""Steps of platforms other than this machine's."""

from __future__ import annotations

import pytest

from dflint.executor.emulation import can_run
from tests.build.bases import plan

FOREIGN = "linux/s390x"
DOCKERFILE = """\
FROM --platform=$BUILDPLATFORM busybox AS tools
RUN echo built here >/here
FROM scratch
COPY --from=tools / /
RUN echo begun
"""


@pytest.fixture
def _has_no_emulator():
    if can_run(FOREIGN):
        pytest.skip(f"this machine runs programs for {FOREIGN}")


@pytest.mark.usefixtures("_has_no_emulator")
def test_a_step_that_cannot_run_here_says_what_to_install(command):
    built = command.run("--platform", FOREIGN, dockerfile=DOCKERFILE)

    assert built.status == 1
    assert f"programs for {FOREIGN} do not run on this machine" in built.err
    assert "qemu-user-static" in built.err
    assert "Dockerfile:5" in built.err
    assert "RUN echo begun" in built.err
    assert "begun" not in built.log


def test_nothing_has_to_run_for_files_of_another_platform(command):
    image = command.image("--platform", FOREIGN, dockerfile=DOCKERFILE.rsplit("RUN", 1)[0])

    assert image.document["architecture"] == "s390x"


def test_steps_of_each_platform_have_a_cache_of_their_own(command):
    """The same files below and the same command: another platform may make other files of them."""
    text = DOCKERFILE + "RUN uname -m >/machine\n"
    built = command.build("--platform", "linux/amd64", dockerfile=text)
    again = command.run("--platform", "linux/386", dockerfile=text)

    assert "CACHED" not in built.err.partition("RUN uname")[2]
    assert "begun" in built.log
    assert "begun" in again.log


def test_the_platform_of_a_step_is_that_of_its_image():
    text = "FROM --platform=linux/arm64 alpine AS a\nRUN x\nFROM a\nRUN y\n"
    graph = plan(text, platform="linux/amd64")
    assert graph.platform_of(graph.target.last) == "linux/arm64"
    graph = plan("FROM alpine\nRUN x\n", platform="linux/386")
    assert graph.platform_of(graph.target.last) == "linux/386"
