"""The SSH agent of the user, as a step sees it: a socket of its own owner and mode."""

from __future__ import annotations

import contextlib
import os
import shutil
import socket
import stat
import tempfile
import threading

from dflint.errors import BuildError

_CHUNK = 65536


class AgentSocket:
    """A socket that hands on what is said to an agent; a context that gives its path.

    `paths` is the socket of an agent, or none for that of `$SSH_AUTH_SOCK`.
    """

    def __init__(self, paths: tuple[str, ...], uid: int, gid: int, mode: int) -> None:
        self._agent = paths[0] if paths else os.environ.get("SSH_AUTH_SOCK", "")
        self._owner = uid, gid
        self._mode = mode
        self._folder = ""
        self._listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)

    def __enter__(self) -> str:
        if not self._agent:
            raise BuildError("--ssh: expected the socket of an agent, but $SSH_AUTH_SOCK is empty")
        if not _is_socket(self._agent):
            raise BuildError(
                f"--ssh: expected the socket of an agent, found `{self._agent}`; keys are not "
                "loaded here: give them to an agent by `ssh-add`"
            )
        self._folder = tempfile.mkdtemp(prefix="dflint-ssh-")
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


def _is_socket(path: str) -> bool:
    try:
        return stat.S_ISSOCK(os.stat(path).st_mode)
    except OSError:
        return False
