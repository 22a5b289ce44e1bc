"""The form of content that differs from build to build, learned from samples of it.

What the samples have in common stands fast; what differs has a form: so many digits, or letters
and digits. A date is still a date then, and a line that is missing is still seen.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence
from difflib import SequenceMatcher

#: Text is looked at up to so many characters.
_MOST_TEXT = 1 << 18
_WORD = 4
_TIME = re.compile(rb"[0-9]{1,2}:[0-9]{2}(?::[0-9]{2})?|[0-9]{4}-[0-9]{2}-[0-9]{2}|[0-9]{8,}")
_PRINTABLE = re.compile(rb"[ -~]{8,}")
_TOKENS = re.compile(r"[A-Za-z0-9]+|[^A-Za-z0-9]")
#: What a word that differs is made of, from the narrowest.
_KINDS = _DIGITS, _HEX, _LETTERS = "0-9", "0-9A-Fa-f", "0-9A-Za-z"
_BASE64 = "0-9A-Za-z+/=_-"
#: Numbers that are shorter may have another length the next time: seconds since 1970 have ten.
_FIXED_LENGTH = 10
#: From here on letters of both cases are likely base64.
_LONG = 8

#: Tells whether other content has the form.
Shape = Callable[[bytes], bool]


def learn(samples: Sequence[bytes]) -> tuple[Shape, str]:
    """A form that all samples have, and what it says of them."""
    if len(set(samples)) == 1:
        return samples[0].__eq__, "the same each time"
    if any(b"\0" in one for one in samples):
        return _of_bytes(samples)
    texts = [one.decode("latin-1") for one in samples]
    if max(map(len, texts)) > _MOST_TEXT:
        return _of_parts(samples, bytes.splitlines), "long text in which some lines differ"
    lines = [text.splitlines(keepends=True) for text in texts]
    shown = "text in which some words differ from build to build"
    if len({len(one) for one in lines}) > 1:
        return _of_lines(lines), "text in which some lines differ from build to build"
    compiled = re.compile("".join(map(_line_pattern, zip(*lines, strict=True))), re.DOTALL)
    return lambda data: compiled.fullmatch(data.decode("latin-1")) is not None, shown


def learn_word(samples: Sequence[str]) -> re.Pattern[str]:
    """The form of short texts, such as names and targets of links."""
    return re.compile(_line_pattern(samples), re.DOTALL)


def _of_parts(samples: Sequence[bytes], parted: Callable[[bytes], list[bytes]]) -> Shape:
    """Content of many parts: those that all samples have, in any order, and no other number.

    The number of parts only counts where all samples have as many. Times in parts do not count:
    all samples may be of the same minute.
    """
    counts = [_counted(one, parted) for one in samples]
    common = counts[0]
    for other in counts[1:]:
        common = common & other
    numbers = {one.total() for one in counts}

    def fits(data: bytes) -> bool:
        found = _counted(data, parted)
        return common <= found and (len(numbers) > 1 or found.total() in numbers)

    return fits


def _counted(data: bytes, parted: Callable[[bytes], list[bytes]]) -> Counter[bytes]:
    return Counter(_TIME.sub(b"0", one) for one in parted(data))


def _strings(data: bytes) -> list[bytes]:
    """The runs of letters that are no accident."""
    return _PRINTABLE.findall(data)


def _of_bytes(samples: Sequence[bytes]) -> tuple[Shape, str]:
    """Binary content: the words of four bytes that differ may be any."""
    first, size = samples[0], len(samples[0])
    if any(len(one) != size for one in samples):
        told = "binary content of another size each time, with the same texts in it"
        return _of_parts(samples, _strings), told
    free = {
        at
        for at in range(0, size, _WORD)
        if any(one[at : at + _WORD] != first[at : at + _WORD] for one in samples)
    }

    def fits(data: bytes) -> bool:
        return len(data) == size and all(
            at in free or data[at : at + _WORD] == first[at : at + _WORD]
            for at in range(0, size, _WORD)
        )

    return fits, f"binary content with {len(free) * _WORD} bytes that differ from build to build"


def _of_lines(samples: list[list[str]]) -> Shape:
    """Text of more or fewer lines: those that all samples have come in their order."""
    kept = samples[0]
    for other in samples[1:]:
        matcher = SequenceMatcher(None, kept, other, autojunk=False)
        blocks = matcher.get_matching_blocks()
        kept = [kept[one.a + at] for one in blocks for at in range(one.size)]

    def fits(data: bytes) -> bool:
        rest = iter(data.decode("latin-1").splitlines(keepends=True))
        return all(line in rest for line in kept)

    return fits


def _line_pattern(lines: Sequence[str]) -> str:
    if len(set(lines)) == 1:
        return re.escape(lines[0])
    start, middles, end = _parted(lines)
    if all(map(_is_base64, middles)) and any(map(_is_mixed, middles)):
        lengths = [len(one) for one in middles]
        free = f"[{_BASE64}]{{{min(lengths)},{max(lengths)}}}"
        return f"{re.escape(start)}{free}{re.escape(end)}"
    tokens = [_TOKENS.findall(line) for line in lines]
    if len({len(one) for one in tokens}) == 1:
        columns = list(zip(*tokens, strict=True))
        if all(len(set(one)) == 1 or all(map(_is_word, one)) for one in columns):
            return _columns_pattern(columns)
    return _middle_pattern(lines)


def _is_word(token: str) -> bool:
    return token.isascii() and token.isalnum()


def _columns_pattern(columns: list[tuple[str, ...]]) -> str:
    noisy = [one for one in columns if len(set(one)) > 1]
    kind = max((_kind(token) for one in noisy for token in one), key=_KINDS.index)
    return "".join(_column(one, kind) for one in columns)


def _column(tokens: tuple[str, ...], kind: str) -> str:
    if len(set(tokens)) == 1:
        return re.escape(tokens[0])
    lengths = [len(one) for one in tokens]
    least, most = min(lengths), max(lengths)
    is_fixed = least == most and (kind != _DIGITS or least >= _FIXED_LENGTH)
    free = f"[{kind}]{{{least}}}" if is_fixed else f"[{kind}]{{1,{max(most, _FIXED_LENGTH - 1)}}}"
    if kind != _DIGITS and most < _FIXED_LENGTH and all(map(str.isdigit, tokens)):
        return f"(?:{free}|[{_DIGITS}]{{1,{_FIXED_LENGTH - 1}}})"
    return free


def _kind(token: str) -> str:
    if token.isdigit():
        return _DIGITS
    return _HEX if re.fullmatch(f"[{_HEX}]+", token) else _LETTERS


def _is_base64(text: str) -> bool:
    return len(text) >= _LONG and re.fullmatch(f"[{_BASE64}]+", text) is not None


def _is_mixed(text: str) -> bool:
    return text not in (text.lower(), text.upper())


def _middle_pattern(lines: Sequence[str]) -> str:
    """What lines begin and end with, and anything of about that length between."""
    start, middles, end = _parted(lines)
    least, most = min(map(len, middles)), max(map(len, middles))
    kind = r"[^\s]" if not any(map(_has_blank, middles)) else "."
    return f"{re.escape(start)}{kind}{{{min(least, most // 2)},{most + most // 2}}}{re.escape(end)}"


def _parted(lines: Sequence[str]) -> tuple[str, list[str], str]:
    """What lines begin with, what they have between, and what they end with, in whole words."""
    start = _common(lines)
    end = _common([line[len(start) :][::-1] for line in lines])[::-1]
    start = re.sub(f"[{_BASE64}]+\\Z", "", start)
    end = re.sub(f"\\A[{_BASE64}]+", "", end)
    return start, [line[len(start) : len(line) - len(end)] for line in lines], end


def _has_blank(text: str) -> bool:
    return any(letter.isspace() for letter in text)


def _common(texts: Sequence[str]) -> str:
    first = min(texts, key=len)
    for at, letter in enumerate(first):
        if any(text[at] != letter for text in texts):
            return first[:at]
    return first
