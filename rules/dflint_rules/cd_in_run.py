"""The rule `cd-in-run`."""

from __future__ import annotations

from dflint.cst.instructions import Run, Workdir
from dflint.lint.finding import Severity
from dflint.lint.rule import Category, Invalid, Meta, Rule, Valid
from dflint.semantic.cd_hints import may_begin_with_cd, may_have_middle_cd

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from dflint.cst.instructions import Instruction
    from dflint.lint.document import Document
    from dflint.lint.finding import Finding
    from dflint.semantic.directory_changes import DirectoryChange
    from dflint.semantic.model import SemanticModel


class CdInRun(Rule):
    """`cd` in a `RUN` does what `WORKDIR` is there for.

    A `cd` is known to one shell only. `WORKDIR` makes the directory, is there for the
    instructions that follow, for the container and for whoever reads the file; relative paths in
    `COPY` and `CMD` start there too. It holds until the next `WORKDIR`.

    Reported is a `cd` that a RUN begins with, and the only one of a RUN that does all the rest of
    its work there (`git clone … && cd app && make`): there the RUN can be parted. Only where a
    `WORKDIR` can serve:

    - not in a subshell, a condition, a loop or `bash -c`, from where the RUN comes back by itself;
    - not for directories below `/tmp` or that the RUN removes, nor where the second part removes
      or cleans up what the first has brought, which has to happen in one layer;
    - not for a RUN that goes to several places, nor for a directory that only a run can tell;
    - not where later instructions may rely on the directory from before that `WORKDIR` has set,
      nor where they plainly do on the base image's (`COPY x .`, `RUN ./y`, `RUN cd z`);
    - not for a directory that only a mount of this RUN brings.

    A `cd` to the directory that `WORKDIR` has set already is reported as needless.

    Dockerfile best practices, "WORKDIR": instead of `RUN cd … && do-something`, which are hard to
    read, troubleshoot and maintain.
    """

    meta = Meta("cd-in-run", Category.STYLE, Severity.INFO, since="0.1", aliases=("DL3003",))
    on = (Run,)
    mentions = ("cd",)
    bad = 'FROM debian:12-slim\nCOPY . /app\nRUN cd /app && make\nCMD ["/app/server"]\n'
    good = 'FROM debian:12-slim\nWORKDIR /app\nCOPY . .\nRUN make\nCMD ["/app/server"]\n'
    valid = (
        Valid("FROM a\nRUN (cd /app && make); x; cd app && make\nRUN cd app && make\nRUN y\n"),
        Valid("FROM a\nRUN git clone u && cd u && make && rm -rf x\nRUN V=1 && cd v && make $V\n"),
        Valid("FROM a\nRUN cd /tmp/x && make\nRUN cd /x && make && rm -rf /x\nRUN cd $X && make\n"),
        Valid(
            "FROM a\nRUN cd /x && make && cd - && make\nRUN cd /app || exit 1; make\nRUN cd /x\n"
        ),
        Valid("FROM a\nWORKDIR /a\nRUN cd /b && make\nRUN make\n"),
        Valid("FROM a\nRUN cd /b && make\nRUN cd c && make\nRUN cd /b && make\nCMD ./c/x\n"),
        Valid("FROM a\nRUN --mount=type=cache,target=/c cd /c/d && curl -O u && ./x\n"),
        Valid("FROM a\nRUN for d in a b; do cd /$d; make; done\nRUN sh -c 'cd /a && make'\n"),
    )
    invalid = (
        Invalid("FROM a\nRUN cd /app && npm ci\n", at="cd /app"),
        Invalid("FROM a\nRUN set -e; \\\n  # there\n  mkdir /b && cd /b && make\n", at="cd /b"),
        Invalid('FROM a\nENV X=/x\nRUN <<E\ncd "$X"/y\nmake\nE\n', at='cd "$X"/y'),
        Invalid("FROM a\nRUN git clone u && \\\n  cd u && make\nWORKDIR /x\nRUN y\n", at="cd u"),
        Invalid("FROM a\nWORKDIR /a\nRUN cd /a && make\nRUN make\n", at="cd /a"),
        Invalid("FROM a\nWORKDIR /a\nRUN cd /b; make\nRUN cd /b; x\n", at=("cd /b", "cd /b")),
    )

    def check(self, doc: Document) -> Iterator[Finding]:
        """The `cd` of each RUN that a WORKDIR can stand for."""
        if not any(may_begin_with_cd(run) or may_have_middle_cd(run) for run in doc.all(Run)):
            return
        from dflint.semantic import directory_changes as changes

        leading: set[Instruction] = set()
        for change in changes.leading_changes(doc.tree):
            leading.add(change.run)
            directory = change.directory.strip("\"'")
            model = _model(doc, directory)
            if model is not None and changes.is_needless(change, model):
                message = f"WORKDIR is `{directory}` already: the `cd` is not needed"
                yield self.finding(doc, change.span, message)
            elif changes.suits_workdir(change, model):
                message = (
                    f"`cd` holds for this RUN alone: {_workdir(doc, change)} says the same to "
                    "builder and reader, and holds until the next WORKDIR"
                )
                yield self.finding(doc, change.span, message)
        for change in changes.middle_changes(doc.tree):
            if change.run not in leading and changes.suits_workdir(change, doc.model):
                message = (
                    f"the rest of this RUN works here: part it with {_workdir(doc, change)}, which "
                    "builder and reader see"
                )
                yield self.finding(doc, change.span, message)


def _model(doc: Document, directory: str) -> SemanticModel | None:
    """The model where it is needed to judge a directory."""
    is_plain = directory.startswith("/") and "$" not in directory
    return None if is_plain and not doc.has((Workdir,)) else doc.model


def _workdir(doc: Document, change: DirectoryChange) -> str:
    """The WORKDIR to write, in full: one after the other would lead from there."""
    from dflint.semantic.state import join_workdir

    directory = change.directory.strip("\"'")
    if not directory.startswith(("/", "$")):
        state = doc.model.state_before(change.run)
        full = join_workdir(state.workdir if state.workdir_set else None, directory, "linux")
        if full is None:
            return f"a WORKDIR that names `{directory}` in full"
        directory = full
    return f"`WORKDIR {directory}`"
