"""Which instructions are laid out already, or surely are not, told at first sight."""

from __future__ import annotations

import re
from functools import cache

from dflint.shell.plain import is_plain
from dflint.text.lazy_pattern import LazyPattern

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from dflint.cst.instructions import Instruction
    from dflint.format.options import FormatOptions

#: Instructions whose words have one blank between them and nothing else to see to.
_LISTS = frozenset(("COPY", "ADD", "EXPOSE", "VOLUME", "ENV", "LABEL", "ARG"))
_STRINGS = frozenset(("USER", "WORKDIR", "STOPSIGNAL"))
_SCRIPTS = frozenset(("RUN", "CMD", "ENTRYPOINT"))

_END = r"(?<![\\`])\n"
#: An instruction on one line, in words with one blank between them.
_WORDS = r"""
    (?:
        (?:COPY|ADD|EXPOSE|VOLUME|USER|WORKDIR|STOPSIGNAL)(?:[ ][^\s<[]++)++
      | (?:ENV|LABEL|ARG)(?:[ ][^\s[]++)++
    )
"""
_MAINTAINER = r"MAINTAINER[ ](?=\S)[^\n]*(?<=\S)"
_FROM = r"FROM(?:[ ]--platform=[^\s\"'\\]++)?+[ ][^\s-]\S*+(?:[ ]AS[ ]\S++)?+"
_ARRAY = (
    r"(?:CMD|ENTRYPOINT|RUN|VOLUME|COPY|ADD)[ ]\["
    r'"[^"\\\x00-\x1f]*+"(?:,[ ]"[^"\\\x00-\x1f]*+")*+\]'
)
#: A word of a script, quoted or not.
_WORD = r"""
    (?:
        [^\s&|;<>"'`\\$#()]++
      | \$ (?! [('"{] ) | \$\{[^{}"'\\`$\s]*+\}
      | > (?! [&|>(] ) | >> (?! [&|>(] ) | >& (?=[0-9])
      | '[^'\n]*+'
      | "(?: [^"\\$`\n]++ | \$ (?! [({] ) | \$\{[^{}"'\\`$\n]*+\} )*+"
    )++
"""
#: A script of words, and operators with one blank at each side.
_SCRIPT = rf"""
    (?:RUN|CMD|ENTRYPOINT)(?![ ]\[|[ ]--[^\n]*\[)
    (?: [ ] (?: (?: && | \|\|?+ ) (?=[ ]) | {_WORD} (?: ; (?=[ ]) )?+ ) )++
"""
_PAIR = r"""[^\s='"\\`-][^\s='"\\`]*+=(?:[^\s"'\\`]++|"[^"\\`\n]*+"|'[^'\\`\n]*+')*+"""
#: Pairs with a line for each, and comments between them.
_PAIRS = rf"""
    (?:ENV|LABEL)(?:[ ]{_PAIR})?+
    (?: [ ]\\\n (?: INDENT\#(?:[^\n]*\S)?+\n )*+ INDENT{_PAIR} )++
"""

#: A word without anything special; the words that may begin a command which takes packages.
_SIMPLE = r"""[^\s&|;<>"'`\\$#()]++"""
_MANAGER = (
    r"(?=[^\s]*?(?:ap[tk]|yum|dnf|zypper|pacman|p?npm|yarn|pip|gem|mamba|conda|luarocks|cpanm"
    r"|pecl|brew|opkg))"
)
#: What may begin a construct, or stand before the word that begins a command.
_SPECIAL_HEAD = r"""
    (?: if|while|until|for|select|case|then|elif|else|do|fi|done|esac|\{|\}|!|time|function|\[\[
      | coproc|env|exec|command|docker-php-ext-install|python[0-9.]*+[ ](?:-m|\\)
    )(?![^ \n])
"""
#: The beginning of a command: its first word, or all of it where that may take packages, which are
#: one on a line if they are more than two. GAP stands for the line end before more words of it,
#: NEXT for that before another command.
_HEAD = rf"""
    (?: (?: sudo | [A-Za-z_][A-Za-z0-9_]*+=(?:{_SIMPLE})?+ ) [ ] )*+
    (?! {_SPECIAL_HEAD} )
    (?:
        (?! {_MANAGER} ) {_SIMPLE}
      | {_SIMPLE} (?:[ ]-{_SIMPLE})*+ (?: [ ][a-z-]++ (?:[ ]-{_SIMPLE})*+ )?+
        (?:
            (?:[ ]{_SIMPLE}){{0,2}} (?= [ ](?:&&|\|\|) )
          | (?: (?: GAP {_SIMPLE} )++ | (?:[ ]{_SIMPLE}){{0,2}} ) (?= NEXT (?:&&|\|\|) | \n )
        )
    )
"""
_HEAD_DEEP = _HEAD.replace("GAP", "DEEP")
#: A script of more than one line: commands of words, `&&` and `||` at the beginning of lines.
_SCRIPT_LINES = rf"""
    RUN(?![ ][-[])
    (?: (?: (?<=RUN) | [ ](?:&&|\|\|) ) [ ]{_HEAD} | (?<!RUN)[ ]{_WORD} )++
    (?: (?: [ ] | GAP ){_WORD} )*+
    (?:
        (?= GAP (?:&&|\|\|) )
        (?: (?: [ ] | GAP ) (?:&&|\|\|) [ ]{_HEAD_DEEP} | (?: [ ] | DEEP ){_WORD} )++
    )?+
"""
#: A line end within a script, and comments below it; words of a command that begins such a line are
#: indented further, which is DEEP.
_GAP = r"[ ]\\\n (?:INDENT\#(?:[^\n]*\S)?+\n)*+ (?=SHORT) INDENT"


def is_tidy(instruction: Instruction, whole: str, options: FormatOptions) -> bool:
    """Whether nothing is to be done about an instruction; false says nothing.

    `whole` is all its text from the beginning of its first line on. Two in three instructions are
    short lines with single blanks.
    """
    line = instruction.line
    text = line.text
    if len(text) > (options.line_length or len(text)) or options.keyword_case != "upper":
        return False
    keyword = instruction.KEYWORD
    if not text.startswith(keyword + " ") or "  " in text or "\t" in text or line.bodies:
        return False
    if len(line.pieces) > 1 or whole != text + "\n":
        return False
    if keyword in _SCRIPTS:
        return not any(mark in text for mark in "&|;[\"'`(")
    if keyword == "FROM":
        return text.count(" ") == 1 or " AS " in text
    if keyword in _LISTS:
        return "[" not in text
    return keyword in _STRINGS


def tidy_lines(options: FormatOptions, escape: str, is_many: bool) -> re.Pattern[str] | None:
    """What matches instructions, and comments, where nothing is to be done.

    It is to be tried at the beginning of an instruction or of lines between two, and stops at
    one; what it does not match may be laid out as well. None if nothing can be told like that.
    For many files it matches scripts of several lines, too: to compile that takes 6 ms.
    """
    if options.keyword_case != "upper":
        return None
    return _tidy_lines(options.line_length, options.indent, escape == "\\", is_many)


@cache
def _tidy_lines(line_length: int, indent: str, joins: bool, is_many: bool) -> re.Pattern[str]:
    short = rf"[^\n]{{0,{line_length}}}\n" if line_length else ""
    joined = f"| {_PAIRS}{_END}" if joins else ""
    if joins and is_many:
        joined += f" | (?=SHORT){_SCRIPT_LINES}{_END}"
    pattern = rf"""(?:
        \n?+
        (?:
            \#(?:[^\n]*\S)?+\n
          | (?=SHORT)(?:{_WORDS}|{_FROM}|{_ARRAY}|{_SCRIPT}|{_MAINTAINER}){_END}
          {joined}
        )
    )*+"""
    deep = _GAP.replace("INDENT", "INDENTINDENT")
    pattern = pattern.replace("GAP", _GAP).replace("DEEP", deep).replace("NEXT", _GAP)
    pattern = pattern.replace("SHORT", short).replace("INDENT", re.escape(indent))
    return re.compile(pattern, re.VERBOSE)


#: What a pattern for an end of a line that is to be another begins with: all that may stay.
_BEFORE = r"""
    (?: RUN [ \t] | (?:LABEL|ENV) [ \t]++ (?=[^\s='"\\-][^\s='"\\]*+=) (?![\s\S]*[&|]) )
    (?:
        [^'"\\\n&|]++ | '[^'\n]*+' | "(?:[^"\\\n]|\\[^\n])*+" | \\[^\s]
      | & (?!&) | (?:&&|\|\|?+) (?![ \t]*+\\[ \t]*+\n)
      | (?<=[^ \t\n][ ]) \\\n (?=(?:INDENT)+[^ \t\n#])
    )*+
"""
#: Blanks behind the escape character, or an operator before it.
_OTHER = r"\\[ \t]++\n | (?:&&|\|\|?+)[ \t]*+\\\n"
#: More blanks before it than one, or other blanks at the beginning of the next line.
_OTHER_BLANKS = r"""
    (?<=[ \t]{2})\\\n | (?<=\t)\\\n | \\\n(?=[ \t])(?!(?:INDENT)+[^ \t\n]|[ \t]*+\#)
"""
#: Lines with nothing on them, and such as may not belong to a script; a comment as the last line;
#: blanks that are part of a word.
_SPECIAL = LazyPattern(
    r"\n(?: [ \t]*+(?: \\ | \r?\n | \#[^\n]*\n?\Z ) | [A-Z] ) | \\\n\Z | [^\n]\Z | \\[ \t]++[^\n]",
    re.VERBOSE,
)


def is_plainly_other(
    instruction: Instruction,
    whole: str,
    options: FormatOptions,
    is_posix: Callable[[Instruction], bool],
) -> bool:
    """Whether an instruction on several lines is surely to be laid out otherwise.

    False says nothing. It is true of pairs, and of scripts of plain commands, which a layout can
    be given and which read the same with it.
    """
    line = instruction.line
    if line.escape != "\\" or len(line.pieces) < 2 or _SPECIAL.get().search(whole):
        return False
    if _other_line_end(options.indent, options.align == "keep").match(whole) is None:
        return False
    if instruction.KEYWORD != "RUN":
        return instruction.KEYWORD in ("LABEL", "ENV")
    script = line.text[4:]
    if script.lstrip(" \t")[:1] in "[-":
        return False
    if "time" in script:  # to some shells a command, to others a word that stands before one
        return False
    return is_plain(script) and is_posix(instruction)


@cache
def _other_line_end(indent: str, keeps: bool) -> re.Pattern[str]:
    other = _OTHER if keeps else f"{_OTHER} | {_OTHER_BLANKS}"
    pattern = f"{_BEFORE} (?: {other} )"
    return re.compile(pattern.replace("INDENT", re.escape(indent)), re.VERBOSE)
