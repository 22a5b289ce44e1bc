"""`dflint report` on images that the real command has built."""

from __future__ import annotations

import json

import pytest

from dflint.build.build_record import find_record
from dflint.content.store import ContentStore
from tests.pictures.pages import Page

DOCKERFILE = """\
ARG TAG=latest
FROM busybox:$TAG AS base
RUN echo 0123456789 > /kept && echo abcdef > /gone
FROM base AS unused
RUN false
FROM base
COPY file /copied
RUN rm /gone && mkdir -p /tmp && echo xyz > /tmp/left
CMD ["</script><script>alert(1)</script>"]
LABEL hostile="<img src=x onerror=alert(1)>"
"""


@pytest.fixture
def built(command):
    """An image `app` of the store, and where `--metadata-file` was written."""
    command.write({"file": "copied\n"})
    command.metadata = command.place / "metadata.json"
    command.archive = command.place / "app.tar"
    base = f"--build-context=busybox:latest=oci-layout://{command._base}"
    command.again = (
        base, "--tag=app", "--metadata-file", str(command.metadata), "--output=type=image",
        f"--output=type=docker,dest={command.archive}",
    )  # fmt: skip
    command.build(*command.again, dockerfile=DOCKERFILE)
    return command


def record_of(command):
    store = ContentStore(str(command.store))
    try:
        config = json.loads(command.metadata.read_bytes())["containerimage.config.digest"]
        return find_record(store, config)
    finally:
        store.close()


def test_a_build_keeps_a_record_of_its_steps(built):
    record = record_of(built)
    own = [(one.name, one.stage, one.line, one.layer) for one in record.steps if one.line > 2]
    assert own == [
        ("[base 1/2] RUN echo 0123456789 > /kept && echo abcdef > /gone", 0, 3, 1),
        ("[stage-2 1/2] COPY file /copied", 2, 7, 2),
        ("[stage-2 2/2] RUN rm /gone && mkdir -p /tmp && echo xyz > /tmp/left", 2, 8, 3),
    ]
    assert record.dockerfile == DOCKERFILE
    assert dict(record.arguments)["TAG"] == "latest"
    assert all(0 <= one.start <= record.seconds + 0.01 for one in record.steps)
    assert not [one for one in record.steps if one.is_cached]


def test_a_cached_step_says_what_it_took_when_it_ran(built):
    first = {one.name: one.seconds for one in record_of(built).steps if one.line > 2}
    built.build(*built.again)
    found = {one.name: one for one in record_of(built).steps if one.line > 2}
    assert all(one.is_cached for one in found.values())
    assert {name: one.earlier for name, one in found.items()} == first


def test_a_report_is_of_an_image_by_name_and_by_what_the_build_wrote(built, report):
    status, text, errors = report("app")
    assert (status, errors) == (0, "")
    page = Page(text)
    page.check()
    assert "not needed" in page.text
    assert "/gone" in page.text
    assert "/tmp/left" in page.text
    assert "base image: " in page.text
    assert "1 instruction, not needed" in page.text
    same = report(built.metadata)[1]
    assert same.replace("docker.io/library/app:latest", "app") == text


def test_a_report_is_of_an_image_by_its_id(built, report):
    written = json.loads(built.metadata.read_bytes())
    config, manifest = written["containerimage.config.digest"], written["containerimage.digest"]

    for text in (config, config[7:19], manifest):
        status, page, errors = report(text)
        assert (status, errors) == (0, "")
        assert manifest in page


def test_the_same_image_gives_the_same_bytes(built, report):
    pages = {report("app", PYTHONHASHSEED=seed)[1] for seed in ("1", "2")}
    assert len(pages) == 1


def test_an_archive_from_elsewhere_has_bytes_and_no_times(built, report):
    status, text, _ = report(built.archive, "--store", built.place / "other")
    assert status == 0
    page = Page(text)
    page.check()
    assert "/gone" in page.text
    assert "How long the steps took is not known" in page.text
    store = ContentStore(str(built.place / "other"))
    assert not store.tags()
    assert store.disk_usage().blobs == 0
    store.close()


def test_an_archive_of_an_image_that_was_built_here_has_its_times(built, report):
    assert "[stage-2 1/2] COPY file /copied" in report(built.archive)[1]


def test_a_dockerfile_needs_no_build(command, report):
    command.write({"Dockerfile": DOCKERFILE})
    status, text, _ = report(command.context)
    assert status == 0
    page = Page(text)
    page.check()
    assert "Nothing was built" in page.text


def test_names_of_files_are_never_taken_for_markup(command, report):
    text = (
        b'FROM busybox\nLABEL a="\xff<b>"\n'
        b"RUN mkdir '/<script>alert(1)<' && echo x > '/<script>alert(1)</script>' && "
        b'echo x > "$(printf \'/tmp/\\377\\n"onclick=x\')"\n'
    )
    command.build("--tag=app", dockerfile=text)
    status, text, errors = report("app")
    assert (status, errors) == (0, "")
    page = Page(text)
    page.check()
    assert "/<script>alert(1)</script>" in page.text
    assert '/tmp/\\xff\\n"onclick=x' in page.text


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (None, "found no image and no file `x`"),
        ("{}", "expected `containerimage.digest`, found none"),
        ("{", "is no JSON"),
        ('{"containerimage.digest": "sha256:' + "0" * 64 + '"}', "is not in the store"),
        ("\0" * 600, "x"),
    ],
)
def test_what_is_no_image_is_told(command, report, content, expected):
    if content is not None:
        (command.place / "x").write_text(content)
    status, text, errors = report("x")
    assert (status, text) == (1, "")
    assert errors.startswith("dflint: report: ")
    assert expected in errors
    assert "Traceback" not in errors


def test_nothing_is_half_written(built, report):
    output = built.place / "missing" / "page.html"
    status, _, errors = report("app", "-o", output)
    assert status == 2
    assert "--output: cannot write" in errors
    assert report("app", "-o", built.place / "page.html")[0] == 0
    Page((built.place / "page.html").read_text()).check()


def test_a_file_without_a_stage_is_told(command, report):
    (command.place / "x").write_text("hello\n")
    status, _, errors = report("x")
    assert status == 1
    assert "is no Dockerfile: expected a stage, found no FROM" in errors
