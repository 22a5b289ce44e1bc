"""The rule `cache-mount`."""

from __future__ import annotations

from dflint.cst.instructions import OnBuild, Run
from dflint.lint.rule import Category, Invalid, Meta, Rule, Severity, Valid

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from dflint.lint.document import Document
    from dflint.lint.finding import Finding
    from dflint.semantic.programs import Program


_TOOLS = (
    "pip", "uv", "uv pip", "npm", "yarn", "pnpm", "bun", "go", "cargo", "bundle", "composer",
    "mvn", "gradle", "apt-get", "apt", "dnf", "yum", "microdnf", "zypper",
)  # fmt: skip


_VERBS = frozenset(("install", "ci", "download", "build", "fetch", "sync", "package", "upgrade"))


class CacheMount(Rule):
    """Packages are fetched anew by each build.

    With `RUN --mount=type=cache,target=/root/.cache/pip` what a package manager has fetched is
    kept between builds, and is in no image: when one package changes, only that one is fetched.

    Off unless selected: it is of no use where builders begin empty. `pip-cache`, `apt-lists` and
    their like are about what is left in the image.

    Docker documentation, "Optimize cache usage".
    """

    meta = Meta(
        "cache-mount",
        Category.CACHE,
        Severity.INFO,
        since="0.1",
        aliases=("tally/prefer-package-cache-mounts",),
        default=False,
    )
    on = (
        Run,
        OnBuild,
    )
    mentions = (
        "pip",
        "npm",
        "yarn",
        "pnpm",
        "go",
        "cargo",
        "bundle",
        "composer",
        "mvn",
        "gradle",
        "apt",
        "apk",
        "dnf",
        "yum",
        "uv",
        "bun",
        "zypper",
        "dotnet",
    )
    bad = "FROM golang:1.24\nWORKDIR /src\nCOPY go.mod go.sum ./\nRUN go build ./...\n"
    good = (
        "FROM golang:1.24\n"
        "WORKDIR /src\n"
        "COPY go.mod go.sum ./\n"
        "RUN --mount=type=cache,target=/go/pkg/mod go build ./...\n"
    )
    valid = (
        Valid("FROM a\nRUN --mount=type=cache,target=/root/.npm npm ci\n"),
        Valid("FROM a\nRUN npm test && pip freeze\n"),
    )
    invalid = (
        Invalid("FROM a\nRUN --mount=target=/b uv pip install -r /b/c\n", at="uv pip install"),
        Invalid("FROM a\nRUN go mod download\nRUN zypper in -y b\n", at=("go mod", "zypper in")),
        Invalid("FROM a\nRUN apt-get update && apt-get upgrade -y\n", at="apt-get upgrade"),
        Invalid("FROM a\nRUN dotnet restore b\nRUN bun install\n", at=("dotnet", "bun install")),
        Invalid("FROM a\nRUN pip install b && npm ci\n", at="pip install"),
        Invalid("FROM a\nRUN x; cargo build --release\n", at="cargo build"),
    )

    def check(self, doc: Document) -> Iterator[Finding]:
        """Report each."""
        for program in doc.programs:
            mounts = program.occurrence.reading.flag_values("mount")
            if program.parent is not None or any("type=cache" in mount for mount in mounts):
                continue
            for call in program.invocations_of(*_TOOLS):
                caches = call.tool.caches if call.tool is not None else ()
                is_module = (
                    call.verb == "mod"
                    and call.operands[:1]
                    and (call.operands[0].value == "download")
                )
                if caches and (is_module or {call.action, call.verb} & _VERBS):
                    yield self.finding(
                        doc,
                        call.call_span,
                        "all is fetched again when this RUN runs again; keep it with "
                        f"`--mount=type=cache,target={caches[0].replace('~', '/root')}`",
                    )
                    break
            else:
                yield from self._of_nuget(doc, program)

    def _of_nuget(self, doc: Document, program: Program) -> Iterator[Finding]:
        for call in program.invocations_of("dotnet"):
            if call.arguments and call.arguments[0].value in ("restore", "build", "publish"):
                yield self.finding(
                    doc,
                    call.span,
                    "all is fetched again when this RUN runs again; keep it with "
                    "`--mount=type=cache,target=/root/.nuget/packages`",
                )
                break
