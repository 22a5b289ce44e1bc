"""Texts that are shell programs at first sight, and so need no parser to say so.

Two in three RUNs are lists of plain commands: words, quotes, variables and redirections between
`&&`, `;` and `|`. One pattern tells them, in a tenth of the time that the grammar takes.
"""

from __future__ import annotations

import re
from functools import lru_cache

# Whoever writes more has it written by a program; `parser` judges those.
_LONGEST = 16_384
_RESERVED = "if|then|elif|else|fi|do|done|case|esac|while|until|for|function|select|coproc|in"
_LETTERS = r"A-Za-z0-9_./:=@%,+~^*?\[\]"
# At the beginning and behind each operator a command; between words are blanks.
_PROGRAM = re.compile(
    rf"""
    (?! [ \t\n]*+ [;&|] )
    (?:
      (?: (?<! . | \n ) [ \t\n]*+ | [ \t]*+ (?: && | \|\|?+ | ; | \n ) [ \t\n]*+ )
      (?! (?: {_RESERVED} | \[\[ ) (?! [{_LETTERS}'"\\$-] ) )
      (?: [{_LETTERS}-]++
        | \\ [^\n]
        | ' [^']*+ '
        | " (?: [^"\\`$]++ | \\ [^\n] | \$ (?: [A-Za-z_] | \{{ [A-Za-z0-9_]++ \}} ) )*+ "
        | \$ (?: [A-Za-z_] | \{{ [A-Za-z0-9_]++ \}} )
        | (?: >& | >>? | <& | < (?! [<(&] ) ) [ \t]*+ (?= [A-Za-z0-9_./"'$] )
        | [ \t]++ (?! [ \t\n;&|] | \Z )
      )++
    )++
    [ \t]*+ ;?+ [ \t\n]*+
    """,
    re.VERBOSE,
)


@lru_cache(maxsize=256)
def is_plain(text: str) -> bool:
    """Whether the text is a list of plain commands; false says nothing.

    Kept for a while, as scripts are read again that fixes leave as they were.
    """
    if len(text) > _LONGEST:
        return False
    if "]=" in text and "]=" in text.replace("]==", ""):
        return False  # perhaps an element of an array
    return _PROGRAM.fullmatch(text) is not None
