"""The program `git`, run so that nothing but its arguments says what it does.

It asks nobody, reads no configuration of user or system, runs no hook, and speaks only the
protocols that it is allowed.
"""

from __future__ import annotations

import contextlib
import os
import re
import subprocess
import tempfile
import threading

from dflint.errors import BuildError, UnsupportedError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from types import TracebackType

_CONFIG = """\
[safe]
\tdirectory = *
[core]
\thooksPath = /dev/null
\tfsmonitor = false
\tautocrlf = false
\tsymlinks = true
\taskPass = true
[advice]
\tdetachedHead = false
[gc]
\tauto = 0
[maintenance]
\tauto = false
[init]
\tdefaultBranch = master
[fetch]
\trecurseSubmodules = false
[protocol]
\tversion = 2
[credential]
\thelper =
"""
_CREDENTIALS = re.compile(r"(\w+://)[^/@\s'\"]+@")
_SSH = "ssh -o BatchMode=yes"
#: How often a running git is looked at for whether it shall stop, in seconds.
_LOOK = 0.1
_LONGEST_MESSAGE = 2000


class GitError(BuildError):
    """A git command that failed; `message` is what git said, without credentials."""

    def __init__(self, message: str) -> None:
        self.message = message
        super().__init__(message)


class Git:
    """Runs git with a configuration of its own, which goes with the context."""

    def __init__(self, *, is_local: bool = False, cancel: threading.Event | None = None) -> None:
        self._cancel = cancel or threading.Event()
        self._protocols = "http:https:ssh:git" + (":file" if is_local else "")
        self._folder = tempfile.TemporaryDirectory(prefix="dflint-git-")
        self._config = os.path.join(self._folder.name, "config")
        with open(self._config, "w", encoding="utf-8") as file:
            file.write(_CONFIG)

    def __enter__(self) -> Git:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._folder.cleanup()

    def run(self, folder: str, arguments: Sequence[str]) -> str:
        """Run a command in a folder; its output. Raises GitError when it fails."""
        try:
            process = subprocess.Popen(
                ["git", *arguments],
                cwd=folder,
                env=self._environment(),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                umask=0o022,
                start_new_session=True,
            )
        except FileNotFoundError:
            raise UnsupportedError(
                "git is not installed: sources in git repositories need it"
            ) from None
        output, problem = self._wait(process)
        if process.returncode != 0:
            raise GitError(f"git {arguments[0]}: {_shown(problem)}")
        return output.decode("utf-8", "surrogateescape")

    def _wait(self, process: subprocess.Popen[bytes]) -> tuple[bytes, bytes]:
        while True:
            try:
                return process.communicate(timeout=_LOOK)
            except subprocess.TimeoutExpired:
                if self._cancel.is_set():
                    _end(process)
                    raise GitError("git was cancelled") from None
            except BaseException:
                _end(process)
                raise

    def _environment(self) -> dict[str, str]:
        kept = {name: text for name, text in os.environ.items() if not name.startswith("GIT_")}
        kept.pop("SSH_ASKPASS", None)
        kept.pop("XDG_CONFIG_HOME", None)
        return {
            **kept,
            "HOME": "/dev/null",
            "LC_ALL": "C",
            "GIT_ALLOW_PROTOCOL": self._protocols,
            "GIT_CONFIG_GLOBAL": self._config,
            "GIT_CONFIG_NOSYSTEM": "1",
            "GIT_SSH_COMMAND": _SSH,
            "GIT_TERMINAL_PROMPT": "0",
        }


def _end(process: subprocess.Popen[bytes]) -> None:
    """End git and what it has started: they are a session of their own."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, 15)
    process.wait()


def _shown(problem: bytes) -> str:
    """What git said, on one line, as it may be shown."""
    lines = [line.strip() for line in problem.decode("utf-8", "replace").splitlines()]
    text = _CREDENTIALS.sub(r"\1xxxxx@", "; ".join(line for line in lines if line))
    plain = "".join(letter for letter in text if letter.isprintable())
    return plain[-_LONGEST_MESSAGE:] or "failed without a word"
