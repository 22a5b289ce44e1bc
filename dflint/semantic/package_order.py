"""Lists of packages that an installation names, and in which order."""

from __future__ import annotations

from itertools import pairwise

from dflint.text.lazy_pattern import LazyPattern

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from dflint.semantic.programs import Program
    from dflint.shell.invocation import Argument, Invocation
    from dflint.shell.words import Word

_VERBS = {
    "apt-get": ("install",),
    "apt": ("install",),
    "apk": ("add",),
    "yum": ("install",),
    "dnf": ("install", "in"),
    "microdnf": ("install",),
    "zypper": ("install", "in"),
}
# Of the package managers of languages; what they get is checked by a pattern of its own.
_LANGUAGE_VERBS = {
    "pip": ("install",),
    "uv": ("add",),
    "uv pip": ("install",),
    "npm": ("install", "i", "add"),
    "yarn": ("add",),
    "pnpm": ("add", "install", "i"),
    "bun": ("add", "install", "i"),
    "composer": ("require",),
    "conda": ("install",),
    "mamba": ("install",),
}
_LANGUAGE_PACKAGE = LazyPattern(
    r"@?[A-Za-z0-9][\w.-]*+(?:/[\w.-]++)?+(?:\[[\w,-]++\])?+(?:(?:==?|~=|[<>]=?|@|:)[\w.^~*+${}-]++)?+"
)
_NAME = LazyPattern(r"@?[^=@<>~\[]*+")
# A package, perhaps with its version; `name-` and `name+` are requests of another kind.
_PACKAGE = LazyPattern(
    r"[A-Za-z0-9][A-Za-z0-9._+:-]*+(?<![-:])(?:(?<!\+)|(?<=\+\+))(?:=[\w.:~+$*{}-]++)?+"
)
# Instructions that a continuation too many has made words of a script.
_SWALLOWED = frozenset(
    ("ADD", "ARG", "CMD", "COPY", "ENTRYPOINT", "ENV", "EXPOSE", "FROM", "LABEL", "RUN", "USER")
)
# What is known to take no value, besides what the tables know.
_FLAGS = frozenset(
    (
        *("--no-install-recommends", "--no-install-suggests", "--install-recommends", "-f", "-m"),
        *("--fix-missing", "--fix-broken", "--force-yes", "--reinstall", "-V", "-u", "-d"),
        *("--allow-unauthenticated", "--allow-downgrades", "--allow-change-held-packages"),
        *("--allow-remove-essential", "--only-upgrade", "--no-upgrade", "-U", "--update"),
        *("--update-cache", "--upgrade", "-u", "-l", "--latest", "--nogpgcheck", "--nodocs"),
        *("--allowerasing", "--skip-broken", "--nobest", "--best", "--refresh", "-n"),
        *("--no-recommends", "--recommends", "--force-resolution", "--allow-untrusted", "--force"),
        *("--no-progress", "--auto-agree-with-licenses", "-v", "--verbose", "--no-docs"),
    )
)


def package_lists(programs: Iterable[Program]) -> Iterator[list[list[Word]]]:
    """The packages of each installation that names nothing else, in runs.

    A comment line ends a run, and the packages in the line below it are in none: they may be what
    that speaks of.
    """
    for program in programs:
        for call in program.invocations_of(*_VERBS):
            source = program.instruction.line.source
            if _is_plain(call, source):
                yield _runs(call, source)


def language_lists(programs: Iterable[Program]) -> Iterator[list[Word]]:
    """The packages of each installation by a language's package manager that names two or more."""
    for program in programs:
        for call in program.invocations_of(*_LANGUAGE_VERBS):
            tool = call.tool.name if call.tool is not None else ""
            words = [one.word for one in call.operands]
            if call.verb not in _LANGUAGE_VERBS.get(tool, ()) or len(words) < 2:
                continue
            if len(set(words)) == len(words) and all(map(_is_of_language, words)):
                yield words


def _is_of_language(word: Word) -> bool:
    return _LANGUAGE_PACKAGE.get().fullmatch(_bare(word)) is not None


def _bare(word: Word) -> str:
    return word.text.strip("\"'")


def _name(word: Word) -> str:
    text = _bare(word)
    found = _NAME.get().match(text)
    return found[0] if found is not None else text


def in_order(words: list[Word]) -> list[Word]:
    """Packages sorted by name, small letters and capitals alike."""
    return sorted(words, key=lambda word: (_name(word).lower(), word.text))


def first_misplaced(words: list[Word]) -> Word | None:
    """The first package that belongs before the one before it; None where some order is kept."""
    if words == in_order(words) or words == sorted(words, key=_bare):
        return None
    for before, word in pairwise(words):
        if in_order([before, word])[0] is not before:
            return word
    return None


def _is_plain(call: Invocation, source: str) -> bool:
    """Whether all operands of an installation are packages, written as the shell reads them."""
    tool = call.tool
    if tool is None or call.verb not in _VERBS[tool.name] or len(call.operands) < 2:
        return False
    if call.command.name_value == "xargs":
        return False
    known = {*_FLAGS, *tool.quiet, *tool.assume_yes, *tool.no_cache}
    operands = [id(operand) for operand in call.operands]
    if len({operand.word.start for operand in call.operands}) < len(operands):
        return False
    for before, argument in pairwise(call.arguments):
        if id(argument) in operands and not _takes_nothing(before, call, known):
            return False
    if not all(_is_package(operand, source) for operand in call.operands):
        return False
    # Of one package in two versions the last is installed.
    words = {operand.word.text: operand.word for operand in call.operands}
    return len(set(map(_name, words.values()))) == len(words)


def _takes_nothing(argument: Argument, call: Invocation, known: set[str]) -> bool:
    """Whether what follows an argument is no value of it."""
    own = [option for option in call.options if option.argument is argument]
    return all(
        option.given is argument or "=" in argument.prefix or option.name in known for option in own
    )


def _is_package(operand: Argument, source: str) -> bool:
    word = operand.word
    text = word.text
    return (
        _PACKAGE.get().fullmatch(text) is not None
        and source[word.span.start : word.span.end] == text
        and not text.endswith((".deb", ".rpm", ".apk"))
        and text not in _SWALLOWED
    )


def _runs(call: Invocation, source: str) -> list[list[Word]]:
    words = [one.word for one in call.operands]
    before = call.verb_argument
    end = words[0].span.start if before is None else before.word.span.end
    runs: list[list[Word]] = [[]]
    is_below = False
    for word in words:
        gap = source[end : word.span.start]
        if "#" in gap:
            runs.append([])
            is_below = True
        elif not is_below or "\n" in gap:
            runs[-1].append(word)
            is_below = False
        end = word.span.end
    return [run for run in runs if run]
