from __future__ import annotations

import subprocess
import sys
import time

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


def test_standard_input_may_be_a_file(tmp_path):
    """Which no event loop can wait for, as it can for a pipe."""
    sent = tmp_path / "sent"
    bodies = [
        b'{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"processId":null,'
        b'"rootUri":null,"capabilities":{}}}',
        b'{"jsonrpc":"2.0","id":2,"method":"shutdown"}',
        b'{"jsonrpc":"2.0","method":"exit"}',
    ]
    sent.write_bytes(b"".join(b"Content-Length: %d\r\n\r\n%b" % (len(one), one) for one in bodies))
    with sent.open("rb") as file:
        done = subprocess.run(
            [sys.executable, "-m", "dflint_lsp"], stdin=file, capture_output=True, check=False
        )
    assert (done.returncode, done.stderr) == (0, b"")
    assert b'"serverInfo"' in done.stdout


def test_a_message_may_be_longer_than_a_pipe_and_come_in_pieces(wire):
    wire.process.stdin.write(b"Content-Le")
    wire.process.stdin.flush()
    time.sleep(0.1)
    body = b'{"jsonrpc":"2.0","id":7,"method":"dflint/unknown","params":"%b"}' % (b"x" * 500_000)
    wire.process.stdin.write(b"ngth: %d\r\nContent-Type: x\r\n\r\n%b" % (len(body), body))
    wire.process.stdin.flush()
    assert wire.answer(7)["error"]["code"] == -32601


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
