"""Which release of which operating system an image is built on, as far as its name tells."""

from __future__ import annotations

import re
from functools import lru_cache

from dflint.semantic.known_images import short_name
from dflint.semantic.releases import BY_CODENAME, DEBIAN, FAMILIES, NEWEST, Release
from dflint.text.lazy_pattern import LazyPattern

TYPE_CHECKING = False
if TYPE_CHECKING:
    from dflint.semantic.stages import Stage

_PARTS = re.compile(r"[-_.]")
_NUMBER = LazyPattern(r"v?(\d+(?:\.\d+)?)(?:[.-]|\Z)")
_UBUNTU_IN_TAG = LazyPattern(r"(?:\A|[-_])ubuntu-?(\d\d\.\d\d)(?:[-_.]|\Z)")
_ALPINE_IN_TAG = LazyPattern(r"(?:\A|[-_])alpine(\d+\.\d+)(?:[-_.]|\Z)")
#: Repositories that hold nothing but the system, beside those of `FAMILIES` themselves.
_SAME = {
    "stackbrew/debian": "debian", "stackbrew/ubuntu": "ubuntu", "tianon/debian": "debian",
    "ubuntu-debootstrap": "ubuntu", "ubuntu-upstart": "ubuntu", "bitnami/minideb": "debian",
    "i386/debian": "debian", "i386/ubuntu": "ubuntu", "amd64/debian": "debian",
    "amd64/ubuntu": "ubuntu", "arm32v7/debian": "debian", "arm32v7/ubuntu": "ubuntu",
    "arm64v8/debian": "debian", "arm64v8/ubuntu": "ubuntu", "arm32v6/alpine": "alpine",
    "arm64v8/alpine": "alpine", "amd64/alpine": "alpine", "i386/alpine": "alpine",
    "arm32v7/alpine": "alpine", "centos/systemd": "centos",
}  # fmt: skip
#: Code names that in the tags of other images mean something else: releases of ROS, a language.
_AMBIGUOUS = frozenset(("groovy", "kinetic", "lunar"))
#: What is built on a system of its own, whatever words its tags have.
_OTHERS = ("raspbian", "rpi", "raspberry", "devuan", "kali", "mint")
#: Official images whose `latest` is built on Debian 12 or later.
_ON_DEBIAN = frozenset(
    ("buildpack-deps", "gcc", "golang", "node", "perl", "php", "python", "ruby", "rust")
)
_MOVING = ("", "latest", "stable", "rolling", "stable-slim", "devel")

#: The version from which on official images were last built on Debian 11 or later, by name: what
#: is older was not built anew since 2021-08, when Debian 10 was the default. `patches` give the
#: same for branches that went on longer. From the tags in the history of
#: github.com/docker-library/official-images.
_SINCE_BULLSEYE: dict[str, tuple[tuple[int, ...], dict[tuple[int, ...], int]]] = {
    "golang": ((1, 15), {(1, 15): 14, (1, 16): 6}),
    "haskell": ((9,), {}),
    "mysql": ((5, 7), {}),
    "nginx": ((1, 20), {}),
    "node": ((12,), {(14, 17): 4, (16, 5): 9}),
    "php": ((7, 3), {(7, 3): 29, (7, 4): 20, (8, 0): 7}),
    "postgres": ((9, 6), {}),
    "python": ((3, 6), {(3, 6): 14, (3, 7): 11, (3, 8): 11, (3, 9): 6}),
    "redis": ((5,), {}),
    "ruby": ((2, 6), {(2, 6): 8, (2, 7): 4, (3, 0): 2}),
    "rust": ((1, 54), {}),
    "httpd": ((2, 4), {}),
    "mono": ((99,), {}),
    "java": ((99,), {}),
    "iojs": ((99,), {}),
    "rails": ((99,), {}),
    "django": ((99,), {}),
    "jenkins": ((99,), {}),
}
#: The version from which on they were built on Debian 9 or later; of others that is not known.
_SINCE_STRETCH: dict[str, tuple[int, ...]] = {
    "golang": (1, 9), "haskell": (8, 6), "mysql": (5, 7), "nginx": (1, 13), "node": (10,),
    "php": (7, 2), "postgres": (10,), "python": (3, 7), "redis": (4,), "ruby": (2, 5),
    "rust": (1, 20),
}  # fmt: skip
#: All their tags are old; there is no newer `latest`.
_DEAD = frozenset(("mono", "java", "iojs", "rails", "django", "jenkins"))
_NODE_NAMES = {"argon": "4", "boron": "6", "carbon": "8", "dubnium": "10"}


@lru_cache(maxsize=512)
def release_of(image: str) -> Release | None:
    """The release that the name and tag of an image tell; None where they do not.

    Without a tag, or with `latest`, it is the newest that is known.
    """
    repository, tag = _split(image)
    family = _family(repository)
    if family is not None:
        return _own_release(family, tag)
    if any(other in repository for other in _OTHERS):
        return None
    for part in _PARTS.split(tag):
        if part in BY_CODENAME and part not in _AMBIGUOUS:
            return BY_CODENAME[part]
    if repository in _ON_DEBIAN and tag in ("", "latest", "slim"):
        return DEBIAN[8]
    for name, pattern in (("ubuntu", _UBUNTU_IN_TAG), ("alpine", _ALPINE_IN_TAG)):
        found = pattern.get().search(tag) if name in tag else None
        if found is not None:
            return next((one for one in FAMILIES[name] if one.number == found[1]), None)
    return None


def moves(image: str) -> bool:
    """Whether the name of an image stands for another release as time goes by."""
    repository, tag = _split(image)
    return tag in _MOVING or (repository in _ON_DEBIAN and tag == "slim")


@lru_cache(maxsize=512)
def has_old_debian(image: str) -> bool:
    """Whether an official image was last built when Debian 10 was the newest, by its version."""
    repository, tag = _split(image)
    known = _SINCE_BULLSEYE.get(repository)
    if known is None or "alpine" in tag or "windows" in tag or "nanoserver" in tag:
        return False
    since, patches = known
    version = _version(repository, tag)
    if version is None:
        return repository in _DEAD
    if _is_before(version, since):
        return True
    limit = patches.get(version[:2])
    return limit is not None and len(version) > 2 and version[2] < limit


def may_have_jessie(image: str) -> bool:
    """Whether an official image may be so old that it is on Debian 8, by its version."""
    if not has_old_debian(image) or release_of(image) is not None:
        return False
    repository, tag = _split(image)
    since = _SINCE_STRETCH.get(repository)
    version = _version(repository, tag)
    return since is None or version is None or _is_before(version, since)


def _version(repository: str, tag: str) -> tuple[int, ...] | None:
    """The version that a tag begins with; None where it tells none."""
    first = _PARTS.split(tag)[0]
    if repository == "node" and first in _NODE_NAMES:
        tag = _NODE_NAMES[first]
    found = re.match(r"v?(\d+(?:\.\d+)*)(?:-|\Z)", tag)
    return None if found is None else tuple(int(part) for part in found[1].split("."))


def _is_before(version: tuple[int, ...], since: tuple[int, ...]) -> bool:
    """Whether all that a version may stand for is older: `1` is not, where 1.9 began something."""
    if len(version) < len(since):
        return version < since[: len(version)]
    return version < since


def archived_release_of(stage: Stage) -> Release | None:
    """The release without packages on which a stage is built in the end, as far as is known."""
    image = (stage.ancestors() or [stage])[-1].image
    release = release_of(image)
    if release is None and has_old_debian(image):
        return DEBIAN[6]
    return release if release is not None and release.archive else None


def _split(image: str) -> tuple[str, str]:
    """Repository and tag, as short as Docker Hub knows them."""
    name = short_name(image)
    repository, colon, tag = name.rpartition(":")
    if not colon or "/" in tag:
        return name, ""
    return repository, tag


def _family(repository: str) -> str | None:
    if repository in FAMILIES:
        return repository
    return _SAME.get(repository)


def _own_release(family: str, tag: str) -> Release | None:
    if tag in _MOVING:
        return NEWEST[family]
    if family in ("debian", "ubuntu"):
        for part in _PARTS.split(tag):
            if part in BY_CODENAME:
                return BY_CODENAME[part]
    number = _NUMBER.get().match(tag.removeprefix("centos"))
    if number is None:
        return None
    version = number[1]
    if family in ("debian", "centos", "fedora"):
        version = version.partition(".")[0]
    return next((one for one in FAMILIES[family] if one.number == version), None)
