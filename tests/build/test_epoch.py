"""The time that SOURCE_DATE_EPOCH asks for: a number, or that of the context."""

from __future__ import annotations

import io
import tarfile

import pytest

from tests.build.test_options import problem, request
from tests.sources.repositories import commit, git, needs_git
from tests.sources.test_http import DATE, Site

TEXT = "FROM scratch\nCOPY a /\n"
FILES = (("Dockerfile", TEXT.encode(), 1000), ("a", b"a", 1_000_000_000), ("b", b"b", 5))


@pytest.fixture
def site():
    site = Site()
    yield site
    site.server.shutdown()
    site.server.server_close()


def archive():
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as tar:
        for name, content, moment in FILES:
            member = tarfile.TarInfo(name)
            member.size, member.mtime = len(content), moment
            tar.addfile(member, io.BytesIO(content))
    return out.getvalue()


def created(image):
    """The time of the image, which is also that of what was done for it."""
    assert {entry["created"] for entry in image.document["history"]} == {image.document["created"]}
    return image.document["created"]


CONTEXT = ("--build-arg", "SOURCE_DATE_EPOCH=context")


def test_an_archive_has_the_time_of_its_newest_file(command):
    image = command.image(*CONTEXT, context="-", stdin=archive())
    assert created(image) == "2001-09-09T01:46:40Z"


def test_a_web_server_says_when_a_file_changed(command, site):
    site.answers["/dated"] = 200, {"Last-Modified": DATE}, archive()
    site.answers["/plain"] = 200, {}, archive()
    image = command.image(context=f"{site.url}/dated", SOURCE_DATE_EPOCH="context")
    assert created(image) == "2015-10-21T07:28:00Z"
    assert created(command.image(*CONTEXT, context=f"{site.url}/plain")) == "2001-09-09T01:46:40Z"


@needs_git
def test_a_commit_has_a_time(command):
    git(command.context, "init", "-q")
    text = "ARG SOURCE_DATE_EPOCH=context\n" + TEXT
    commit(command.context, {"Dockerfile": text, "a": "content"})
    image = command.image(context=f"file://{command.context}")
    assert created(image) == "2020-01-01T00:00:00Z"


def test_a_directory_has_no_time(command):
    command.write({"a": "content"})
    image = command.image(*CONTEXT, dockerfile=TEXT)
    assert created(image) > "2020"


def test_the_time_reaches_steps_as_a_number(command):
    text = b"FROM busybox\nARG SOURCE_DATE_EPOCH\nRUN echo $SOURCE_DATE_EPOCH >/out\n"
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as tar:
        member = tarfile.TarInfo("Dockerfile")
        member.size, member.mtime = len(text), 77
        tar.addfile(member, io.BytesIO(text))
    folder = command.files(*CONTEXT, context="-", stdin=out.getvalue())
    assert (folder / "out").read_text() == "77\n"


@pytest.mark.parametrize("value", ["0", "-5", "+7", "context", "", "253402300799"])
def test_values_that_are_times(value):
    found = request("--build-arg", f"SOURCE_DATE_EPOCH={value}")
    assert dict(found.build_args) == {"SOURCE_DATE_EPOCH": value}


@pytest.mark.parametrize("value", ["now", "1.5", "1_0", "٣", "0x1", " 1"])
def test_values_that_are_none(value):
    message = f"expected seconds since 1970 or `context`, found `{value}`"
    option = "--build-arg SOURCE_DATE_EPOCH"
    assert problem("--build-arg", f"SOURCE_DATE_EPOCH={value}") == f"{option}: {message}"
    assert problem(SOURCE_DATE_EPOCH=value) == f"$SOURCE_DATE_EPOCH: {message}"
    assert "expected seconds since" in problem("-o", f"type=tar,dest=x,source-date-epoch={value}")


def test_a_time_that_no_image_can_name(command):
    assert "before the year 10000" in problem("--build-arg", "SOURCE_DATE_EPOCH=253402300800")
    built = command.run(dockerfile="ARG SOURCE_DATE_EPOCH=999999999999\n" + TEXT)
    assert built.status == 1
    assert "expected a time before the year 10000" in built.err
    built = command.run(dockerfile="ARG SOURCE_DATE_EPOCH=a\nFROM scratch AS a\nCOPY a /\n")
    assert "expected seconds since 1970 or `context`, found `a`" in built.err
