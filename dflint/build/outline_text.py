"""Outlines and lists of targets as text and as JSON, as buildx prints them."""

from __future__ import annotations

import json
from base64 import b64encode

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from dflint.build.outline import Outline, Parameter, Target


def outline_text(outline: Outline) -> str:
    """Tables of what a target takes, an empty line behind each."""
    tables = []
    if outline.name or outline.description:
        rows = [("TARGET:", outline.name or "(default)")]
        if outline.description:
            rows.append(("DESCRIPTION:", outline.description))
        tables.append(_table(rows, 1))
    if outline.arguments:
        arguments = [(one.name, one.value, one.description) for one in outline.arguments]
        tables.append(_table([("BUILD ARG", "VALUE", "DESCRIPTION"), *arguments], 3))
    for title, mounts in (("SECRET", outline.secrets), ("SSH", outline.agents)):
        if mounts:
            required = [(one.name, "true" if one.is_required else "") for one in mounts]
            tables.append(_table([(title, "REQUIRED"), *required], 3))
    return "".join(table + "\n" for table in tables)


def targets_text(targets: Sequence[Target]) -> str:
    """A table of the stages and what is said of them."""
    rows = [("TARGET", "DESCRIPTION")]
    for target in targets:
        name = target.name
        if target.is_default:
            name = f"{name} (default)" if name else "(default)"
        rows.append((name, target.description))
    return _table(rows, 1)


def _table(rows: Sequence[tuple[str, ...]], gap: int) -> str:
    """Rows of cells, all but the last as wide as the widest of their column and the gap."""
    count = len(rows[0]) - 1
    widths = [max(len(row[at]) for row in rows) + gap for at in range(count)]
    lines = []
    for row in rows:
        padded = [cell.ljust(width) for cell, width in zip(row, widths, strict=False)]
        lines.append("".join((*padded, row[-1])) + "\n")
    return "".join(lines)


def outline_json(outline: Outline, source: bytes) -> str:
    """The outline as a JSON object; `source` is the Dockerfile."""
    found: dict[str, Any] = {"name": outline.name, "description": outline.description}
    found["args"] = [_argument(one) for one in outline.arguments]
    found["secrets"] = [_mount(one) for one in outline.secrets]
    found["ssh"] = [_mount(one) for one in outline.agents]
    return _encode({**_filled(found), **_sources(source)})


def targets_json(targets: Sequence[Target], source: bytes) -> str:
    """The targets as a JSON object; `source` is the Dockerfile."""
    rows = [
        {
            **_filled(
                {
                    "name": target.name,
                    "default": target.is_default,
                    "description": target.description,
                    "base": target.base,
                    "platform": target.platform,
                }
            ),
            "location": _location(target.lines),
        }
        for target in targets
    ]
    return _encode({"targets": rows, **_sources(source)})


def _argument(one: Parameter) -> dict[str, Any]:
    found = {"name": one.name, "description": one.description, "value": one.value}
    return {**_filled(found), "location": _location(one.lines)}


def _mount(one: Parameter) -> dict[str, Any]:
    found = {"name": one.name, "required": one.is_required}
    return {**_filled(found), "location": _location(one.lines)}


def _filled(values: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value}


def _location(lines: range) -> dict[str, Any]:
    return {"ranges": [{"start": {"line": line}, "end": {"line": line}} for line in lines]}


def _sources(source: bytes) -> dict[str, Any]:
    return {"sources": [b64encode(source).decode("ascii")]}


def _encode(document: dict[str, Any]) -> str:
    """JSON as Go writes it, with what HTML would read escaped, and a line end."""
    text = json.dumps(document, ensure_ascii=False, indent=2)
    for character in "<>&\u2028\u2029":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return text + "\n"
