"""The SSH agent that a step sees."""

from __future__ import annotations

import contextlib
import os
import shutil
import socket
import subprocess
import threading
import time

import pytest

from dflint.build.agent import AgentSocket
from dflint.build.request import SshAgent
from dflint.cli.build_ssh import read_ssh
from dflint.errors import BuildError, UsageError


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


@pytest.fixture
def key(tmp_path):
    """A key, open to others as keys in a checkout are."""
    if shutil.which("ssh-keygen") is None:
        pytest.skip("`ssh-keygen` is not installed")
    return make_key(tmp_path / "key")


def make_key(path, *options):
    subprocess.run(["ssh-keygen", "-q", "-f", path, "-N", "", *options], check=True)
    path.chmod(0o644)
    return path


def fingerprint(path):
    done = subprocess.run(["ssh-keygen", "-l", "-f", path], capture_output=True, check=True)
    return done.stdout.split()[1]


def test_keys_are_held_by_an_agent_of_the_step(tmp_path, key):
    other = make_key(tmp_path / "other", "-t", "ecdsa", "-m", "PEM")
    with AgentSocket((str(key), str(other)), 0, 0, 0o600) as path:
        environment = {**os.environ, "SSH_AUTH_SOCK": path}
        done = subprocess.run(["ssh-add", "-l"], env=environment, capture_output=True, check=True)
        assert [line.split()[1] for line in done.stdout.splitlines()] == [
            fingerprint(key), fingerprint(other)
        ]  # fmt: skip
        folder = os.path.dirname(path)
        assert processes_of(folder)
    assert not os.path.exists(folder)
    assert have_ended(folder)


def processes_of(place):
    """The words of the processes that name a place."""
    found = []
    for number in filter(str.isdigit, os.listdir("/proc")):
        with contextlib.suppress(OSError), open(f"/proc/{number}/cmdline", "rb") as file:
            words = file.read()
            if os.fsencode(place) in words:
                found.append(words)
    return found


def have_ended(place):
    """Whether they are gone: an agent that is told to end does so some time later."""
    for _ in range(100):
        if not processes_of(place):
            return True
        time.sleep(0.1)
    return False


def test_keys_need_openssh(monkeypatch, key):
    monkeypatch.setenv("PATH", "/nowhere")
    with (
        pytest.raises(BuildError, match="keys need `ssh-agent`: install the package `openssh-cli"),
        AgentSocket((str(key),), 0, 0, 0o600),
    ):
        pass


def test_a_key_that_is_not_taken_is_told(tmp_path):
    if shutil.which("ssh-add") is None:
        pytest.skip("`ssh-add` is not installed")
    damaged = tmp_path / "damaged"
    damaged.write_text("-----BEGIN OPENSSH PRIVATE KEY-----\n-----END OPENSSH PRIVATE KEY-----\n")
    with (
        pytest.raises(BuildError, match=r"`ssh-add` does not take the key `.*damaged`: \S"),
        AgentSocket((str(damaged),), 0, 0, 0o600),
    ):
        pass
    assert have_ended("dflint-ssh-")


def problem(text, **environment):
    with pytest.raises(UsageError) as raised:
        read_ssh(text, environment)
    return str(raised.value)


def test_options_name_an_agent_or_keys(tmp_path, key):
    with socket.socket(socket.AF_UNIX) as agent:
        path = str(tmp_path / "agent")
        agent.bind(path)
        assert read_ssh("default", {"SSH_AUTH_SOCK": path}) == SshAgent("default", (path,))
        assert read_ssh(f"a={path}", {}) == SshAgent("a", (path,))
        assert read_ssh(f"={key}", {}) == SshAgent("default", (str(key),))
        assert read_ssh(f"a={key},{key}", {}) == SshAgent("a", (str(key), str(key)))
        assert "expected one socket or only keys" in problem(f"a={path},{key}")
    assert problem("x") == "--ssh x: expected a path, or an agent in $SSH_AUTH_SOCK"
    assert "found nothing at `/nowhere`" in problem("default", SSH_AUTH_SOCK="/nowhere")
    assert "found no file at `/`" in problem("a=/")
    (tmp_path / "text").write_text("no key")
    assert "expected a private key, found none in" in problem(f"a={tmp_path / 'text'}")


@pytest.mark.parametrize("options", [(), ("-m", "PEM"), ("-m", "PKCS8")])
def test_a_key_with_a_passphrase_is_for_an_agent(tmp_path, key, options):
    del key
    locked = make_key(tmp_path / "locked", "-t", "rsa", "-b", "2048", *options, "-N", "secret")
    assert "has a passphrase: give it to an agent by `ssh-add`" in problem(f"a={locked}")
