"""The rule `cache-mount`."""

from __future__ import annotations

from functools import partial

from dflint.cst.instructions import OnBuild, Run
from dflint.lint.rule import Category, Invalid, Meta, Rule, Severity, Valid

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from dflint.lint.document import Document
    from dflint.lint.finding import Finding
    from dflint.lint.fix import Fix
    from dflint.lint.mount_fixes import Mounts
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

    The fix gives a RUN mounts for all that its tools keep, and is unsafe: it takes BuildKit, other
    builds see what this one left there, and nothing of it is in the image. Modules and local
    repositories (`/go/pkg/mod`, `~/.m2`) are mounted in all RUNs that want them; where a script or
    a container may want them, or a build without a network, it is a proposal. What is the
    installation itself (`node_modules`, gems) is never mounted. For apt-get the hook of the
    official images that removes packages (`docker-clean`) goes, as Docker's documentation has it:
    what is built on the image keeps them as well. Lists are not in the mount. yum and dnf are told
    to keep packages (`--setopt=keepcache=1`). No fix for a tool
    that is told to keep nothing (`--no-cache-dir`, `apt-get clean`), that runs as another user
    than root, or whose cache somebody removes, copies or places elsewhere.

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
        fix="unsafe",
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
        "RUN --mount=type=cache,target=/go/pkg/mod --mount=type=cache,target=/root/.cache/go-build "
        "go build ./...\n"
    )
    valid = (
        Valid("FROM a\nRUN --mount=type=cache,target=/root/.npm npm ci\n"),
        Valid("FROM a\nRUN npm test && pip freeze\n"),
    )
    invalid = (
        Invalid(
            "FROM a\nUSER root\nRUN --mount=target=/b uv pip install -r /b/c\n",
            at="uv pip install",
            fixed=(
                "FROM a\nUSER root\n"
                "RUN --mount=type=cache,target=/root/.cache/uv --mount=target=/b "
                "uv pip install -r /b/c\n"
            ),
            unsafe=True,
        ),
        Invalid(
            "FROM golang AS b\nRUN go mod download\nRUN go build -o /c .\n"
            "FROM scratch\nCOPY --from=b /c /\n",
            at=("go mod", "go build"),
            fixed=(
                "FROM golang AS b\n"
                "RUN --mount=type=cache,target=/go/pkg/mod go mod download\n"
                "RUN --mount=type=cache,target=/go/pkg/mod "
                "--mount=type=cache,target=/root/.cache/go-build go build -o /c .\n"
                "FROM scratch\nCOPY --from=b /c /\n"
            ),
            unsafe=True,
        ),
        Invalid(
            "FROM debian:12\nRUN apt-get update && apt-get install -y b\n",
            at="apt-get install",
            fixed=(
                "FROM debian:12\n"
                "RUN --mount=type=cache,target=/var/cache/apt,sharing=locked "
                "rm -f /etc/apt/apt.conf.d/docker-clean && "
                "apt-get update && apt-get install -y b\n"
            ),
            unsafe=True,
        ),
        Invalid(
            "FROM python:3.13\nRUN pip install b && npm ci\nRUN pip install --no-cache-dir b\n"
            "RUN pip install b && rm -rf ~/.cache\nUSER c\nRUN pip install b\n",
            at=("pip install",) * 4,
            fixed=(
                "FROM python:3.13\n"
                "RUN --mount=type=cache,target=/root/.cache/pip "
                "--mount=type=cache,target=/root/.npm pip install b && npm ci\n"
                "RUN pip install --no-cache-dir b\n"
                "RUN pip install b && rm -rf ~/.cache\nUSER c\nRUN pip install b\n"
            ),
            unsafe=True,
        ),
        Invalid("FROM a\nRUN go mod download\nRUN zypper in -y b\n", at=("go mod", "zypper in")),
        Invalid("FROM a\nRUN apt-get upgrade -y && apt-get clean\n", at="apt-get upgrade"),
        Invalid("FROM a\nRUN dotnet restore b\nRUN bun install\n", at=("dotnet", "bun install")),
        Invalid("FROM a\nRUN x; cargo build --release\n", at="cargo build"),
        # What is there already would be hidden, or missed later.
        Invalid(
            "FROM maven:3 AS b\nCOPY m2 /root/.m2\nRUN mvn package\nFROM c\nCOPY --from=b /d /d\n",
            at="mvn package",
        ),
        Invalid(
            "FROM maven:3 AS b\nCOPY s.xml /root/.m2/\nRUN mvn package\n"
            "FROM c\nCOPY --from=b /d /d\n",
            at="mvn package",
            fixed=(
                "FROM maven:3 AS b\nCOPY s.xml /root/.m2/\n"
                "RUN --mount=type=cache,target=/root/.m2/repository mvn package\n"
                "FROM c\nCOPY --from=b /d /d\n"
            ),
            unsafe=True,
        ),
        Invalid(
            "FROM maven:3 AS b\nRUN mvn install:install-file -Dfile=d\nRUN mvn package\n"
            "FROM c\nCOPY --from=b /d /d\n",
            at="mvn package",
        ),
        Invalid(
            "FROM golang:1.24 AS b\nRUN go mod download\nRUN cp -r $(go env GOPATH)/pkg/mod/d /d\n"
            "FROM c\nCOPY --from=b /d /d\n",
            at="go mod",
        ),
        Invalid(
            "FROM node:24\nRUN npm ci\nRUN --network=none npm ci --omit=dev\n",
            at=("npm ci", "npm ci"),
        ),
        Invalid(
            "FROM node:24\nRUN npm ci\nRUN pnpm fetch\nRUN pnpm i --offline\n",
            at=("npm ci", "pnpm fetch", "pnpm i"),
            fixed="FROM node:24\nRUN --mount=type=cache,target=/root/.npm npm ci\n"
            "RUN pnpm fetch\nRUN pnpm i --offline\n",
            unsafe=True,
        ),
        Invalid(
            "FROM golang:1.24 AS b\nRUN go mod download\nRUN go build && npm ci\n"
            "FROM c\nCOPY --from=b /root/.npm /d\n",
            at=("go mod", "go build"),
            fixed=(
                "FROM golang:1.24 AS b\n"
                "RUN --mount=type=cache,target=/go/pkg/mod go mod download\n"
                "RUN --mount=type=cache,target=/go/pkg/mod "
                "--mount=type=cache,target=/root/.cache/go-build go build && npm ci\n"
                "FROM c\nCOPY --from=b /root/.npm /d\n"
            ),
            unsafe=True,
        ),
        # Nor can the place of a mount be removed, or be linked to.
        Invalid("FROM node:24\nRUN npm ci && rm -rf $(npm config get cache)\n", at="npm ci"),
        Invalid("FROM node:24\nRUN npm ci; for d in ~/.npm; do rm -r $d; done\n", at="npm ci"),
        Invalid("FROM python:3.13\nENV UV_LINK_MODE=symlink\nRUN uv sync\n", at="uv sync"),
        Invalid("FROM centos:5\nRUN yum install -y b\n", at="yum install"),
        Invalid("FROM centos:7\nRUN yum install -y dnf && dnf install -y b\n", at="yum install"),
        Invalid(
            "FROM debian:12\nCOPY *.deb /var/cache/apt/archives/\nRUN apt-get install -y b\n",
            at="apt-get install",
        ),
    )

    def check(self, doc: Document) -> Iterator[Finding]:
        """Report each."""
        shared: list[Mounts] = []
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
                kept = [one for one in caches if not one.endswith("/lists")]  # lists grow old
                if kept and (is_module or {call.action, call.verb} & _VERBS):
                    yield self.finding(
                        doc,
                        call.call_span,
                        "all is fetched again when this RUN runs again; keep it with "
                        f"`--mount=type=cache,target={kept[0].replace('~', '/root')}`",
                        fix=partial(_fix, doc, program, shared),
                    )
                    break
            else:
                yield from self._of_nuget(doc, program, shared)

    def _of_nuget(self, doc: Document, program: Program, shared: list[Mounts]) -> Iterator[Finding]:
        for call in program.invocations_of("dotnet"):
            if call.arguments and call.arguments[0].value in ("restore", "build", "publish"):
                yield self.finding(
                    doc,
                    call.span,
                    "all is fetched again when this RUN runs again; keep it with "
                    "`--mount=type=cache,target=/root/.nuget/packages`",
                    fix=partial(_fix, doc, program, shared),
                )
                break


def _fix(doc: Document, program: Program, shared: list[Mounts]) -> Fix | None:
    """The fix of a RUN; `shared` is one for all findings of a document, made for the first."""
    from dflint.lint.mount_fixes import Mounts

    if not shared:
        shared.append(Mounts(doc))
    return shared[0].fix(program)
