"""Whether a file is a template from which a Dockerfile is made, by what is in it."""

from __future__ import annotations

from dflint.text.contains import contains_any

#: Calls of m4 that take in a file or part a text.
CALLS = ("include(", "define(", "ifdef(", "ifelse(", "changequote(", "divert(")
_MARKUP = {
    "{": ("{{", "{%", "\n{#"),
    "%": ("<%", "%%"),
    "@": ("@@", "\n@"),
    "(": CALLS,
    "include ": ('include "', "include <"),
    "__": ("\n__", " __"),
}
"""Something of which is in every text that markup could keep from being a Dockerfile.

By what is in all of one group, so that one quick look does for the group.
"""


def template_reason(text: str) -> str | None:
    """Why the text is a template and no Dockerfile as it stands; None if it may be checked.

    Template markup alone does not make a template: within a value it is an odd value, and the
    rest of the file can be checked. Only where a builder refuses an instruction that has markup
    in it is there nothing to say of the file.
    """
    may_have_markup = text.startswith(("@", "__", "{#")) or any(
        [common in text and contains_any(text, marks) for common, marks in _MARKUP.items()]
    )
    if not may_have_markup:
        return None
    from dflint.discovery.templates import markup_that_breaks

    return markup_that_breaks(text)
