"""Whether to colour the output, and with what.

Sources: https://no-color.org, https://force-color.org, http://bixense.com/clicolors.
"""

from __future__ import annotations

import sys

from dflint.lint.finding import Severity

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Protocol

    class Stream(Protocol):
        """What is asked of an output stream."""

        def isatty(self) -> bool:
            """Whether it is a terminal; ValueError when it is closed."""


def wants_color(choice: str, stream: Stream | None, environ: Mapping[str, str]) -> bool:
    """Decide whether to colour what goes to `stream`; `choice` is `auto`, `always` or `never`.

    With `auto`, NO_COLOR stands over FORCE_COLOR and CLICOLOR_FORCE, those over `TERM=dumb`
    and `CLICOLOR=0`, and those over whether the stream is a terminal.
    """
    if choice != "auto":
        return choice == "always"
    if environ.get("NO_COLOR"):
        return False
    if any(environ.get(name, "0") not in ("", "0") for name in ("FORCE_COLOR", "CLICOLOR_FORCE")):
        return True
    if environ.get("TERM") == "dumb" or environ.get("CLICOLOR") == "0":
        return False
    return _is_terminal(stream)


def prepare_console() -> None:
    """Make a Windows console understand colours; elsewhere nothing is needed."""
    if sys.platform == "win32":
        import colorama

        colorama.just_fix_windows_console()


class Palette:
    """The escape sequences of the text output, all empty when it is not coloured."""

    __slots__ = ("bold", "dim", "gutter", "reset", "severity")

    bold: str
    dim: str
    gutter: str
    reset: str
    severity: dict[Severity, str]

    def __init__(self, color: bool) -> None:
        def style(parameters: str) -> str:
            return f"\x1b[{parameters}m" if color else ""

        self.bold = style("1")
        self.dim = style("2")
        self.gutter = style("34")
        self.reset = style("0")
        self.severity = {
            Severity.ERROR: style("1;31"),
            Severity.WARNING: style("1;33"),
            Severity.INFO: style("1;36"),
            Severity.STYLE: style("1;35"),
        }


def _is_terminal(stream: Stream | None) -> bool:
    if stream is None:  # pythonw has no streams
        return False
    try:
        return stream.isatty()
    except ValueError:  # closed
        return False
