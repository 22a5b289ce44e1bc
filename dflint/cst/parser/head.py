"""The parts of a logical line: keyword, flags, arguments, as offsets into its joined text."""

from __future__ import annotations

from dflint.cst.parser.logical_lines import SPACE
from dflint.cst.parser.patterns import rule


class Head:
    """Where keyword, flags and arguments of a logical line stand in its joined text.

    `arguments` and `end` bound the arguments; the two are equal when there are none.
    """

    __slots__ = ("arguments", "end", "flags", "keyword_end")

    keyword_end: int
    flags: tuple[tuple[int, int], ...]
    arguments: int
    end: int

    def __init__(
        self, keyword_end: int, flags: tuple[tuple[int, int], ...], arguments: int, end: int
    ) -> None:
        self.keyword_end = keyword_end
        self.flags = flags
        self.arguments = arguments
        self.end = end


def head_of(text: str, start: int, escape: str) -> Head:
    """The head of the instruction that begins at `start` of a joined line.

    As BuildKit splits: keyword, blanks, then words that begin with `--`, each with quotes and
    backslashes of its own, until another word or a bare `--`.
    """
    keyword_end = text.find(" ", start)
    if keyword_end > 0:
        head = plain_head(text, start, keyword_end)
        if head is not None:
            return head
    end = len(text)
    # Behind a first line that is nothing but a continuation there may be blanks.
    found = rule("keyword").match(text, _skip(text, start))
    keyword_end = found.end() if found else start
    gap = rule("blanks").match(text, keyword_end)
    if gap is None:
        return Head(keyword_end, (), keyword_end, keyword_end)
    at = _skip(text, gap.end())
    if not text.startswith("--", at):
        return Head(keyword_end, (), min(at, end), end)
    if not text[gap.end() : at].isascii() and _skip_to_flag(text, gap.end()) != at:
        return Head(keyword_end, (), at, end)
    flags: list[tuple[int, int]] = []
    while text.startswith("--", at):
        word = rule("flag").match(text, at)
        if word is None:
            break
        flags.append((at, word.end()))
        terminator = text[at : word.end()] == "--"
        at = _skip_to_flag(text, word.end())
        if terminator:
            break
    return Head(keyword_end, tuple(flags), min(_skip(text, at), end), end)


def plain_head(text: str, start: int, keyword_end: int) -> Head | None:
    """The same of by far the most instructions: a word, one blank, and no flag.

    `keyword_end` is where that word ends if there is one; None where anything is otherwise.
    """
    following = text[keyword_end + 1 : keyword_end + 2]
    if (
        "!" <= following <= "~"
        and following != "-"
        and text[keyword_end] == " "
        and text[start:keyword_end].isalpha()
    ):
        return Head(keyword_end, (), keyword_end + 1, len(text))
    return None


def _skip(text: str, at: int) -> int:
    after = at + 1 if text[at : at + 1] == " " else at
    if "!" <= text[after : after + 1] <= "~":
        return after  # By far the most: one blank at most.
    found = rule("space").match(text, at)
    return found.end() if found else at


def _skip_to_flag(text: str, at: int) -> int:
    """The end of what parts flags: a builder looks for them byte by byte."""
    found = rule("flag_space").match(text, at)
    return found.end() if found else at


def keyword_of(text: str, start: int = 0) -> str:
    """The keyword that begins at `start`, in lower case as Go folds it."""
    end = text.find(" ", start)
    word = text[start:end] if end > 0 else ""
    if not word.isalpha():
        found = rule("keyword").match(text, _skip(text, start))
        if found is None:
            return ""
        word = found.group()
    # U+0130 is the one letter whose simple lower case, which Go takes, Python writes as two.
    return word.lower() if word.isascii() else word.replace("\u0130", "i").lower()


def command_start(text: str, start: int) -> int:
    """Where the command of HEALTHCHECK begins, behind its `CMD` at `start`."""
    kind = rule("kind").match(text, start)
    at = kind.end() if kind else start
    gap = rule("space").match(text, at)
    return gap.end() if gap else at


def unquote_flag(word: str) -> str:
    """A flag as a builder reads it: without quotes, backslashes taken as escapes."""
    if "\\" not in word and "'" not in word and '"' not in word:
        return word
    out: list[str] = []
    quote = ""
    at = 0
    while at < len(word):
        character = word[at]
        at += 1
        if character == "\\":
            out.append(word[at : at + 1])
            at += 1
        elif quote:
            if character == quote:
                quote = ""
            else:
                out.append(character)
        elif character in "'\"":
            quote = character
        else:
            out.append(character)
    return "".join(out)


def split_words(text: str, start: int, end: int, escape: str) -> list[tuple[int, int]]:
    """The words with quotes and escapes between `start` and `end`: ENV, LABEL, ARG."""
    rest = text[start:end]
    if rest.isprintable() and not ('"' in rest or "'" in rest or escape in rest):
        return _parted_at_blanks(rest, start)
    match = rule("word", escape).match
    spans: list[tuple[int, int]] = []
    at = start
    while at < end:
        at = _skip(text, at)
        found = match(text, at, end)
        if found is None:
            break
        spans.append((at, found.end()))
        at = found.end()
    return spans


def word_value(word: str, escape: str) -> str:
    """A quoted word as a builder reads it: an escape character at its very end is dropped."""
    if word[-1:] != escape:
        return word
    quote = ""
    at = 0
    while at < len(word):
        character = word[at]
        if character == escape and quote != "'":
            if at + 1 == len(word):
                return word[:-1]
            at += 2
            continue
        if quote:
            if character == quote:
                quote = ""
        elif character in "'\"":
            quote = character
        at += 1
    return word


def split_list(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """The words between blanks from `start` to `end`: FROM, COPY, ADD, EXPOSE, VOLUME."""
    rest = text[start:end]
    if rest.isprintable():
        return _parted_at_blanks(rest, start)
    return [found.span() for found in rule("list_word").finditer(text, start, end)]


def _parted_at_blanks(text: str, start: int) -> list[tuple[int, int]]:
    """Where the words of a text stand that has no other white space, if it begins at `start`."""
    spans: list[tuple[int, int]] = []
    for word in text.split(" "):
        end = start + len(word)
        if word:
            spans.append((start, end))
        start = end + 1
    return spans


def split_legacy_pair(text: str, start: int, end: int) -> tuple[int, int] | None:
    """The end of the key and the beginning of the value of a legacy `key value` pair."""
    key = rule("list_word").match(text, start, end)
    if key is None:
        return None
    gap = rule("blanks").match(text, key.end(), end)
    return None if gap is None else (key.end(), gap.end())


def trimmed(text: str, start: int) -> int:
    """The end of `text` without the white space at its right, but not before `start`."""
    return max(start, len(text.rstrip(SPACE)))
