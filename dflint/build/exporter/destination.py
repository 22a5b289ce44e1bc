"""Where exports go: files that appear as a whole, directories, standard output."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import BinaryIO

from dflint.errors import BuildError

STDOUT = "-"


@contextmanager
def output_stream(destination: str) -> Iterator[BinaryIO]:
    """A stream to a file that is there when all is written, or to standard output for `-`.

    Pipes and devices are written to as they are. When the block fails, a file that was there
    before stays as it was. OSError becomes BuildError that names the destination.
    """
    with naming(destination):
        if destination == STDOUT:
            yield sys.stdout.buffer
            sys.stdout.buffer.flush()
        elif os.path.exists(destination) and not os.path.isfile(destination):
            with open(destination, "wb") as stream:
                yield stream
        else:
            # A link keeps its place: what it names is written anew.
            with _replacing(os.path.realpath(destination)) as stream:
                yield stream


def write_file(path: str, data: bytes, mode: int = 0o666) -> None:
    """Write a file that appears as a whole; the umask counts."""
    with _replacing(path, mode) as stream:
        stream.write(data)


@contextmanager
def naming(destination: str) -> Iterator[None]:
    """Make an OSError of a block a BuildError that says where the export was to go."""
    try:
        yield
    except OSError as error:
        place = "standard output" if destination == STDOUT else f"`{destination}`"
        raise BuildError(f"cannot write to {place}: {error.strerror or error}") from error


@contextmanager
def _replacing(path: str, mode: int = 0o666) -> Iterator[BinaryIO]:
    temporary = temporary_name(path)
    file = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, mode)
    try:
        with open(file, "wb") as stream:
            yield stream
        os.replace(temporary, path)
    except BaseException:
        with suppress(FileNotFoundError):
            os.unlink(temporary)
        raise


def temporary_name(path: str) -> str:
    """A name beside a path that no other process uses."""
    folder, name = os.path.split(path)
    # The longest name that all file systems take has 255 bytes.
    stem = os.fsdecode(os.fsencode(name)[:200])
    return os.path.join(folder, f".{stem}.dflint-{os.getpid()}-{os.urandom(4).hex()}")
