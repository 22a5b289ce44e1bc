"""Platform specifiers: `os[/architecture[/variant]]`, as containerd reads and completes them."""

from __future__ import annotations

import re

_COMPONENT = r"^[A-Za-z0-9_.-]+$"
_SYSTEMS = frozenset(
    (
        "aix", "android", "darwin", "dragonfly", "freebsd", "hurd", "illumos", "ios", "js",
        "linux", "nacl", "netbsd", "openbsd", "plan9", "solaris", "windows", "zos",
    )
)  # fmt: skip
_ARCHITECTURES = frozenset(
    (
        "386", "amd64", "amd64p32", "arm", "armbe", "arm64", "arm64be", "ppc64", "ppc64le",
        "loong64", "mips", "mipsle", "mips64", "mips64le", "mips64p32", "mips64p32le", "ppc",
        "riscv", "riscv64", "s390", "s390x", "sparc", "sparc64", "wasm",
    )
)  # fmt: skip
_ALIASES = {
    "i386": "386", "x86_64": "amd64", "x86-64": "amd64", "aarch64": "arm64", "armhf": "arm",
    "armel": "arm",
}  # fmt: skip


class Platform:
    """A platform: operating system, architecture and variant, the last two perhaps empty."""

    __slots__ = ("architecture", "os", "variant")

    os: str
    architecture: str
    variant: str

    def __init__(self, os: str, architecture: str = "", variant: str = "") -> None:
        self.os = os
        self.architecture = architecture
        self.variant = variant

    def __str__(self) -> str:
        return "/".join(part for part in (self.os, self.architecture, self.variant) if part)


class PlatformProblem:
    """Why a text is no platform, in the words of containerd."""

    __slots__ = ("message",)

    message: str

    def __init__(self, message: str) -> None:
        self.message = message


def parse_platform(text: str) -> Platform | PlatformProblem:
    """Read a platform specifier."""
    if "*" in text:
        return PlatformProblem(f'"{text}": wildcards not yet supported: invalid argument')
    parts = text.split("/", 2)
    for part in parts:
        # An operating system may carry a version: `windows(10.0.17763)`.
        bare = re.sub(r"\([A-Za-z0-9_.-]*\)\Z", "", part) if part is parts[0] else part
        if re.match(r"[A-Za-z0-9_.-]++\Z", bare, re.ASCII) is None:
            return PlatformProblem(
                f'"{part}" is an invalid component of "{text}": platform specifier component '
                f'must match "{_COMPONENT}": invalid argument'
            )
    if len(parts) == 1:
        return _one_part(text, parts[0])
    architecture = _ALIASES.get(parts[1].lower(), parts[1].lower())
    return Platform(_system(parts[0]), architecture, parts[2] if len(parts) == 3 else "")


def _system(name: str) -> str:
    lowered = name.partition("(")[0].lower()
    return "darwin" if lowered == "macos" else lowered


def _one_part(text: str, part: str) -> Platform | PlatformProblem:
    system = _system(part)
    if system in _SYSTEMS:
        return Platform(system)
    lowered = part.lower()
    architecture = _ALIASES.get(lowered, lowered)
    if architecture in _ARCHITECTURES:
        return Platform("linux", architecture)
    return PlatformProblem(f'"{text}": unknown operating system or architecture: invalid argument')
