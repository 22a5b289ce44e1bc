"""What ShellCheck says of scripts in general and what is no defect where a Dockerfile runs them."""

from __future__ import annotations

import re

TYPE_CHECKING = False
if TYPE_CHECKING:
    from dflint.shellcheck.script_file import ScriptFile
    from dflint.text.span import Span

#: In no POSIX, and in every shell that is some image's `/bin/sh`.
_LOCAL = "SC3043"
#: `echo` with flags: all of those shells know `-n`.
_ECHO_FLAGS = "SC3037"
#: Several blanks between the words of an `echo`: they are the indentation of continued lines.
_REPEATED_BLANKS = "SC2291"
#: A `cd` that may fail: as the last command it makes the RUN fail.
_UNCHECKED_CD = "SC2164"
_SPLIT_VARIABLE, _SPLIT_SUBSTITUTION = "SC2086", "SC2046"

#: A variable that nothing sets: where a command's output is exported or run, that may set it.
_UNASSIGNED = "SC2154"
_SETS_UNSEEN = re.compile(r"\bexport[ \t]+\"?(?:\$\(|`)|\beval[ \t]")
#: `else if` on one line, as it is for ShellCheck when the line in between is continued.
_ELSE_IF = "SC1075"
_ELSE = re.compile(r"else\s++if\b")
#: A pattern that may match names with dashes: not where `find` takes it.
_DASHED_GLOB = "SC2035"
#: `echo -e`: `/bin/echo` is a program, which knows it.
_ECHO_ESCAPES = "SC3036"
#: `mkdir -p -m`: the mode is not for the parents, which are there.
_DEEPEST_MODE = "SC2174"
_MADE_MODE = re.compile(
    r"[ \t]*+[0-7]*+(?:[ \t]++-p)?[ \t]++(?:/(?:(?:var|usr|etc|run|opt|home|root|srv|tmp|mnt)/)?"
    r"(?:(?:run|log|lib|cache|tmp|local|share|bin|spool)/)?|~/|\$HOME/|\"\$HOME\"/)[\w.-]*+/?"
    r"(?=\s*+(?:$|[;&|)]))"
)
#: What PHP prints of its version is a number.
_PHP_VERSION = re.compile(r"php -r [\"']echo PHP_[A-Z_ -]++;[\"']")

# Commands that print one word with nothing in it to split or to match.
_ONE_WORD = frozenset((
    "nproc", "arch", "getconf _NPROCESSORS_ONLN", "getconf _NPROCESSORS_CONF",
    "dpkg --print-architecture", "apk --print-arch", "lsb_release -cs", "lsb_release -sc",
    "lsb_release -rs", "lsb_release -sr", "lsb_release -is", "lsb_release -si",
    "rpm -E %rhel", "rpm -E %fedora", "rpm -E %centos", "uname -m", "uname -n", "uname -s",
    "uname -r", "uname -i", "uname -p", "id -u", "id -g", "id -un", "id -gn",
))  # fmt: skip
_FINDERS = frozenset(("find",))
_WORD_ENDS = " \t\n)`;&|<>"
# What takes a list of packages, so that a variable or an output alone is meant to be split.
_LISTERS = frozenset((
    "apk", "apt", "apt-get", "apt-mark", "aptitude", "cpanm", "dnf", "docker-php-ext-enable",
    "docker-php-ext-install", "gem", "go", "microdnf", "npm", "opkg", "pacman", "pecl", "pip",
    "pip3", "tdnf", "yum", "zypper",
))  # fmt: skip


def is_exempt(code: str, file: ScriptFile, start: int, end: int, span: Span) -> bool:
    """Whether a comment on the script's text from `start` to `end` does not hold in a RUN."""
    text = file.script.text
    if code in (_SPLIT_VARIABLE, _SPLIT_SUBSTITUTION):
        if code == _SPLIT_SUBSTITUTION and _prints_one_word(_command(text[start:end])):
            return True
        is_word = text[start - 1 : start].isspace() and not text[end : end + 1].strip(_WORD_ENDS)
        return is_word and span in file.lists(_LISTERS)
    if code == _REPEATED_BLANKS:
        return len(span) != end - start
    if code == _UNCHECKED_CD:
        return not text[end:].strip()
    if code == _UNASSIGNED:
        return _SETS_UNSEEN.search(text, 0, start) is not None
    if code == _ELSE_IF:
        between = _ELSE.match(text, start)
        return between is not None and len(file.script.source_span(*between.span())) != len(
            between[0]
        )
    if code == _DASHED_GLOB:
        return any(word.start == span.start for word in file.lists(_FINDERS))
    if code == _ECHO_ESCAPES:
        return text.endswith("/echo", 0, len(text[:start].rstrip()))
    if code == _DEEPEST_MODE:
        return _MADE_MODE.match(text, end) is not None
    return code == _LOCAL or (code == _ECHO_FLAGS and text[start:end] == "-n")


def _prints_one_word(command: str) -> bool:
    return command in _ONE_WORD or _PHP_VERSION.fullmatch(command) is not None


def _command(substitution: str) -> str:
    """What is between `$(` and `)`, or backticks, with one blank between words."""
    return " ".join(substitution.strip("$()`").split())
