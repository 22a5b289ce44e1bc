"""The platform that a build runs on."""

from __future__ import annotations

import os

from dflint.oci.platform import Platform, parse_platform


def own_platform() -> str:
    """The platform of this machine, as `linux/amd64`."""
    found = parse_platform(f"linux/{os.uname().machine}")
    return str(found) if isinstance(found, Platform) else "linux/amd64"
