"""The rule `powershell-error-action`."""

from __future__ import annotations

import re
from functools import partial

from dflint.cst.instructions import Run
from dflint.lint.options import OptionSpec
from dflint.lint.rule import Category, Invalid, Meta, Rule, Severity, Valid
from dflint.lint.windows_steps import powershell_scripts

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from dflint.lint.document import Document
    from dflint.lint.fix import Fix
    from dflint.lint.rule import Finding
    from dflint.lint.windows_steps import PowerShellScript
    from dflint.semantic.programs import Program
    from dflint.shell.words import Word

_CORE = "FROM mcr.microsoft.com/windows/servercore:ltsc2022\n"
_PLAIN = _CORE + 'SHELL ["powershell", "-Command"]\n'
_STOP = "$ErrorActionPreference = 'Stop';"
_STOPPING = _PLAIN.replace("]", f', "{_STOP}"]')


#: What makes a script end where something fails, or look for it by itself.
_STOPS = re.compile(r"erroractionpreference\s*=\s*[\\\"']*stop|-ea\b|-erroraction\b|\btry\b|\$\?")
_NATIVE = "psnativecommanduseerroractionpreference"
_COMMAND = ("-c", "-command")


#: What cannot fail: a variable or a property that is given a plain value.
_ASSIGNMENT = re.compile(r"(?:\$[\w:]+|\[[\w.]+\]::\w+)\s*=\s*[\w$.:\[\]\\\"' ]*\Z")


class PowershellErrorAction(Rule):
    """PowerShell goes on after a command that fails: `$ErrorActionPreference` is not `Stop`.

    By default a cmdlet that fails prints its error, and the script goes on; the RUN ends with the
    status of the last command, and the build with an image in which something is missing. Set it
    for all RUNs: `SHELL ["powershell", "-Command", "$ErrorActionPreference = 'Stop';"]`.

    Reported are scripts of several commands: those in the shell form, once for each SHELL, and what
    `powershell -Command` and `pwsh -Command` are given. Programs that
    are no cmdlets do not obey it; PowerShell 7.4 has `$PSNativeCommandUseErrorActionPreference`.

    The fix sets it where the script begins, or in SHELL. It is unsafe: a build in which something
    fails stops from then on.

    Microsoft Learn, "about_Preference_Variables"; Dockerfile reference, "SHELL".
    """

    meta = Meta(
        "powershell-error-action",
        Category.CORRECTNESS,
        Severity.WARNING,
        since="0.1",
        aliases=("tally/powershell/error-action-preference",),
        fix="unsafe",
        options=(
            OptionSpec(
                "native",
                "bool",
                False,
                "Ask for `$PSNativeCommandUseErrorActionPreference` too.",
                exact_for=("tally/powershell/error-action-preference",),
            ),
        ),
    )
    on = (Run,)
    mentions = ("powershell", "pwsh")
    bad = _PLAIN + "RUN Expand-Archive a.zip C:/a; Remove-Item a.zip\n"
    good = (
        _CORE
        + f'SHELL ["powershell", "-Command", "{_STOP}"]\n'
        + "RUN Expand-Archive a.zip C:/a; Remove-Item a.zip\n"
    )
    valid = (
        Valid(_CORE + "RUN powershell -Command $A = 'b'; C-D && e && powershell -Command F-G\n"),
        Valid(_CORE + 'RUN powershell setx /M PATH $(${Env:PATH} + \\";b\\" + \\";c\\")\n'),
        Valid(_PLAIN + "RUN $A = 'b'; [Net.C]::D = [Net.E]::F; G-H\n"),
        Valid(_CORE + f'RUN powershell -Command "{_STOP} A-B; C-D"\n'),
        Valid("FROM a\nRUN pwsh -c 'A-B;' && pwsh -File b.ps1\n"),
        Valid(_PLAIN + "RUN Install-Module a\nRUN Write-Host 'a; b' # c; d\n"),
        Valid(_PLAIN + f"RUN {_STOP} A-B; C-D\n"),
        Valid("FROM a\nRUN b; c\n"),
        Valid(_PLAIN + "RUN try { A-B } catch { exit 1 }; C-D\n"),
    )
    invalid = (
        Invalid(
            f'FROM a\nSHELL ["pwsh", "-c", "{_STOP}"]\nRUN b; c\n',
            at="b; c",
            options={"native": True},
        ),
        Invalid(_CORE
                + 'SHELL ["powershell", "$ErrorActionPreference = \'Continue\';"]\nRUN A-B; C-D\n',
                at="A-B; C-D"),
        Invalid(_CORE + 'RUN powershell -Command "A-B; C-D"\n', at="powershell",
                fixed=_CORE + f'RUN powershell -Command "{_STOP} A-B; C-D"\n', unsafe=True),
        Invalid("# escape=`\n" + _CORE + "RUN powershell -NoProfile -c ` \r\n  A-B; `\r\n  C-D\r\n",
                at="powershell",
                fixed="# escape=`\n" + _CORE + f"RUN powershell -NoProfile -c ` \r\n  {_STOP} `\r\n"
                "  A-B; `\r\n  C-D\r\n", unsafe=True),
        Invalid('FROM a\nRUN pwsh -NoLogo -Command "A-B; C-D" && e\n', at="pwsh",
                fixed=f'FROM a\nRUN pwsh -NoLogo -Command "\\{_STOP} A-B; C-D" && e\n',
                unsafe=True),
        Invalid("FROM a\nRUN b && pwsh -c ' \\\n    A-B \"c;d\"; \\\n    E-F'\n", at="pwsh",
                fixed="FROM a\nRUN b && pwsh -c ' \\\n    $ErrorActionPreference = \"Stop\"; \\\n"
                "    A-B \"c;d\"; \\\n    E-F'\n", unsafe=True),
        Invalid(_PLAIN + "RUN A-B -c d; E-F\nRUN A-B; C-D\n", at="A-B -c d; E-F",
                fixed=_STOPPING + "RUN A-B -c d; E-F\nRUN A-B; C-D\n", unsafe=True),
        Invalid('FROM a\nSHELL ["pwsh", "-c"]\nRUN A-B; \\\n  C-D\n', at="A-B; \\\n  C-D",
                fixed=f'FROM a\nSHELL ["pwsh", "-c", "{_STOP}"]\nRUN A-B; \\\n  C-D\n',
                unsafe=True),
        Invalid(_CORE + "RUN powershell -Command & { A-B; C-D }\n", at="powershell"),
        Invalid("FROM a\nRUN pwsh -c 'using namespace A; B-C; D-E'\n", at="pwsh"),
        Invalid(_PLAIN + "RUN param($a = 1); A-B; C-D\n", at="param($a = 1); A-B; C-D"),
    )  # fmt: skip

    def check(self, doc: Document) -> Iterator[Finding]:
        """Report the first script under each SHELL."""
        native = bool(doc.settings.options.get(self.meta.name, {}).get("native"))
        told: set[str] = set()
        for script in powershell_scripts(doc):
            body = _launched(script.text) if script.is_launched else script.text
            text = script.text if script.is_launched else script.span.slice(doc.text)
            known = f"{script.before}\n{text}".lower()
            if not _has_several(body) or (
                script.before in told and not script.is_launched and not native
            ):
                continue
            if _STOPS.search(known) and (not native or _NATIVE in known):
                continue
            told.add(script.before)
            yield self.finding(
                doc,
                script.span,
                "a cmdlet that fails does not end the script: the RUN succeeds by its last "
                "command; set `$ErrorActionPreference = 'Stop';` in SHELL",
                fix=None if native else partial(_fix, doc, script),
            )
        yield from self._commands(doc, native)

    def _commands(self, doc: Document, native: bool) -> Iterator[Finding]:
        """Scripts that another shell hands to PowerShell."""
        for program in doc.programs:
            for call in program.invocations_of("pwsh", "powershell"):
                words = call.arguments
                options = [(one.value or "").lower() for one in words]
                at = next((at for at, one in enumerate(options) if one in _COMMAND), None)
                text = " ".join(one.word.text for one in words[at + 1 :]) if at is not None else ""
                body = text
                text = body.lower()
                fix = None
                if at is not None and len(words) == at + 2 and not native:
                    fix = partial(_fix_word, program, words[-1].word)
                if _has_several(body) and not (
                    _STOPS.search(text) and (not native or _NATIVE in text)
                ):
                    yield self.finding(
                        doc,
                        call.span,
                        "a cmdlet that fails does not end the script: it succeeds by its last "
                        "command; begin it with `$ErrorActionPreference = 'Stop';`",
                        fix=fix,
                    )


def _has_several(script: str) -> bool:
    """Whether two commands follow one another, of which the first can fail."""
    from dflint.lint.windows_steps import blanked

    body = script.strip()
    if body[:1] in ("'", '"') and body[-1:] == body[:1]:
        body = body[1:-1]
    pieces = (piece.strip(" \t\r\n`\\") for piece in blanked(body.replace('\\"', '"')).split(";"))
    return len([piece for piece in pieces if piece and not _ASSIGNMENT.match(piece)]) > 1


def _launched(text: str) -> str:
    """What `cmd` hands to PowerShell: one quoted word, or all up to the next command."""
    text = text.strip()
    quoted = re.match(r'"((?:\\.|[^"\\])*)"', text, re.DOTALL)
    return quoted[1] if quoted is not None else text.partition("&&")[0]


def _fix(doc: Document, script: PowerShellScript) -> Fix | None:
    import dflint.lint.powershell_fixes as fixes

    return fixes.set_before(doc, script, _STOP)


def _fix_word(program: Program, word: Word) -> Fix | None:
    import dflint.lint.powershell_fixes as fixes

    return fixes.set_in_word(program, word, _STOP)
