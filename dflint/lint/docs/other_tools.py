"""Whose ids the aliases of rules are, and where those tools explain them."""

from __future__ import annotations

import re
from functools import cache

from dflint.lint.docs.peers import PEERS, Defect
from dflint.lint.docs.peers_commands import COMMANDS
from dflint.lint.docs.peers_instructions import INSTRUCTIONS
from dflint.lint.docs.peers_syntax import SYNTAX
from dflint.lint.names import bare_id

#: What tools other than BuildKit and hadolint look for.
DEFECTS: tuple[Defect, ...] = (*SYNTAX, *INSTRUCTIONS, *COMMANDS)
#: Tool, form of its ids, address of an id's page; `kebab` is the id in lower case with hyphens.
TOOLS = (
    ("hadolint", r"DL\d{4}", "https://github.com/hadolint/hadolint/wiki/{id}"),
    ("ShellCheck", r"SC\d{4}", "https://www.shellcheck.net/wiki/{id}"),
    ("BuildKit", r"[A-Z][A-Za-z]+", "https://docs.docker.com/reference/build-checks/{kebab}/"),
    ("SonarQube", r"S\d{4}", "https://rules.sonarsource.com/docker/RSPEC-{number}/"),
)
#: Ids without a page.
_UNEXPLAINED = frozenset({"InvalidBaseImagePlatform"})


def tool_of(alias: str) -> str:
    """The tool whose id it is; empty for an id that none is known to have.

    An id that several tools have, or took over, is the first one's.
    """
    found = next((tool for tool, form, _ in TOOLS if re.fullmatch(form, alias)), "")
    return found or _peers().get(alias, "")


def url_of(alias: str) -> str:
    """Where the tool explains its id; empty if nowhere."""
    if alias in _UNEXPLAINED:
        return ""
    kebab = re.sub(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "-", alias).lower()
    for _, form, address in TOOLS:
        if re.fullmatch(form, alias):
            return address.format(id=alias, kebab=kebab, number=alias[1:])
    return ""


def link_of(alias: str) -> str:
    """The id in Markdown, a link where there is a page."""
    url = url_of(bare_id(alias))
    return f"[{alias}]({url})" if url else f"`{alias}`"


@cache
def _peers() -> dict[str, str]:
    """The tool of each id in the tables."""
    titles = {column: title for title, column in PEERS}
    found: dict[str, str] = {}
    for defect in DEFECTS:
        for column, ids in defect.ids.items():
            for one in ids:
                found.setdefault(bare_id(one), titles[column])
    return found
