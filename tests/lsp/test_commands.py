from __future__ import annotations

import pytest

from tests.lsp.wire import Wire


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


def test_the_stages_of_an_open_file_are_drawn(wire, tmp_path):
    place = tmp_path / "Dockerfile"
    wire.open("FROM a AS b\nFROM b\n", place.as_uri())
    arguments = [place.as_uri()]
    wire.send(
        "workspace/executeCommand", {"command": "dflint.stageGraph", "arguments": arguments}, 2
    )
    drawn = wire.answer(2)["result"]
    assert drawn.startswith("flowchart TD\n")
    assert '  s0 -->|"FROM"| s1\n' in drawn
