"""The rule `build-tools-left`."""

from __future__ import annotations

from functools import partial

from dflint.cst.instructions import OnBuild, Run
from dflint.lint.rule import Category, Invalid, Meta, Rule, Severity, Valid
from dflint.semantic.installed_packages import installed_packages

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from dflint.cst.instructions import Instruction
    from dflint.lint.document import Document
    from dflint.lint.finding import Finding
    from dflint.lint.fix import Fix
    from dflint.semantic.programs import Program
    from dflint.shell.invocation import Invocation


_TOOLS = frozenset(
    (
        "build-essential",
        "build-base",
        "gcc",
        "g++",
        "gcc-c++",
        "clang",
        "make",
        "cmake",
        "maven",
        "gradle",
        "golang",
        "golang-go",
        "cargo",
        "rustc",
    )
)


#: Base images that are made to build with: the program, and what it is told to do.
_SDKS = {
    "golang": ("go", ("build", "install")),
    "rust": ("cargo", ("build", "install")),
    "maven": ("mvn", ("package", "install", "verify", "deploy")),
    "gradle": ("gradle", ("build", "assemble", "jar", "bootJar", "shadowJar", "installDist")),
    "dotnet/sdk": ("dotnet", ("build", "publish", "pack")),
}


class BuildToolsLeft(Rule):
    """Compilers stay in an image that has one stage.

    What builds the program is not needed to run it: a compiler with its headers makes an image
    some hundred megabytes larger, and gives whoever breaks in a tool. So does a base image that is
    made to build with (`golang`, `rust`, `maven`, …) where the one stage builds with it. Build in
    a first stage, and copy what comes of it into a second, or remove the packages in the `RUN`
    that has installed them.

    Off unless selected: whether the image is one to build with is not in the file.

    Docker documentation, "Multi-stage builds".
    """

    meta = Meta(
        "build-tools-left",
        Category.SIZE,
        Severity.INFO,
        since="0.1",
        aliases=("tally/prefer-multi-stage-build",),
        default=False,
        fix="display",
    )
    on = (
        Run,
        OnBuild,
    )
    mentions = (
        "build-essential",
        "build-base",
        "gcc",
        "g++",
        "clang",
        "make",
        *_SDKS,
    )
    bad = "FROM alpine:3.22\nRUN apk add --no-cache build-base\nCOPY src/ /src/\nRUN make -C /src\n"
    good = (
        "FROM alpine:3.22 AS build\n"
        "RUN apk add --no-cache build-base\n"
        "COPY src/ /src/\n"
        "RUN make -C /src\n"
        "FROM alpine:3.22\n"
        "COPY --from=build /src/app /app\n"
    )
    valid = (
        Valid("FROM golang AS b\nRUN go build\nFROM a\nCOPY --from=b c d\n"),
        Valid("FROM golang\nRUN go test ./...\n"),
        Valid("FROM a\nRUN apk add --virtual .b gcc && make && apk del .b\n"),
        Valid("FROM a\nRUN apk add curl\n"),
    )
    invalid = (
        Invalid("FROM a\nRUN apt-get install -y maven\nRUN mvn package\n", at="maven"),
        Invalid("FROM golang:1.24\nRUN go vet && go build -o /b .\n", at="go build"),
        Invalid(
            "FROM maven:3\nRUN mvn -q package && mvn verify\nRUN mvn test\n", at="mvn -q package"
        ),
        Invalid("FROM a\nRUN apt-get install -y curl build-essential gcc\n", at="build-essential"),
        Invalid("FROM a\nRUN apk add g++\nRUN dnf install -y make\n", at=("g++", "make")),
    )

    def check(self, doc: Document) -> Iterator[Finding]:
        """Report each."""
        if len(doc.model.stages) != 1:
            return
        for program in doc.programs:
            built = _built_with_base(program)
            if built is not None:
                yield self.finding(
                    doc,
                    built.call_span,
                    "all that the base image has to build with stays in the image; build in a "
                    "stage of its own and copy the result",
                    fix=partial(_fix, doc),
                )
                return
        seen: set[Instruction] = set()
        for program, argument in installed_packages(doc.programs):
            removes = any(
                call.action == "remove"
                for call in program.invocations_of("apt-get", "apt", "apk", "yum", "dnf")
            )
            is_tool = argument.prefix.partition("=")[0] in _TOOLS
            if is_tool and not removes and program.instruction not in seen:
                fix = None if seen else partial(_fix, doc)
                seen.add(program.instruction)
                yield self.finding(
                    doc,
                    argument.span,
                    "what builds the program stays in the image; build in a stage of its own and "
                    "copy "
                    "the result",
                    fix=fix,
                )


def _fix(doc: Document) -> Fix | None:
    """The second stage, with what runs."""
    from dflint.lint.stage_proposal import propose_stages

    return propose_stages(doc)


def _built_with_base(program: Program) -> Invocation | None:
    """The call that builds with the program that the base image is there for."""
    image = program.base_image.partition(":")[0]
    for name, (tool, verbs) in _SDKS.items():
        if image == name or image.endswith(f"/{name}"):
            for call in program.invocations_of(tool):
                if any(argument.value in verbs for argument in call.arguments):
                    return call
    return None
