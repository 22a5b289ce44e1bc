"""The rule `telemetry`."""

from __future__ import annotations

import re
from functools import partial

from dflint.cst.instructions import OnBuild, Run, Shell
from dflint.lint.rule import Category, Invalid, Meta, Rule, Severity, Valid

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from dflint.cst.instructions import Instruction
    from dflint.lint.document import Document
    from dflint.lint.finding import Finding
    from dflint.lint.fix import Fix
    from dflint.semantic.stages import Stage
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

    The fix sets the variable above the first use in each stage, but for stages that begin with
    another such. The image has it too, and what runs in it reports nothing either.

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
        fix="unsafe",
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
        Invalid("FROM a\nRUN pnpm exec turbo build && npm ci && yarn exec b\n", at="pnpm",
                fixed="FROM a\nENV TURBO_TELEMETRY_DISABLED=1\n"
                "RUN pnpm exec turbo build && npm ci && yarn exec b\n", unsafe=True),
        Invalid('FROM a\nSHELL ["pwsh", "-Command"]\nRUN b\n', at='"pwsh"',
                fixed="FROM a\nENV POWERSHELL_TELEMETRY_OPTOUT=1\n"
                'SHELL ["pwsh", "-Command"]\nRUN b\n', unsafe=True),
        Invalid("FROM a\n# b\n\n# c\n# d\nRUN npx next build && npx -y b\n", at="npx",
                fixed="FROM a\n# b\n\nENV NEXT_TELEMETRY_DISABLED=1\n# c\n# d\n"
                "RUN npx next build && npx -y b\n", unsafe=True),
        Invalid("FROM a\nENV DOTNET_CLI_TELEMETRY_OPTOUT=0\nRUN dotnet build\n", at="dotnet"),
        Invalid("FROM a\nRUN next build && gatsby build\n", at=("next", "gatsby"),
                fixed="FROM a\nENV NEXT_TELEMETRY_DISABLED=1\nENV GATSBY_TELEMETRY_DISABLED=1\n"
                "RUN next build && gatsby build\n", unsafe=True),
        Invalid("FROM a AS b\nRUN brew install c\nFROM b\nRUN brew install d\nFROM a\n"
                "RUN e\nRUN brew f\n", at=("brew",) * 3,
                fixed="FROM a AS b\nENV HOMEBREW_NO_ANALYTICS=1\nRUN brew install c\n"
                "FROM b\nRUN brew install d\nFROM a\n"
                "RUN e\nENV HOMEBREW_NO_ANALYTICS=1\nRUN brew f\n", unsafe=True),
    )  # fmt: skip

    def check(self, doc: Document) -> Iterator[Finding]:
        """Report each."""
        for _, span, variable in _uses(doc):
            if not _is_off(doc.text, variable):
                message = f"this tool reports how it is used; `ENV {variable}` keeps it from that"
                fix = partial(_fix, doc, variable)
                yield self.finding(doc, span, message, fix=fix)


def _uses(doc: Document) -> Iterator[tuple[Instruction, Span, str]]:
    """Where a tool is called, and what keeps it from reporting."""
    for shell in doc.all(Shell):
        variable = _VARIABLES.get(_shell_name(shell), "")
        if variable:
            yield shell, doc.argument(shell, 0), variable
    for program in doc.programs:
        for call in program.invocations_of(*_VARIABLES, *_RUNNERS):
            name = call.name or ""
            if name in ("npx", "bunx") or call.verb in ("exec", "dlx"):
                name = call.operands[0].prefix if call.operands else ""
            variable = _VARIABLES.get(name, "")
            if variable:
                yield program.instruction, call.span, variable


def _fix(doc: Document, variable: str) -> Fix | None:
    """The variable set above the first use in each stage that does not begin with another such.

    None where the file sets it to something else, which may be meant, and in templates.
    """
    from dflint.lint.fixing import Applicability, Contract, Effect, Fix
    from dflint.lint.insertions import insertion_above_comments
    from dflint.lint.markup import MARKUP
    from dflint.semantic.refusals import final_refusal

    name = variable.partition("=")[0]
    if name in doc.text or final_refusal(doc.problems, doc.text):
        return None
    users = {one for one, _, wanted in _uses(doc) if wanted == variable}
    first: dict[Stage, Instruction] = {}
    for instruction in sorted(users, key=lambda one: one.line.start):
        stage = doc.model.stage_of(instruction)
        if stage is None or MARKUP.get().search(doc.text, stage.instructions[0].line.start):
            return None
        if not any(one in first for one in (stage, *stage.ancestors())):
            first[stage] = instruction
    edits = [insertion_above_comments(one, f"ENV {variable}") for one in first.values()]
    contract = Contract(keys=(f"Env.{name}",))
    effect = Effect.METADATA | Effect.FILES
    return Fix(f"set `{name}`", edits, Applicability.UNSAFE, effect, contract=contract)


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
