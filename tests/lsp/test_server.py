from __future__ import annotations

import pytest

from tests.lsp.wire import Wire


@pytest.fixture
def wire():
    wire = Wire()
    wire.initialize()
    yield wire
    if wire.process.poll() is None:
        wire.process.kill()
        wire.process.wait()


def test_the_server_leaves_when_it_is_told_to(wire):
    wire.send("shutdown", None, 2)
    assert "error" not in wire.answer(2)
    wire.send("exit")
    assert wire.end() == (0, "")


def test_leaving_without_shutdown_is_an_error(wire):
    wire.send("exit")
    assert wire.end() == (1, "")


def test_a_client_that_dies_leaves_no_traceback(wire):
    wire.open("FROM a\nRUN b\n" * 50)
    wire.process.stdout.close()
    status, said = wire.end()
    assert status == 0
    assert said == ""


def test_odd_requests_are_answered_and_nothing_breaks(wire):
    wire.send("dflint/unknown", {}, 3)
    assert wire.answer(3)["error"]["code"] == -32601
    where = {
        "textDocument": {"uri": "file:///never/opened"},
        "position": {"line": 3, "character": 9},
    }
    wire.send("textDocument/foldingRange", where, 4)
    assert wire.answer(4)["result"] == []


def test_many_documents_are_open_at_once(wire):
    uris = [f"file:///x/{number}/Dockerfile" for number in range(100)]
    for uri in uris:
        wire.open("FROM debian:12\nMAINTAINER me\n", uri)
    told: set[str] = set()
    while len(told) < len(uris):
        message = wire.read()
        if message.get("method") == "textDocument/publishDiagnostics":
            params = message["params"]
            assert [one["code"] for one in params["diagnostics"]] == ["maintainer-deprecated"]
            told.add(params["uri"])
    assert told == set(uris)
