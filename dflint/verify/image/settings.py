"""The configuration of an image as keys and values: without times, history and layers."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

#: Of these every entry is a key of its own.
_MAPPINGS = ("Labels", "ExposedPorts", "Volumes")
_LEFT_OUT = ("created", "history", "rootfs", "config")


def read_settings(document: Mapping[str, Any]) -> dict[str, str]:
    """The keys of a configuration document (OCI image specification) with JSON values.

    `Env.NAME` is a variable, `Labels.KEY` a label. Empty values are left out.
    """
    found = {name: value for name, value in document.items() if name not in _LEFT_OUT}
    found |= _entries(document.get("config") or {})
    return {
        name: value if isinstance(value, str) else json.dumps(value, sort_keys=True)
        for name, value in found.items()
        if value not in (None, "", [], False) or name.partition(".")[0] in ("Env", *_MAPPINGS)
    }


def _entries(config: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    for name, value in config.items():
        if name == "Env":
            for text in value or ():
                variable, _, content = str(text).partition("=")
                yield f"Env.{variable}", content
        elif name in _MAPPINGS:
            for key, content in (value or {}).items():
                yield f"{name}.{key}", content
        else:
            yield name, value


def read_history(document: Mapping[str, Any]) -> list[tuple[str, bool]]:
    """What made each layer, and whether it is an empty one."""
    return [
        (str(one.get("created_by") or ""), bool(one.get("empty_layer")))
        for one in document.get("history") or ()
    ]
