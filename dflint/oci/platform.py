"""Platform specifiers: `os[/architecture[/variant]]`, as containerd reads and completes them."""

from __future__ import annotations

import re

from dflint.text.go_quote import go_quote

_COMPONENT = r"^[A-Za-z0-9_.-]+$"
_SYSTEM = r"^([A-Za-z0-9_-]+)(?:\(([A-Za-z0-9_.%-]*)((?:\+[A-Za-z0-9_.%-]+)*)\))?$"
_BAD_ESCAPE = re.compile(r"%(?![0-9A-Fa-f]{2}).{0,2}")
#: The operating systems and the architectures that are known by name.
SYSTEMS = frozenset(
    (
        "aix", "android", "darwin", "dragonfly", "freebsd", "hurd", "illumos", "ios", "js",
        "linux", "nacl", "netbsd", "openbsd", "plan9", "solaris", "windows", "zos",
    )
)  # fmt: skip
ARCHITECTURES = frozenset(
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
#: The variants that have other names, by architecture.
_VARIANTS = {
    "amd64": {"v1": ""},
    "arm64": {"8": "", "v8": "", "v8.0": "", "9": "v9", "9.0": "v9", "v9.0": "v9"},
    "arm": {"": "v7", "5": "v5", "6": "v6", "7": "v7", "8": "v8"},
}
#: The names of architectures that imply a variant, whatever variant is written.
_IMPLIED = {"i386": "", "armhf": "v7", "armel": "v6"}


class Platform:
    """A platform: operating system, architecture and variant, the last two perhaps empty.

    All are normal names in lower case. The architecture is empty where the builder's own counts,
    the variant where there is just one, or where it is the usual one.
    """

    __slots__ = ("architecture", "os", "variant")

    os: str
    architecture: str
    variant: str

    def __init__(self, os: str, architecture: str = "", variant: str = "") -> None:
        self.os = os
        self.architecture = architecture
        self.variant = variant

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Platform) and str(self) == str(other)

    def __hash__(self) -> int:
        return hash(str(self))

    def __str__(self) -> str:
        return "/".join(part for part in (self.os, self.architecture, self.variant) if part)

    def __repr__(self) -> str:
        return f"Platform({str(self)!r})"


class PlatformProblem:
    """Why a text is no platform: `message` is what containerd says."""

    __slots__ = ("message",)

    message: str

    def __init__(self, message: str) -> None:
        self.message = message

    def __repr__(self) -> str:
        return f"PlatformProblem({self.message!r})"


def parse_platform(text: str) -> Platform | PlatformProblem:
    """Read a platform specifier."""
    if "*" in text:
        return _invalid(f"{go_quote(text)}: wildcards not yet supported")
    parts = text.split("/", 3)
    problem = _system_problem(parts[0], text) or _component_problem(parts[1:], text)
    if problem is not None:
        return problem
    if len(parts) == 4:
        return _invalid(f"{go_quote(text)}: cannot parse platform specifier")
    if len(parts) == 1:
        return _one_part(text)
    return _complete(_system(parts[0]), parts[1], parts[2] if len(parts) == 3 else "")


def _invalid(reason: str) -> PlatformProblem:
    return PlatformProblem(reason + ": invalid argument")


def _system_problem(part: str, text: str) -> PlatformProblem | None:
    """What is wrong with the operating system, whose version and features may follow it."""
    found = re.fullmatch(_SYSTEM, part)
    if found is None:
        return _invalid(
            f"{go_quote(part)} is an invalid OS component of {go_quote(text)}: "
            f"OSAndVersion specifier component must match {go_quote(_SYSTEM)}"
        )
    version = found[2] or ""
    escape = _BAD_ESCAPE.search(version)
    if escape is not None:
        reason = f"has an invalid OS version {go_quote(version)}"
        return PlatformProblem(f"{go_quote(text)} {reason}: {_escape_reason(escape)}")
    for feature in (found[3] or "").split("+")[1:]:
        escape = _BAD_ESCAPE.search(feature)
        if escape is not None:
            reason = f"has invalid OS features: invalid os feature {go_quote(feature)}"
            return PlatformProblem(f"{go_quote(text)} {reason}: {_escape_reason(escape)}")
    return None


def _escape_reason(found: re.Match[str]) -> str:
    return f"invalid URL escape {go_quote(found[0])}"


def _component_problem(parts: list[str], text: str) -> PlatformProblem | None:
    for part in parts:
        if re.fullmatch(_COMPONENT, part) is None:
            return _invalid(
                f"{go_quote(part)} is an invalid component of {go_quote(text)}: "
                f"platform specifier component must match {go_quote(_COMPONENT)}"
            )
    return None


def _one_part(text: str) -> Platform | PlatformProblem:
    """The platform for an operating system alone, or an architecture alone."""
    system = _system(text)
    if system in SYSTEMS:
        return Platform(system)
    if _ALIASES.get(text.lower(), text.lower()) in ARCHITECTURES:
        return _complete("linux", text, "")
    return _invalid(f"{go_quote(text)}: unknown operating system or architecture")


def _system(part: str) -> str:
    name = part.partition("(")[0].lower()
    return "darwin" if name == "macos" else name


def normal_platform(system: str, architecture: str, variant: str) -> Platform:
    """The platform that an image's documents name, by its normal names."""
    return _complete(_system(system), architecture, variant)


def _complete(system: str, architecture: str, variant: str) -> Platform:
    written = architecture.lower()
    architecture = _ALIASES.get(written, written)
    variant = _IMPLIED.get(written, variant.lower())
    return Platform(system, architecture, _VARIANTS.get(architecture, {}).get(variant, variant))
