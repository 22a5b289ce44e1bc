"""Which program `/bin/sh` is in an image, told from the image's name.

What is "undefined in POSIX sh" may well be defined in the shell that is there: Alpine's is
BusyBox's, Debian's is dash, Fedora's and its relatives' is bash.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

SH, DASH, BUSYBOX, BASH = "sh", "dash", "busybox sh", "bash"

_BASH_IMAGES = frozenset((
    "almalinux", "amazonlinux", "archlinux", "base-devel", "centos", "clearlinux", "fedora",
    "fedora-minimal", "leap", "mageia", "opensuse", "oraclelinux", "photon", "rhel", "rhel7",
    "rhel8", "rockylinux", "sl", "stream8", "stream9", "tumbleweed", "ubi", "ubi-minimal",
))  # fmt: skip
_BASH_MARKS = ("centos", "rockylinux", "almalinux", "fedora", "opensuse", "amazonlinux",
               "azurelinux", "cbl-mariner", "archlinux", "ubi7",
               "ubi8", "ubi9", "ubi10")  # fmt: skip
# Bare Debian and Ubuntu, and official images that are built on Debian unless a tag tells else.
_DASH_IMAGES = frozenset((
    "buildpack-deps", "debian", "gcc", "golang", "haskell", "httpd", "nginx", "node", "perl",
    "php", "postgres", "pypy", "python", "r-base", "redis", "ruby", "rust", "ubuntu",
))  # fmt: skip
_DASH_MARKS = ("debian", "ubuntu", "trixie", "bookworm", "bullseye", "buster", "stretch", "jessie",
               "noble", "jammy", "focal", "bionic", "xenial", "trusty")  # fmt: skip
_BASH_FOLDERS = frozenset(("azurelinux", "azurelinux-beta", "cbl-mariner"))
_BUSYBOX_MARKS = ("alpine", "busybox")
_OFFICIAL = ("", "docker.io", "docker.io/library", "library", "index.docker.io/library")


# What a system is told by that installs packages, where its image's name does not tell.
MANAGERS = {
    "apk": BUSYBOX, "apt": DASH, "apt-get": DASH, "dnf": BASH, "microdnf": BASH, "pacman": BASH,
    "tdnf": BASH, "yum": BASH, "zypper": BASH,
}  # fmt: skip


def shell_of_managers(names: Iterable[str]) -> str:
    """The shell of the systems that all these package managers are of, `sh` when they differ."""
    shells = {MANAGERS[name] for name in names if name in MANAGERS}
    return shells.pop() if len(shells) == 1 else SH


def system_shell(image: str) -> str:
    """The shell that `/bin/sh` is in an image, `sh` when its name does not tell."""
    name, _, tag = image.lower().partition("@")[0].rpartition("/")[2].partition(":")
    folder = image.lower().rpartition("/")[0]
    if any(mark in name or mark in tag for mark in _BUSYBOX_MARKS):
        return BUSYBOX
    if name in _BASH_IMAGES or any(mark in name or mark in tag for mark in _BASH_MARKS):
        return BASH
    if not _BASH_FOLDERS.isdisjoint(folder.split("/")):
        return BASH
    if any(mark in name or mark in tag for mark in _DASH_MARKS):
        return DASH
    return DASH if name in _DASH_IMAGES and folder in _OFFICIAL else SH
