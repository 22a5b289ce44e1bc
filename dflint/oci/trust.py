"""Lists of trusted registries: which images they cover.

An entry is a registry (`ghcr.io`, `localhost:5000`), or a part of one (`ghcr.io/acme`); `*` stands
for any text in either. A name without a dot or port is a namespace of Docker Hub, as it is in an
image reference.
"""

from __future__ import annotations

from dflint.oci.reference import DEFAULT_DOMAIN

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from dflint.oci.reference import ImageReference

#: Other names of Docker Hub.
_HUB = frozenset((
    "docker.io", "hub.docker.com", "index.docker.io", "registry-1.docker.io",
    "registry.hub.docker.com",
))  # fmt: skip


def is_trusted(image: ImageReference, trusted: Iterable[str], is_whole: bool = True) -> bool:
    """Tell whether one of the entries covers an image.

    Without `is_whole` the repository is not known: an entry for a part of the registry may cover
    it, and does.
    """
    domain = _host(image.domain)
    for entry in trusted:
        host, path = _split(entry)
        if not matches(domain, host):
            continue
        repository = image.repository
        if not path or not is_whole or matches(repository, path):
            return True
        if matches(repository, path.rstrip("/") + "/*"):
            return True
    return False


def _split(entry: str) -> tuple[str, str]:
    host, _, path = entry.partition("/")
    if any(mark in host for mark in ".:*") or host == "localhost":
        return _host(host), path.rstrip("/")
    return DEFAULT_DOMAIN, entry.rstrip("/")


def _host(name: str) -> str:
    name = name.lower()
    return DEFAULT_DOMAIN if name in _HUB else name


def matches(text: str, pattern: str) -> bool:
    """Tell whether a text is what a pattern says, where `*` stands for any text."""
    first, *parts = pattern.split("*")
    if not parts:
        return text == pattern
    last = parts.pop()
    if not text.startswith(first) or len(text) < len(first) + len(last):
        return False
    at = len(first)
    for part in parts:
        found = text.find(part, at, len(text) - len(last))
        if found < 0:
            return False
        at = found + len(part)
    return text.endswith(last) and len(text) - len(last) >= at
