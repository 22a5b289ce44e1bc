"""Whether a file is a template from which a Dockerfile is made, by what is in it."""

from __future__ import annotations

_MARKUP = (
    "{{",
    "{%",
    "<%",
    "%%",
    "@@",
    "include(",
    "define(",
    "ifdef(",
    "ifelse(",
    "changequote(",
    "divert(",
    'include "',
    "include <",
    "\n__",
    " __",
    "\n@",
    "\n{#",
)
"""Something of which is in every text that markup could keep from being a Dockerfile."""


def template_reason(text: str) -> str | None:
    """Why the text is a template and no Dockerfile as it stands; None if it may be checked.

    Template markup alone does not make a template: within a value it is an odd value, and the
    rest of the file can be checked. Only where a builder refuses an instruction that has markup
    in it is there nothing to say of the file.
    """
    if not any(mark in text for mark in _MARKUP) and not text.startswith(("@", "__", "{#")):
        return None
    from dflint.discovery.templates import markup_that_breaks

    return markup_that_breaks(text)
