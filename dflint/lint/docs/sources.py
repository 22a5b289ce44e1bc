"""Where a rule comes from: the last paragraph of its docstring, with links."""

from __future__ import annotations

import re

from dflint.lint.docs.other_tools import link_of

#: Works that a rule may come from, each with where it can be read; empty for a work that has no
#: address of its own. Where the address ends in `#`, a section's title gives the rest.
_WORKS = {
    "Dockerfile reference": "https://docs.docker.com/reference/dockerfile/#",
    "Dockerfile best practices": "https://docs.docker.com/build/building/best-practices/#",
    "Docker documentation": "https://docs.docker.com/",
    "Kubernetes documentation": "https://kubernetes.io/docs/",
    "OCI image specification": "https://github.com/opencontainers/image-spec",
    "SPDX specification": "https://spdx.github.io/spdx-spec/",
    "Semantic Versioning": "https://semver.org/",
    "Go command documentation": "https://pkg.go.dev/cmd/go",
    "Go modules reference": "https://go.dev/ref/mod",
    "npm documentation": "https://docs.npmjs.com/",
    "pip documentation": "https://pip.pypa.io/",
    "RubyGems command reference": "https://guides.rubygems.org/command-reference/",
    "Yarn documentation": "https://classic.yarnpkg.com/en/docs/",
    "GNU Wget manual": "https://www.gnu.org/software/wget/manual/",
    "POSIX.1-2017": "https://pubs.opengroup.org/onlinepubs/9699919799/",
    "apt(8)": "https://manpages.debian.org/apt.8",
    "apt-get(8)": "https://manpages.debian.org/apt-get.8",
    "useradd(8)": "https://manpages.debian.org/useradd.8",
    "dnf(8)": "https://dnf.readthedocs.io/en/latest/command_ref.html",
    "BuildKit check": "",
}
#: Pages of Docker's documentation, by title.
_PAGES = {
    "Build checks": "reference/build-checks/",
    "Build context": "build/concepts/context/",
    "Build secrets": "build/building/secrets/",
    "Docker object labels": "engine/manage-resources/labels/",
    "Multi-platform builds": "build/building/multi-platform/",
    "Multi-stage builds": "build/building/multi-stage/",
    "Optimize cache usage": "build/cache/optimize/",
}
_NAMES = "|".join(map(re.escape, _WORKS))
#: A work that is known, any manual page, or an RFC.
_BEGIN = re.compile(rf"(?:{_NAMES}|[a-z][\w.+-]*+\(\d\)|RFC\s\d++)(?![\w-])")
_CITED = re.compile(rf'({_NAMES})(?![\w-])(?:,\s"([^"]++)")?+')
_RFC = re.compile(r"RFC\s(\d++)")
_CHECK = re.compile(r"BuildKit check\s(\w++)")


def is_source(paragraph: str) -> bool:
    """Whether a paragraph says where a rule comes from."""
    return _BEGIN.match(paragraph) is not None


def linked(source: str) -> str:
    """The source with links to what can be read online."""
    text = _CITED.sub(_cited, source)
    text = _RFC.sub(r"[RFC \1](https://www.rfc-editor.org/rfc/rfc\1)", text)
    return _CHECK.sub(lambda found: f"BuildKit check {link_of(found[1])}", text)


def _cited(found: re.Match[str]) -> str:
    work, section = found.group(1, 2)
    address = _WORKS[work]
    if not address:
        return found[0]
    if section in _PAGES and work == "Docker documentation":
        address += _PAGES[section]
    if address.endswith("#"):
        anchor = re.sub(r"[^\w-]", "", (section or "").lower().replace(" ", "-"))
        address = f"{address}{anchor}".rstrip("#")
    return f"[{found[0]}]({address})"
