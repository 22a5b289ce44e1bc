"""Expands one word as BuildKit's shell lexer does ("Environment replacement" in the reference).

Quotes go, the escape character takes the meaning of what follows it, `$name` and `${name…}` give
values. What is nested lies on a stack of frames, so that no depth of nesting is too much.
"""

from __future__ import annotations

import re
from functools import lru_cache

from dflint.semantic.expand_names import variable_name_end
from dflint.semantic.expand_values import RESULT_LIMIT, ExpansionError, Reference
from dflint.text.span import Span

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from dflint.semantic.expand_words import WordSplitter

_MISSING_BRACE = "syntax error: missing '}'"
_MISSING_SLASH = "syntax error: missing '/' in ${}"
_OPEN_QUOTE = "unexpected end of statement while looking for matching "


@lru_cache(maxsize=32)
def _plain(stop: str, escape: str, skip_quotes: bool) -> re.Pattern[str]:
    """A run of characters that stand for themselves in a frame that ends at `stop`."""
    quotes = "" if skip_quotes else '"' if stop == '"' else "'\""
    return re.compile(f"[^{re.escape('$' + quotes + escape + stop)}]++")


class _Frame:
    """What has been read of the word, of a quoted part, or of the inside of a `${…}`.

    `stop` is the character that ends it, empty for the word itself. With `raw`, escape characters
    stay in the text. `operator` and `name` are those of the `${…}`; `pattern` is what stood
    before the second slash of `${name/pattern/replacement}`.
    """

    __slots__ = ("name", "operator", "parts", "pattern", "plain", "raw", "room", "start", "stop")

    def __init__(
        self, stop: str, raw: bool, start: int, room: int, name: str = "", operator: str = ""
    ) -> None:
        self.stop = stop
        self.raw = raw
        self.start = start
        self.room = room
        self.name = name
        self.operator = operator
        self.pattern = ""
        self.parts: list[str] = []


class WordLexer:
    """Reads one word from its start to its end; the result is in `references` and `cut`."""

    __slots__ = (
        "_at", "_escape", "_get", "_keep_unset", "_limit", "_raw_quotes", "_skip_quotes",
        "_splitter", "_stack", "_text", "cut", "references",
    )  # fmt: skip

    def __init__(
        self,
        text: str,
        get: Callable[[str], str | None],
        escape: str,
        splitter: WordSplitter | None,
        *,
        limit: int = RESULT_LIMIT,
        raw_quotes: bool = False,
        raw_escapes: bool = False,
        keep_unset: bool = False,
        skip_quotes: bool = False,
    ) -> None:
        self._text = text
        self._get = get
        self._escape = escape
        self._limit = limit
        self._splitter = splitter
        self._raw_quotes = raw_quotes
        self._keep_unset = keep_unset
        self._skip_quotes = skip_quotes
        # A byte order mark in front is skipped, as BuildKit's scanner does.
        self._at = 1 if text.startswith("\ufeff") else 0
        self._stack: list[_Frame] = []
        self.references: list[Reference] = []
        self.cut = False
        self._open("", raw_escapes, 0)

    def run(self) -> str:
        """The text that the word expands to; raises ExpansionError."""
        text = self._text
        while True:
            frame = self._stack[-1]
            plain = _plain(frame.stop, self._escape, self._skip_quotes).match(text, self._at)
            if plain is not None:
                self._at = plain.end()
                self._add(plain[0])
            if self._at >= len(text):
                break
            character = text[self._at]
            self._at += 1
            if character == frame.stop:
                self._close(frame)
            elif character == "$":
                self._dollar()
            elif character == self._escape:
                self._escaped(frame)
            elif character == "'":
                self._single_quote()
            else:
                self._open('"', frame.raw, self._at - 1)
                if self._raw_quotes:
                    self._add('"')
        frame = self._stack[-1]
        if frame.stop:
            raise self._failure(_OPEN_QUOTE + "double-quote", frame.start)
        return "".join(frame.parts)

    def _open(self, stop: str, raw: bool, start: int, name: str = "", operator: str = "") -> None:
        self._stack.append(_Frame(stop, raw, start, self._limit, name, operator))
        if operator and self._splitter is not None:
            # BuildKit reads what is inside into the buffer of the word it has begun outside, so
            # that `80${x:-90}` gives the word `90`; seen with its releases of 2025.
            self._splitter.forget()

    def _add(self, piece: str, whole: bool = False) -> None:
        """Put a piece into the frame; white space in it parts words, unless it is `whole`."""
        frame = self._stack[-1]
        if len(piece) > frame.room:
            piece = piece[: frame.room]
            self.cut = True
        if not piece:
            return
        frame.room -= len(piece)
        frame.parts.append(piece)
        if self._splitter is not None and not frame.stop:
            self._splitter.add(piece, whole)

    def _escaped(self, frame: _Frame) -> None:
        escape = self._escape
        if frame.raw:
            self._add(escape, whole=True)
        if self._at >= len(self._text):
            return
        character = self._text[self._at]
        if frame.stop == '"' and character not in ('"', "$", escape):
            # Here the escape character stands for itself. When it is kept anyway, it comes twice:
            # so it does with BuildKit.
            self._add(escape)
            return
        self._at += 1
        self._add(character, whole=True)

    def _single_quote(self) -> None:
        start = self._at - 1
        end = self._text.find("'", self._at)
        if end < 0:
            self._at = len(self._text)
            raise self._failure(_OPEN_QUOTE + "single-quote", start)
        self._at = end + 1
        outside = 0 if self._raw_quotes else 1
        self._add(self._text[start + outside : end + 1 - outside], whole=True)

    def _close(self, frame: _Frame) -> None:
        """Leave the frame at its stop character."""
        if frame.stop == '"' and self._raw_quotes:
            self._add('"')
        content = "".join(frame.parts)
        if frame.stop == "/":
            frame.pattern = content
            frame.stop = "}"
            frame.parts = []
            frame.room = self._limit
            return
        self._stack.pop()
        if frame.stop == '"':
            self._add(content, whole=True)
        else:
            self._add(self._substitute(frame, content))

    def _dollar(self) -> None:
        start = self._at - 1
        if self._text.startswith("{", self._at):
            self._at += 1
            self._brace(start)
            return
        end = variable_name_end(self._text, self._at)
        name = self._text[self._at : end]
        self._at = end
        if not name:
            self._add("$")
            return
        value = self._look_up(name, start, "")
        if value is None:
            value = "$" + name if self._keep_unset else ""
        self._add(value)

    def _brace(self, start: int) -> None:
        text = self._text
        if self._at >= len(text):
            raise self._failure(_MISSING_BRACE, start)
        if text[self._at] in "{}:":
            raise self._failure("syntax error: bad substitution", start)
        end = variable_name_end(text, self._at)
        name = text[self._at : end]
        operator = text[end : end + 1] or "\ufffd"
        self._at = min(end + 1, len(text))
        if operator == "}":
            value = self._look_up(name, start, "")
            if value is None:
                value = f"${{{name}}}" if self._keep_unset else ""
            self._add(value)
        elif operator == "/":
            if text.startswith("/", self._at):
                operator = "//"
                self._at += 1
            self._open("/", True, start, name, operator)
        elif operator == ":":
            operator += text[self._at : self._at + 1]
            self._at += len(operator) - 1
            if operator in (":#", ":%"):
                raise self._failure(_unsupported(operator), start)
            self._open("}", False, start, name, operator)
        elif operator in "+-?#%":
            self._open("}", operator in "#%", start, name, operator)
        else:
            raise self._failure(_unsupported(operator), start)

    def _substitute(self, frame: _Frame, word: str) -> str:
        """The value of a `${name…}` that has a modifier."""
        operator, name = frame.operator, frame.name
        kind = operator[-1]
        if kind in "#%" and word.startswith(kind):
            operator += kind
        value = self._look_up(name, frame.start, operator)
        if value is None and self._keep_unset:
            separator = frame.pattern + "/" if kind == "/" else ""
            return f"${{{name}{frame.operator}{separator}{word}}}"
        unset = value is None or (operator[0] == ":" and not value)
        if kind == "-":
            return word if unset else value or ""
        if kind == "+":
            return "" if unset else word
        if kind == "?":
            if unset:
                state = "unset" if value is None else "empty"
                reason = word or f"is not allowed to be {state}"
                raise self._failure(f"{name}: {reason}", frame.start)
            return value or ""
        if kind in "#%/" and operator[0] != ":":
            return self._transform(frame, operator, value or "", word)
        raise self._failure(_unsupported(operator), frame.start)

    def _transform(self, frame: _Frame, operator: str, value: str, word: str) -> str:
        from dflint.semantic.expand_pattern import PatternError, TooMuchWorkError, transform

        try:
            return transform(operator, value, frame.pattern, word, self._limit)
        except PatternError as error:
            raise self._failure(str(error), frame.start) from None
        except TooMuchWorkError:
            self.cut = True
            return value

    def _look_up(self, name: str, start: int, modifier: str) -> str | None:
        value = self._get(name)
        span = Span(start, self._at)
        self.references.append(Reference(name, span, value is not None, modifier))
        return value

    def _failure(self, message: str, offset: int) -> ExpansionError:
        if self._at >= len(self._text):
            # At the end of the word the outermost open `${` is what BuildKit complains of.
            for frame in self._stack:
                if frame.operator:
                    message = _MISSING_SLASH if frame.stop == "/" else _MISSING_BRACE
                    offset = frame.start
                    break
        return ExpansionError(message, offset, self._text)


def _unsupported(operator: str) -> str:
    return f"unsupported modifier ({operator}) in substitution"
