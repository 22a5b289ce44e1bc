"""The rule `cd-without-effect`."""

from __future__ import annotations

from dflint.cst.instructions import From, OnBuild, Run, Workdir
from dflint.lint.finding import Related, Severity
from dflint.lint.rule import Category, Invalid, Meta, Rule, Valid
from dflint.semantic.cd_hints import may_end_with_cd

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from dflint.cst.instructions import Instruction
    from dflint.lint.document import Document
    from dflint.lint.finding import Finding
    from dflint.semantic.directory_changes import DirectoryChange


class CdWithoutEffect(Rule):
    """A `cd` that nothing follows in its `RUN` has no effect.

    Each `RUN` starts a shell of its own, in the directory that `WORKDIR` has set. A `cd` lasts as
    long as that shell: after `RUN git clone … app && cd app` the next instruction starts where
    this one did, and a `RUN make` there fails or builds something else. `WORKDIR app` is what
    lasts. A `cd` back to where an earlier one came from (`cd ..`, `cd -`) is not reported.

    Dockerfile reference, "WORKDIR": it sets the working directory for the instructions after it.
    """

    meta = Meta(
        "cd-without-effect",
        Category.CORRECTNESS,
        Severity.WARNING,
        since="0.1",
        aliases=("DL3003",),
    )
    on = (Run, OnBuild)
    mentions = ("cd",)
    bad = (
        "FROM debian:12-slim\nRUN git clone https://example.org/app.git /src && cd /src\nRUN make\n"
    )
    good = (
        "FROM debian:12-slim\n"
        "RUN git clone https://example.org/app.git /src\n"
        "WORKDIR /src\n"
        "RUN make\n"
    )
    valid = (
        Valid("FROM a\nRUN cd /x && make\nRUN (cd /x) && make\nRUN cd /y && make && cd ..\n"),
        Valid("FROM a\nRUN test -d /x && sh -c 'cd /x'\nRUN make || cd /x\nRUN echo cd\n"),
        Valid('FROM a\nSHELL ["pwsh", "-Command"]\nRUN cd x\nRUN ["cd", "/x"]\n'),
    )
    invalid = (
        Invalid("FROM a\nRUN cd /x\nRUN make\n", at="cd /x"),
        Invalid("FROM a\nRUN mkdir -p x && \\\n  # go there\n  cd \\\n  x\n", at="cd \\\n  x"),
        Invalid("FROM a\nONBUILD RUN make; cd /x\n", at="cd /x"),
        Invalid("FROM a\nRUN <<EOF\nset -e\ngit clone y\ncd y\nEOF\n", at="cd y"),
        Invalid(
            "FROM a\nRUN cd /app npm install\nRUN cd ..\n", at=("cd /app npm install", "cd ..")
        ),
    )

    def check(self, doc: Document) -> Iterator[Finding]:
        """The last command of each RUN, when it is a `cd`."""
        if not any(map(may_end_with_cd, (*doc.all(Run), *doc.all(OnBuild)))):
            return
        from dflint.semantic.directory_changes import final_changes, is_needless

        for change in final_changes(doc.tree):
            following = _next_instruction(doc, change)
            related: tuple[Related, ...] = ()
            if isinstance(following, Run):
                related = (Related(doc.keyword(following), "starts in the old directory"),)
            is_there = "WORKDIR" in doc.keywords and is_needless(change, doc.model)
            message = _message(change, isinstance(following, Workdir) or is_there)
            yield self.finding(doc, change.span, message, related)


def _message(change: DirectoryChange, is_set_anyway: bool) -> str:
    directory = change.directory
    if change.surplus:
        return (
            f"`cd` takes `{directory}` alone and `{change.surplus}` is not run: put `&&` between "
            "two commands"
        )
    if is_set_anyway:
        return "no effect: the directory is left when this RUN ends; remove it"
    is_plain = directory and not change.others and not any(mark in directory for mark in "$`*~")
    is_known = directory.startswith("/") or is_plain
    lasting = f"`WORKDIR {directory}`" if is_known else "a `WORKDIR`"
    return f"no effect: the directory is left when this RUN ends; only {lasting} lasts"


def _next_instruction(doc: Document, change: DirectoryChange) -> Instruction | None:
    """The next instruction of the stage that runs or copies in a directory, or sets it."""
    instructions = doc.instructions
    for order in range(change.order + 1, len(instructions)):
        if isinstance(instructions[order], (From, Run, Workdir)):
            return instructions[order]
    return None
