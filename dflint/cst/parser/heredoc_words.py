"""Which words of a logical line begin a heredoc.

A builder splits the line into shell words, quotes and escapes kept, and takes each word of the
form `<<NAME` or `<<-NAME`, with a number before it at most. A line whose quotes or `${` do not
close has no heredoc at all.
"""

from __future__ import annotations

from dflint.cst.heredocs import HeredocMarker
from dflint.cst.parser.patterns import rule

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

_SPACE = frozenset(
    "\t\n\v\f\r \x85\xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a"
    "\u2028\u2029\u202f\u205f\u3000"
)
_NAME = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_")
_SPECIAL = frozenset("@*#?-$!0")


class _OpenWordError(ValueError):
    """A quote or `${` that never closes, or an expansion that builders refuse."""


def heredoc_markers(logical: str) -> tuple[HeredocMarker, ...]:
    """The heredocs that a logical line announces, in order."""
    if "<<" not in logical:
        return ()
    try:
        words = tuple(_split(logical))
        return tuple(marker for word in words if (marker := heredoc_of(word)) is not None)
    except _OpenWordError:
        return ()


def heredoc_of(word: str) -> HeredocMarker | None:
    """The heredoc that a shell word begins, or None; raises ValueError for an open quote."""
    if "<<" not in word or rule("heredoc_marker").match(word) is None:
        return None
    begin = word.index("<<")
    descriptor = word[:begin]
    chomp = word.startswith("-", begin + 2)
    rest = word[begin + 2 + chomp :]
    names = [_unquote(part) for part in _split(rest)]
    if len(names) != 1:
        return None
    expand = not any(quote in rest for quote in "'\"\\")
    return HeredocMarker(names[0], expand, chomp, int(descriptor or "0"))


def _split(text: str) -> Iterator[str]:
    """The shell words of `text` as they are written.

    Blanks do not end a word that ends in `<<`: `<< EOF` begins a heredoc as `<<EOF` does.
    """
    start = -1
    at = 0
    size = len(text)
    while at < size:
        character = text[at]
        if character in _SPACE:
            if start >= 0 and not text[start:at].rstrip().endswith("<<"):
                yield text[start:at]
                start = -1
            at += 1
            continue
        if start < 0:
            start = at
        plain = rule("heredoc_plain").match(text, at)
        at = _after(text, at) if plain is None else plain.end()
    if start >= 0:
        yield text[start:]


def _after(text: str, at: int) -> int:
    """The end of the quoted string, escape, expansion or plain character at `at`."""
    character = text[at]
    if character == "\\":
        return min(at + 2, len(text))
    if character == "'":
        end = text.find("'", at + 1)
        if end < 0:
            raise _OpenWordError
        return end + 1
    if character == '"':
        return _after_double(text, at + 1)
    if character == "$" and text.startswith("{", at + 1):
        return _after_brace(text, at)
    return at + 1


def _after_double(text: str, at: int) -> int:
    while at < len(text):
        character = text[at]
        if character == '"':
            return at + 1
        if character == "\\":
            at += 2
        elif character == "$" and text.startswith("{", at + 1):
            at = _after_brace(text, at)
        else:
            at += 1
    raise _OpenWordError


def _after_brace(text: str, at: int) -> int:
    """The end of `${…}`; nested ones are followed with a stack of their own."""
    depth = 0
    size = len(text)
    while at < size:
        if text.startswith("${", at):
            at = _after_modifier(text, at + 2)
            depth += 1
            continue
        character = text[at]
        if character == "}":
            depth -= 1
            at += 1
            if depth == 0:
                return at
        elif character in "\\'\"":
            at = _after(text, at)
        else:
            at += 1
    raise _OpenWordError


def _after_modifier(text: str, at: int) -> int:
    """The place in `${name` where the word of the modifier, or the closing brace, begins."""
    begin = at
    while at < len(text) and text[at] in _NAME:
        at += 1
    if at == begin and at < len(text) and text[at] in _SPECIAL:
        at += 1
    if at == begin or at >= len(text):
        raise _OpenWordError
    if text[at] == "}":
        return at
    if text[at] == ":" and at + 1 < len(text) and text[at + 1] in "+-?":
        return at + 2
    if text[at] in "+-?#%/":
        return at + 1
    raise _OpenWordError


def _unquote(word: str) -> str:
    """A shell word without its quotes and escapes."""
    out: list[str] = []
    at = 0
    while at < len(word):
        character = word[at]
        if character == "\\":
            out.append(word[at + 1 : at + 2])
            at += 2
        elif character == "'":
            end = word.index("'", at + 1)
            out.append(word[at + 1 : end])
            at = end + 1
        elif character == '"':
            end = _after_double(word, at + 1)
            out.append(_unescape_double(word[at + 1 : end - 1]))
            at = end
        else:
            out.append(character)
            at += 1
    return "".join(out)


def _unescape_double(body: str) -> str:
    out: list[str] = []
    at = 0
    while at < len(body):
        if body[at] == "\\" and body[at + 1 : at + 2] in ('"', "$", "\\"):
            at += 1
        out.append(body[at])
        at += 1
    return "".join(out)
