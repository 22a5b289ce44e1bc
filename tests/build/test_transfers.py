"""What progress tells of what comes and goes: contexts, files, images."""

from __future__ import annotations

import base64
import json
import re

import pytest

from dflint.testing.registry import MemoryRegistry
from tests.build.packing import packed
from tests.sources.test_http import Site

TEXT = "FROM scratch\nCOPY a b /\n"
FILES = {"Dockerfile": TEXT, "a": "a" * 2345, "b": "b" * 5, "c": "not copied" * 100}


@pytest.fixture
def site():
    site = Site()
    yield site
    site.server.shutdown()
    site.server.server_close()


def lines(built):
    """The lines of progress, without the numbers of the steps and without times."""
    found = [line.partition(" ")[2] for line in built.err.splitlines() if line.startswith("#")]
    return [re.sub(r" \d+\.\ds\b", "", line) for line in found]


def test_what_is_read_of_a_context_is_counted(command):
    command.write(FILES)
    built = lines(command.build())
    assert f"transferring dockerfile: {len(TEXT)}B done" in built
    at = built.index("[internal] load build context")
    assert built[at + 1 : at + 3] == ["transferring context: 2.35kB done", "DONE"]


def test_a_context_is_told_once(command):
    """Two steps take from it; what the second reads is told behind."""
    command.write({**FILES, "Dockerfile": "FROM scratch\nCOPY a /\nCOPY b /\n"})
    built = command.build("--progress=rawjson")
    events = [json.loads(line) for line in built.err.splitlines()]
    shown = [one for each in events for one in each.get("vertexes", ()) if "started" in one]
    context = [one for one in shown if one["name"] == "[internal] load build context"]
    assert len({one["started"] for one in context}) == 1
    statuses = [one for each in events for one in each.get("statuses", ())]
    last = [one for one in statuses if one["id"] == "transferring context:"][-1]
    assert last["current"] == 2350
    assert "completed" in last
    assert all(base64.b64decode(one["data"]) for each in events for one in each.get("logs", ()))


def test_an_archive_is_counted_while_it_comes(command):
    archive = packed({name: text.encode() for name, text in FILES.items()})
    built = lines(command.build(context="-", stdin=archive))
    assert any(line.startswith("transferring context: ") for line in built)


def test_files_of_web_servers_are_counted(command, site):
    site.answers["/x"] = 200, {}, b"x" * 1234
    text = f"FROM scratch\nADD {site.url}/x /\n"
    site.answers["/context.tar"] = (
        200,
        {},
        packed({"Dockerfile": text.encode()}),
    )
    built = lines(command.build(context=f"{site.url}/context.tar"))
    at = built.index(f"{site.url}/x")
    assert built[at + 1 : at + 3] == ["downloading 1.23kB done", "DONE"]
    assert any(line.startswith("transferring context: 10.24kB") for line in built)


def test_layers_are_counted_on_their_way(command):
    with MemoryRegistry() as registry:
        registry.add_image("base", "1", [packed({"one": b"1"})])
        command.write({"a": "a"})
        built = lines(
            command.build(
                "--push", "-t", f"{registry.address}/app:1",
                dockerfile=f"FROM {registry.address}/base:1\nCOPY a /\n",
            )
        )  # fmt: skip
    pulled = [line for line in built if line.startswith("sha256:")]
    assert any(line.endswith("10.24kB / 10.24kB done") for line in pulled), built
    pushed = [line for line in built if line.startswith("pushing sha256:")]
    assert len(pushed) >= 3 and all(line.endswith(" done") for line in pushed)
    assert any(line.startswith(f"pushing manifest for {registry.address}/app:1@") for line in built)
    assert f"naming to {registry.address}/app:1 done" in built
