"""The filter of system calls decides the same in whatever order it looks for a call."""

from __future__ import annotations

import struct

import pytest

from dflint.kernel import seccomp

_ARCHITECTURES = (0xC000003E, 0x40000003, 0x40000028, 0xC00000B7, 0x1234)
_CALLS = (*range(600), *range(0x40000000, 0x40000000 + 600), 0x0F0001, 0xFFFFFFFF)
_ARGUMENTS = (0, 2, 8, 38, 40, 0x20000, 0x20008, 0x10000011, 0xFFFFFFFF, 1 << 40, (1 << 40) | 8)


def code(monkeypatch, is_tree):
    made = []
    with monkeypatch.context() as patched:
        patched.setattr(seccomp, "Filter", made.append)
        if not is_tree:
            patched.setattr(seccomp, "_order_as_tree", lambda library, context: None)
        seccomp.compile_filter()
    return [struct.unpack_from("<HBBI", made[0], at) for at in range(0, len(made[0]), 8)]


def decision(program, call, architecture, argument):
    """What a program of the old packet filter (linux/filter.h) says of a call."""
    data = struct.pack("<IIQ6Q", call, architecture, 0, argument, *[0] * 5)
    at = found = 0
    while True:
        operation, if_true, if_false, value = program[at]
        at += 1
        if operation == 0x06:
            return value
        if operation == 0x20:
            (found,) = struct.unpack_from("<I", data, value)
        elif operation == 0x54:
            found &= value
        elif operation == 0x05:
            at += value
        else:
            holds = {
                0x15: found == value,
                0x25: found > value,
                0x35: found >= value,
                0x45: bool(found & value),
            }[operation]
            at += if_true if holds else if_false


def test_the_order_in_which_calls_are_looked_for_changes_no_decision(monkeypatch):
    if seccomp.load_library() is None:
        pytest.skip("libseccomp is not installed")
    tree, plain = code(monkeypatch, True), code(monkeypatch, False)
    denied = 0
    for architecture in _ARCHITECTURES:
        for call in _CALLS:
            for argument in _ARGUMENTS:
                asked = (call, architecture, argument)
                assert decision(tree, *asked) == decision(plain, *asked), asked
                denied += decision(tree, *asked) != 0x7FFF0000
    assert denied
