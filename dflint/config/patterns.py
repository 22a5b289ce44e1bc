"""Lists of gitignore patterns, as `.gitignore` files and our own configuration hold them.

Source: gitignore(5). The last pattern that matches decides; `!` takes back; a pattern with a slash
at its start or in its middle is held against the path from the list's folder, any other against
the name alone; a slash at the end asks for a folder.
"""

from __future__ import annotations

import os

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    _Matcher = Callable[[bytes], object]


class Pattern:
    """One line of a list, read but not yet compiled.

    `text` is the pattern without the marks that `negated`, `folders_only` and `on_path` stand for.
    """

    __slots__ = ("folders_only", "negated", "on_path", "text")

    text: bytes
    negated: bool
    folders_only: bool
    on_path: bool

    def __init__(self, text: bytes, negated: bool, folders_only: bool, on_path: bool) -> None:
        self.text = text
        self.negated = negated
        self.folders_only = folders_only
        self.on_path = on_path


class PatternList:
    """The patterns of one file, with the folder that they start from.

    `lines` are the lines as written. Compiling waits until something is matched, and a list
    crosses a process boundary as its lines.
    """

    __slots__ = ("_expressions", "_names", "_patterns", "_rest", "_suffixes", "base", "lines")

    lines: tuple[bytes, ...]
    base: str
    _patterns: list[Pattern] | None
    _names: dict[bytes, int]
    _suffixes: tuple[bytes, ...]
    _rest: list[tuple[int, Pattern, _Matcher]]
    _expressions: list[tuple[int, Pattern, _Matcher]]

    def __init__(self, lines: Iterable[bytes], base: str) -> None:
        self.lines = tuple(lines)
        self.base = base
        self._patterns = None

    @classmethod
    def of(cls, patterns: Iterable[str], base: str) -> PatternList:
        """The list that a configuration holds."""
        return cls((os.fsencode(pattern) for pattern in patterns), base)

    @classmethod
    def parse(cls, content: bytes, base: str) -> PatternList:
        """The list that an ignore file holds; blank lines and comments fall away."""
        lines = content.removeprefix(b"\xef\xbb\xbf").split(b"\n")
        return cls((line for line in lines if line and not line.startswith(b"#")), base)

    def __reduce__(self) -> tuple[object, ...]:
        return PatternList, (self.lines, self.base)

    def __eq__(self, other: object) -> bool:
        return (
            isinstance(other, PatternList) and self.lines == other.lines and self.base == other.base
        )

    def __hash__(self) -> int:
        return hash((self.lines, self.base))

    def __repr__(self) -> str:
        return f"PatternList({self.lines!r}, {self.base!r})"

    def __bool__(self) -> bool:
        return bool(self.lines)

    def relative(self, path: str) -> bytes:
        """`path`, which is absolute, as the patterns see it: from the list's folder, with `/`.

        A path outside of the folder is seen from the root, so that patterns for names and for
        `**/…` still reach it.
        """
        base = self.base if self.base.endswith(os.sep) else self.base + os.sep
        inside = path[len(base) :] if path.startswith(base) else path.lstrip(os.sep)
        return os.fsencode(inside if os.sep == "/" else inside.replace(os.sep, "/"))

    def verdict(self, relative: bytes, *, folder: bool) -> bool | None:
        """Whether the last pattern that matches takes the path (True) or takes it back (False).

        None when no pattern matches. The folders above are not asked about: see `covers`.
        """
        if self._patterns is None:
            self._patterns = self._compile()
        patterns = self._patterns
        name = relative[relative.rfind(b"/") + 1 :]
        best = self._names.get(name + b"/" if folder else name, -1)
        for index, pattern, match in (
            self._rest if name.endswith(self._suffixes) else self._expressions
        ):
            if index < best:
                break
            if pattern.folders_only and not folder:
                continue
            if match(relative if pattern.on_path else name):
                best = index
                break
        return None if best < 0 else not patterns[best].negated

    def covers(self, path: str, *, folder: bool = False) -> bool:
        """Whether the absolute `path` is taken, or a folder above it: then nothing brings it back.

        Source: gitignore(5), "it is not possible to re-include a file if a parent directory of
        that file is excluded".
        """
        relative = self.relative(path)
        at = relative.find(b"/")
        while at >= 0:
            if self.verdict(relative[:at], folder=True):
                return True
            at = relative.find(b"/", at + 1)
        return bool(self.verdict(relative, folder=folder))

    def _compile(self) -> list[Pattern]:
        """Sort the patterns: names go to a dictionary, endings to a tuple, the rest is asked.

        The rest is kept twice, with and without what only asks for an ending.
        """
        patterns: list[Pattern] = []
        names: dict[bytes, int] = {}
        suffixes: list[bytes] = []
        rest: list[tuple[int, Pattern, _Matcher]] = []
        expressions: list[tuple[int, Pattern, _Matcher]] = []
        for line in self.lines:
            pattern = read_pattern(line)
            if pattern is None:
                continue
            index = len(patterns)
            patterns.append(pattern)
            if not pattern.on_path and _is_literal(pattern.text):
                names[pattern.text + b"/"] = index
                if not pattern.folders_only:
                    names[pattern.text] = index
            elif (suffix := _suffix(pattern)) is not None:
                suffixes.append(suffix)
                rest.append((index, pattern, _ends_with(suffix)))
            elif (match := _matcher(pattern)) is not None:
                rest.append((index, pattern, match))
                expressions.append((index, pattern, match))
        self._names = names
        self._suffixes = tuple(suffixes)
        self._rest = rest[::-1]
        self._expressions = expressions[::-1]
        return patterns


def read_pattern(line: bytes) -> Pattern | None:
    """The pattern of one line; None when nothing is left of it."""
    text = _trim(line.removesuffix(b"\r").partition(b"\0")[0])
    negated = text.startswith(b"!")
    if negated:
        text = text[1:]
    folders_only = text.endswith(b"/")
    if folders_only:
        text = text[:-1]
    on_path = b"/" in text
    return Pattern(text, negated, folders_only, on_path) if text else None


def _trim(line: bytes) -> bytes:
    """The line without the blanks at its end; one behind a backslash stays."""
    text = line.rstrip(b" ")
    if len(text) == len(line):
        return line
    backslashes = len(text) - len(text.rstrip(b"\\"))
    return text + b" " if backslashes % 2 else text


def _is_literal(text: bytes) -> bool:
    """Whether the text says only itself."""
    return not (b"*" in text or b"?" in text or b"[" in text or b"\\" in text)


def _suffix(pattern: Pattern) -> bytes | None:
    """The ending that the pattern asks of a name, if it asks for nothing else."""
    text = pattern.text
    plain = not pattern.on_path and text.startswith(b"*") and _is_literal(text[1:])
    return text[1:] if plain else None


def _ends_with(suffix: bytes) -> _Matcher:
    """What tells whether a name ends so."""
    return lambda name: name.endswith(suffix)


def _matcher(pattern: Pattern) -> _Matcher | None:
    """What tells whether a name or path fits; None when nothing ever does."""
    text = pattern.text.removeprefix(b"/") if pattern.on_path else pattern.text
    if _is_literal(text):
        return text.__eq__
    return _expression(text, on_path=pattern.on_path)


def _expression(text: bytes, *, on_path: bool) -> _Matcher | None:
    """A matcher by regular expression, behind a comparison of the text up to the first star."""
    import re

    from dflint.config.wildmatch import SPECIAL, translate_name, translate_path

    cut = next(at for at, byte in enumerate(text) if byte in SPECIAL)
    literal = text[:cut]
    source = translate_path(literal, text[cut:]) if on_path else translate_name(text)
    if source is None:
        return None
    match = re.compile(source).match
    return lambda name: name.startswith(literal) and match(name)
