"""The platform that a build runs on."""

from __future__ import annotations

import os

from dflint.errors import UnsupportedError
from dflint.oci.platform import Platform, parse_platform


def own_platform() -> str:
    """The platform of this machine, as `linux/amd64`."""
    found = parse_platform(f"linux/{os.uname().machine}")
    return str(found) if isinstance(found, Platform) else "linux/amd64"


def require_platform(platform: str) -> None:
    """Raise UnsupportedError where programs of a platform do not run."""
    own = own_platform()
    if platform == own:
        return
    from dflint.executor.emulation import ADVICE, can_run

    if not can_run(platform):
        raise UnsupportedError(
            f"programs for {platform} do not run on this machine, which is {own}: {ADVICE}"
        )
