"""The signals that STOPSIGNAL may name."""

from __future__ import annotations

import re

_NUMBER = re.compile(r"[+-]?[0-9]++")
_PLAIN = (
    "ABRT ALRM BUS CHLD CLD CONT FPE HUP ILL INT IO IOT KILL PIPE POLL PROF PWR QUIT SEGV STKFLT"
    " STOP SYS TERM TRAP TSTP TTIN TTOU URG USR1 USR2 VTALRM WINCH XCPU XFSZ RTMIN RTMAX"
)


def signal_names() -> frozenset[str]:
    """The names BuildKit knows, without SIG, whatever system the image is for."""
    realtime = {f"RTMIN+{number}" for number in range(1, 16)}
    realtime |= {f"RTMAX-{number}" for number in range(1, 15)}
    return frozenset(_PLAIN.split()) | realtime


def is_signal(text: str) -> bool:
    """Whether BuildKit takes `text` for a signal; if not, it says `invalid signal: …`.

    A signal is any number but zero (whether a system has it nobody checks), or a name of Linux,
    in any case, with or without SIG.
    """
    if _NUMBER.fullmatch(text) is None:
        name = "".join(_upper(character) for character in text)
        return name.removeprefix("SIG") in signal_names()
    digits = text.lstrip("+-").lstrip("0")
    # More than 64 bits are no number to Go.
    return 0 < len(digits) < 20 and int(digits) < (1 << 63) + text.startswith("-")


def _upper(character: str) -> str:
    # Go maps one character to one; Python would also make SS of ß.
    upper = character.upper()
    return upper if len(upper) == 1 else character
