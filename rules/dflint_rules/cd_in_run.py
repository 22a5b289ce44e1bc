"""The rule `cd-in-run`."""

from __future__ import annotations

from dflint.cst.instructions import Run, Workdir
from dflint.lint.finding import Severity
from dflint.lint.rule import Category, Invalid, Meta, Rule, Valid

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from dflint.lint.document import Document
    from dflint.lint.finding import Finding


class CdInRun(Rule):
    """A `RUN` that begins with `cd` to an absolute directory says what `WORKDIR` is for.

    A `cd` is known to one shell only. `WORKDIR` makes the directory, is there for the
    instructions that follow, for the container and for whoever reads the file; relative paths in
    `COPY` and `CMD` start there too. It holds until the next `WORKDIR`.

    Only reported where a `WORKDIR` can serve: not for directories below `/tmp` or that the RUN
    removes, not for a RUN that goes to several places, and not where later instructions rely on
    the `WORKDIR` from before. A `cd` to the directory that `WORKDIR` has set already is reported
    as needless.

    Dockerfile best practices, "WORKDIR": instead of `RUN cd … && do-something`, which are hard to
    read, troubleshoot and maintain.
    """

    meta = Meta("cd-in-run", Category.STYLE, Severity.INFO, since="0.1", aliases=("DL3003",))
    on = (Run,)
    mentions = ("cd",)
    bad = 'FROM debian:12-slim\nCOPY . /app\nRUN cd /app && make\nCMD ["/app/server"]\n'
    good = 'FROM debian:12-slim\nWORKDIR /app\nCOPY . .\nRUN make\nCMD ["/app/server"]\n'
    valid = (
        Valid("FROM a\nRUN (cd /app && make)\nRUN make && cd /app && make\nRUN cd app && make\n"),
        Valid("FROM a\nRUN cd /tmp/x && make\nRUN cd /x && make && rm -rf /x\nRUN cd $X && make\n"),
        Valid(
            "FROM a\nRUN cd /x && make && cd - && make\nRUN cd /app || exit 1; make\nRUN cd /x\n"
        ),
        Valid("FROM a\nWORKDIR /a\nRUN cd /b && make\nRUN make\n"),
        Valid("FROM a\nRUN for d in a b; do cd /$d; make; done\nRUN sh -c 'cd /a && make'\n"),
    )
    invalid = (
        Invalid("FROM a\nRUN cd /app && npm ci\n", at="cd /app"),
        Invalid("FROM a\nRUN set -e; \\\n  # there\n  mkdir /b && cd /b && make\n", at="cd /b"),
        Invalid('FROM a\nENV X=/x\nRUN <<E\ncd "$X"/y\nmake\nE\n', at='cd "$X"/y'),
        Invalid("FROM a\nWORKDIR /a\nRUN cd /a && make\nRUN make\n", at="cd /a"),
        Invalid("FROM a\nWORKDIR /a\nRUN cd /b; make\nRUN cd /b; x\n", at=("cd /b", "cd /b")),
    )

    def check(self, doc: Document) -> Iterator[Finding]:
        """The RUNs that begin with a `cd` that a WORKDIR can stand for."""
        from dflint.semantic.cd_hints import may_begin_with_cd

        if not any(map(may_begin_with_cd, doc.all(Run))):
            return
        from dflint.semantic.directory_changes import is_needless, leading_changes, suits_workdir

        for change in leading_changes(doc.tree):
            directory = change.directory.strip("\"'")
            model = doc.model if "$" in directory or doc.has((Workdir,)) else None
            if model is not None and is_needless(change, model):
                message = f"WORKDIR is `{directory}` already: the `cd` is not needed"
                yield self.finding(doc, change.span, message)
            elif suits_workdir(change, model):
                message = (
                    f"`cd` holds for this RUN alone: `WORKDIR {directory}` says the same to "
                    "builder and reader, and holds until the next WORKDIR"
                )
                yield self.finding(doc, change.span, message)
