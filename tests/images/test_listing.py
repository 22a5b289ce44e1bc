"""`dflint images`, `history` and `inspect`: what they print, and by which filters and forms."""

from __future__ import annotations

import json
import os
import re

import pytest

from dflint.content.catalog import find_image, read_catalog
from dflint.content.instruction_lines import InstructionLines, keep_lines
from dflint.images.times import local_rfc3339, nanoseconds, read_until, since
from tests.images.made import put_image, put_index, whole


@pytest.fixture(autouse=True)
def _zone(monkeypatch):
    import time

    monkeypatch.setenv("TZ", "UTC")
    time.tzset()


def image_of(store, text):
    return find_image(read_catalog(store), text).image


def tags(text):
    """The names in a table of images."""
    return [":".join(line.split()[:2]) for line in text.splitlines()[1:]]


def test_the_table_of_images(dflint, store):
    new, old = read_catalog(store)
    store.keep_untagged(put_image(store, {"c": ""}, created="2020-01-01T00:00:00Z"))
    status, out, err = dflint("images")
    assert (status, err) == (0, "")
    rows = [re.split(r" {2,}", line) for line in out.splitlines()]
    assert rows[0] == ["REPOSITORY", "TAG", "IMAGE ID", "CREATED", "SIZE"]
    assert rows[1][:3] == ["new", "latest", new.id[7:19]] and rows[1][4] == "1.5kB"
    assert rows[2][:3] == ["old", "1", old.id[7:19]] and rows[3][1] == "2"
    assert rows[4][:2] == ["<none>", "<none>"] and rows[4][4] == "0B"
    assert all(row[3].endswith(" ago") for row in rows[1:])
    assert dflint("image", "ls", "-a") == (0, out, "")

    _, out, _ = dflint("images", "--digests", "--no-trunc", "new")
    assert new.id in out and new.descriptor.digest in out and "DIGEST" in out
    _, out, _ = dflint("images", "-q", "old")
    assert out == f"{old.id[7:19]}\n" * 2
    _, out, _ = dflint("images", "-q", "--no-trunc", "new")
    assert out == f"{new.id}\n"


@pytest.mark.parametrize(
    ("words", "found"),
    [
        (("old",), ["old:1", "old:2"]),
        (("old:2",), ["old:2"]),
        (("ol*:1",), ["old:1"]),
        (("library/old",), []),
        (("-f", "reference=*:2", "-f", "reference=new"), ["new:latest", "old:2"]),
        (("-f", "dangling=true"), ["<none>:<none>"]),
        (("-f", "dangling=false"), ["new:latest", "old:1", "old:2"]),
        (("-f", "label=who"), ["old:1", "old:2"]),
        (("-f", "label=who=me", "old:1"), ["old:1"]),
        (("-f", "label=who=you"), []),
        (("-f", "before=new"), ["old:1", "old:2", "<none>:<none>"]),
        (("-f", "since=old:1"), ["new:latest"]),
        (("-f", "until=2023-01-01"), ["<none>:<none>"]),
        (("-f", "until=1h"), ["new:latest", "old:1", "old:2", "<none>:<none>"]),
    ],
)
def test_filters(dflint, store, words, found):
    store.keep_untagged(put_image(store, {"c": ""}, created="2020-01-01T00:00:00Z"))
    status, out, _ = dflint("images", *words)
    assert status == 0
    assert tags(out) == found


@pytest.mark.parametrize(
    ("words", "status", "problem"),
    [
        (("-f", "foo=1"), 2, "--filter: expected one of dangling, reference, label, before, since"),
        (("-f", "foo"), 2, "--filter: expected `name=value`, found `foo`"),
        (("-f", "dangling=x"), 2, "--filter dangling: expected `true` or `false`, found `x`"),
        (("-f", "reference=["), 2, "--filter reference: "),
        (("-f", "before=nope"), 1, "images: no such image: nope:latest"),
        (("-f", "until=x"), 2, "expected `until=` and a time such as `24h`, found `x`"),
        (("a", "b"), 2, "images: expected [REPOSITORY[:TAG]], found `a` `b`"),
        (("--format", "{{.Foo}}"), 1, "template parsing error: template: :1:2: executing"),
        (("--format", "{{"), 1, "template parsing error: template: :1: unclosed action"),
        (("--sort",), 2, "unknown option `--sort`"),
    ],
)
def test_what_is_asked_for_wrongly_is_told(dflint, store, words, status, problem):
    found, out, err = dflint("images", *words)
    assert found == status and problem in err and out == ""


def test_forms_of_lists(dflint, store):
    new = image_of(store, "new")
    _, out, _ = dflint("images", "--format", "json", "new")
    assert json.loads(out) == {
        "Containers": "N/A", "CreatedAt": "2024-02-02 03:04:05 +0000 UTC",
        "CreatedSince": json.loads(out)["CreatedSince"], "Digest": new.descriptor.digest,
        "ID": new.id[7:19], "Repository": "new", "SharedSize": "N/A", "Size": "1.5kB",
        "Tag": "latest", "UniqueSize": "N/A", "VirtualSize": "1.5kB",
    }  # fmt: skip
    _, out, _ = dflint("images", "--format", "table {{.Tag}}\\t{{.Size}}", "new")
    assert out == "TAG       SIZE\nlatest    1.5kB\n"
    _, out, _ = dflint("images", "--format", "{{.Repository}}:{{.Tag}}", "old")
    assert out == "old:1\nold:2\n"


def test_without_a_store_there_are_no_images(dflint, tmp_path):
    place = str(tmp_path / "nowhere")
    assert dflint("images", "--store", place)[1].startswith("REPOSITORY   TAG")
    status, out, err = dflint("inspect", "--store", place, "a")
    assert (status, out, err) == (1, "[]\n", "dflint: inspect: no such image: a\n")
    status, _, err = dflint("rmi", "--store", place, "a")
    assert status == 1 and f"there is no store at `{place}`" in err
    assert not os.path.exists(place)


def test_an_image_that_is_not_whole_is_listed_and_told(dflint, store):
    new = image_of(store, "new")
    os.unlink(store.blob_path(new.platforms[0].config))
    status, out, err = dflint("images")
    assert status == 0 and f"new          latest    {new.descriptor.digest[7:19]}" in out
    assert "dflint: images: " in err and "is missing" in err


def test_history(dflint, store):
    new = image_of(store, "new")
    status, out, _ = dflint("history", "new")
    rows = [re.split(r" {2,}", line) for line in out.splitlines()]
    assert status == 0
    assert rows[0] == ["IMAGE", "CREATED", "CREATED BY", "SIZE", "COMMENT"]
    assert [row[0] for row in rows[1:]] == [new.id[7:19], "<missing>", "<missing>"]
    assert [row[2:4] for row in rows[1:]] == [
        ["ENV A=1", "0B"], ["COPY b / # buildkit", "500B"], ["COPY a / # buildkit", "1kB"],
    ]  # fmt: skip
    _, out, _ = dflint("history", "-H=false", "--format", "{{.CreatedAt}} {{.Size}}", "new")
    assert out.splitlines()[1] == "2024-02-02T03:04:05Z 500"
    assert dflint("history", "-q", "new")[1] == f"{new.id[7:19]}\n<missing>\n<missing>\n"
    _, out, _ = dflint("history", "--format", "json", "new")
    assert set(json.loads(out.splitlines()[0])) == {
        "Comment", "CreatedAt", "CreatedBy", "CreatedSince", "ID", "Size",
    }  # fmt: skip
    assert dflint("history", "nope")[2] == "dflint: history: no such image: nope:latest\n"


def test_history_is_cut_and_tells_lines_that_are_known(dflint, store):
    store.tag(whole("long:1"), put_image(store, {"a" * 60: ""}))
    image = image_of(store, "long:1").platforms[0]
    keep_lines(store, image.config, {0: InstructionLines("Dockerfile", 2, 4)})
    _, out, _ = dflint("history", "long:1")
    lines = out.splitlines()
    assert lines[0].endswith("COMMENT                  DOCKERFILE")
    assert f"   COPY {'a' * 39}…   " in lines[2] and lines[2].endswith("Dockerfile:2-4")
    assert lines[1].rstrip().endswith("buildkit.dockerfile.v0")
    store.tag(whole("odd:1"), put_image(store, {"\x1b[2Jx\ty": ""}))
    _, out, _ = dflint("history", "odd:1")
    assert "\x1b" not in out and "[2Jx y / # buildkit" in out
    _, out, _ = dflint("history", "--no-trunc", "long:1")
    assert "a" * 60 in out
    _, out, _ = dflint("history", "--format", "{{.Dockerfile}}", "long:1")
    assert out == "\nDockerfile:2-4\n"


def test_inspect(dflint, store):
    new, old = read_catalog(store)
    status, out, _ = dflint("inspect", "old:1")
    (said,) = json.loads(out)
    assert status == 0
    assert out.startswith('[\n    {\n        "Id": "sha256:')
    assert said["Id"] == old.id and said["RepoTags"] == ["old:1", "old:2"]
    assert said["RepoDigests"] == [f"old@{old.descriptor.digest}"]
    assert (said["Created"], said["Size"], said["Comment"]) == (
        "2024-01-02T03:04:05Z", 1000, "buildkit.dockerfile.v0",
    )  # fmt: skip
    assert said["RootFS"] == {
        "Type": "layers", "Layers": list(old.platforms[0].document.diff_ids),
    }  # fmt: skip
    assert said["Config"] == {
        "Cmd": None, "Entrypoint": None, "Env": ["A=1"], "Labels": {"who": "me"}, "OnBuild": None,
        "User": "", "Volumes": None, "WorkingDir": "",
    }  # fmt: skip
    form = "{{.Id}} {{.Config.Labels.who}} {{json .Config.Cmd}} {{len .RootFS.Layers}}"
    status, out, err = dflint("inspect", "--format", form, "nope", "old:2", "new")
    assert (status, err) == (1, "dflint: inspect: no such image: nope:latest\n")
    assert out.splitlines()[0] == f"{old.id} me null 1"
    assert out.splitlines()[1] == f"{new.id} <no value> null 2"
    assert dflint("inspect", "nope")[:2] == (1, "[]\n")
    status, _, err = dflint("inspect", "-f", "{{.Config.Foo}}", "new")
    assert status == 1 and "can't evaluate field Foo: expected one of ArgsEscaped, Cmd," in err


def test_one_of_several_platforms_is_inspected(dflint, store):
    one = put_image(store, {"a": "1"}, arch="amd64")
    other = put_image(store, {"a": "22"}, arch="s390x")
    store.tag(whole("many:1"), put_index(store, ("amd64", one), ("s390x", other)))
    form = "{{.Architecture}} {{.Size}}"
    assert dflint("inspect", "--platform", "linux/s390x", "-f", form, "many:1")[1] == "s390x 2\n"
    assert dflint("history", "-q", "--platform", "linux/s390x", "many:1")[0] == 0
    status, _, err = dflint("inspect", "--platform", "linux/ppc64le", "many:1")
    assert status == 1 and "none for `linux/ppc64le` is there" in err
    assert "many         1         " in dflint("images", "many")[1]


def test_times():
    assert nanoseconds("2024-02-02T03:04:05.5Z") - nanoseconds("2024-02-02T03:04:05Z") == 5 * 10**8
    assert nanoseconds("2024-02-02T03:04:05.123456789+01:00") % 10**9 == 123456789
    assert nanoseconds("") is None
    assert since("", 0) == "N/A" and local_rfc3339("") == ""
    assert since("1970-01-01T00:00:10.9Z", 70) == "About a minute ago"
    now = 1_000_000.0
    assert read_until("1h30m", now) == now - 5400
    assert read_until("2d", now) == now - 172800
    assert read_until("500", now) == 500
    assert read_until("1970-01-02T00:00:00Z", now) == read_until("1970-01-02", now) == 86400
