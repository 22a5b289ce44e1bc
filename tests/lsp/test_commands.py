from __future__ import annotations

import pytest

from dflint_lsp.stage_graph import mermaid
from tests.lsp.versions import version_of
from tests.lsp.wire import Wire


def test_the_stages_are_drawn_with_what_they_are_built_on():
    text = "FROM a AS b\nFROM b\nFROM x\nCOPY --from=0 c d\nCOPY --from=b e f\n"
    assert mermaid(version_of(text).document) == (
        "flowchart TD\n"
        '  s0["b"]\n'
        '  s1["stage 1"]\n'
        '  s2["stage 2"]\n'
        '  i0(["a"])\n'
        "  i0 --> s0\n"
        "  s0 --> s1\n"
        '  i1(["x"])\n'
        "  i1 --> s2\n"
        "  s0 -.-> s2\n"
    )


@pytest.fixture
def wire(tmp_path, monkeypatch):
    monkeypatch.setenv("DFLINT_STORE", str(tmp_path / "store"))
    wire = Wire()
    wire.initialize({"shellcheck": {"enable": False}})
    yield wire
    wire.process.kill()
    wire.process.wait()


def test_a_stage_is_built_and_the_log_tells_how(wire, tmp_path):
    place = tmp_path / "Dockerfile"
    place.write_text("FROM scratch AS a\nLABEL x=y\nFROM scratch\nCOPY missing /\n")
    wire.open(place.read_text(), place.as_uri())
    arguments = [place.as_uri(), "a"]
    wire.send(
        "workspace/executeCommand", {"command": "dflint.buildStage", "arguments": arguments}, 2
    )
    said = []
    while (message := wire.read()).get("id") != 2:
        if message.get("method") == "window/logMessage":
            said.append(message["params"]["message"])
    assert message["result"] is True
    assert any("exporting" in line for line in said), said


def test_a_build_that_fails_is_no_error_of_the_server(wire, tmp_path):
    place = tmp_path / "Dockerfile"
    place.write_text("FROM scratch\nCOPY missing /\n")
    wire.open(place.read_text(), place.as_uri())
    arguments = [place.as_uri()]
    wire.send(
        "workspace/executeCommand", {"command": "dflint.buildStage", "arguments": arguments}, 2
    )
    answer = wire.answer(2)
    assert answer["result"] is False, answer
