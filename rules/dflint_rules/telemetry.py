"""The rule `telemetry`."""

from __future__ import annotations

import re

from dflint.cst.instructions import OnBuild, Run, Shell
from dflint.lint.rule import Category, Invalid, Meta, Rule, Severity, Valid

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from dflint.lint.document import Document
    from dflint.lint.finding import Finding
    from dflint.text.span import Span


#: What turns it off, by program.
_VARIABLES = {
    "dotnet": "DOTNET_CLI_TELEMETRY_OPTOUT=1",
    "next": "NEXT_TELEMETRY_DISABLED=1",
    "gatsby": "GATSBY_TELEMETRY_DISABLED=1",
    "nuxt": "NUXT_TELEMETRY_DISABLED=1",
    "astro": "ASTRO_TELEMETRY_DISABLED=1",
    "turbo": "TURBO_TELEMETRY_DISABLED=1",
    "wrangler": "WRANGLER_SEND_METRICS=false",
    "bun": "DO_NOT_TRACK=1",
    "az": "AZURE_CORE_COLLECT_TELEMETRY=false",
    "vcpkg": "VCPKG_DISABLE_METRICS=1",
    "pwsh": "POWERSHELL_TELEMETRY_OPTOUT=1",
    "huggingface-cli": "HF_HUB_DISABLE_TELEMETRY=1",
    "brew": "HOMEBREW_NO_ANALYTICS=1",
}
_RUNNERS = ("npx", "bunx", "npm", "pnpm", "yarn")


class Telemetry(Rule):
    """A tool reports to its maker how it is used.

    Some tools send what they are used for to their makers unless a variable says no: .NET's,
    Next.js, Gatsby, Nuxt, Azure's, Homebrew, Hugging Face's. In a build nobody has agreed to
    that.

    Off unless selected.

    Dockerfile reference, "ENV".
    """

    meta = Meta(
        "telemetry",
        Category.POLICY,
        Severity.INFO,
        since="0.1",
        aliases=("tally/prefer-telemetry-opt-out",),
        default=False,
    )
    on = (Run, OnBuild, Shell)
    mentions = tuple(_VARIABLES)
    bad = "FROM mcr.microsoft.com/dotnet/sdk:9.0\nRUN dotnet tool restore\n"
    good = (
        "FROM mcr.microsoft.com/dotnet/sdk:9.0\n"
        "ENV DOTNET_CLI_TELEMETRY_OPTOUT=1\n"
        "RUN dotnet tool restore\n"
    )
    valid = (
        Valid("FROM a\nRUN npm install next && yarn add nuxt\n"),
        Valid("FROM a\nENV WRANGLER_SEND_METRICS=false DO_NOT_TRACK 1\nRUN wrangler b; bun c\n"),
        Valid("FROM a\nENV NEXT_TELEMETRY_DISABLED=1\nRUN next build\n"),
        Valid("FROM a\nRUN echo dotnet\n"),
    )
    invalid = (
        Invalid("FROM a\nRUN pnpm exec turbo build && npm ci && yarn exec b\n", at="pnpm"),
        Invalid('FROM a\nSHELL ["pwsh", "-Command"]\nRUN b\n', at='"pwsh"'),
        Invalid("FROM a\nRUN npx next build && npx -y b\n", at="npx"),
        Invalid("FROM a\nENV DOTNET_CLI_TELEMETRY_OPTOUT=0\nRUN dotnet build\n", at="dotnet"),
        Invalid("FROM a\nRUN next build && gatsby build\n", at=("next", "gatsby")),
        Invalid("FROM a\nRUN brew install b\n", at="brew"),
    )

    def check(self, doc: Document) -> Iterator[Finding]:
        """Report each."""
        for shell in doc.all(Shell):
            variable = _VARIABLES.get(_shell_name(shell), "")
            if variable and not _is_off(doc.text, variable):
                yield self._reported(doc, doc.argument(shell, 0), variable)
        for program in doc.programs:
            for call in program.invocations_of(*_VARIABLES, *_RUNNERS):
                name = call.name or ""
                if name in ("npx", "bunx") or call.verb in ("exec", "dlx"):
                    name = call.operands[0].prefix if call.operands else ""
                variable = _VARIABLES.get(name, "")
                if variable and not _is_off(doc.text, variable):
                    yield self._reported(doc, call.span, variable)

    def _reported(self, doc: Document, span: Span, variable: str) -> Finding:
        message = f"this tool reports how it is used; `ENV {variable}` keeps it from that"
        return self.finding(doc, span, message)


def _shell_name(instruction: Shell) -> str:
    words = instruction.reading.arguments
    return (
        words[0].lower().replace("\\", "/").rpartition("/")[2].removesuffix(".exe") if words else ""
    )


def _is_off(text: str, variable: str) -> bool:
    """Whether the file sets the variable, and not to what leaves the reports on."""
    name, _, value = variable.partition("=")
    on = r"0\b|false\b" if value == "1" else r"1\b|true\b"
    return re.search(rf"\b{name}\b(?!\s*[= ]\s*['\"]?(?:{on}))", text) is not None
