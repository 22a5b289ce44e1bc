"""The rule `go-pin`."""

from __future__ import annotations

from dflint.cst.instructions import OnBuild, Run
from dflint.lint.rule import Category, Invalid, Meta, Rule, Severity, Valid
from dflint.semantic.package_versions import unpinned_go_packages

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from dflint.lint.document import Document
    from dflint.lint.rule import Finding


class GoPin(Rule):
    """A Go program is fetched without saying which version.

    `go install path@latest` and `go get path` take the newest release, or the newest commit if
    there is none: the same Dockerfile gives another program tomorrow. Without `@`, `go install`
    and `go run` take the version of the module they are called in, and fail outside of one; they
    are reported where nothing brings sources before.

    Before Go 1.11, and later where modules are off, `go get` refuses `@`: clone the repository,
    check out a tag and install from there.

    Not reported: what `COPY` puts below `src` of GOPATH, `go install` of what `go get` fetched
    before, any other version, a branch, packages below `.`, files, the standard library, and what
    only a run can tell.

    Go command documentation, "go install"; Go modules reference, "Version queries".
    """

    meta = Meta(
        "go-pin",
        Category.REPRODUCIBILITY,
        Severity.INFO,
        since="0.1",
        aliases=("DL3062",),
    )
    on = (Run, OnBuild)
    mentions = ("go ",)
    bad = "FROM golang:1.25\nRUN go install golang.org/x/tools/gopls@latest\n"
    good = "FROM golang:1.25\nRUN go install golang.org/x/tools/gopls@v0.20.0\n"
    valid = (
        Valid(
            "FROM a\nRUN go install b.c/d@v1 && go get ./... && go run main.go && go build b.c/d\n"
        ),
        Valid("FROM a\nCOPY . .\nRUN go install -v b.c/d/cmd/e && go run -tags f b.c/d g.h/i\n"),
        Valid("FROM a\nRUN go install b.c/d@$V cmd/go ./e && go mod download\n"),
    )
    invalid = (
        Invalid(
            "FROM a\nRUN go install b.c/d@latest && go get -u e.f/g\n", ("b.c/d@latest", "e.f/g")
        ),
        Invalid(
            "FROM a\nRUN go \\\n  # new\n  run -tags x b.c/d@latest e.f/g\n", at="b.c/d@latest"
        ),
        Invalid("FROM a\nRUN go install -mod=mod b.c/d@latest e.f/g\n", at="b.c/d@latest"),
        Invalid("ONBUILD RUN GOBIN=/b go install b.c/d\n", at="b.c/d"),
    )

    def check(self, doc: Document) -> Iterator[Finding]:
        """Report each package without a version."""
        for _, package in unpinned_go_packages(doc.programs, doc.tree, lambda: doc.model):
            message = (
                f"`{package.value}` is whatever is the newest when the image is built; write a "
                "version after it, as in `@v1.2.3`; without modules check out a tag"
            )
            yield self.finding(doc, package.span, message)
