"""Modes that files are given: by `chmod`, `install`, `mkdir`, and by the flag of COPY and ADD."""

from __future__ import annotations

from dflint.cst.instructions import Add, Copy
from dflint.semantic.occurrences import occurrences
from dflint.text.lazy_pattern import LazyPattern

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from dflint.cst.dockerfile import Dockerfile
    from dflint.semantic.programs import Program
    from dflint.shell.invocation import Argument, Invocation
    from dflint.text.span import Span

_OCTAL = frozenset("01234567")
_LETTERS = frozenset("ugoa+=-rwxXst")
_SYMBOLIC = LazyPattern(r"(?P<who>[ugoa]*+)(?P<changes>(?:[+=-][rwxXst]*+)++)")
_CHANGE = LazyPattern(r"([+=])([rwxXst]*+)")


class GivenMode:
    """A mode as it is written, and where."""

    __slots__ = ("span", "text")

    span: Span
    text: str

    def __init__(self, text: str, span: Span) -> None:
        self.text = text
        self.span = span

    @property
    def lets_others_write(self) -> bool:
        """Whether every user may write; not in directories where all keep what is theirs."""
        mode = self._octal
        if mode is not None:
            return bool(mode & 0o002) and not mode & 0o1000
        return "w" in self.text and any(
            "w" in bits and "t" not in self.text and ("o" in who or "a" in who)
            for who, bits in _given(self.text)
        )

    @property
    def sets_user(self) -> bool:
        """Whether a program runs with its owner's rights."""
        mode = self._octal
        if mode is not None:
            return bool(mode & 0o4000)
        return "s" in self.text and any(
            "s" in bits and (not who or who != "g") for who, bits in _given(self.text)
        )

    @property
    def _octal(self) -> int | None:
        """The number that it is, None for one in letters."""
        text = self.text
        return int(text, 8) if 0 < len(text) <= 5 and _OCTAL.issuperset(text) else None


def _given(text: str) -> Iterator[tuple[str, str]]:
    """Who is given which rights by a symbolic mode."""
    for clause in text.split(","):
        found = _SYMBOLIC.get().fullmatch(clause)
        if found is not None:
            for _, bits in _CHANGE.get().findall(found["changes"]):
                yield found["who"], bits


def given_modes(tree: Dockerfile, programs: Iterable[Program]) -> Iterator[GivenMode]:
    """Every mode that is known, in no particular order."""
    for occurrence in occurrences(tree, Copy, Add):
        mode = occurrence.reading.flag("chmod")
        if mode:
            yield GivenMode(mode, occurrence.flag("chmod", value=True))
    for program in programs:
        for call in program.invocations_of("chmod"):
            mode_argument = _mode_of(call)
            if mode_argument is not None and not _is_harmless(call):
                yield GivenMode(mode_argument.prefix, mode_argument.span)
        for call in program.invocations_of("install", "mkdir"):
            option = call.option("-m", "--mode")
            if option is not None and option.value and option.given is not None:
                yield GivenMode(option.value, option.given.span)


def _mode_of(call: Invocation) -> Argument | None:
    """The first argument of chmod that is no option; `-x` is a mode."""
    for argument in call.arguments:
        if argument.value is None:
            return None
        if argument.value[:1] != "-" or _is_mode(argument.value):
            return argument
    return None


def _is_mode(text: str) -> bool:
    """Whether a text that begins with a dash takes rights away."""
    return _LETTERS.issuperset(text) and _SYMBOLIC.get().fullmatch(text) is not None


def _is_harmless(call: Invocation) -> bool:
    """Whether it is devices, or directories for temporary files, that the mode is given to."""
    mode = _mode_of(call)
    files = [one.prefix for one in call.operands if one is not mode]
    return bool(files) and all(
        one.startswith("/dev/") or one.rstrip("/*") in _SHARED for one in files
    )


_SHARED = ("/tmp", "/var/tmp", "/dev/shm")
