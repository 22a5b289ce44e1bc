"""Processes that make a list of system calls in this one's memory, and run a program at its end.

A fork copies the tables of all pages, and then each page that one of both writes to; where Python
runs that is hundreds. Such a process shares the memory until it runs its program, as one of
posix_spawn(3) does, and nothing is copied. As one memory has one interpreter it runs no Python: the
list says what it does, and a few instructions go through it.
"""

from __future__ import annotations

import ctypes
import errno
import mmap
import os
import signal
import struct
from collections.abc import Sequence
from functools import cache

from dflint.kernel.libc import check, libc

CLONE_VM = 0x00000100

#: asm/unistd_64.h, for x86-64.
NUMBERS = {
    "write": 1, "close": 3, "rt_sigaction": 13, "rt_sigprocmask": 14, "getpid": 39, "recvmsg": 47,
    "execve": 59, "chdir": 80, "fchdir": 81, "fchmod": 91, "fchown": 93, "umask": 95, "setsid": 112,
    "setgroups": 116, "setresuid": 117, "setresgid": 119, "capset": 126, "pivot_root": 155,
    "prctl": 157, "mount": 165, "umount2": 166, "sethostname": 170, "exit_group": 231,
    "openat": 257, "mkdirat": 258, "mknodat": 259, "symlinkat": 266, "faccessat": 269,
    "unshare": 272, "dup3": 292, "pipe2": 293, "setns": 308, "move_mount": 429, "close_range": 436,
    "openat2": 437, "mount_setattr": 442,
}  # fmt: skip

# A call in words: its number, six arguments, its result, and how far the next one is, in bytes,
# when it has succeeded and when it has failed.
_WORD = 8
_RESULT, _ON_SUCCESS = 7, 8
_WORDS = 10
_CALL = _WORDS * _WORD

# Called with the address of the first call as its argument; it never returns.
_CODE = bytes.fromhex(
    "4889fb"  # mov rbx, rdi
    "488b03"  # again: mov rax, [rbx]
    "488b7b08"  # mov rdi, [rbx+8]
    "488b7310"  # mov rsi, [rbx+16]
    "488b5318"  # mov rdx, [rbx+24]
    "4c8b5320"  # mov r10, [rbx+32]
    "4c8b4328"  # mov r8, [rbx+40]
    "4c8b4b30"  # mov r9, [rbx+48]
    "0f05"  # syscall
    "48894338"  # mov [rbx+56], rax
    "488b4b40"  # mov rcx, [rbx+64]
    "4885c0"  # test rax, rax
    "480f484b48"  # cmovs rcx, [rbx+72]
    "4801cb"  # add rbx, rcx
    "ebce"  # jmp again
)

_STACK = 4096
_HEADER = struct.Struct("=7q")  # struct msghdr, to which a struct iovec belongs
_PART, _CONTROL = 16, 64


class Place:
    """Where something is in the memory of a list."""

    __slots__ = ("offset",)

    def __init__(self, offset: int) -> None:
        self.offset = offset


class CallList:
    """Calls to be made, one after the other; `finish` makes them ready."""

    def __init__(self) -> None:
        self._values: list[int] = []
        self._data = bytearray()
        self._values_of_places: list[int] = []
        self._data_of_places: list[int] = []
        self._giving_up: list[int] = []

    def __len__(self) -> int:
        return len(self._values) // _WORDS

    def call(
        self,
        name: str,
        *arguments: int | bytes | Place,
        on_success: int = 1,
        on_error: int = 0,
    ) -> int:
        """Make a call; its number in the list. Bytes are passed by address, a NUL behind them.

        After it comes the first, second … behind it, as `on_success` or `on_error` says; 0 is the
        end of all, where the process gives up.
        """
        begin = len(self._values)
        self._values.append(NUMBERS[name])
        for argument in arguments:
            if isinstance(argument, bytes):
                argument = self.place(argument + b"\0")
            if isinstance(argument, Place):
                self._values_of_places.append(len(self._values))
                argument = argument.offset
            self._values.append(argument)
        self._values += (0,) * (begin + _ON_SUCCESS - len(self._values))
        for number in (on_success, on_error):
            if not number:
                self._giving_up.append(len(self._values))
            self._values.append(number * _CALL)
        return begin // _WORDS

    def place(self, content: bytes) -> Place:
        """Keep some bytes that calls are made with, or write to."""
        offset = len(self._data)
        self._data += content
        self._data += bytes(-len(self._data) % 8)
        return Place(offset)

    def pointers(self, *values: bytes | Place | int) -> Place:
        """Keep words in a row: addresses of what is kept, or numbers."""
        places = [self.place(one + b"\0") if isinstance(one, bytes) else one for one in values]
        made = self.place(bytes(8 * len(places)))
        for at, one in zip(range(made.offset, len(self._data), 8), places, strict=False):
            if isinstance(one, Place):
                self._data_of_places.append(at)
                one = one.offset
            struct.pack_into("=q", self._data, at, one)
        return made

    def finish(self) -> Calls:
        """The calls as they are, to be made by one process."""
        values = [*self._values, *_last("getpid"), *_last("exit_group", 1)]
        data = ctypes.create_string_buffer(bytes(self._data), len(self._data) or 1)
        base = ctypes.addressof(data)
        for at in self._data_of_places:
            (offset,) = struct.unpack_from("=q", data, at)
            struct.pack_into("=q", data, at, base + offset)
        for at in self._values_of_places:
            values[at] += base
        for at in self._giving_up:
            values[at] = (len(self) - at // _WORDS) * _CALL
        return Calls(struct.pack(f"={len(values)}q", *values), data)


def _last(name: str, argument: int = 0) -> tuple[int, ...]:
    return (NUMBERS[name], argument, 0, 0, 0, 0, 0, 0, _CALL, _CALL)


class Calls:
    """A finished list. It must be kept until the process that makes it has run its program."""

    def __init__(self, calls: bytes, data: ctypes.Array[ctypes.c_char]) -> None:
        self._bytes = calls
        self._calls = ctypes.create_string_buffer(calls, len(calls))
        self._data = data
        self._stack = ctypes.create_string_buffer(0)
        self._kept: list[object] = []
        self._next: Calls | None = None

    @property
    def has_given_up(self) -> bool:
        """Whether a call has failed that must not, of this list or what is behind it.

        The process has ended then.
        """
        result = len(self._calls) - 2 * _CALL + _WORD * _RESULT
        (found,) = struct.unpack_from("=q", self._calls, result)
        return bool(found) or (self._next is not None and self._next.has_given_up)

    def copy(self) -> Calls:
        """The same calls, to be made by another process; they share what they are made with."""
        return Calls(self._bytes, self._data)

    def pass_on(self, call: int, argument: int, value: int | ctypes.Array[ctypes.c_char]) -> None:
        """Have a call of this list be made with another argument, the first of which is 1."""
        if not isinstance(value, int):
            self._kept.append(value)
            value = ctypes.addressof(value)
        struct.pack_into("=q", self._calls, call * _CALL + _WORD * argument, value)

    def go_on(self, others: Calls) -> None:
        """Have the calls of another list be made behind the last one; that must not be made yet."""
        distance = ctypes.addressof(others._calls) - ctypes.addressof(self._calls)
        last = len(self._calls) - 3 * _CALL
        struct.pack_into("=q", self._calls, last + _WORD * _ON_SUCCESS, distance - last)
        self._next = others

    def start(self, flags: int) -> int:
        """A new process that makes the calls, by clone(2) with some flags; its id."""
        self._stack = ctypes.create_string_buffer(_STACK)
        top = ctypes.addressof(self._stack) + _STACK
        flags |= CLONE_VM | signal.SIGCHLD
        code = _address_of_code()
        return check(_clone(code, top, flags, ctypes.addressof(self._calls)), "clone")


def argument_vector(values: Sequence[bytes]) -> ctypes.Array[ctypes.c_char]:
    """What execve(2) takes as the arguments of a program."""
    text = b"".join(b"%s\0" % one for one in values)
    begin = 8 * (len(values) + 1)
    made = ctypes.create_string_buffer(bytes(begin) + text, begin + len(text))
    address = ctypes.addressof(made) + begin
    for number, one in enumerate(values):
        struct.pack_into("=q", made, 8 * number, address)
        address += len(one) + 1
    return made


def message_header() -> ctypes.Array[ctypes.c_char]:
    """What recvmsg(2) is to write to, for a few bytes and descriptors."""
    made = ctypes.create_string_buffer(_HEADER.size + 16 + _PART + _CONTROL)
    part = ctypes.addressof(made) + _HEADER.size
    content = part + 16
    _HEADER.pack_into(made, 0, 0, 0, part, 1, content + _PART, _CONTROL, 0)
    struct.pack_into("=2q", made, _HEADER.size, content, _PART)
    return made


_clone = ctypes.CDLL(None, use_errno=True).clone
_clone.argtypes = (ctypes.c_void_p, ctypes.c_void_p, ctypes.c_int, ctypes.c_void_p)


def is_possible() -> bool:
    """Whether processes can be started so: not on other machines, nor where it is not allowed."""
    try:
        _address_of_code()
    except OSError:
        return False
    return True


@cache
def _address_of_code() -> int:
    """Where the instructions are, which are never written to again; raises OSError."""
    if os.uname().machine != "x86_64" or ctypes.sizeof(ctypes.c_void_p) != 8:
        raise OSError(errno.ENOSYS, os.strerror(errno.ENOSYS))
    memory = mmap.mmap(-1, mmap.PAGESIZE, mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS)
    memory.write(_CODE)
    _kept.append(memory)
    address = ctypes.addressof(ctypes.c_char.from_buffer(memory))
    protection = mmap.PROT_READ | mmap.PROT_EXEC
    length = ctypes.c_size_t(mmap.PAGESIZE)
    check(libc.mprotect(ctypes.c_void_p(address), length, protection), "mprotect")
    return address


_kept: list[mmap.mmap] = []
