"""The SSH agent that a step sees."""

from __future__ import annotations

import socket
import threading

import pytest

from dflint.build.agent import AgentSocket
from dflint.errors import BuildError


def test_hands_on_what_is_said_both_ways(tmp_path):
    agent = socket.socket(socket.AF_UNIX)
    agent.bind(str(tmp_path / "agent"))
    agent.listen()

    def answer():
        connection, _ = agent.accept()
        with connection:
            connection.sendall(connection.recv(100)[::-1])

    threading.Thread(target=answer, daemon=True).start()
    ours = AgentSocket((str(tmp_path / "agent"),), 0, 0, 0o600)
    with ours as path, socket.socket(socket.AF_UNIX) as client:
        client.connect(path)
        client.sendall(b"abc")
        assert client.recv(100) == b"cba"
    agent.close()


def test_a_key_is_no_agent(tmp_path):
    key = tmp_path / "id_ed25519"
    key.write_text("-----BEGIN OPENSSH PRIVATE KEY-----")
    with (
        pytest.raises(BuildError, match=r"expected the socket of an agent, found `.*ssh-add"),
        AgentSocket((str(key),), 0, 0, 0o600),
    ):
        pass
