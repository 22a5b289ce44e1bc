"""The value that a word has by what the file says, where it says enough."""

from __future__ import annotations

from dflint.semantic.expand import evaluate_word

TYPE_CHECKING = False
if TYPE_CHECKING:
    from dflint.semantic.expand_values import Environment


def known_value(word: str, env: Environment, escape: str = "\\") -> str | None:
    """Expand a word with the defaults of the file; None when they do not tell its value.

    A word that comes out empty because of its variables waits for a build argument: its value is
    not known either.
    """
    expansion = evaluate_word(word, env, escape)
    if expansion.error is not None:
        return None
    for reference in expansion.references:
        if not reference.found and not reference.modifier.endswith(("-", "+")):
            return None
    if expansion.references and not expansion.text:
        return None
    return expansion.text
