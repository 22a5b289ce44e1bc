"""What to go to from an official image whose support has ended, of the same variant."""

from __future__ import annotations

import re

from dflint.semantic.known_images import short_name

#: The version to go to, as of 2026-01-01: not always the newest, but one that most run on.
_VERSIONS = {"node": "24", "php": "8.4", "postgres": "17", "python": "3.13", "ruby": "3.4"}
#: What goes on where Java's images have ended, and its versions of long-term support.
_JAVA = ("adoptopenjdk", "java", "openjdk")
_TEMURIN = "eclipse-temurin"
_SUPPORTED = (8, 11, 17, 21)
#: Parts of a tag that images of any version have.
_VARIANTS = frozenset((
    "alpine", "apache", "bookworm", "cli", "fpm", "jdk", "jre", "slim", "zts",
))  # fmt: skip
#: Parts that tell of a release of the system that there is no new image on.
_OLD_SYSTEMS = frozenset((
    "wheezy", "jessie", "stretch", "buster", "bullseye", "alpine", "slim", "hotspot", "oracle",
    "oraclelinux7", "oraclelinux8",
))  # fmt: skip
_ALPINE = re.compile(r"alpine[\d.]*\Z")
_JAVA_VERSION = re.compile(r"(\d+)(?:u\d+|[._+\d]*+)\Z")


def successor(image: str) -> str:
    """The image in its place, written with the same registry; empty where none is known."""
    short = short_name(image)
    name, colon, tag = short.partition(":")
    if not colon or "@" in image or "$" in image:
        return ""
    prefix = image[: len(image) - len(short)]
    version, *parts = tag.split("-")
    parts = ["alpine" if _ALPINE.match(part) else part for part in parts]
    if name in _JAVA:
        return _java(prefix, version, parts)
    kept = [part for part in parts if part in _VARIANTS]
    others = [part for part in parts if part not in _VARIANTS and part not in _OLD_SYSTEMS]
    if name not in _VERSIONS or others:
        return ""
    return f"{prefix}{name}:{'-'.join((_VERSIONS[name], *kept))}"


def _java(prefix: str, version: str, parts: list[str]) -> str:
    """The image of Temurin with the same Java, or the next one of long-term support."""
    found = _JAVA_VERSION.match(version)
    if found is None or any(part not in _VARIANTS and part not in _OLD_SYSTEMS for part in parts):
        return ""
    number = next((one for one in _SUPPORTED if one >= int(found[1])), None)
    if number is None:
        return ""
    kept = ["jre" if "jre" in parts else "jdk", *(["alpine"] if "alpine" in parts else [])]
    return f"{prefix}{_TEMURIN}:{number}-{'-'.join(kept)}"
