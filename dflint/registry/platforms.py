"""The choice among the manifests of an index."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from dflint.oci.platform import Platform, normal_platform
from dflint.registry.documents import Descriptor, Json

#: Says which of an index's manifests is wanted, best first; those that are not wanted are left out.
Choice = Callable[[Sequence[Descriptor]], list[Descriptor]]


def exactly(os: str, architecture: str, variant: str = "") -> Choice:
    """The choice of the manifests for one platform and no other."""
    return in_order([Platform(os, architecture, variant)])


def in_order(platforms: Sequence[Platform]) -> Choice:
    """The choice of the manifests for some platforms, those for the first of them first.

    Platforms are the same when their normal names are: `linux/arm64/v8` is `linux/arm64`.
    """
    wanted = [normal_platform(one.os, one.architecture, one.variant) for one in platforms]

    def choose(candidates: Sequence[Descriptor]) -> list[Descriptor]:
        offered = [(_platform(one.platform), one) for one in candidates if one.platform]
        return [one for platform in wanted for offer, one in offered if offer == platform]

    return choose


def _platform(written: Json) -> Platform:
    return normal_platform(
        *(str(written.get(name) or "") for name in ("os", "architecture", "variant"))
    )
