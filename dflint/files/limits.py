"""What an archive may become when it is unpacked."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """What one archive may hold: bytes of files, and how many names."""

    size: int = 64 << 30
    names: int = 5_000_000
