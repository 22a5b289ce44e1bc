"""Reading options as docker's command line does.

Long ones are `--name value` or `--name=value`, short ones `-n value`, `-nvalue` or `-n=value`;
switches can be joined (`-qD`) and be given a value (`--pull=false`). Options may stand behind
positional arguments; what follows `--` is positional.
"""

from __future__ import annotations

from dflint.errors import UsageError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_TRUE = ("1", "t", "T", "TRUE", "true", "True")
_FALSE = ("0", "f", "F", "FALSE", "false", "False")


class Flag:
    """One option; `value` is the placeholder of its value, and empty for a switch."""

    __slots__ = ("help", "name", "short", "value")

    def __init__(self, name: str, value: str, help: str, short: str = "") -> None:
        self.name = name
        self.value = value
        self.help = help
        self.short = short


class Given:
    """What a command line gives: the values of each option in their order, and the arguments."""

    __slots__ = ("_values", "arguments")

    def __init__(self, values: dict[str, list[str]], arguments: list[str]) -> None:
        self._values = values
        self.arguments = arguments

    def all(self, name: str) -> list[str]:
        """Every value of an option."""
        return self._values.get(name, [])

    def last(self, name: str) -> str | None:
        """The value that counts of an option that has one, or None when it is not given."""
        values = self._values.get(name)
        return values[-1] if values else None

    def text(self, name: str, default: str = "") -> str:
        """The value that counts, or the default."""
        value = self.last(name)
        return default if value is None else value

    def is_on(self, name: str) -> bool:
        """Whether a switch is on."""
        return self.last(name) == "true"


def choice(given: Given, name: str, choices: tuple[str, ...]) -> str:
    """The value of an option that has some choices, the first by default."""
    value = given.text(name, choices[0])
    if value not in choices:
        raise UsageError(f"{name}: expected one of {', '.join(choices)}, found `{value}`")
    return value


def read_flags(words: Sequence[str], flags: Iterable[Flag], *, ends_early: bool = False) -> Given:
    """Read the words of a command line; UsageError says what is wrong with them.

    With `ends_early` the first positional argument ends the options.
    """
    reader = _Reader(words, flags, ends_early=ends_early)
    while reader.rest:
        reader.next()
    return Given(reader.values, reader.arguments)


def read_bool(text: str, what: str) -> bool:
    """A truth value as Go reads it; `what` names it in the error."""
    if text in _TRUE:
        return True
    if text in _FALSE:
        return False
    raise UsageError(f"{what}: expected `true` or `false`, found `{text}`")


class _Reader:
    def __init__(self, words: Sequence[str], flags: Iterable[Flag], *, ends_early: bool) -> None:
        self._ends_early = ends_early
        self.rest = list(words)
        self.values: dict[str, list[str]] = {}
        self.arguments: list[str] = []
        self._long = {flag.name: flag for flag in flags}
        self._short = {flag.short: flag for flag in self._long.values() if flag.short}

    def next(self) -> None:
        word = self.rest.pop(0)
        if word == "--":
            self.arguments += self.rest
            self.rest = []
        elif word.startswith("--"):
            self._read_long(word)
        elif word.startswith("-") and word != "-":
            self._read_short(word)
        else:
            self.arguments.append(word)
            if self._ends_early:
                self.arguments += self.rest
                self.rest = []

    def _read_long(self, word: str) -> None:
        name, equals, value = word.partition("=")
        flag = self._long.get(name)
        if flag is None:
            raise self._unknown(name)
        self._take(flag, name, value if equals else None)

    def _read_short(self, word: str) -> None:
        letters = word[1:]
        while letters:
            name = "-" + letters[0]
            flag = self._short.get(name)
            if flag is None:
                raise self._unknown(name)
            letters = letters[1:]
            if letters.startswith("="):
                return self._take(flag, name, letters[1:])
            if flag.value and letters:
                return self._take(flag, name, letters)
            self._take(flag, name, None)
        return None

    def _take(self, flag: Flag, name: str, value: str | None) -> None:
        if not flag.value:
            is_on = value is None or read_bool(value, name)
            value = "true" if is_on else "false"
        elif value is None:
            if not self.rest:
                raise UsageError(f"{name}: expected {flag.value}, found the end")
            value = self.rest.pop(0)
        self.values.setdefault(flag.name, []).append(value)

    def _unknown(self, name: str) -> UsageError:
        import difflib

        near = difflib.get_close_matches(name, [*self._long, *self._short], n=1)
        hint = f"; did you mean `{near[0]}`?" if near else ""
        return UsageError(f"unknown option `{name}`{hint}")
