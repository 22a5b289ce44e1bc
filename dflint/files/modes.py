"""What --chmod says: octal, or symbolic as BSD's setmode(3) reads it with an empty umask."""

from __future__ import annotations

import stat

from dflint.errors import BuildError

_STANDARD = 0o6777
_COPIED_SHIFTS = {"u": 6, "g": 3, "o": 0}
_WHO = {"a": _STANDARD, "u": stat.S_ISUID | 0o700, "g": stat.S_ISGID | 0o070, "o": 0o007}
_PERMISSIONS = {"r": 0o444, "w": 0o222, "x": 0o111}


class Mode:
    """A mode to be set; `octal` is it where it is a number, None where it depends on the file."""

    def __init__(self, text: str) -> None:
        self.octal: int | None = None
        self._commands: list[tuple[str, int, int]] = []
        if text and all(sign in "01234567" for sign in text):
            self.octal = int(text, 8)
            if self.octal > 0o7777:
                raise BuildError(
                    f"invalid chmod parameter: '{text}'. it should be octal string and "
                    "between 0 and 07777"
                )
        else:
            self._commands = _Reader(text).read()

    def apply(self, mode: int) -> int:
        """The twelve bits that a file of this mode (with its type) gets."""
        if self.octal is not None:
            return self.octal
        new = mode & 0o7777
        for command, who, bits in self._commands:
            if command == "+":
                new |= bits
            elif command == "-":
                new &= ~bits
            elif command == "X":
                if stat.S_ISDIR(mode) or mode & 0o111:
                    new |= bits
            else:
                new = _copy_bits(new, command, who)
        return new


def _copy_bits(mode: int, command: str, who: int) -> int:
    """One of `u=g`, `+o` …: the command is the sign and the letter copied from."""
    sign, source = command[0], command[1]
    value = (mode >> _COPIED_SHIFTS[source]) & 0o7
    for shift in (6, 3, 0):
        if not who & (0o4 << shift):
            continue
        if sign in "-=":
            mode &= ~((0o7 if sign == "=" else value) << shift)
        if sign in "+=":
            mode |= value << shift
    return mode


class _Reader:
    """One symbolic mode, read into commands of a sign, whom it is for, and bits."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0
        self._commands: list[tuple[str, int, int]] = []

    def read(self) -> list[tuple[str, int, int]]:
        while True:
            who = 0
            while self._sign() in _WHO and self._sign():
                who |= _WHO[self._sign()]
                self._at += 1
            while True:
                self._read_operation(who)
                if self._at >= len(self._text):
                    return self._commands
                if self._sign() == ",":
                    self._at += 1
                    break

    def _sign(self) -> str:
        return self._text[self._at : self._at + 1]

    def _read_operation(self, who: int) -> None:
        """A sign and the permissions behind it."""
        sign = self._sign()
        if sign not in ("+", "-", "="):
            raise BuildError(f"invalid chmod parameter: '{self._text}'. invalid syntax")
        self._at += 1
        permissions = 0
        executable = 0
        is_assigned = False
        while letter := self._sign():
            if letter in _PERMISSIONS:
                permissions |= _PERMISSIONS[letter]
            elif letter == "X":
                executable = 0o111
            elif letter in "st":
                who, more = _special(letter, who)
                permissions |= more
            elif letter in _COPIED_SHIFTS:
                if permissions:
                    self._add(sign, who, permissions)
                permissions = 0
                is_assigned = True
                self._commands.append((sign + letter, who or 0o777, 0))
            else:
                break
            self._at += 1
        if permissions or (sign == "=" and not is_assigned):
            self._add(sign, who, permissions)
        if executable:
            self._add("X", who, executable)

    def _add(self, sign: str, who: int, bits: int) -> None:
        if sign == "=":
            self._commands.append(("-", 0, who or _STANDARD))
            sign = "+"
        self._commands.append((sign, 0, (who or 0o7777) & bits))


def _special(letter: str, who: int) -> tuple[int, int]:
    """Whom `s` or `t` is for, and its bits: none for others alone."""
    if who and not who & ~0o007:
        return who, 0
    if letter == "s":
        return who, stat.S_ISUID | stat.S_ISGID
    return (who | stat.S_ISVTX if who else who), stat.S_ISVTX
