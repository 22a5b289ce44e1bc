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
    words = platform.split("/")
    if own == "linux/amd64" and words[:2] == own.split("/"):
        from dflint.executor.x86_levels import level_of_variant, own_level

        level = own_level()
        if level_of_variant("".join(words[2:3])) > level:
            raise UnsupportedError(
                f"programs for {platform} do not run on this machine: its processor is of level "
                f"v{level} of x86-64"
            )
