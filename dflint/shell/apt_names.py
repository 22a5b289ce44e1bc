"""What other programs do in the place of `apt`: the same, by options and output that stay.

apt(8), "Differences to apt-get(8)": its subcommands are those of `apt-get` and `apt-cache`, read by
the same table of options; `upgrade` brings new packages too, and the packages that it has fetched
are not kept (`Binary::apt::` in apt.conf(5)).
"""

from __future__ import annotations

_SAME = (
    "update install reinstall remove purge autoremove auto-remove autopurge clean autoclean"
    " auto-clean source download changelog build-dep satisfy"
)
#: For each verb of `apt` the program to call, the verb, and an option behind it, if it needs one.
INSTEAD_OF_APT: dict[str, tuple[str, str, str]] = {
    **{verb: ("apt-get", verb, "") for verb in _SAME.split()},
    "upgrade": ("apt-get", "upgrade", "--with-new-pkgs"),
    "dist-upgrade": ("apt-get", "dist-upgrade", ""),
    "full-upgrade": ("apt-get", "dist-upgrade", ""),
    "show": ("apt-cache", "show", ""),
    "search": ("apt-cache", "search", ""),
    "policy": ("apt-cache", "policy", ""),
    "depends": ("apt-cache", "depends", ""),
    "rdepends": ("apt-cache", "rdepends", ""),
}
