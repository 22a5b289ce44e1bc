"""What ShellCheck says of scripts in general and what is no defect where a Dockerfile runs them."""

from __future__ import annotations

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

# Commands that print one word with nothing in it to split or to match.
_ONE_WORD = frozenset((
    "nproc", "arch", "getconf _NPROCESSORS_ONLN", "getconf _NPROCESSORS_CONF",
    "dpkg --print-architecture", "apk --print-arch", "lsb_release -cs", "lsb_release -sc",
    "lsb_release -rs", "lsb_release -sr", "lsb_release -is", "lsb_release -si",
    "rpm -E %rhel", "rpm -E %fedora", "rpm -E %centos", "uname -m", "uname -n", "uname -s",
    "uname -r", "uname -i", "uname -p", "id -u", "id -g", "id -un", "id -gn",
))  # fmt: skip
_WORD_ENDS = " \t\n)`;&|<>"
# What takes a list of packages, so that a variable or an output alone is meant to be split.
_LISTERS = frozenset((
    "apk", "apt", "apt-get", "apt-mark", "aptitude", "cpanm", "dnf", "docker-php-ext-enable",
    "docker-php-ext-install", "gem", "microdnf", "npm", "opkg", "pacman", "pecl", "pip", "pip3",
    "tdnf", "yum", "zypper",
))  # fmt: skip


def is_exempt(code: str, file: ScriptFile, start: int, end: int, span: Span) -> bool:
    """Whether a comment on the script's text from `start` to `end` does not hold in a RUN."""
    text = file.script.text
    if code in (_SPLIT_VARIABLE, _SPLIT_SUBSTITUTION):
        if code == _SPLIT_SUBSTITUTION and _command(text[start:end]) in _ONE_WORD:
            return True
        is_word = text[start - 1 : start].isspace() and not text[end : end + 1].strip(_WORD_ENDS)
        return is_word and span in file.lists(_LISTERS)
    if code == _REPEATED_BLANKS:
        return len(span) != end - start
    if code == _UNCHECKED_CD:
        return not text[end:].strip()
    return code == _LOCAL or (code == _ECHO_FLAGS and text[start:end] == "-n")


def _command(substitution: str) -> str:
    """What is between `$(` and `)`, or backticks, with one blank between words."""
    return " ".join(substitution.strip("$()`").split())
