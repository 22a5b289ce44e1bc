"""Images to run in what was built in another one, of the same system."""

from __future__ import annotations

from dflint.semantic.known_images import short_name
from dflint.semantic.releases import BY_CODENAME, DEBIAN
from dflint.text.lazy_pattern import LazyPattern

#: Base images that are made to build with, and the program that builds in them.
SDKS = {
    "golang": "go",
    "rust": "cargo",
    "maven": "mvn",
    "gradle": "gradle",
    "mcr.microsoft.com/dotnet/sdk": "dotnet",
    "mcr.microsoft.com/dotnet/core/sdk": "dotnet",
}
_VERSION = LazyPattern(r"(?:v?\d+(?:\.\d+)*(?:rc\d+|beta\d+)?|latest|slim|)")
_ALPINE = LazyPattern(r"alpine(3\.\d+)?")
#: The version of Java in a tag, and parts of tags that tell of a Java of the OpenJDK project.
_JAVA = LazyPattern(r"(?:\A|-)(?:openjdk|jdk|eclipse-temurin|temurin)-?(\d+)(?![\w.])")
_JAVA_PARTS = LazyPattern(
    r"(?:openjdk|jdk|eclipse|temurin)?-?\d*(?:\.\d+)*|slim|alpine|noble|jammy|focal"
    r"|buster|stretch|bullseye|bookworm"
)
#: From which version on there is an image of each; before only those of long-term support.
_ALL_SINCE = 17
_LONG_TERM = (8, 11)
_DOTNET = LazyPattern(r"(\d+\.\d+)(?:\.\d+)?((?:-[a-z][\w.]*)*)")


def tool_of(image: str) -> str:
    """The program that an image is there to build with; empty for other images."""
    return SDKS.get(_parts(image)[1], "")


def runtime_base(image: str) -> str:
    """The image to run in what was built in an SDK's image; empty where that is not certain.

    `image` is the base as FROM writes it. An official image is written with the same registry.
    """
    prefix, name, tag = _parts(image)
    if name in ("golang", "rust"):
        system = _system(tag)
        return system and prefix + system
    if name in ("maven", "gradle"):
        java = _java(tag)
        return java and prefix + java
    if name in SDKS and tag:
        found = _DOTNET.get().fullmatch(tag)
        if found is not None:
            return f"{name.removesuffix('sdk')}aspnet:{found[1]}{found[2]}"
    return ""


def _parts(image: str) -> tuple[str, str, str]:
    """What stands before an official name, the name, and the tag."""
    short = short_name(image)
    name, _, tag = short.partition(":")
    whole = image.partition("@")[0]
    return whole[: len(whole) - len(short)], name, tag


def _system(tag: str) -> str:
    """Alpine or the slim Debian that an image of Go or Rust is built on."""
    found = ""
    for part in tag.split("-"):
        alpine = _ALPINE.get().fullmatch(part)
        release = BY_CODENAME.get(part)
        if alpine is not None:
            found = f"alpine:{alpine[1] or '3'}"
        elif release in DEBIAN:
            found = f"debian:{part}-slim"
        elif "$" not in part and _VERSION.get().fullmatch(part) is None:
            return ""
    return found or ("" if "$" in tag else "debian:stable-slim")


def _java(tag: str) -> str:
    """The image of Temurin that has what a program needs to run."""
    found = _JAVA.get().search(tag)
    parts = tag.split("-")
    if found is None or any(_JAVA_PARTS.get().fullmatch(part) is None for part in parts):
        return ""
    version = int(found[1])
    if version < _ALL_SINCE and version not in _LONG_TERM:
        return ""
    return f"eclipse-temurin:{version}-jre" + ("-alpine" if "alpine" in parts else "")
