"""Mistakes: what has to be refused, or makes a build fail."""

from __future__ import annotations

import json
from pathlib import Path

from tests.conformance.builds.case import Draw

_READ = json.loads(Path(__file__).with_suffix(".json").read_text(encoding="utf-8"))
LINES: list[str] = _READ["lines"]
"""What is put somewhere into a stage."""
HEADS: list[str] = _READ["heads"]
"""Whole files, and what is put before one."""


def spoil(draw: Draw, lines: list[str]) -> list[str]:
    """The instructions with one mistake put into them."""
    if draw.chance(0.08):
        draw.use("mistake: head")
        head = draw.pick(HEADS)
        return [head.rstrip("\n"), *(lines if draw.chance(0.5) else [])]
    mistake = draw.pick(LINES)
    draw.use(f"mistake: {mistake.split()[0]}")
    firsts = [at for at, one in enumerate(lines) if one.upper().startswith("FROM ")]
    at = draw.number((firsts or [0])[0] + 1, len(lines))
    return [*lines[:at], mistake, *lines[at:]]
