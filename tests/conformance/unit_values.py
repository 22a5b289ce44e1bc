"""Unit rows of BuildKit's value parsers, put to dflint."""

from __future__ import annotations

from dflint.semantic.device import parse_device
from dflint.semantic.ports import Ports, parse_expose


def run_row(row: dict) -> dict:
    return SUITES[row["suite"]](row)


def expose(row: dict) -> dict:
    found: list[str] = []
    for word in row["input"]:
        ports = parse_expose(word)
        if not isinstance(ports, Ports):
            return {"error": True}
        found += ports.names
    return {"ports": found}


def device(row: dict) -> dict:
    found = parse_device(row["input"])
    if found.problem is not None:
        return {"error": found.problem}
    return {"name": found.name, "required": found.required}


SUITES = {"expose": expose, "run-device": device}
