"""Which language the shell of a shell form reads (reference, "SHELL" and "RUN").

Without SHELL it is `/bin/sh -c` on Linux and `cmd /S /C` on Windows.
"""

from __future__ import annotations

from dflint.shell.windows_images import is_windows_image
from dflint.text.choice import Choice
from dflint.text.contains import contains_any

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence


class Dialect(Choice):
    """A shell language. `is_posix` says whether a body may be read as a program by `script`."""

    SH = "sh"
    ASH = "ash"
    BASH = "bash"
    KSH = "ksh"
    ZSH = "zsh"
    POWERSHELL = "powershell"
    CMD = "cmd"
    UNKNOWN = "unknown"

    @property
    def is_posix(self) -> bool:
        """Whether it is POSIX's shell language, or that with more."""
        return self in _POSIX


_POSIX = frozenset((Dialect.SH, Dialect.ASH, Dialect.BASH, Dialect.KSH, Dialect.ZSH))
_PROGRAMS = {
    "sh": Dialect.SH,
    "dash": Dialect.SH,
    "ash": Dialect.ASH,
    "busybox": Dialect.ASH,
    "bash": Dialect.BASH,
    "ksh": Dialect.KSH,
    "ksh93": Dialect.KSH,
    "mksh": Dialect.KSH,
    "zsh": Dialect.ZSH,
    "powershell": Dialect.POWERSHELL,
    "pwsh": Dialect.POWERSHELL,
    "cmd": Dialect.CMD,
}
_BUSYBOX = ("alpine", "busybox")


def dialect_of(
    shell: Sequence[str] | None, os_family: str = "", base_image: str | None = None
) -> Dialect:
    """Tell the dialect of a shell form.

    `shell` are SHELL's words, None without a SHELL; `os_family` is `linux`, `windows` or empty
    when it is not known, and then `base_image`, FROM's name, decides.
    """
    if shell:
        return _named(shell) or Dialect.UNKNOWN
    image = (base_image or "").lower()
    if os_family == "windows" or (not os_family and is_windows_image(image)):
        return Dialect.CMD
    return Dialect.ASH if is_busybox_image(image) else Dialect.SH


def dialect_of_heredoc(body: str, default: Dialect) -> Dialect:
    """Tell the dialect of a heredoc that is a RUN's whole script.

    A `#!` line names its interpreter, but not on Windows; `default` is the shell form's dialect.
    """
    if not body.startswith("#!") or default in (Dialect.CMD, Dialect.POWERSHELL):
        return default
    words = body[2:].partition("\n")[0].split()
    if words and _program(words[0]) == "env":
        words = [word for word in words[1:] if not word.startswith("-") and "=" not in word]
    return _named(words[:1]) or Dialect.UNKNOWN


def is_busybox_image(name: str) -> bool:
    """Whether an image's name tells that its commands are BusyBox': Alpine's and its own."""
    return contains_any(name.lower(), _BUSYBOX)


def _named(words: Sequence[str]) -> Dialect | None:
    """Tell the dialect of the first word that names a shell: others may start it (`conda run`)."""
    for word in words:
        dialect = _PROGRAMS.get(_program(word))
        if dialect is not None:
            return dialect
    return None


def _program(word: str) -> str:
    return word.replace("\\", "/").rpartition("/")[2].lower().removesuffix(".exe")
