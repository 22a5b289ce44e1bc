"""What builds leave in the store, as the verbs on images tell of it."""

from __future__ import annotations

import json
import re
import subprocess
import sys

import pytest

from dflint.build.housekeeping import keep_within
from dflint.content.catalog import find_image, read_catalog
from dflint.content.store import ContentStore
from dflint.images.filters import Filters
from dflint.images.naming import hold, prune_images
from tests.images.test_naming import use

TEXT = """\
FROM busybox AS one
RUN echo one \\
    >/one
FROM one
COPY --chown=7 f /f
ENV A=b
"""


def run(command, *words):
    return subprocess.run(
        [sys.executable, "-m", "dflint", *words],
        capture_output=True, text=True, env=command.environment, cwd=command.place, check=False,
    )  # fmt: skip


def test_history_names_the_lines_of_the_dockerfile(command):
    command.write({"f": "content"})
    command.build("-t", "app", dockerfile=TEXT)
    done = run(command, "history", "--format", "{{.Dockerfile}}|{{.CreatedBy}}|{{.Size}}", "app")
    lines = done.stdout.splitlines()
    assert lines[:3] == [
        "Dockerfile:6|ENV A=b|0B",
        "Dockerfile:5|COPY --chown=7 f /f # buildkit|7B",
        "Dockerfile:2-3|RUN /bin/sh -c echo one     >/one # buildkit|4B",
    ]
    assert all(line.startswith("|") for line in lines[3:]), "the base was built elsewhere"


def test_the_lines_of_a_base_that_was_built_here_are_known(command):
    command.write({"f": "content"})
    command.build("-t", "below", dockerfile=TEXT)
    command.write({"other": "FROM below\nLABEL a=b\n"})
    command.build("-t", "above", f"-f{command.context}/other")
    done = run(command, "history", "--format", "{{.Dockerfile}}", "above")
    assert done.stdout.splitlines()[:4] == [
        "other:2", "Dockerfile:6", "Dockerfile:5", "Dockerfile:2-3",
    ]  # fmt: skip


def test_a_build_without_a_tag_is_a_dangling_image(command):
    command.write({"f": "content"})
    id = command.build("-q", dockerfile=TEXT).out.decode().strip()
    assert run(command, "images", "-q", "--no-trunc").stdout == f"{id}\n"
    command.build("-t", "app", dockerfile=TEXT)
    assert run(command, "images", "-f", "dangling=true", "-q").stdout == ""
    command.build("-t", "app", dockerfile=TEXT + "LABEL a=b\n")
    assert run(command, "images", "-f", "dangling=true", "-q", "--no-trunc").stdout == f"{id}\n"
    done = run(command, "prune", "-f")
    assert f"deleted: {id}\n" in done.stdout
    assert json.loads(run(command, "inspect", "app").stdout)[0]["Config"]["Labels"] == {"a": "b"}
    assert run(command, "inspect", id[7:19]).returncode == 1


def test_images_without_a_name_go_first_from_a_store_over_its_limit(tmp_path):
    from tests.content.worker import put_image

    store = ContentStore(str(tmp_path))
    for number in range(3):
        store.keep_untagged(put_image(store, f"{number}" * 50_000))
    used, *_, newest = store.untagged()
    use(store, used.digest)
    store.tag("a:b", put_image(store, "z" * 50_000))
    keep_within(store, 100_000)
    assert store.untagged() == (used, newest)
    assert len(read_catalog(store)) == 3 and store.verify() == ()
    store.close()


def test_images_differ_by_files_settings_and_layers(command):
    command.write({"f": "content"})
    command.build("-t", "app:1", dockerfile=TEXT)
    command.build("-t", "app:2", dockerfile=TEXT + "RUN rm /one; echo x >>/f\nLABEL a=b\n")
    assert run(command, "diff", "app:1", "app:1").returncode == 0
    done = run(command, "diff", "--layers", "app:1", "app:2")
    assert done.returncode == 1, done.stderr
    lines = done.stdout.splitlines()
    assert "/one: file -> absent  (Dockerfile:7)" in lines
    assert any(line.startswith("/f: content sha256:") for line in lines)
    assert "configuration `Labels.a`: absent -> b" in lines
    assert "    D /one" in lines and "    C /f" in lines
    # Both builds may fall into one second.
    last = r"3 differences, (1 file|0 files) with another time, 3 layers in common"
    assert re.fullmatch(last, lines[-1])
    said = json.loads(run(command, "diff", "--format", "json", "app:1", "app:2").stdout)
    assert said["removed_layers"] == [] and len(said["added_layers"]) == 1
    assert said["added_layers"][0]["dockerfile"] == "Dockerfile:7"
    assert run(command, "diff", "app:1", "nope").returncode == 4


@pytest.mark.parametrize("takes_all", [False, True])
def test_a_build_beside_prunes_loses_nothing(command, takes_all):
    command.write({"f": "content", "Dockerfile": TEXT + "RUN sleep 0.3; echo more >/more\n"})
    command.build("-t", "before")
    building = subprocess.Popen(
        command.arguments("-t", "app", "--no-cache"),
        stderr=subprocess.PIPE, env=command.environment, cwd=command.place, text=True,
    )  # fmt: skip
    store = ContentStore(str(command.store))
    removed = []
    while building.poll() is None:
        removed += prune_images(store, Filters(), takes_all).untagged
        store.prune(everything=True)
    assert building.returncode == 0, building.stderr.read()
    images = read_catalog(store)
    names = {name for image in images for name in image.tags}
    if not takes_all:
        assert removed == []
        assert names == {f"docker.io/library/{name}:latest" for name in ("app", "before")}
    else:
        assert "before:latest" in removed
    for image in images:
        hold(store, image)
    assert store.verify() == ()
    if not takes_all:
        assert find_image(images, "app").image.id != find_image(images, "before").image.id
    store.close()
