"""The platform that a build runs on."""

from __future__ import annotations

import platform

from dflint.oci.platform import Platform, parse_platform


def own_platform() -> str:
    """The platform of this machine, as `linux/amd64`."""
    found = parse_platform(f"linux/{platform.machine()}")
    return str(found) if isinstance(found, Platform) else "linux/amd64"
