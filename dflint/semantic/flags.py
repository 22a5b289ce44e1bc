"""The flags of each instruction, and how BuildKit reads them."""

from __future__ import annotations

from enum import Enum

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping


class FlagKind(Enum):
    """What values a flag takes."""

    #: `--flag`, `--flag=true` or `--flag=false`.
    BOOL = "bool"
    #: `--flag=value`, once.
    STRING = "string"
    #: `--flag=value`, any number of times.
    STRINGS = "strings"


_B, _S, _M = FlagKind.BOOL, FlagKind.STRING, FlagKind.STRINGS

#: For each keyword in lower case, the flags of today's Dockerfile reference.
FLAGS: dict[str, dict[str, FlagKind]] = {
    "add": {
        "chown": _S, "chmod": _S, "link": _B, "keep-git-dir": _B, "checksum": _S, "unpack": _B,
        "exclude": _M,
    },
    "copy": {"chown": _S, "from": _S, "chmod": _S, "link": _B, "exclude": _M, "parents": _B},
    "from": {"platform": _S},
    "run": {"mount": _M, "network": _S, "security": _S, "device": _M},
    "healthcheck": {
        "interval": _S, "timeout": _S, "start-period": _S, "start-interval": _S, "retries": _S,
    },
}  # fmt: skip


class FlagProblem:
    """Why a list of flags is refused: at which one, and what BuildKit prints."""

    __slots__ = ("at", "kind", "name", "reason")

    kind: str
    at: int
    name: str
    reason: str

    def __init__(self, kind: str, at: int, name: str, reason: str) -> None:
        self.kind = kind
        self.at = at
        self.name = name
        self.reason = reason


def check_flags(
    flags: tuple[str, ...], declared: Mapping[str, FlagKind]
) -> tuple[dict[str, str | list[str]], FlagProblem | None]:
    """The values of the flags by name, and the first problem with them.

    A bool's value is `true` or `false`. As BuildKit's BFlags reads them, in order, stopping at
    a bare `--`.
    """
    values: dict[str, str | list[str]] = {}
    for at, flag in enumerate(flags):
        if flag == "--":
            break
        name, equals, value = flag[2:].partition("=")
        kind = declared.get(name)
        if kind is None:
            return values, FlagProblem("unknown-flag", at, name, f"unknown flag: --{name}")
        if name in values and kind is not FlagKind.STRINGS:
            reason = f"duplicate flag specified: --{name}"
            return values, FlagProblem("duplicate-flag", at, name, reason)
        is_bool = kind is FlagKind.BOOL
        if (is_bool and equals and not value) or (not is_bool and not equals):
            reason = f"missing a value on flag: --{name}"
            return values, FlagProblem("invalid-flag-value", at, name, reason)
        if kind is FlagKind.BOOL:
            lowered = value.lower()
            if lowered not in ("true", "false", ""):
                reason = f"expecting boolean value for flag --{name}, not: {value}"
                return values, FlagProblem("invalid-flag-value", at, name, reason)
            values[name] = lowered or "true"
        elif kind is FlagKind.STRING:
            values[name] = value
        else:
            collected = values.setdefault(name, [])
            assert isinstance(collected, list)
            collected.append(value)
    return values, None
