"""Instructions of Windows stages, and scripts that PowerShell reads.

PowerShell's language is not parsed: its scripts are looked at as texts, without comments and
quoted texts where that matters.
"""

from __future__ import annotations

import re

from dflint.cst.instructions import Run, Shell
from dflint.semantic.stage_shell import stage_shells
from dflint.shell.dialect import Dialect

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from dflint.cst.instructions import Instruction
    from dflint.lint.document import Document
    from dflint.text.span import Span

#: One of these stands in every file for Windows, or with PowerShell.
WINDOWS_MARKS = (
    "servercore", "nanoserver", "ltsc20", "microsoft", "winamd64", "windows", '"powershell', '"cmd',
)  # fmt: skip
#: Shells that Windows alone has; `pwsh` runs on Linux too.
_OF_WINDOWS = ("cmd", "cmd.exe", "powershell", "powershell.exe", "pwsh.exe")
_QUOTED = re.compile(r"'(?:[^']|'')*'|\"(?:[^\"`]|`.)*\"|<#.*?#>|#[^\n]*", re.DOTALL)
_LAUNCH = re.compile(
    r"\A\s*(?P<program>(?:powershell|pwsh)(?:\.exe)?)\s+(?P<options>(?:-\w+\s+(?!-c)\w*\s*)*?)"
    r"(?:-c(?:ommand)?\s+)?",
    re.IGNORECASE,
)
_BEHIND_COMMAND = re.compile(
    r"\s*(?:powershell|pwsh)(?:\.exe)?\s+(?:-(?!c(?:ommand)?\s)\w+\s+(?:[a-z]\w*\s+)?)*+"
    r"-c(?:ommand)?[ \t]+",
    re.IGNORECASE,
)
_BEHIND_NAME = re.compile(r"\s*powershell(?:\.exe)?[ \t]+(?!-)", re.IGNORECASE)


class PowerShellScript:
    """A script in a RUN: its `text` with quoted texts and comments blanked, at `span`.

    `before` is what the shell of the stage runs in front of it. `is_launched` tells that the
    RUN's own shell, `cmd`, starts PowerShell.
    """

    __slots__ = ("before", "instruction", "is_launched", "span", "text")

    def __init__(
        self, instruction: Instruction, span: Span, text: str, before: str, is_launched: bool
    ) -> None:
        self.instruction = instruction
        self.span = span
        self.text = text
        self.before = before
        self.is_launched = is_launched


def is_windows(doc: Document, instruction: Instruction) -> bool:
    """Whether an instruction is in a stage for Windows, by its base image or its SHELL."""
    if doc.model.state_before(instruction).os_family == "windows":
        return True
    stage = doc.model.stage_of(instruction)
    chain = () if stage is None else (stage, *stage.ancestors())
    return any(
        one.reading.arguments and one.reading.arguments[0].lower() in _OF_WINDOWS
        for each in chain
        for one in each.instructions
        if isinstance(one, Shell)
    )


def powershell_scripts(doc: Document) -> Iterator[PowerShellScript]:
    """The scripts that PowerShell reads in RUNs: in its shell form, or started by `cmd`."""
    from dflint.text.span import Span

    shells = stage_shells(doc.tree)
    for run in doc.all(Run):
        if run.reading.is_json or run.line.markers:
            continue
        span = doc.arguments(run)
        source = span.slice(doc.text)
        shell = shells[run]
        if shell.dialect is Dialect.POWERSHELL:
            yield PowerShellScript(run, span, blanked(source), shell.text, False)
        elif shell.dialect is Dialect.CMD:
            found = _LAUNCH.match(source)
            if found is not None:
                begin = span.start + found.start("program")
                program = Span(begin, begin + len(found["program"]))
                yield PowerShellScript(run, program, source[found.end() :], "", True)


def blanked(text: str) -> str:
    """A script of PowerShell with blanks for its quoted texts and comments."""
    return _QUOTED.sub(lambda found: " " * len(found[0]), text)


def launch_of(source: str) -> int | None:
    """Where the script begins in the text of a RUN that starts PowerShell; None without one.

    Without `-Command` Windows PowerShell alone takes what follows for a script.
    """
    found = _BEHIND_COMMAND.match(source) or _BEHIND_NAME.match(source)
    return None if found is None else found.end()
