"""The rule `mktemp-left`."""

from __future__ import annotations

from dflint.cst.instructions import OnBuild, Run
from dflint.lint.rule import Category, Invalid, Meta, Rule, Severity, Valid

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from dflint.lint.document import Document
    from dflint.lint.finding import Finding


class MktempLeft(Rule):
    """A temporary directory stays in the layer.

    What `mktemp -d` makes in a `RUN` is part of the layer when the `RUN` ends, with all that was
    put there. `rm -rf` in the same `RUN` removes it.

    Off unless selected.

    mktemp(1).
    """

    meta = Meta(
        "mktemp-left",
        Category.SIZE,
        Severity.INFO,
        since="0.1",
        aliases=("rmRecursiveAfterMktempD",),
        default=False,
    )
    on = (
        Run,
        OnBuild,
    )
    mentions = ("mktemp",)
    bad = 'FROM debian:12-slim\nRUN dir="$(mktemp -d)" && make DESTDIR="$dir"\n'
    good = 'FROM debian:12-slim\nRUN dir="$(mktemp -d)" && make DESTDIR="$dir" && rm -rf "$dir"\n'
    valid = (
        Valid("FROM a\nRUN f=$(mktemp) && b\n"),
        Valid("FROM a\nRUN d=$(mktemp -d); rm -r $d\n"),
    )
    invalid = (
        Invalid('FROM a\nRUN export H="$(mktemp -d)" && b\n', at="mktemp"),
        Invalid("FROM a\nRUN cd `mktemp -d` && b\n", at="mktemp"),
    )

    def check(self, doc: Document) -> Iterator[Finding]:
        """Report each."""
        for program in doc.programs:
            if program.invocations_of("rm"):
                continue
            for call in program.invocations_of("mktemp"):
                if call.option("-d", "--directory") is not None:
                    yield self.finding(
                        doc,
                        call.span,
                        "what is put into this directory stays in the layer; remove it at the end "
                        "of the RUN",
                    )
