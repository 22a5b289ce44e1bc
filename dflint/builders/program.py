"""Programs of other builders: run to their end, or asked for a line."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence

from dflint.errors import BuildError, UnsupportedError

_PATIENCE = 10.0
_STDERR = 2


def require_program(name: str) -> str:
    """The path of a program; UnsupportedError when it is not installed."""
    found = shutil.which(name)
    if found is None:
        raise UnsupportedError(f"`{name}` is not installed, or not in $PATH")
    return found


def run(
    words: Sequence[str],
    *,
    writes_stdout: bool = False,
    reads_stdin: bool = False,
    is_quiet: bool = False,
) -> None:
    """Run a program to its end; BuildError, with its status, when that is not 0.

    What it prints goes to standard error, unless it `writes_stdout`; of a quiet one only when it
    fails. Ctrl-C reaches it, too.
    """
    program = require_program(words[0])
    sys.stdout.flush()
    with tempfile.TemporaryFile() as kept:
        shown = kept.fileno() if is_quiet else _STDERR
        try:
            _run(program, words, shown, None if writes_stdout else shown, reads_stdin)
        except BuildError:
            if is_quiet:
                kept.seek(0)
                sys.stderr.write(kept.read().decode(errors="replace"))
            raise


def _run(
    program: str, words: Sequence[str], errors: int, output: int | None, reads_stdin: bool
) -> None:
    process = subprocess.Popen(
        [program, *words[1:]],
        stdin=None if reads_stdin else subprocess.DEVNULL,
        stdout=output,
        stderr=errors,
    )
    try:
        status = process.wait()
    except BaseException:
        try:
            process.wait(_PATIENCE)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        raise
    if status:
        ended = f"signal {-status}" if status < 0 else f"status {status}"
        raise BuildError(f"`{' '.join(words[:2])}` ended with {ended}")


def ask(*words: str) -> tuple[str, str]:
    """What a program prints, and why it could not: one of both is empty."""
    try:
        done = subprocess.run(
            words, stdin=subprocess.DEVNULL, capture_output=True, text=True, errors="replace",
            timeout=_PATIENCE, check=False,
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        return "", f"`{' '.join(words)}` does not answer within {_PATIENCE:.0f} seconds"
    except OSError as error:
        reason = (error.strerror or os.strerror(error.errno or 0)).lower()
        return "", f"cannot run `{words[0]}`: {reason}"
    if done.returncode:
        said = " ".join(done.stderr.split()) or f"status {done.returncode}"
        return "", said[:300]
    return done.stdout.strip(), ""
