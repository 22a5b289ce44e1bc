"""Image references: `registry/repository:tag@digest`, as Docker reads and completes them.

The grammar is that of github.com/distribution/reference; a name without a registry is one of
Docker Hub, a name there without a namespace is in `library/`.
"""

from __future__ import annotations

import re
from functools import cache

DEFAULT_DOMAIN = "docker.io"
_LONGEST_NAME = 255
_DIGEST_LENGTHS = {"sha256": 64, "sha384": 96, "sha512": 128}
_COMPONENT = r"[a-z0-9]++(?:(?>__|[._]|-++)[a-z0-9]++)*+"
_HOST = r"(?:[a-zA-Z0-9]++(?:-++[a-zA-Z0-9]++)*+(?:\.[a-zA-Z0-9]++(?:-++[a-zA-Z0-9]++)*+)*+"
_DOMAIN = _HOST + r"|\[[a-fA-F0-9:]++\])(?::[0-9]++)?+"
_DIGEST = r"[A-Za-z][A-Za-z0-9]*+(?:[-_+.][A-Za-z][A-Za-z0-9]*+)*+:[0-9a-fA-F]{32,}+"


class ImageReference:
    """An image reference with everything that Docker adds.

    `domain` is the registry, `repository` the name there; `tag` and `digest` are empty when
    they are not written (`latest` is not filled in).
    """

    __slots__ = ("digest", "domain", "repository", "tag")

    domain: str
    repository: str
    tag: str
    digest: str

    def __init__(self, domain: str, repository: str, tag: str, digest: str) -> None:
        self.domain = domain
        self.repository = repository
        self.tag = tag
        self.digest = digest

    @property
    def name(self) -> str:
        """Registry and repository."""
        return f"{self.domain}/{self.repository}"

    def __repr__(self) -> str:
        tag = f":{self.tag}" if self.tag else ""
        digest = f"@{self.digest}" if self.digest else ""
        return f"ImageReference({self.name + tag + digest!r})"


class ReferenceProblem:
    """Why a text is no image reference, in the words of Docker."""

    __slots__ = ("message",)

    message: str

    def __init__(self, message: str) -> None:
        self.message = message

    def __repr__(self) -> str:
        return f"ReferenceProblem({self.message!r})"


def parse_reference(text: str) -> ImageReference | ReferenceProblem:
    """Read an image reference as `docker pull` does."""
    return _plain_reference(text) or _any_reference(text)


def familiar(name: str) -> str:
    """A whole reference as people write it: `alpine:3` for `docker.io/library/alpine:3`."""
    short = name.removeprefix("docker.io/")
    rest = short.removeprefix("library/")
    return rest if short != name and "/" not in rest else short


def is_registry(text: str) -> bool:
    """Tell whether a text is the domain of a registry: `host[:port]`."""
    return re.fullmatch(_DOMAIN, text, re.ASCII) is not None


def _any_reference(text: str) -> ImageReference | ReferenceProblem:
    if len(text) == 64 and re.match(r"[a-f0-9]{64}\Z", text):
        return ReferenceProblem(
            f"invalid repository name ({text}), cannot specify 64-byte hexadecimal strings"
        )
    domain, remainder = _split_domain(text)
    remote = remainder.partition(":")[0]
    if remote.lower() != remote:
        return ReferenceProblem(
            f"invalid reference format: repository name ({remote}) must be lowercase"
        )
    whole = f"{domain}/{remainder}"
    if "$" in text:  # by far the most of those that are none
        return ReferenceProblem("invalid reference format")
    found = _pattern().match(whole)
    if found is None:
        if _pattern().match(whole.lower()) is not None:
            return ReferenceProblem("repository name must be lowercase")
        return ReferenceProblem("invalid reference format")
    path, tag, digest = found.group(1), found.group(2) or "", found.group(3) or ""
    if len(path) > _LONGEST_NAME:
        return ReferenceProblem(f"repository name must not be more than {_LONGEST_NAME} characters")
    # What is no name of a host, as `a_b.c` is none, still says where to look.
    repository = path.removeprefix(domain + "/")
    problem = _digest_problem(digest) if digest else ""
    if problem:
        return ReferenceProblem(problem)
    return ImageReference(domain, repository, tag, digest)


def _plain_reference(text: str) -> ImageReference | None:
    """The reference that an ordinary `name/name:tag` is, with a SHA-256 digest or without one.

    None to have it looked at properly. Nearly every reference is one, and the pattern takes a
    millisecond to compile.
    """
    digest = ""
    if "@" in text:
        text, _, digest = text.partition("@")
        algorithm, encoded = digest[:7], digest[7:]
        if algorithm != "sha256:" or len(encoded) != 64 or encoded.strip("0123456789abcdef"):
            return None
    name, _, tag = text.partition(":")
    letters = name.replace("/", "a").replace("-", "a").replace(".", "a")
    if not (text.isascii() and letters.isalnum() and name.lower() == name) or len(name) > 63:
        return None
    if tag and not tag.replace("-", "a").replace(".", "a").replace("_", "a").isalnum():
        return None
    if text.endswith(":") or tag[:1] in ("-", ".") or len(tag) > 63:
        return None
    for component in name.split("/"):
        if not component[:1].isalnum() or not component[-1].isalnum():
            return None
        if "--" in component or ".." in component or "-." in component or ".-" in component:
            return None
    domain, remainder = _split_domain(name)
    return ImageReference(domain, remainder, tag, digest)


@cache
def _pattern() -> re.Pattern[str]:
    tag = r"(?::(\w[\w.-]{0,127}+))?+"
    return re.compile(
        rf"(?:{_DOMAIN}/)?({_COMPONENT}(?:/{_COMPONENT})*+){tag}(?:@({_DIGEST}))?+\Z", re.ASCII
    )


def _split_domain(text: str) -> tuple[str, str]:
    """The registry, and the rest with `library/` where Docker adds it."""
    first, slash, rest = text.partition("/")
    is_domain = slash and (
        "." in first or ":" in first or first == "localhost" or first.lower() != first
    )
    domain, remainder = (first, rest) if is_domain else (DEFAULT_DOMAIN, text)
    if domain == "index.docker.io":
        domain = DEFAULT_DOMAIN
    if domain == DEFAULT_DOMAIN and "/" not in remainder:
        remainder = "library/" + remainder
    return domain, remainder


def _digest_problem(digest: str) -> str:
    algorithm, _, encoded = digest.partition(":")
    length = _DIGEST_LENGTHS.get(algorithm)
    if length is None:
        return "unsupported digest algorithm"
    if len(encoded) != length:
        return "invalid checksum digest length"
    return "" if encoded == encoded.lower() else "invalid checksum digest format"
