"""The levels of x86-64 processors, v1 to v4, which are the variants of `linux/amd64`."""

from __future__ import annotations

import re
from collections.abc import Collection
from pathlib import Path

#: The words of /proc/cpuinfo that each level from v2 on adds (x86-64 psABI, micro-architectures).
_ADDED = (
    ("cx16", "lahf_lm", "popcnt", "sse4_1", "sse4_2", "ssse3"),
    ("abm", "avx", "avx2", "bmi1", "bmi2", "f16c", "fma", "movbe", "xsave"),
    ("avx512f", "avx512bw", "avx512cd", "avx512dq", "avx512vl"),
)
_FLAGS = re.compile(r"^flags\s*:(.*)$", re.MULTILINE)


def own_level() -> int:
    """The level of this machine's processor; 1 where that cannot be told."""
    try:
        found = _FLAGS.search(Path("/proc/cpuinfo").read_text())
    except OSError:
        return 1
    return level_of(found[1].split() if found else ())


def level_of(flags: Collection[str]) -> int:
    """The level of a processor with some flags of /proc/cpuinfo."""
    level = 1
    for words in _ADDED:
        if not set(words) <= set(flags):
            break
        level += 1
    return level


def level_of_variant(variant: str) -> int:
    """The level that a variant of `amd64` asks for; 1 for none, 9 for an odd one."""
    number = variant.removeprefix("v")
    return int(number) if number.isascii() and number.isdigit() else (9 if variant else 1)
