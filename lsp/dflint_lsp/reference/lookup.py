"""The texts of the tables by table and name, as Markdown with a link to where more is told."""

from __future__ import annotations

from dflint_lsp.reference.flags import FLAG_FACTS, MOUNT_OPTION_FACTS, MOUNT_TYPE_FACTS
from dflint_lsp.reference.instructions import INSTRUCTIONS, LINK, link_of
from dflint_lsp.reference.values import (
    ARGUMENT_FACTS,
    DIRECTIVE_FACTS,
    LABEL_FACTS,
    LABELS_LINK,
    PREDEFINED_LINK,
)


def about(table: str, name: str) -> str | None:
    """What is told of something; None for what is not known.

    Tables are `instruction`, `flag` (named `keyword flag`), `mount`, `option`, `directive`,
    `argument` and `label`.
    """
    found = _find(table, name)
    if found is None:
        return None
    text, title, link = found
    return f"{text}\n\n[{title}]({link})"


def _find(table: str, name: str) -> tuple[str, str, str] | None:
    if table == "instruction" and name in INSTRUCTIONS:
        return INSTRUCTIONS[name].text, f"{name} in the Dockerfile reference", link_of(name)
    if table == "flag":
        keyword, _, flag = name.partition(" ")
        facts = FLAG_FACTS.get(keyword, {}).get(flag)
        if facts is not None:
            title = f"{keyword.upper()} --{flag} in the Dockerfile reference"
            return facts.text, title, facts.link or link_of(keyword)
    mounts = f"{LINK}#run---mount"
    if table == "mount" and name in MOUNT_TYPE_FACTS:
        return MOUNT_TYPE_FACTS[name], "RUN --mount in the Dockerfile reference", mounts
    if table == "option" and name in MOUNT_OPTION_FACTS:
        return MOUNT_OPTION_FACTS[name][1].text, "RUN --mount in the Dockerfile reference", mounts
    if table == "directive" and name in DIRECTIVE_FACTS:
        text, anchor = DIRECTIVE_FACTS[name]
        return text, f"{name} in the Dockerfile reference", f"{LINK}#{anchor}"
    if table == "argument" and name in ARGUMENT_FACTS:
        return ARGUMENT_FACTS[name], "Build arguments in the reference", PREDEFINED_LINK
    if table == "label" and name in LABEL_FACTS:
        return LABEL_FACTS[name], "Annotations of OCI images", LABELS_LINK
    return None
