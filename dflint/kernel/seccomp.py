"""A filter of system calls (seccomp(2)), made by libseccomp where that is installed.

Docker's default profile names what is allowed. This one names what it keeps from a process
without CAP_SYS_ADMIN and its like, so that calls unknown to it are allowed.
"""

from __future__ import annotations

import contextlib
import ctypes
import errno
import os

from dflint.kernel.libc import check, libc

_NAMES = ("libseccomp.so.2", "libseccomp.so")
_ALLOW = 0x7FFF0000
_ERRNO = 0x00050000
_NE, _EQ, _MASKED_EQ = 1, 4, 7
_X86, _X32, _ARM = 0x40000003, 0x4000003E, 0x40000028
_OPTIMIZE, _TREE = 8, 2
_PR_SET_SECCOMP = 22
_SECCOMP_MODE_FILTER = 2

_CLONE_NAMESPACES = 0x7E020000
_AF_ALG, _AF_VSOCK = 38, 40
_NO_PERSONALITIES = (0x0, 0x8, 0x20000, 0x20008, 0xFFFFFFFF)

DENIED = (
    "acct", "add_key", "bpf", "clock_adjtime", "clock_settime", "clock_settime64",
    "create_module", "delete_module", "fanotify_init", "finit_module", "fsconfig", "fsmount",
    "fsopen", "fspick", "get_kernel_syms", "get_mempolicy", "init_module", "io_uring_enter",
    "io_uring_register", "io_uring_setup", "ioperm", "iopl", "kcmp", "kexec_file_load",
    "kexec_load", "keyctl", "lookup_dcookie", "mbind", "mount", "mount_setattr", "move_mount",
    "move_pages", "nfsservctl", "open_by_handle_at", "open_tree", "perf_event_open",
    "pivot_root", "query_module", "quotactl", "quotactl_fd", "reboot", "request_key",
    "set_mempolicy", "set_mempolicy_home_node", "setdomainname", "sethostname", "setns",
    "settimeofday", "stime", "swapoff", "swapon", "_sysctl", "syslog", "sysfs", "umount",
    "umount2", "unshare", "uselib", "userfaultfd", "ustat", "vhangup", "vm86", "vm86old",
)  # fmt: skip
"""Calls that fail with EPERM."""


class _Compare(ctypes.Structure):
    _fields_ = (
        ("argument", ctypes.c_uint),
        ("operator", ctypes.c_int),
        ("a", ctypes.c_uint64),
        ("b", ctypes.c_uint64),
    )


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("instructions", ctypes.c_void_p))


class Filter:
    """A compiled filter, to be installed in any number of processes."""

    def __init__(self, code: bytes) -> None:
        self._code = ctypes.create_string_buffer(code, len(code))
        self._program = _Program(len(code) // 8, ctypes.addressof(self._code))

    def install(self) -> None:
        """Filters the calls of this process from now on; needs CAP_SYS_ADMIN."""
        option, *longs = self.prctl_arguments
        check(libc.prctl(option, *map(ctypes.c_ulong, (*longs, 0, 0))), "seccomp")

    @property
    def prctl_arguments(self) -> tuple[int, int, int]:
        """What prctl(2) is called with to do that."""
        return _PR_SET_SECCOMP, _SECCOMP_MODE_FILTER, ctypes.addressof(self._program)


def load_library() -> ctypes.CDLL | None:
    """libseccomp, or None where it is not installed."""
    for name in _NAMES:
        try:
            library = ctypes.CDLL(name)
        except OSError:
            continue
        library.seccomp_init.restype = ctypes.c_void_p
        return library
    return None


def compile_filter() -> Filter | None:
    """The filter for steps; None where libseccomp is not installed."""
    library = load_library()
    if library is None:
        return None
    context = ctypes.c_void_p(library.seccomp_init(ctypes.c_uint32(_ALLOW)))
    try:
        for other in (_X86, _X32, _ARM):  # those of this machine's family; others are refused
            library.seccomp_arch_add(context, ctypes.c_uint32(other))
        _order_as_tree(library, context)
        _add_rules(library, context)
        return Filter(_export(library, context))
    finally:
        library.seccomp_release(context)


def _order_as_tree(library: ctypes.CDLL, context: ctypes.c_void_p) -> None:
    """Have the filter look for a call by halves: the kernel asks it for each call that there is.

    It does so when the filter is installed. Before libseccomp 2.5 there is no such order.
    """
    with contextlib.suppress(AttributeError):
        library.seccomp_attr_set(context, _OPTIMIZE, ctypes.c_uint32(_TREE))


def _add_rules(library: ctypes.CDLL, context: ctypes.c_void_p) -> None:
    for name in DENIED:
        _deny(library, context, name)
    for family in (_AF_ALG, _AF_VSOCK):
        _deny(library, context, "socket", (_Compare(0, _EQ, family, 0),))
    for bit in range(32):
        if _CLONE_NAMESPACES >> bit & 1:
            _deny(library, context, "clone", (_Compare(0, _MASKED_EQ, 1 << bit, 1 << bit),))
    # Its flags are in memory, where a filter cannot look; the C library falls back to clone.
    _deny(library, context, "clone3", number=errno.ENOSYS)
    _deny(
        library,
        context,
        "personality",
        tuple(_Compare(0, _NE, allowed, 0) for allowed in _NO_PERSONALITIES),
    )


def _deny(
    library: ctypes.CDLL,
    context: ctypes.c_void_p,
    name: str,
    compares: tuple[_Compare, ...] = (),
    number: int = errno.EPERM,
) -> None:
    call = library.seccomp_syscall_resolve_name(name.encode())
    if call == -1:  # newer than the library, or not of this machine
        return
    array = (_Compare * len(compares))(*compares)
    library.seccomp_rule_add_array(
        context, ctypes.c_uint32(_ERRNO | number), call, len(compares), array
    )


def _export(library: ctypes.CDLL, context: ctypes.c_void_p) -> bytes:
    memory = os.memfd_create("seccomp")
    try:
        result = library.seccomp_export_bpf(context, memory)
        if result < 0:
            raise OSError(-result, f"seccomp: {os.strerror(-result)}")
        size = os.lseek(memory, 0, os.SEEK_END)
        return os.pread(memory, size, 0)
    finally:
        os.close(memory)
