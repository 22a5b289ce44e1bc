"""A server in a process, and the bytes that go to it and come from it."""

from __future__ import annotations

import json
import os
import subprocess
import sys

CAPABILITIES = {
    "textDocument": {"publishDiagnostics": {"versionSupport": True}},
    "general": {"positionEncodings": ["utf-16"]},
}


class Wire:
    """A server and the bytes that go to it."""

    def __init__(self, *options: str) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "dflint_lsp", *options],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        )  # fmt: skip

    def send(self, method: str, params: object = None, number: int | None = None) -> None:
        message = {"jsonrpc": "2.0", "method": method, "params": params}
        if number is not None:
            message["id"] = number
        body = json.dumps(message).encode()
        self.process.stdin.write(b"Content-Length: %d\r\n\r\n%b" % (len(body), body))
        self.process.stdin.flush()

    def read(self) -> dict:
        length = 0
        while line := self.process.stdout.readline().strip():
            name, _, value = line.partition(b":")
            assert name in (b"Content-Length", b"Content-Type"), line
            length = int(value) if name == b"Content-Length" else length
        return json.loads(self.process.stdout.read(length))

    def answer(self, number: int) -> dict:
        while (message := self.read()).get("id") != number or "method" in message:
            continue
        return message

    def initialize(self, settings: object = None) -> None:
        params = {
            "processId": os.getpid(),
            "rootUri": None,
            "capabilities": CAPABILITIES,
            "initializationOptions": settings,
        }
        self.send("initialize", params, 1)
        assert self.answer(1)["result"]["serverInfo"]["name"] == "dflint"
        self.send("initialized", {})

    def open(self, text: str, uri: str = "file:///x/Dockerfile") -> None:
        item = {"uri": uri, "languageId": "dockerfile", "version": 1, "text": text}
        self.send("textDocument/didOpen", {"textDocument": item})

    def end(self) -> tuple[int, str]:
        self.process.stdin.close()
        status = self.process.wait(20)
        return status, self.process.stderr.read().decode()
