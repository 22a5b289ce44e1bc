"""The rule `cache-mount`."""

from __future__ import annotations

from dflint.cst.instructions import OnBuild, Run
from dflint.lint.rule import Category, Invalid, Meta, Rule, Severity, Valid

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from dflint.lint.document import Document
    from dflint.lint.finding import Finding


_TOOLS = (
    "pip", "uv", "npm", "yarn", "pnpm", "bun", "go", "cargo", "bundle", "composer", "mvn", "gradle",
    "apt-get", "apt", "dnf", "yum",
)  # fmt: skip


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
        Invalid("FROM a\nRUN pip install b && npm ci\n", at="pip install"),
        Invalid("FROM a\nRUN x; cargo build --release\n", at="cargo build"),
    )

    def check(self, doc: Document) -> Iterator[Finding]:
        """Report each."""
        for program in doc.programs:
            if program.occurrence.reading.flag_values("mount") or program.parent is not None:
                continue
            for call in program.invocations_of(*_TOOLS):
                caches = call.tool.caches if call.tool is not None else ()
                verbs = ("install", "ci", "download", "build", "fetch", "sync", "package")
                if caches and (call.action in verbs or call.verb in verbs):
                    yield self.finding(
                        doc,
                        call.call_span,
                        "all is fetched again when this RUN runs again; keep it with "
                        f"`--mount=type=cache,target={caches[0].replace('~', '/root')}`",
                    )
                    break
