"""Which platforms' programs this machine runs: its own, and those that an emulator is set up for.

It is tried: a program that ends at once is run where nothing else is, as a step would be. That
tells what settings alone do not, such as an emulator that is not there in a step's file system.
"""

from __future__ import annotations

import functools
import os
import struct
import subprocess
import sys
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass

#: What to install where programs of another platform do not run.
ADVICE = (
    "install an emulator that binfmt_misc knows, such as the package `qemu-user-static`, or run "
    "`docker run --privileged --rm tonistiigi/binfmt --install all`"
)
_EXECUTABLE, _CURRENT, _LOADED = 2, 1, 1
_READ_EXECUTE, _PAGE = 5, 0x1000
_ADDRESS = 0x400000
#: Runs the program of a folder with nothing but that folder; 100 tells that the kernel does not
#: run it, 101 that it could not be tried.
_TRY = """\
import ctypes, errno, os, sys
try:
    try:
        os.chroot(sys.argv[1])
    except PermissionError:
        if ctypes.CDLL(None).unshare(0x10000000):
            os._exit(101)
        os.chroot(sys.argv[1])
    os.chdir("/")
    os.execv("/program", ["/program"])
except OSError as error:
    os._exit(100 if error.errno in (errno.ENOEXEC, errno.ENOENT) else 101)
"""
_NOT_RUN, _NOT_TRIED = 100, 101


@dataclass(frozen=True, slots=True)
class _Machine:
    """An architecture: its number in ELF, whether it is of 64 bits and how it orders bytes.

    `code` is a program that ends with status 0.
    """

    number: int
    code: bytes
    is_64: bool = True
    order: str = "<"
    flags: int = 0


def _words(*values: int, order: str = "<") -> bytes:
    return struct.pack(f"{order}{len(values)}I", *values)


_MACHINES = {
    "amd64": _Machine(62, bytes.fromhex("31ff b83c000000 0f05")),
    "386": _Machine(3, bytes.fromhex("31db b801000000 cd80"), is_64=False),
    "arm64": _Machine(183, _words(0xD2800000, 0xD2800BA8, 0xD4000001)),
    "arm": _Machine(
        40, _words(0xE3A00000, 0xE3A07001, 0xEF000000), is_64=False, flags=0x05000000
    ),
    "riscv64": _Machine(243, _words(0x00000513, 0x05D00893, 0x00000073)),
    "ppc64le": _Machine(21, _words(0x38600000, 0x38000001, 0x44000002), flags=2),
    "s390x": _Machine(22, bytes.fromhex("a7290000 0a01"), order=">"),
    "loong64": _Machine(258, _words(0x02800004, 0x0281740B, 0x002B0000), flags=0x43),
    "mips64le": _Machine(8, _words(0x24040000, 0x240213C2, 0x0000000C), flags=0x80000007),
    "mips64": _Machine(
        8, _words(0x24040000, 0x240213C2, 0x0000000C, order=">"), order=">", flags=0x80000007
    ),
}  # fmt: skip
ARCHITECTURES = tuple(_MACHINES)


def can_run(platform: str) -> bool:
    """Whether programs of a platform such as `linux/arm64` run here; also where nobody can tell."""
    words = platform.split("/")
    return len(words) < 2 or words[0] != "linux" or _runs(words[1])


def runnable(architectures: Iterable[str] = ARCHITECTURES) -> list[str]:
    """Those of some architectures whose programs run here, as platforms."""
    return [f"linux/{one}" for one in architectures if _runs(one)]


@functools.cache
def _runs(architecture: str) -> bool:
    machine = _MACHINES.get(architecture)
    if machine is None:
        return True
    with tempfile.TemporaryDirectory(prefix="dflint-platform-") as folder:
        os.chmod(folder, 0o755)
        path = os.path.join(folder, "program")
        with open(path, "wb") as file:
            file.write(_program(machine))
        os.chmod(path, 0o755)
        status = subprocess.run(
            [sys.executable, "-S", "-E", "-c", _TRY, folder],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            check=False,
        ).returncode
    return status in (0, _NOT_TRIED)


def program_of(architecture: str) -> bytes:
    """An ELF file that ends at once with status 0, for one of `ARCHITECTURES`."""
    return _program(_MACHINES[architecture])


def _program(machine: _Machine) -> bytes:
    """The ELF file of a machine's program: a header, one segment, and the code."""
    word = "Q" if machine.is_64 else "I"
    header_size, segment_size = (64, 56) if machine.is_64 else (52, 32)
    offset = header_size + segment_size
    size = offset + len(machine.code)
    identity = b"\x7fELF" + bytes(
        (2 if machine.is_64 else 1, 1 if machine.order == "<" else 2, _CURRENT)
    )
    header = struct.pack(
        f"{machine.order}16sHHI{word}{word}{word}IHHHHHH",
        identity, _EXECUTABLE, machine.number, _CURRENT, _ADDRESS + offset, header_size, 0,
        machine.flags, header_size, segment_size, 1, 0, 0, 0,
    )  # fmt: skip
    if machine.is_64:
        segment = struct.pack(
            f"{machine.order}IIQQQQQQ",
            _LOADED, _READ_EXECUTE, 0, _ADDRESS, _ADDRESS, size, size, _PAGE,
        )  # fmt: skip
    else:
        segment = struct.pack(
            f"{machine.order}IIIIIIII",
            _LOADED, 0, _ADDRESS, _ADDRESS, size, size, _READ_EXECUTE, _PAGE,
        )  # fmt: skip
    return header + segment + machine.code
