"""Whose ids the aliases of rules are, and where those tools explain them."""

from __future__ import annotations

import re

#: Tool, form of its ids, address of an id's page; `kebab` is the id in lower case with hyphens.
TOOLS = (
    ("hadolint", r"DL\d{4}", "https://github.com/hadolint/hadolint/wiki/{id}"),
    ("ShellCheck", r"SC\d{4}", "https://www.shellcheck.net/wiki/{id}"),
    ("BuildKit", r"[A-Z][A-Za-z]+", "https://docs.docker.com/reference/build-checks/{kebab}/"),
)
#: Ids without a page.
_UNEXPLAINED = frozenset({"InvalidBaseImagePlatform"})


def tool_of(alias: str) -> str:
    """The tool whose id it is; empty for an id of an unknown form."""
    return next((tool for tool, form, _ in TOOLS if re.fullmatch(form, alias)), "")


def url_of(alias: str) -> str:
    """Where the tool explains its id; empty if nowhere."""
    if alias in _UNEXPLAINED:
        return ""
    kebab = re.sub(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "-", alias).lower()
    for _, form, address in TOOLS:
        if re.fullmatch(form, alias):
            return address.format(id=alias, kebab=kebab)
    return ""


def link_of(alias: str) -> str:
    """The id in Markdown, a link where there is a page."""
    url = url_of(alias)
    return f"[{alias}]({url})" if url else f"`{alias}`"
