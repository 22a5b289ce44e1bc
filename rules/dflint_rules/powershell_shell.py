"""The rule `powershell-shell`."""

from __future__ import annotations

from functools import partial

from dflint.cst.instructions import Run
from dflint.lint.rule import Category, Invalid, Meta, Rule, Severity, Valid
from dflint.lint.windows_steps import powershell_scripts

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from dflint.lint.document import Document
    from dflint.lint.fix import Fix
    from dflint.lint.rule import Finding
    from dflint.lint.windows_steps import PowerShellScript

_CORE = "FROM mcr.microsoft.com/windows/servercore:ltsc2022\n"
_STOP = "$ErrorActionPreference = 'Stop';"


class PowershellShell(Rule):
    """Several RUNs of a stage start PowerShell by way of `cmd`: SHELL does that once.

    `RUN powershell -Command …` runs `cmd /S /C powershell -Command …`: `cmd` reads the quotes, `%`
    and `&` of the script first. With `SHELL ["powershell", "-Command", "$ErrorActionPreference =
    'Stop';"]` PowerShell reads it itself, and stops where something fails.

    The SHELL is proposed where PowerShell begins, with the same options, all that a shell reads
    from the first such RUN on, no other stage is built on this one, and the scripts are what both
    shells read alike: they have no quotes in quotes, no `` ` ``, `^` or `%`, and `&`, `|`, `<`, `>`
    in quotes only.

    Dockerfile reference, "SHELL".
    """

    meta = Meta(
        "powershell-shell",
        Category.STYLE,
        Severity.STYLE,
        since="0.1",
        aliases=("tally/powershell/prefer-shell-instruction",),
        fix="display",
    )
    on = (Run,)
    mentions = ("powershell", "pwsh")
    bad = _CORE + "RUN powershell -Command A-B\nRUN powershell -Command C-D\n"
    good = _CORE + f'SHELL ["powershell", "-Command", "{_STOP}"]\nRUN A-B\nRUN C-D\n'
    valid = (
        Valid(_CORE + "RUN powershell -Command A-B\nRUN dir\n"),
        Valid("FROM a\nRUN pwsh -c A-B\nRUN pwsh -c A-B\n"),
        Valid(_CORE + "RUN powershell -c A-B\n" + _CORE + "RUN powershell -c A-B\n"),
    )
    invalid = (
        Invalid(
            _CORE + "RUN powershell -c A-B\nRUN b\nRUN pwsh.exe -Command C-D\n", at="powershell"
        ),
        Invalid(
            _CORE + "RUN b\nRUN PowerShell -NoProfile -Command A-B\nRUN powershell C-D\n",
            at="PowerShell",
        ),
    )

    def check(self, doc: Document) -> Iterator[Finding]:
        """Report the first of several in a stage."""
        by_stage: dict[int, list[PowerShellScript]] = {}
        for script in powershell_scripts(doc):
            stage = doc.model.stage_of(script.instruction)
            if script.is_launched and stage is not None:
                by_stage.setdefault(stage.index, []).append(script)
        for scripts in by_stage.values():
            if len(scripts) > 1:
                yield self.finding(
                    doc,
                    scripts[0].span,
                    f"`cmd` starts PowerShell for {len(scripts)} RUNs of this stage, and reads "
                    'their quotes first; write `SHELL ["powershell", "-Command", …]` once',
                    fix=partial(_fix, doc, scripts),
                )


def _fix(doc: Document, scripts: list[PowerShellScript]) -> Fix | None:
    import dflint.lint.shell_fixes as fixes  # costs less each time than a name of it

    return fixes.shell_for(doc, scripts, _STOP)
