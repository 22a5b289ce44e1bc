"""The configuration of an image as keys and values: without times, history and layers."""

from __future__ import annotations

import json
import posixpath
from collections.abc import Iterator, Mapping
from typing import Any

from dflint.shell.meaning import means_the_same

#: Of these every entry is a key of its own.
_MAPPINGS = ("Labels", "ExposedPorts", "Volumes")
#: Of these the value is a command, as a JSON array or an object with one.
_COMMANDS = ("Cmd", "Entrypoint", "Healthcheck")
#: The programs that read a text behind `-c` as the Shell Command Language of POSIX.
SHELLS = ("sh", "ash", "dash", "bash")
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


def is_same_command(key: str, before: str | None, after: str | None) -> bool:
    """Whether two values of a key start the same: texts for a shell that mean the same to it.

    These differ in nothing but blanks between words, as those that indent continued lines.
    """
    if key not in _COMMANDS or before is None or after is None:
        return False
    one, other = json.loads(before), json.loads(after)
    if isinstance(one, dict) and isinstance(other, dict):
        tests = one.pop("Test", None), other.pop("Test", None)
        if one != other:
            return False
        one, other = tests
    return _is_same_test(one, other)


def _is_same_test(one: object, other: object) -> bool:
    if not (isinstance(one, list) and isinstance(other, list)) or len(one) != len(other):
        return False
    *head, text = [str(each) for each in one] or [""]
    *start, new_text = [str(each) for each in other] or [""]
    is_shell = head == ["CMD-SHELL"] or (
        len(head) > 1 and head[-1] == "-c" and posixpath.basename(head[0]) in SHELLS
    )
    return head == start and is_shell and means_the_same(text, new_text)
