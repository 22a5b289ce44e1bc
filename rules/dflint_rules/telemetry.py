"""The rule `telemetry`."""

from __future__ import annotations

from dflint.cst.instructions import OnBuild, Run
from dflint.lint.rule import Category, Invalid, Meta, Rule, Severity, Valid

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from dflint.lint.document import Document
    from dflint.lint.finding import Finding


_VARIABLES = {
    "dotnet": "DOTNET_CLI_TELEMETRY_OPTOUT",
    "next": "NEXT_TELEMETRY_DISABLED",
    "gatsby": "GATSBY_TELEMETRY_DISABLED",
    "nuxt": "NUXT_TELEMETRY_DISABLED",
    "brew": "HOMEBREW_NO_ANALYTICS",
}


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
    on = (
        Run,
        OnBuild,
    )
    mentions = (
        "dotnet",
        "next",
        "gatsby",
        "nuxt",
        "brew",
    )
    bad = "FROM mcr.microsoft.com/dotnet/sdk:9.0\nRUN dotnet tool restore\n"
    good = (
        "FROM mcr.microsoft.com/dotnet/sdk:9.0\n"
        "ENV DOTNET_CLI_TELEMETRY_OPTOUT=1\n"
        "RUN dotnet tool restore\n"
    )
    valid = (
        Valid("FROM a\nENV NEXT_TELEMETRY_DISABLED=1\nRUN next build\n"),
        Valid("FROM a\nRUN echo dotnet\n"),
    )
    invalid = (
        Invalid("FROM a\nRUN next build && gatsby build\n", at=("next", "gatsby")),
        Invalid("FROM a\nRUN brew install b\n", at="brew"),
    )

    def check(self, doc: Document) -> Iterator[Finding]:
        """Report each."""
        for program in doc.programs:
            for call in program.invocations_of(*_VARIABLES):
                variable = _VARIABLES[call.name or ""] if call.name in _VARIABLES else ""
                if variable and variable not in doc.text:
                    yield self.finding(
                        doc,
                        call.span,
                        f"this tool reports how it is used; `ENV {variable}=1` keeps it from that",
                    )
