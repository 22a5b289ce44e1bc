"""Which image of an index suits a platform best, by containerd's order.

A platform also runs what is made for older variants of it: `linux/arm/v7` images for `arm/v6` and
`arm/v5`, `linux/arm64` those for 32-bit `arm`, `linux/amd64` those for `386`.
"""

from __future__ import annotations

from dflint.oci.platform import Platform, normal_platform

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence


def suitable_platforms(wanted: Platform) -> tuple[Platform, ...]:
    """The platforms whose images a platform runs, best first."""
    wanted = normal_platform(wanted.os, wanted.architecture, wanted.variant)
    found = [wanted]
    for architecture, variant in _older(wanted.architecture, wanted.variant):
        found.append(normal_platform(wanted.os, architecture, variant))
    return tuple(dict.fromkeys(found))


def best_match(wanted: Platform, offered: Sequence[Platform | None]) -> int | None:
    """The place of the best of the platforms offered, the first of equals; None if none suits.

    None among those offered stands for a platform that nobody has said, and never suits.
    """
    normal = [
        None if each is None else normal_platform(each.os, each.architecture, each.variant)
        for each in offered
    ]
    for platform in suitable_platforms(wanted):
        if platform in normal:
            return normal.index(platform)
    return None


def _older(architecture: str, variant: str) -> Iterator[tuple[str, str]]:
    if architecture == "amd64":
        for number in range(_number(variant) - 1, 0, -1):
            yield "amd64", f"v{number}"
        yield "386", ""
    elif architecture == "arm":
        for number in range(_number(variant) - 1, 4, -1):
            yield "arm", f"v{number}"
    elif architecture == "arm64":
        yield from _older_arm64(variant)
        for number in range(8, 4, -1):
            yield "arm", f"v{number}"


def _older_arm64(variant: str) -> Iterator[tuple[str, str]]:
    """The variants before one such as `v8.2` or `v9.1`; `v9.n` has all that `v8.(n+5)` has."""
    major, _, minor = (variant or "v8").removeprefix("v").partition(".")
    if not (major in ("8", "9") and (minor or "0").isdecimal() and len(minor) < 3):
        return
    step = int(minor or "0")
    if major == "9":
        for number in range(step - 1, -1, -1):
            yield "arm64", f"v9.{number}"
        step += 6
    for number in range(step - 1, -1, -1):
        yield "arm64", f"v8.{number}"


def _number(variant: str) -> int:
    digits = variant.removeprefix("v")
    return int(digits) if digits.isdecimal() and len(digits) < 3 else 0
