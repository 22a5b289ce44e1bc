"""A shell text made readable for the grammar, character for character.

The grammar reads bytes, and in a few places it reads other than a shell. All of them are mended
by putting other characters in the place of those that it would take wrongly: every character
keeps its offset, so that what the grammar finds can be looked up in the shell's own text.
"""

from __future__ import annotations

import re

from dflint.shell.heredocs import Heredoc, find_heredocs
from dflint.text.lazy_pattern import LazyPattern

# The grammar takes this for a character of a word, and never for one of a variable's name.
_LETTER = "\x01"

# Neither POSIX's blanks nor its portable characters. To a shell these are letters of words, to
# the grammar some are white space; and as one byte each they keep byte and code point offsets
# the same.
_FOREIGN = re.compile(r"[^\t\n\r -~]")

# Every alternative begins with a plain character, for which `re` can look quickly.
_TOKEN = LazyPattern(
    r"""
      \\ (?s:.)
    | ' [^']*+ '?
    | " (?: [^"\\] | \\ (?s:.) )*+ "?
    | \$' (?: [^'\\] | \\ (?s:.) )*+ '?
    | \$ [A-Za-z_0-9]++ (?= [^\s;&|<>()] )
    | \# (?<! [^\s;&|()] \# ) [^\n]*+
    | ! (?<! [^\s;&|()] ! ) (?= [ \t]++ \{ \s )
    | - (?<= [ \t] - ) (?= [ \t]++ [0-9]++ [<>] )
    | <<<
    """,
    re.VERBOSE,
)
_UNSEPARATED = LazyPattern(
    r"""
    (?: (?<= \) ) | (?<= [\s;)] \} ) ) [ \t]
    (?= [ \t]*+ (?: \} | (?: then | el(?:se|if) | fi | do | done | esac ) (?! [^\s;&|<>()] ) ) )
    """,
    re.VERBOSE,
)
# What ends the search for a part of the word before a variable: a part, or the word's beginning.
_PART_END = frozenset("$'\"`})")
_WORD_END = frozenset(" \t\n\r;&|<>(")


def normalise(text: str) -> tuple[str, tuple[Heredoc, ...]]:
    """Give the text for the grammar, ASCII and as long as `text`, and the heredocs cut from it.

    Heredocs become plain redirections from a file called like their delimiter, and blanks.
    """
    heredocs: tuple[Heredoc, ...] = ()
    readable = text
    if "<<" in text and "\n" in text:
        heredocs = find_heredocs(text)
        readable = _cut(text, heredocs)
    return _FOREIGN.sub(_LETTER, readable), heredocs


def hide(text: str) -> str:
    """Put letters in the place of what makes the grammar end a word where it goes on.

    It skips an escaped blank and the word `-` before a descriptor, begins a new word at an escape
    after a quoted part, and ends one at a variable that comes third in it. That happens in words;
    where the same characters mean something else, in arithmetic say, the grammar may not know
    what to make of letters. It does not know `! {` either; the `!` goes, and is to be looked for
    before a group. Of `<<<`, which may not follow another redirection, it is shown `<`.
    """
    if "\\" in text or "$" in text or "! {" in text or " - " in text or "<<<" in text:
        return _TOKEN.get().sub(_hidden, text)
    return text


def separate(text: str) -> str:
    """Put `;` between a closing parenthesis or brace and a reserved word.

    A shell needs none in `if a; then (b) else c; fi`, the grammar does. This is for a text that
    is wrong as it stands: it does not know `$(a)` from `(a)`.
    """
    return _UNSEPARATED.get().sub(";", text)


def _cut(text: str, heredocs: tuple[Heredoc, ...]) -> str:
    parts: list[str] = []
    at = 0
    for heredoc in sorted(heredocs, key=lambda heredoc: heredoc.marker):
        digits = len(heredoc.descriptor)
        operator = 3 if heredoc.chomps else 2
        parts += text[at : heredoc.marker - digits], " " * digits, "<", " " * (operator - 1)
        at = heredoc.marker + operator
    readable = "".join(parts) + text[at:]
    parts.clear()
    at = 0
    for heredoc in heredocs:
        parts += readable[at : heredoc.start], " " * (heredoc.close - heredoc.start)
        at = heredoc.close
    return "".join(parts) + readable[at:]


def _hidden(match: re.Match[str]) -> str:
    token = match[0]
    first = token[0]
    if first == "\\":
        is_joint = token == "\\\n" and not _is_within_word(match.string, *match.span())
        return token if is_joint else _LETTER * 2
    if first == "$" and token[1] != "'" and _follows_part(match.string, match.start()):
        return _LETTER + token[1:]
    if first == "-":
        return _LETTER
    if first == "!":
        return " "
    return "<  " if first == "<" else token


def _follows_part(text: str, at: int) -> bool:
    """Whether a quoted string or an expansion stands before in the same word."""
    while at:
        at -= 1
        if text[at] in _PART_END:
            return True
        if text[at] in _WORD_END or text.startswith("${", at - 1):
            return False
    return False


def _is_within_word(text: str, start: int, end: int) -> bool:
    """Whether letters of a word stand on both sides, and not in what may be a comment."""
    around = text[start - 1 : start], text[end : end + 1]
    if any(not letter or letter in _WORD_END or letter == ")" for letter in around):
        return False
    return "#" not in text[text.rfind("\n", 0, start) + 1 : start]
