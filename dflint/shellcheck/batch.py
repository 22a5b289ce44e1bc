"""One ShellCheck process with many scripts: a folder with a file for each, and the answer."""

from __future__ import annotations

import os
import time

from dflint.shellcheck.json_reader import read_json
from dflint.shellcheck.process import start

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from dflint.shellcheck.process import Process, WindowsProcess

#: What every process is asked for; part of what results are kept under, as is the form of rows.
OPTIONS = ("--norc", "--format=json1")
FORM = "2"
#: More output is no answer to any number of scripts that are given to one process.
_LONGEST = 64 * 1024 * 1024
#: What it prints when it has nothing to say.
_NOTHING = b'{"comments":[]}'
_VERSION_SECONDS = 5.0

Replacement = tuple[int, int, int, int, bool, str]
"""What stands for a place: line, column, end line, end column, whether it begins there, text."""
Row = tuple[int, int, int, int, str, int, str, tuple[Replacement, ...]]
"""One comment: line, column, end line, end column, level, code, message, what mends it."""
Rows = list[Row]
"""What ShellCheck says of a script."""


class BatchError(Exception):
    """A process that gave no answer, and why.

    `is_about_a_script` when one of the scripts may be the cause, so that the others can be tried
    without it.
    """

    def __init__(self, reason: str, is_about_a_script: bool = False) -> None:
        super().__init__(reason)
        self.is_about_a_script = is_about_a_script


class Batch:
    """A process that checks some scripts, running from the moment it is made."""

    __slots__ = ("_deadline", "_folder", "_process", "_seconds", "keys", "scripts")

    def __init__(
        self, program: str, keys: Sequence[bytes], scripts: Sequence[str], seconds: float
    ) -> None:
        """Start the process; OSError when it does not start."""
        self.keys = keys
        self.scripts = scripts
        self._seconds = seconds
        self._folder = _make_folder()
        self._process: Process | WindowsProcess | None = None
        try:
            names = [os.path.join(self._folder, str(at)) for at in range(len(scripts))]
            for name, script in zip(names, scripts, strict=True):
                with open(name, "wb") as stream:
                    stream.write(script.encode("utf-8", "replace"))
            self._process = start((program, *OPTIONS, *names), self._output, _environment())
        except BaseException:
            self.discard()
            raise
        self._deadline = time.monotonic() + seconds

    @property
    def _output(self) -> str:
        return os.path.join(self._folder, "output")

    def answers(self) -> list[Rows]:
        """Wait for the process and give what it says of each script; BatchError if nothing."""
        process = self._process
        assert process is not None
        try:
            status = process.wait(self._deadline - time.monotonic())
            if status is None:
                raise BatchError(f"it was stopped after {self._seconds:g} seconds", True)
            if status < 0:
                raise BatchError(f"signal {-status} ended it", True)
            if status > 2:
                words = process.complaint.decode("utf-8", "replace").strip().partition("\n")[0]
                raise BatchError(f"exit status {status}{': ' if words else ''}{words}")
            return self._read()
        finally:
            self.discard()

    def is_done(self) -> bool:
        """Whether `answers` would not have to wait."""
        return self._process is None or self._process.wait(0) is not None

    def discard(self) -> None:
        """End the process and remove its files."""
        process, self._process = self._process, None
        if process is not None:
            process.kill()
        folder, self._folder = self._folder, ""
        if folder:
            _remove(folder)

    def _read(self) -> list[Rows]:
        with open(self._output, "rb") as stream:
            data = stream.read(_LONGEST)
        rows: list[Rows] = [[] for _ in self.scripts]
        if data.strip() == _NOTHING:
            return rows
        try:
            answer: Any = read_json(data.decode("utf-8"))
            for comment in answer["comments"]:
                at = int(os.path.basename(comment["file"]))
                rows[at].append((
                    int(comment["line"]), int(comment["column"]),
                    int(comment["endLine"]), int(comment["endColumn"]),
                    str(comment["level"]), int(comment["code"]), str(comment["message"]),
                    _replacements(comment),
                ))  # fmt: skip
        except (ValueError, KeyError, TypeError, IndexError):
            raise BatchError("what it prints is not what ShellCheck 0.7 and later print") from None
        return rows


def _replacements(comment: dict[str, Any]) -> tuple[Replacement, ...]:
    """What the fix of a comment puts where; nothing without one."""
    fix = comment.get("fix")
    if not fix:
        return ()
    return tuple([
        (
            int(one["line"]), int(one["column"]), int(one["endLine"]), int(one["endColumn"]),
            one["insertionPoint"] == "afterEnd", str(one["replacement"]),
        )
        for one in fix["replacements"]
    ])  # fmt: skip


def version_of(program: str) -> tuple[int, ...] | None:
    """What version a program says that it is, None when it does not."""
    folder = _make_folder()
    output = os.path.join(folder, "output")
    process = None
    try:
        process = start((program, "--version"), output, _environment())
        if process.wait(_VERSION_SECONDS) != 0:
            return None
        with open(output, "rb") as stream:
            words = stream.read(1024).decode("utf-8", "replace").split()
        number = words[words.index("version:") + 1]
        return tuple(int(part) for part in number.split("."))
    except (OSError, ValueError, IndexError):
        return None
    finally:
        if process is not None:
            process.kill()
        _remove(folder)


def _environment() -> dict[str, str]:
    """Our environment without what would change ShellCheck's findings."""
    return {name: value for name, value in os.environ.items() if name != "SHELLCHECK_OPTS"}


def _remove(folder: str) -> None:
    for name in os.listdir(folder):
        os.unlink(os.path.join(folder, name))
    os.rmdir(folder)


def _make_folder() -> str:
    """A new folder that nobody else can look into; `tempfile` takes long to import."""
    for name in ("TMPDIR", "TEMP", "TMP"):
        parent = os.environ.get(name)
        if parent and os.access(parent, os.W_OK | os.X_OK):
            break
    else:
        parent = "/tmp" if os.name == "posix" else os.getcwd()
    folder = os.path.join(parent, f"dflint-{os.urandom(8).hex()}")
    os.mkdir(folder, 0o700)
    return folder
