"""The choice among the manifests of an index."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from dflint.oci.platform import Platform
from dflint.registry.documents import Descriptor, Json

#: Says which of an index's manifests is wanted, best first; those that are not wanted are left out.
Choice = Callable[[Sequence[Descriptor]], list[Descriptor]]


def exactly(os: str, architecture: str, variant: str = "") -> Choice:
    """The choice of the manifests for one platform and no other."""
    return in_order([Platform(os, architecture, variant)])


def in_order(platforms: Sequence[Platform]) -> Choice:
    """The choice of the manifests for some platforms, those for the first of them first.

    The variants that an architecture is without (`v8` of arm64, `v7` of arm) may be left out, in
    the platforms and in the index.
    """
    wanted = [
        (one.os, one.architecture, _variant(one.architecture, one.variant)) for one in platforms
    ]

    def choose(candidates: Sequence[Descriptor]) -> list[Descriptor]:
        offered = [(_parts(one.platform), one) for one in candidates if one.platform]
        return [one for parts in wanted for offer, one in offered if offer == parts]

    return choose


def _parts(platform: Json) -> tuple[str, str, str]:
    os, architecture, variant = (
        str(platform.get(name) or "") for name in ("os", "architecture", "variant")
    )
    return os, architecture, _variant(architecture, variant)


def _variant(architecture: str, variant: str) -> str:
    usual = {"arm64": "v8", "arm": "v7", "amd64": "v1"}.get(architecture, "")
    return variant or usual
