"""The rule `build-tools-left`."""

from __future__ import annotations

from dflint.cst.instructions import OnBuild, Run
from dflint.lint.rule import Category, Invalid, Meta, Rule, Severity, Valid

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from dflint.lint.document import Document
    from dflint.lint.finding import Finding


_TOOLS = frozenset(
    ("build-essential", "build-base", "gcc", "g++", "gcc-c++", "clang", "make", "cmake")
)


class BuildToolsLeft(Rule):
    """Compilers stay in an image that has one stage.

    What builds the program is not needed to run it: a compiler with its headers makes an image
    some hundred megabytes larger, and gives whoever breaks in a tool. Build in a first stage, and
    copy what comes of it into a second, or remove the packages in the `RUN` that has installed
    them.

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
        Valid("FROM a\nRUN apk add --virtual .b gcc && make && apk del .b\n"),
        Valid("FROM a\nRUN apk add curl\n"),
    )
    invalid = (
        Invalid("FROM a\nRUN apt-get install -y curl build-essential gcc\n", at="build-essential"),
        Invalid("FROM a\nRUN apk add g++\nRUN dnf install -y make\n", at=("g++", "make")),
    )

    def check(self, doc: Document) -> Iterator[Finding]:
        """Report each."""
        from dflint.semantic.installed_packages import installed_packages

        if len(doc.model.stages) != 1:
            return
        seen = set()
        for program, argument in installed_packages(doc.programs):
            removes = any(
                call.action == "remove"
                for call in program.invocations_of("apt-get", "apt", "apk", "yum", "dnf")
            )
            is_tool = argument.prefix.partition("=")[0] in _TOOLS
            if is_tool and not removes and program.instruction not in seen:
                seen.add(program.instruction)
                yield self.finding(
                    doc,
                    argument.span,
                    "what builds the program stays in the image; build in a stage of its own and "
                    "copy "
                    "the result",
                )
