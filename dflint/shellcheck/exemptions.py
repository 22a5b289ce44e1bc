"""What ShellCheck says of scripts in general and what is no defect where a Dockerfile runs them."""

from __future__ import annotations

from dflint.semantic.scope import PLATFORM
from dflint.shellcheck.system_shell import SH
from dflint.text.lazy_pattern import LazyPattern

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from dflint.shell.words import Word
    from dflint.shellcheck.script_file import ScriptFile
    from dflint.text.span import Span

    Exemption = Callable[[ScriptFile, int, int, Span], bool]

#: Where a command's output is exported or run, that may set any variable.
_SETS_UNSEEN = LazyPattern(r"\bexport[ \t]+\"?(?:\$\(|`)|\beval[ \t]")
#: `else if` on one line, as it is for ShellCheck when the line in between is continued.
_ELSE = LazyPattern(r"else\s++if\b")
#: The modes that `mkdir -m` takes.
_MODE = LazyPattern(r"[0-7]+|[ugoa]*[-+=][rwxst]+(?:,.*)?")
_LOOP = LazyPattern(r"\b(?:for|while|until|select)\b")
#: The first expansion of a word.
_FIRST = LazyPattern(r"\"?(\$\{?[A-Za-z_]\w*+\}?)")
#: An assignment with a command behind it.
_FOR_A_COMMAND = LazyPattern(r"\w+=\S*+[ \t]++[^\s;&|<>)]")

_FINDERS = frozenset(("find",))
_WORD_ENDS = " \t\n)`;&|<>"
# What takes a list of packages, so that a variable or an output alone is meant to be split.
_LISTERS = frozenset((
    "apk", "apt", "apt-get", "apt-mark", "aptitude", "conda", "configure", "cpanm", "dnf",
    "docker-php-ext-configure", "docker-php-ext-enable", "docker-php-ext-install", "easy_install",
    "gem", "go", "install-php-extensions", "mamba", "microdnf", "micromamba", "npm", "opkg",
    "pacman", "pecl", "pip", "pip3", "pyenv", "tdnf", "yarn", "yum", "zypper",
))  # fmt: skip


def is_exempt(code: str, file: ScriptFile, start: int, end: int, span: Span) -> bool:
    """Whether a comment on the script's text from `start` to `end` does not hold in a RUN."""
    exemption = _EXEMPTIONS.get(code)
    return exemption is not None and exemption(file, start, end, span)


def _is_meant_to_split(file: ScriptFile, start: int, end: int, span: Span) -> bool:
    """An expansion without quotes: a list for a package manager, or what has no blanks."""
    text = file.script.text
    is_word = text[start - 1 : start].isspace() and not text[end : end + 1].strip(_WORD_ENDS)
    if is_word and span in file.lists(_LISTERS):
        return True
    return file.splitting.is_harmless(start, end)


def _is_one_word(file: ScriptFile, start: int, end: int, span: Span) -> bool:
    return file.splitting.is_harmless(start, end)


def _is_indentation(file: ScriptFile, start: int, end: int, span: Span) -> bool:
    """Several blanks between words of an `echo`: they are between continued lines."""
    return len(span) != end - start


def _cannot_matter(file: ScriptFile, start: int, end: int, span: Span) -> bool:
    """A `cd` that may fail: not into what is there, and as the last command it ends the RUN."""
    if not file.script.text[end:].strip():
        return True
    script = file.parsed
    for command in script.commands_named("cd"):
        if command.start == start:
            operands = [word.text for word in command.operands]
            return not operands or file.directories.has(operands[0].strip("\"'"), script, start)
    return False


def _is_set_unseen(file: ScriptFile, start: int, end: int, span: Span) -> bool:
    return _SETS_UNSEEN.get().search(file.script.text, 0, start) is not None


def _is_continued_else(file: ScriptFile, start: int, end: int, span: Span) -> bool:
    between = _ELSE.get().match(file.script.text, start)
    if between is None:
        return False
    return len(file.script.source_span(*between.span())) != len(between[0])


def _is_for_find(file: ScriptFile, start: int, end: int, span: Span) -> bool:
    """A pattern that may match names with dashes: not where `find` takes it."""
    return any(word.start == span.start for word in file.lists(_FINDERS))


def _is_a_program(file: ScriptFile, start: int, end: int, span: Span) -> bool:
    """`echo -e`: `/bin/echo` is a program, which knows it."""
    text = file.script.text
    return text.endswith("/echo", 0, len(text[:start].rstrip()))


def _has_parents(file: ScriptFile, start: int, end: int, span: Span) -> bool:
    """`mkdir -p -m`: the mode is not for the parents, which are there."""
    script = file.parsed
    for command in script.commands_named("mkdir"):
        if command.start <= start < command.end:
            paths = [word.text.strip("\"'").rstrip("/") for word in command.operands]
            parents = {path.rpartition("/")[0] for path in paths if not _MODE.get().fullmatch(path)}
            return all(
                file.directories.has(parent or "/", script, command.start) for parent in parents
            )
    return False


def _is_no_loop(file: ScriptFile, start: int, end: int, span: Span) -> bool:
    """`mix do`: an argument where the script has no loop."""
    return _LOOP.get().search(file.script.text) is None


def _is_never_empty(file: ScriptFile, start: int, end: int, span: Span) -> bool:
    """`rm -r "$dir/x"`, where the script sets the directory."""
    match = _FIRST.get().match(file.script.text, start, end)
    return match is not None and file.splitting.is_filled(*match.span(1))


def _masks_nothing(file: ScriptFile, start: int, end: int, span: Span) -> bool:
    """`export a=$(…)`, where what is run cannot fail."""
    word = _word_at(file, start)
    return word is not None and not file.splitting.may_fail(word)


def _is_plain_format(file: ScriptFile, start: int, end: int, span: Span) -> bool:
    """A variable in the format of `printf`, where its value is no text from elsewhere."""
    word = _word_at(file, start)
    return word is not None and file.splitting.is_known(word, frozenset(PLATFORM))


def _word_at(file: ScriptFile, start: int) -> Word | None:
    for command in file.parsed.commands:
        if command.start <= start < command.end:
            for word in command.words:
                if word.start == start:
                    return word
    return None


def _is_for_a_command(file: ScriptFile, start: int, end: int, span: Span) -> bool:
    return _FOR_A_COMMAND.get().match(file.script.text, start) is not None


def _is_unknown_shell(file: ScriptFile, start: int, end: int, span: Span) -> bool:
    """What works or does not by the shell, where nothing tells which it is: the build told."""
    return file.shell == SH


def _is_a_path(file: ScriptFile, start: int, end: int, span: Span) -> bool:
    """`/build/x-*/install`: the path of a program whose version is left open."""
    return "/" in file.script.text[start:end]


def _is_common(file: ScriptFile, start: int, end: int, span: Span) -> bool:
    """A name that is like one that is set, and that many images set."""
    from dflint.semantic.image_variables import is_set_by_images

    return is_set_by_images(file.script.text[start:end].strip('"${}'))


def _is_flag_of_all(file: ScriptFile, start: int, end: int, span: Span) -> bool:
    """`echo` with flags: all shells know `-n`."""
    return file.script.text[start:end] == "-n"


def _is_known_by_all(file: ScriptFile, start: int, end: int, span: Span) -> bool:
    """In no POSIX, and in every shell that is some image's `/bin/sh`."""
    return True


_EXEMPTIONS: dict[str, Exemption] = {
    "SC1010": _is_no_loop,
    "SC1075": _is_continued_else,
    "SC2027": _is_one_word,
    "SC2028": _is_unknown_shell,
    "SC2035": _is_for_find,
    "SC2046": _is_meant_to_split,
    "SC2059": _is_plain_format,
    "SC2086": _is_meant_to_split,
    "SC2115": _is_never_empty,
    "SC2153": _is_common,
    "SC2154": _is_set_unseen,
    "SC2155": _masks_nothing,
    "SC2164": _cannot_matter,
    "SC2174": _has_parents,
    "SC2209": _is_for_a_command,
    "SC2211": _is_a_path,
    "SC2231": _is_one_word,
    "SC2291": _is_indentation,
    "SC3036": _is_a_program,
    "SC3037": _is_flag_of_all,
    "SC3040": _is_unknown_shell,
    "SC3043": _is_known_by_all,
}
