"""The rule `consecutive-run`."""

from __future__ import annotations

from dflint.cst.instructions import OnBuild, Run
from dflint.lint.rule import Category, Invalid, Meta, Related, Rule, Severity, Valid

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from dflint.lint.document import Document
    from dflint.lint.finding import Finding
    from dflint.semantic.programs import Program


class ConsecutiveRun(Rule):
    """Two `RUN` of one command each follow one another, where one would do.

    Each `RUN` starts a container and makes a layer, and what a later one removes is still held
    by the layer before. A single `RUN` with `&&` or a heredoc does the same at once.

    Off unless selected: a layer of its own is also what lets a step be cached by itself, the cost
    of a layer is small, and this is among the findings that people ignore most. Reported are only
    steps of one command each, with the same flags, with nothing but comments between them.

    Dockerfile best practices, "RUN".
    """

    meta = Meta(
        "consecutive-run",
        Category.SIZE,
        Severity.INFO,
        since="0.1",
        aliases=("DL3059",),
        default=False,
    )
    on = (Run, OnBuild)
    bad = "FROM alpine:3.22\nRUN adduser -D app\nRUN install -d -o app /data\n"
    good = "FROM alpine:3.22\nRUN adduser -D app && install -d -o app /data\n"
    valid = (
        Valid("FROM a\nRUN a && b\nRUN c\nENV d=e\nRUN f\nFROM a\nRUN g\n"),
        Valid("FROM a\nRUN --mount=type=cache,target=/a b\nRUN c\nONBUILD RUN d\n"),
        Valid('FROM a\nSHELL ["pwsh", "-Command"]\nRUN a\nRUN b\n'),
    )
    invalid = (
        Invalid("FROM a\nRUN a \\\n  # x\n  b\n# c\n\nRUN d\nRUN e\n", at=("RUN", "RUN")),
        Invalid('FROM a\nRUN ["a"]\nRUN <<EOF\nb\nEOF\n', at="RUN"),
        Invalid("FROM a\nONBUILD RUN a\nONBUILD RUN b\n", at="RUN"),
    )

    def check(self, doc: Document) -> Iterator[Finding]:
        """The second of each pair."""
        if len(doc.all(Run)) + len(doc.all(OnBuild)) < 2:
            return
        order = {instruction: at for at, instruction in enumerate(doc.instructions)}
        previous: Program | None = None
        for program in doc.programs:
            if program.parent is not None:
                continue
            if (
                previous is not None
                and order[program.instruction] == order[previous.instruction] + 1
                and _is_alike(previous, program)
            ):
                related = (Related(previous.occurrence.keyword, "follows this RUN"),)
                yield self.finding(
                    doc,
                    program.occurrence.keyword,
                    "this RUN makes a layer of its own for one command; join it to the one before "
                    "with `&&` or in a heredoc",
                    related,
                )
            previous = program


def _is_alike(first: Program, second: Program) -> bool:
    """Whether both are one command, run in the same way."""
    flags, others = first.occurrence.reading.flags, second.occurrence.reading.flags
    if flags != others or first.occurrence.is_trigger != second.occurrence.is_trigger:
        return False
    return len(first.script.commands) == 1 and len(second.script.commands) == 1
