"""Shell patterns in `${name#pattern}`, `${name%pattern}` and `${name/pattern/replacement}`.

The Dockerfile reference, "Environment replacement", names the operators. BuildKit turns a pattern
into a regular expression in which `*` is `.*` (`.*?` for the shortest match) and `?` is `.`, both
not matching a newline; everything else stands for itself. Here a pattern is a row of chunks with
a `*` between each two, placed one after the other, which gives the same matches and cannot
explode. What would still be too much work raises `TooMuchWorkError`.
"""

from __future__ import annotations

import re

from dflint.semantic.expand_names import name_end

#: The longest pattern with `*` or `?`, and the longest value to look for it in, in code points.
_WILDCARD_LIMIT = 2048
#: How many comparisons looking for a chunk with `?`, or attempts to place chunks, may be made.
_WORK_LIMIT = 1 << 16

_VALID = re.compile(r"(?:[^\\]++|\\[*?\\]|\\(?=[}/]))*+")
_TOKENS = re.compile(r"[^*?\\]++|[*?]|\\[*?\\]?+")


class PatternError(ValueError):
    """A pattern with an escape that BuildKit refuses: `character` is what is escaped."""

    def __init__(self, pattern: str, character: str) -> None:
        self.pattern = pattern
        self.character = character
        super().__init__(pattern, character)

    def __str__(self) -> str:
        reason = f"invalid escape '\\{self.character}'"
        return f"invalid pattern ({self.pattern}) in substitution: {reason}"


class TooMuchWorkError(ValueError):
    """Finding a pattern in a value would take too long."""


def transform(operator: str, value: str, pattern: str, word: str, limit: int) -> str:
    """What `${name#word}`, `${name%word}` or `${name/pattern/word}` makes of a value.

    `operator` is `#`, `##`, `%`, `%%`, `/` or `//`. A result longer than `limit` code points may
    lack replacements behind that. Raises PatternError and TooMuchWorkError.
    """
    longest = len(operator) == 2
    if operator[0] in "#%":
        pattern = word[1:] if longest else word
    if operator[0] == "%":
        pattern = _backwards(pattern)
    _check(pattern)
    # A byte order mark in front is skipped, as BuildKit's scanner does.
    pattern = pattern.removeprefix("\ufeff")
    if "*" not in pattern and "?" not in pattern and "\\" not in pattern:
        return _transform_literal(operator, value, pattern, word, limit)
    if len(value) > _WILDCARD_LIMIT or len(pattern) > _WILDCARD_LIMIT:
        raise TooMuchWorkError
    chunks = _chunks(pattern)
    if operator[0] == "/":
        return _replace(operator, chunks, value, word, limit)
    if operator[0] == "#":
        return value[_prefix(chunks, value, longest) :]
    # Read from the end, a suffix is a prefix.
    return value[: len(value) - _prefix(chunks, value[::-1], longest)]


def _backwards(pattern: str) -> str:
    """The pattern from its end; an escape stays in front of what it escapes."""
    if "\\" not in pattern:
        return pattern[::-1]
    parts = []
    at = 0
    while at < len(pattern):
        width = 2 if pattern[at] == "\\" and at + 1 < len(pattern) else 1
        parts.append(pattern[at : at + width])
        at += width
    return "".join(reversed(parts))


def _check(pattern: str) -> None:
    if "\\" in pattern:
        valid = _VALID.match(pattern)
        end = len(pattern) if valid is None else valid.end()
        if end < len(pattern):
            raise PatternError(pattern, pattern[end + 1 : end + 2] or "\ufffd")


def _transform_literal(operator: str, value: str, pattern: str, word: str, limit: int) -> str:
    """As `transform`, for a pattern that stands for itself."""
    if operator[0] == "#":
        return value.removeprefix(pattern)
    if operator[0] == "%":
        return value.removesuffix(pattern[::-1])
    if operator == "/":
        return value.replace(pattern, word, 1)
    replacement = pattern.join(_template(word))
    most = limit // max(len(replacement), 1) + 1
    return value.replace(pattern, replacement, most if len(replacement) > len(pattern) else -1)


class _Chunk:
    """The part of a pattern between two `*`; None stands for a `?`."""

    __slots__ = ("_matcher", "_parts", "literal", "multiline", "size")

    def __init__(self, parts: list[str | None]) -> None:
        self._parts = parts
        self._matcher: re.Pattern[str] | None = None
        self.size = sum(1 if part is None else len(part) for part in parts)
        self.multiline = any(part is not None and "\n" in part for part in parts)
        self.literal: str | None = None
        if None not in parts:
            self.literal = "".join(part for part in parts if part is not None)

    def matches_at(self, value: str, at: int) -> bool:
        """Whether the chunk lies at `at`."""
        if self.literal is not None:
            return value.startswith(self.literal, at)
        return self._expression().match(value, at) is not None

    def find(self, value: str, start: int, end: int) -> int:
        """Where the chunk first lies within the range, or -1."""
        if self.literal is not None:
            return value.find(self.literal, start, end)
        if end - start < self.size:
            return -1
        self._charge(start, end)
        found = self._expression().search(value, start, end)
        return -1 if found is None else found.start()

    def find_last(self, value: str, start: int, end: int) -> int:
        """Where the chunk last lies within the range, which is one line and has it."""
        if self.literal is not None:
            return value.rfind(self.literal, start, end)
        self._charge(start, end)
        for place in range(end - self.size, start, -1):
            if self.matches_at(value, place):
                return place
        return start

    def _charge(self, start: int, end: int) -> None:
        if (end - start) * self.size > _WORK_LIMIT:
            raise TooMuchWorkError

    def _expression(self) -> re.Pattern[str]:
        if self._matcher is None:
            source = "".join("." if part is None else re.escape(part) for part in self._parts)
            self._matcher = re.compile(source)
        return self._matcher


def _chunks(pattern: str) -> list[_Chunk]:
    """The chunks of a valid pattern; one more than it has `*`."""
    chunks: list[_Chunk] = []
    parts: list[str | None] = []
    for token in _TOKENS.findall(pattern):
        if token == "*":
            chunks.append(_Chunk(parts))
            parts = []
        elif token == "?":
            parts.append(None)
        elif token != "\\":
            # An escape before `}` or `/` is a token of its own, and no part of the pattern.
            parts.append(token[-1:] if token[0] == "\\" else token)
    chunks.append(_Chunk(parts))
    return chunks


def _prefix(chunks: list[_Chunk], value: str, longest: bool) -> int:
    """The size of the prefix of `value` that matches; 0 when none does."""
    first = chunks[0]
    if not first.matches_at(value, 0):
        return 0
    if len(chunks) == 1:
        return first.size
    return max(_place(chunks, value, first.size, longest), 0)


def _replace(operator: str, chunks: list[_Chunk], value: str, word: str, limit: int) -> str:
    """The first longest match replaced by `word`, or with `//` every one.

    For `//` the word is a template of Go's: `$0` in it is the matched text, any other `$name` is
    empty.
    """
    everywhere = operator == "//"
    template = _template(word) if everywhere else [word]
    parts: list[str] = []
    total = at = done = 0
    while at <= len(value) and total <= limit:
        found = _search(chunks, value, at)
        if found is None:
            break
        begin, end = found
        parts.append(value[done:begin])
        # No replacement for an empty match right behind another match.
        if end > done or begin == 0:
            parts.append(value[begin:end].join(template))
            total += len(parts[-1])
        total += begin - done
        done = end
        at = max(end, at + 1) if everywhere else len(value) + 1
    parts.append(value[done:])
    return "".join(parts)


def _search(chunks: list[_Chunk], value: str, start: int) -> tuple[int, int] | None:
    """The first longest match at or after `start`."""
    first = chunks[0]
    work = 0
    while (begin := first.find(value, start, len(value))) >= 0:
        end = begin + first.size
        if len(chunks) > 1:
            end = _place(chunks, value, end, True)
        if end >= 0:
            return begin, end
        # What begins later and ends its first chunk in the same line has less room still.
        line_end = _line_end(value, begin + first.size)
        start = max(begin, line_end - first.size) + 1
        work += len(chunks)
        if work > _WORK_LIMIT:
            raise TooMuchWorkError
    return None


def _place(chunks: list[_Chunk], value: str, end: int, longest: bool) -> int:
    """The end of a match whose first chunk, before a `*`, lies up to `end`; or -1.

    Within a line the earliest place of each chunk leaves most room for the others, and a chunk
    that contains a newline fits one place only, so that nothing is ever tried twice.
    """
    start = end
    for chunk in chunks[1:]:
        start = end
        last = _line_end(value, start)
        place = chunk.find(value, start, min(last + chunk.size, len(value)))
        if place < 0:
            return -1
        end = place + chunk.size
    last_chunk = chunks[-1]
    if longest and not last_chunk.multiline:
        line_end = _line_end(value, start)
        if not last_chunk.size:
            return line_end
        return last_chunk.find_last(value, start, line_end) + last_chunk.size
    return end


def _line_end(value: str, at: int) -> int:
    end = value.find("\n", at)
    return len(value) if end < 0 else end


def _template(replacement: str) -> list[str]:
    """The replacement, cut where the matched text goes (Go's `Regexp.Expand`)."""
    parts: list[str] = []
    piece: list[str] = []
    at = 0
    while (dollar := replacement.find("$", at)) >= 0:
        piece.append(replacement[at:dollar])
        at = dollar + 1
        braced = replacement.startswith("{", at)
        end = name_end(replacement, at + braced)
        if replacement.startswith("$", at):
            piece.append("$")
            at += 1
        elif end == at + braced or (braced and not replacement.startswith("}", end)):
            piece.append("$")
        else:
            if replacement[at + braced : end] == "0":
                parts.append("".join(piece))
                piece.clear()
            at = end + braced
    piece.append(replacement[at:])
    return [*parts, "".join(piece)]
