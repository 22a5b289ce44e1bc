"""The choice among the manifests of an index."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from dflint.registry.documents import Descriptor, Json

#: Says which of an index's manifests is wanted, best first; those that are not wanted are left out.
Choice = Callable[[Sequence[Descriptor]], list[Descriptor]]


def exactly(os: str, architecture: str, variant: str = "") -> Choice:
    """The choice of the manifests for one platform and no other.

    The variants that an architecture is without (`v8` of arm64, `v7` of arm) may be left out.
    """
    wanted = (os, architecture, _variant(architecture, variant))

    def choose(candidates: Sequence[Descriptor]) -> list[Descriptor]:
        return [one for one in candidates if one.platform and _parts(one.platform) == wanted]

    return choose


def _parts(platform: Json) -> tuple[str, str, str]:
    os, architecture, variant = (
        str(platform.get(name) or "") for name in ("os", "architecture", "variant")
    )
    return os, architecture, _variant(architecture, variant)


def _variant(architecture: str, variant: str) -> str:
    usual = {"arm64": "v8", "arm": "v7", "amd64": "v1"}.get(architecture, "")
    return variant or usual
