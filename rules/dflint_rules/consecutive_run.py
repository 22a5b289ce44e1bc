"""The rule `consecutive-run`."""

from __future__ import annotations

from functools import partial

from dflint.cst.instructions import OnBuild, Run
from dflint.lint.rule import Category, Invalid, Meta, Related, Rule, Severity, Valid

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from dflint.lint.document import Document
    from dflint.lint.finding import Finding
    from dflint.lint.fix import Fix
    from dflint.semantic.programs import Program

#: So many steps are joined into one; more are no help to anybody.
_MOST = 30


class ConsecutiveRun(Rule):
    """Two `RUN` of one command each follow one another, where one would do.

    Each `RUN` starts a container and makes a layer, and what a later one removes is still held
    by the layer before. A single `RUN` with `&&` or a heredoc does the same at once.

    Off unless selected: a layer of its own is also what lets a step be cached by itself, the cost
    of a layer is small, and this is among the findings that people ignore most. Reported are only
    steps of one command each, with the same flags, with nothing but comments between them.

    The fix puts the second behind the first with `&&`, which runs the same commands in the same
    order into one layer. There is none where the first leaves something to the shell (`cd`,
    `export`, `exec`) or to files that last as long as a `RUN` (`/etc/hosts`), where it may replace
    the shell, root's home or its groups, or the shell reads more than the script (`bash -l`,
    `BASH_ENV`), for heredocs and exec form. What a program leaves running ends with its `RUN`: the
    fix is unsafe unless the first is one that is known to leave nothing.

    Dockerfile best practices, "RUN".
    """

    meta = Meta(
        "consecutive-run",
        Category.SIZE,
        Severity.INFO,
        since="0.1",
        aliases=(
            "DL3059",
            "S7031",
        ),
        default=False,
        fix="safe",
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
        Invalid(
            "FROM a\nRUN mkdir \\\n  # x\n  b\n# c\n\nRUN touch b/d;\r\nRUN e\n",
            at=("RUN", "RUN"),
            fixed=("FROM a\nRUN mkdir \\\n  # x\n  b \\\n  # c\n  && touch b/d \\\r\n    && e\n"),
        ),
        Invalid(
            "FROM a\nRUN echo 'b & c=$!' >d\nRUN e\n",
            at="RUN",
        ),
        Invalid(
            "FROM a\nRUN service a start\nRUN b\n",
            at="RUN",
            fixed="FROM a\nRUN service a start \\\n    && b\n",
            unsafe=True,
        ),
        Invalid(
            "FROM a\nRUN b && \\\n  c\nRUN mkdir \\\n  d\n# e\nRUN touch d/f\nRUN chmod 1 d/f\n",
            at=("RUN", "RUN"),
            fixed=(
                "FROM a\nRUN b && \\\n  c\nRUN mkdir \\\n  d && \\\n  # e\n  touch d/f && \\\n"
                "    chmod 1 d/f\n"
            ),
        ),
        Invalid('FROM a\nRUN ["a"]\nRUN <<EOF\nb\nEOF\n', at="RUN"),
        Invalid(
            "FROM a\nONBUILD RUN mkdir a\nONBUILD RUN \\\n  # c\n  b\n",
            at="RUN",
        ),
        Invalid("FROM a\nRUN cd b\nRUN c\nFROM a\nRUN echo b # c\nRUN c\n", at=("RUN", "RUN")),
        Invalid("FROM a\nRUN echo b >>/etc/hosts\nRUN c\n", at="RUN"),
        Invalid("FROM a\nRUN pip install -U pip\nRUN pip install b\n", at="RUN"),
        Invalid("FROM a\nRUN mkdir b\n# hadolint ignore=DL3003\nRUN c\n", at="RUN"),
        Invalid("FROM a\nRUN mkdir b\n#if X\nRUN c\n#endif\nRUN d {{ e }}\n", at=("RUN", "RUN")),
        Invalid("FROM a\nRUN mkdir b\n#RUN mkdir c\n# d\nRUN mkdir e\n", at="RUN"),
        Invalid("FROM a\nRUN b &\nRUN X=1\nRUN mkdir c\nRUN d &\n", at=("RUN",) * 3),
    )

    def check(self, doc: Document) -> Iterator[Finding]:
        """The second of each pair."""
        if len(doc.all(Run)) + len(doc.all(OnBuild)) < 2:
            return
        order = {instruction: at for at, instruction in enumerate(doc.instructions)}
        previous: Program | None = None
        joined: list[Program] = []
        for program in doc.programs:
            if program.parent is not None:
                continue
            is_next = (
                previous is not None
                and order[program.instruction] == order[previous.instruction] + 1
                and _is_alike(previous, program)
            )
            if not is_next:
                joined = []
            joined.append(program)
            if previous is not None and is_next:
                related = (Related(previous.occurrence.keyword, "follows this RUN"),)
                firsts = joined[-_MOST:-1]
                yield self.finding(
                    doc,
                    program.occurrence.keyword,
                    "this RUN makes a layer of its own for one command; join it to the one before "
                    "with `&&` or in a heredoc",
                    related,
                    partial(_fix, doc, firsts, program) if len(joined) % _MOST != 1 else None,
                )
            previous = program


def _fix(doc: Document, firsts: list[Program], second: Program) -> Fix | None:
    import dflint.lint.run_joining as joining  # costs less each time than a name of it
    from dflint.shell.composition import remembers_another

    if len(firsts) > 1 and remembers_another([one.script for one in firsts], second.script):
        return None
    return joining.join(doc, (firsts[-1], second), "join the two with `&&`")


def _is_alike(first: Program, second: Program) -> bool:
    """Whether both are one command, run in the same way."""
    flags, others = first.occurrence.reading.flags, second.occurrence.reading.flags
    if flags != others or first.occurrence.is_trigger != second.occurrence.is_trigger:
        return False
    return len(first.script.commands) == 1 and len(second.script.commands) == 1
