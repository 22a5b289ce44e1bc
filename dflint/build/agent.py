"""The SSH agent of the user, as a step sees it: a socket of its own owner and mode.

Keys are given to an agent that is there for one step.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import socket
import stat
import subprocess
import tempfile
import threading
from collections.abc import Iterator, Sequence

from dflint.errors import BuildError

_CHUNK = 65536
# The shell ends, and the agent with it, when nobody holds its standard input any more.
_AGENT = 'echo; cat >/dev/null; kill "$SSH_AGENT_PID"'


class AgentSocket:
    """A socket that hands on what is said to an agent; a context that gives its path.

    `paths` is the socket of an agent, or files of keys, or none for the agent of `$SSH_AUTH_SOCK`.
    Raises BuildError.
    """

    def __init__(self, paths: tuple[str, ...], uid: int, gid: int, mode: int) -> None:
        self._paths = paths or (os.environ.get("SSH_AUTH_SOCK", ""),)
        self._agent = ""
        self._owner = uid, gid
        self._mode = mode
        self._folder = ""
        self._held = contextlib.ExitStack()
        self._listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)

    def __enter__(self) -> str:
        if not self._paths[0]:
            raise BuildError("--ssh: expected the socket of an agent, but $SSH_AUTH_SOCK is empty")
        self._folder = tempfile.mkdtemp(prefix="dflint-ssh-")
        try:
            self._agent = self._paths[0]
            if not is_socket(self._agent):
                self._agent = self._held.enter_context(
                    agent_of_keys(self._paths, os.path.join(self._folder, "keys"))
                )
            return self._listen()
        except BaseException:
            self.__exit__()
            raise

    def _listen(self) -> str:
        path = os.path.join(self._folder, "agent")
        self._listener.bind(path)
        os.chmod(path, self._mode)
        os.chown(path, *self._owner)
        self._listener.listen()
        threading.Thread(target=self._serve, daemon=True).start()
        return path

    def __exit__(self, *_: object) -> None:
        with contextlib.suppress(OSError):
            # `close` alone does not wake the thread that waits for a connection.
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._held.close()
        shutil.rmtree(self._folder, ignore_errors=True)

    def _serve(self) -> None:
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            agent = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
            try:
                agent.connect(self._agent)
            except OSError:
                agent.close()
                connection.close()
                continue
            for one, other in ((connection, agent), (agent, connection)):
                threading.Thread(target=_pump, args=(one, other), daemon=True).start()


def _pump(one: socket.socket, other: socket.socket) -> None:
    """Hand on all that one side says, and that it has ended."""
    with contextlib.suppress(OSError):
        while data := one.recv(_CHUNK):
            other.sendall(data)
        other.shutdown(socket.SHUT_WR)


@contextlib.contextmanager
def agent_of_keys(keys: Sequence[str], path: str) -> Iterator[str]:
    """An agent of openssh's that holds some keys, by the path of its socket; ended afterwards."""
    for program in ("ssh-agent", "ssh-add"):
        if shutil.which(program) is None:
            raise BuildError(
                f"--ssh: keys need `{program}`: install the package `openssh-client` "
                "(`openssh-clients` on Fedora), or name the socket of an agent"
            )
    command = ["ssh-agent", "-a", path, "/bin/sh", "-c", _AGENT]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=pipe) as agent:
        # `with` closes the agent's standard input, and waits for the shell.
        assert agent.stdout is not None and agent.stderr is not None
        if not agent.stdout.readline():
            said = agent.stderr.read().decode(errors="replace").strip()
            raise BuildError(f"--ssh: `ssh-agent` cannot be started: {said}")
        for key in keys:
            _add_key(key, path)
        yield path


def _add_key(key: str, agent: str) -> None:
    """Give a key to an agent. It comes from standard input, where its mode does not count."""
    try:
        with open(key, "rb") as opened:
            done = subprocess.run(
                ["ssh-add", "-q", "-"],
                stdin=opened,
                capture_output=True,
                env={**os.environ, "SSH_AUTH_SOCK": agent, "SSH_ASKPASS_REQUIRE": "never"},
                start_new_session=True,  # or a terminal would be asked for a passphrase
                check=False,
            )
    except OSError as error:
        raise BuildError(f"--ssh: cannot read the key `{key}`: {error.strerror}") from None
    if done.returncode:
        said = done.stderr.decode(errors="replace").strip().rpartition("\n")[2]
        raise BuildError(f"--ssh: `ssh-add` does not take the key `{key}`: {said}")


def is_socket(path: str) -> bool:
    """Whether a socket is at a path."""
    try:
        return stat.S_ISSOCK(os.stat(path).st_mode)
    except OSError:
        return False
