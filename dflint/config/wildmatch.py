"""Git's pattern language, translated to regular expressions over bytes.

Sources: gitignore(5), section PATTERN FORMAT, and what `git check-ignore` answers. Git matches
bytes and not characters, so `?` is one byte; that is kept. What git does with a malformed pattern
(an unclosed `[`, a class that does not exist, a backslash at the end) is kept as well: it matches
nothing.

No expression that is made here backtracks: a part between two stars is found at the first place
where it fits, in an atomic group, because whatever a later place could reach the next star reaches
too. Only what stands behind the last star of a name is tried at its end.
"""

from __future__ import annotations

import re

SPECIAL = frozenset(b"*?[\\")
"""The bytes that make a pattern more than literal text."""

_STAR = b"*"
_FOLDERS = b"**/"
_SOME_FOLDERS = b"**\\/"
_REST = b"**"
_SLASH = b"/"

_CLASSES = {
    b"alnum": b"0-9A-Za-z",
    b"alpha": b"A-Za-z",
    b"blank": rb" \t",
    b"cntrl": rb"\x01-\x1f\x7f",
    b"digit": b"0-9",
    b"graph": rb"!-~",
    b"lower": b"a-z",
    b"print": rb" -~",
    b"punct": rb"!-/:-@\[-`{-~",
    b"space": rb" \t\n\r",
    b"upper": b"A-Z",
    b"xdigit": b"0-9A-Fa-f",
}


def translate_name(pattern: bytes) -> bytes | None:
    """The expression for a pattern that is held against a name; None if it is malformed."""
    tokens = _tokens(pattern, pathname=False)
    return None if tokens is None else rb"(?s:" + _component(tokens) + rb")\Z"


def translate_path(literal: bytes, pattern: bytes) -> bytes | None:
    """The expression for a pattern that is held against a path; None if it is malformed.

    `literal` is the text in front of the first special byte and `pattern` what follows. Git cuts
    there before it looks for `**`, so that `foo**/bar` reaches into folders although `x*o**/bar`
    does not.
    """
    tokens = _tokens(pattern, pathname=True)
    if tokens is None:
        return None
    blocks: list[tuple[bytes, list[bytes]]] = [(b"", [])]
    for token in tokens:
        if token in (_FOLDERS, _SOME_FOLDERS):
            if blocks[-1] == (_FOLDERS, []):
                blocks.pop()
            blocks.append((token, []))
        else:
            blocks[-1][1].append(token)
    last = len(blocks) - 1
    parts = [_block(start, body, final=at == last) for at, (start, body) in enumerate(blocks)]
    return rb"(?s:" + re.escape(literal) + b"".join(parts) + rb")\Z"


def _block(start: bytes, tokens: list[bytes], *, final: bool) -> bytes:
    """What follows one `**/`, up to the next: it is found at the first folder where it fits."""
    rest = b""
    if tokens and tokens[-1] == _REST:
        tokens, rest = tokens[:-1], b".*"
    components: list[list[bytes]] = [[]]
    for token in tokens:
        if token == _SLASH:
            components.append([])
        else:
            components[-1].append(token)
    end = rest if rest or not final else rb"\Z"
    body = b"/".join(_component(part) for part in components) + end
    if start == _FOLDERS:
        body = rb"(?:[^/]*+/)*?" + body
    elif start == _SOME_FOLDERS:
        body = rb"(?:[^/]*+/)+?" + body
    return rb"(?>" + body + b")"


def _component(tokens: list[bytes]) -> bytes:
    """A name's expression; every star but the last takes as little as it can, for good."""
    pieces: list[list[bytes]] = [[]]
    for token in tokens:
        if token in (_STAR, _REST):
            pieces.append([])
        else:
            pieces[-1].append(token)
    out = [b"".join(pieces[0])]
    out += [rb"(?>[^/]*?" + b"".join(piece) + b")" for piece in pieces[1:-1] if piece]
    if len(pieces) > 1:
        out.append(rb"[^/]*" + b"".join(pieces[-1]))
    return b"".join(out)


def _tokens(pattern: bytes, *, pathname: bool) -> list[bytes] | None:
    """The pattern cut into stars, slashes and expressions of one byte; None if malformed."""
    tokens: list[bytes] = []
    at, end = 0, len(pattern)
    while at < end:
        byte = pattern[at : at + 1]
        if byte == b"*":
            token, at = _stars(pattern, at, pathname=pathname)
        elif byte == b"?":
            token, at = b"[^/]", at + 1
        elif byte == b"[":
            parsed = _parse_class(pattern, at + 1)
            if parsed is None:
                return None
            token, at = parsed
        elif byte == b"\\":
            if at + 1 == end:
                return None
            literal = pattern[at + 1 : at + 2]
            token, at = (literal if literal == b"/" else re.escape(literal)), at + 2
        else:
            token, at = (byte if byte == b"/" else re.escape(byte)), at + 1
        tokens.append(token)
    return tokens


def _stars(pattern: bytes, at: int, *, pathname: bool) -> tuple[bytes, int]:
    """The token for the stars at `at`; two are special only as a whole component."""
    start = at
    while pattern[at : at + 1] == b"*":
        at += 1
    if not pathname or at - start < 2 or (start > 0 and pattern[start - 1 : start] != b"/"):
        return _STAR, at
    if at == len(pattern):
        return _REST, at
    if pattern[at : at + 1] == b"/":
        return _FOLDERS, at + 1
    if pattern[at : at + 2] == b"\\/":
        return _SOME_FOLDERS, at + 2
    return _STAR, at


def _parse_class(pattern: bytes, at: int) -> tuple[bytes, int] | None:
    """A bracket expression that opens in front of `at`, and where it ends; None if malformed."""
    negated = pattern[at : at + 1] in (b"!", b"^")
    at += negated
    members: set[int] = set()
    previous: int | None = None
    first = True
    while first or pattern[at : at + 1] != b"]":
        first = False
        if pattern[at : at + 2] == b"[:":
            named = _named_class(pattern, at)
            if named is None:
                return None
            found, previous, at = named
            members |= found
            continue
        step = _class_member(pattern, at, previous)
        if step is None:
            return None
        low, high, previous, at = step
        members.update(range(low, high + 1))
    if negated:
        members = set(range(1, 256)) - members
    members.discard(0x2F)
    return _set_expression(members), at + 1


def _class_member(
    pattern: bytes, at: int, previous: int | None
) -> tuple[int, int, int | None, int] | None:
    """One byte or range: first, last, what a following `-` would start from, where it ends."""
    following = pattern[at + 1 : at + 2]
    if pattern[at : at + 1] == b"-" and previous is not None and following not in (b"", b"]"):
        at += 1
        if following == b"\\":
            at += 1
        return None if at >= len(pattern) else (previous, pattern[at], None, at + 1)
    if pattern[at : at + 1] == b"\\":
        at += 1
    if at >= len(pattern):
        return None
    return pattern[at], pattern[at], pattern[at], at + 1


def _named_class(pattern: bytes, at: int) -> tuple[set[int], int | None, int] | None:
    """`[:name:]` at `at`; without its end, `[` is a member like any other."""
    close = pattern.find(b"]", at + 2)
    if close < 0:
        return None
    if close == at + 2 or pattern[close - 1] != ord(":"):
        return {0x5B}, 0x5B, at + 1
    ranges = _CLASSES.get(pattern[at + 2 : close - 1])
    if ranges is None:
        return None
    members = {byte for byte in range(1, 128) if re.match(b"[" + ranges + b"]", bytes([byte]))}
    return members, None, close + 1


def _set_expression(members: set[int]) -> bytes:
    """An expression for one byte out of `members`."""
    if not members:
        return rb"(?!)"
    return b"[" + b"".join(rb"\x%02x" % byte for byte in sorted(members)) + b"]"
