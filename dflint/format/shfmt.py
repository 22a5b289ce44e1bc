"""Scripts in heredocs, laid out by `shfmt`, a program of its own (`pip install dflint[shfmt]`)."""

from __future__ import annotations

import os
import subprocess
import sys

from dflint.shell.dialect import Dialect

TYPE_CHECKING = False
if TYPE_CHECKING:
    from dflint.format.options import FormatOptions

_NAME = "shfmt.exe" if os.name == "nt" else "shfmt"
_LANGUAGES = {Dialect.SH: "posix", Dialect.ASH: "posix", Dialect.BASH: "bash", Dialect.KSH: "mksh"}
_SECONDS = 20


def find_shfmt() -> str | None:
    """The program beside the interpreter or on PATH."""
    for folder in (os.path.dirname(sys.executable), *os.get_exec_path()):
        path = os.path.join(folder, _NAME)
        if os.path.isfile(path) and os.access(path, os.X_OK):
            return path
    return None


def format_script(program: str, script: str, dialect: Dialect, options: FormatOptions) -> str:
    """The script as `shfmt` lays it out; the same if that cannot read it."""
    language = _LANGUAGES.get(dialect)
    if language is None:
        return script
    indent = "0" if options.indent == "\t" else str(len(options.indent))
    # Without an EditorConfig: the options are those of the Dockerfile.
    command = [program, "-ln", language, "-i", indent, "-bn", "-ci"]
    try:
        done = subprocess.run(
            command,
            input=script.encode("utf-8", "surrogateescape"),
            capture_output=True,
            timeout=_SECONDS,
        )
    except (OSError, subprocess.TimeoutExpired):
        return script
    if done.returncode:
        return script
    return done.stdout.decode("utf-8", "surrogateescape")
