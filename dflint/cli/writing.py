"""Writes what a run prints, to the terminal or to a file."""

from __future__ import annotations

from dflint.errors import UsageError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import TextIO


def write_chunks(chunks: Iterable[str], file: str | None, stream: TextIO, errors: str) -> None:
    """Write the pieces to a stream, or to the file at a path; UsageError where that cannot be."""
    if file is None:
        if stream.isatty():
            # What is printed while the progress bar moves would be mixed up with it.
            chunks = list(chunks)
        write = stream.buffer.write
        for chunk in chunks:
            write(chunk.encode("utf-8", errors))
        stream.flush()  # what is said on the error stream comes behind it
        return
    text = "".join(chunks)
    try:
        with open(file, "w", encoding="utf-8", errors=errors, newline="") as output:
            output.write(text)
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise UsageError(f"--output-file: `{file}` cannot be written: {reason}") from None
