"""The rule `go-without-module`."""

from __future__ import annotations

from functools import partial

from dflint.cst.instructions import Run
from dflint.lint.rule import Category, Invalid, Meta, Rule, Severity, Valid
from dflint.semantic.missing_go_module import calls_without_module

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from dflint.lint.document import Document
    from dflint.lint.fix import Fix
    from dflint.lint.rule import Finding
    from dflint.shell.invocation import Invocation

_NONE: dict[str, object] = {"files": {"main.go": "", "Gopkg.toml": "", "cmd/a/main.go": ""}}
_ONE: dict[str, object] = {"files": {"main.go": "", "src/go.mod": ""}}


class GoWithoutModule(Rule):
    """A command of Go wants a module, and no `go.mod` can be there.

    Since Go 1.16 the go command works with modules alone, unless `GO111MODULE` says otherwise.
    Outside of a module `go build` and `go test` end with `go.mod file not found`, and since 1.18 so
    does `go get`, which installs no programs any more: `go install NAME@latest` does. With `golang`
    and `golang:latest` that happens to what was right once. Copy `go.mod` first, or write `go mod
    init`, `go install NAME@VERSION`, or `ENV GO111MODULE=auto`. `go install NAME@latest` is
    proposed for a single package.

    It is reported in stages of the image `golang` where nothing was copied before, or where the
    build context is known (`--context`, or a `.dockerignore` beside the Dockerfile) and has no
    `go.mod` at all, and nothing else fetches files.

    Go Modules Reference, "Module-aware commands"; Go 1.16 and 1.18 release notes.
    """

    meta = Meta(
        "go-without-module", Category.CORRECTNESS, Severity.WARNING, since="0.1", fix="display"
    )
    on = (Run,)
    mentions = ("golang",)
    given = (("files", {"main.go": "", "Gopkg.toml": ""}),)
    bad = "FROM golang:1.24\nWORKDIR /src\nCOPY main.go ./\nRUN go build -o /app\n"
    good = (
        "FROM golang:1.24\nWORKDIR /src\nCOPY main.go ./\nRUN go mod init app && go build -o /app\n"
    )
    valid = (
        Valid("FROM golang:1.15\nRUN go get a.b/c\n"),
        Valid("FROM golang\nCOPY . .\nRUN go build ./... && go test\n"),
        Valid("FROM golang\nCOPY . .\nRUN go build ./...\n", _ONE),
        Valid("FROM golang\nENV GO111MODULE=auto\nRUN go get a.b/c\n"),
        Valid("FROM golang\nRUN git clone https://a.b/c && cd c && go build\n"),
        Valid("FROM golang\nRUN go mod init a && go get a.b/c\nRUN go install a.b/c@latest\n"),
        Valid("FROM golang\nRUN --mount=target=.,ro go build ./...\n"),
        Valid("FROM golang AS a\nFROM alpine\nRUN go get a.b/c\n"),
        Valid("FROM golang\nRUN go run main.go && go version && go env && go build a.go\n"),
    )
    invalid = (
        Invalid(
            "FROM golang\nRUN go get -u a.b/c && go install a.b/c\n", at=("go get", "go install")
        ),
        Invalid(
            "FROM golang:1-alpine AS a\nWORKDIR /go/src/a\nCOPY . .\n"
            "RUN go get -d ./... && go build -o /a\n",
            at=("go get", "go build"),
            options=_NONE,
        ),
        Invalid("FROM golang:1.24-alpine\nCOPY . /b\nRUN cd /b && go test\n", "go test", _NONE),
    )

    def check(self, doc: Document) -> Iterator[Finding]:
        """Report each command that finds none."""
        context = doc.settings.context
        for call in calls_without_module(doc.model, doc.programs, doc.text, context):
            advice = "copy `go.mod` before, or run `go mod init`"
            if call.verb in ("get", "install") and list(call.operands):
                advice = "write `go install NAME@VERSION`"
            yield self.finding(
                doc,
                call.call_span,
                f"`go {call.verb}` finds no `go.mod`: outside of a module it fails, and the build "
                f"with it; {advice}",
                fix=partial(_fix, doc, call),
            )


def _fix(doc: Document, call: Invocation) -> Fix | None:
    """`go install NAME@latest`; whether it is a program, and which version, somebody has to say."""
    from dflint.lint.fixing import SAME_IMAGE, Applicability, Edit, Effect, Fix, Span
    from dflint.lint.program_fixes import program_of
    from dflint.semantic.program_edits import replace_word

    names, verb = list(call.operands), call.verb_argument
    if call.verb not in ("get", "install") or verb is None or len(names) != 1:
        return None
    name = names[0].value or ""
    given = {option.name for option in call.options}
    if "." not in name.partition("/")[0] or name.startswith(".") or given - {"-u", "-v"}:
        return None
    program = program_of(doc, call.command)
    edits: list[Edit] = []
    for word, text in ((verb.word, "install"), (names[0].word, f"{name}@latest")):
        made = replace_word(program, word, text)
        if made is None:
            return None
        edits += made
    for option in call.options:
        if option.name == "-u":
            span = option.argument.span
            edits.append(Edit(Span(span.start, span.end + 1), ""))
    title, display = f"write `go install {name}@latest`", Applicability.DISPLAY
    return Fix(title, edits, display, Effect.FILES, contract=SAME_IMAGE)
