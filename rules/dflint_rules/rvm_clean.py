"""The rule `rvm-clean`."""

from __future__ import annotations

from dflint.cst.instructions import OnBuild, Run
from dflint.lint.rule import Category, Invalid, Meta, Rule, Severity, Valid

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from dflint.lint.document import Document
    from dflint.lint.finding import Finding


class RvmClean(Rule):
    """`rvm install` leaves sources and archives.

    RVM keeps the archives, sources and logs of each Ruby that it builds, some hundred megabytes.
    `rvm cleanup all` in the same `RUN` removes them.

    Off unless selected.

    Docker documentation, "Optimize cache usage".
    """

    meta = Meta(
        "rvm-clean",
        Category.SIZE,
        Severity.INFO,
        since="0.1",
        aliases=("no_rvm_cleanup_all",),
        default=False,
    )
    on = (
        Run,
        OnBuild,
    )
    mentions = ("rvm",)
    bad = "FROM debian:12-slim\nRUN rvm install 3.4\n"
    good = "FROM debian:12-slim\nRUN rvm install 3.4 && rvm cleanup all\n"
    valid = (
        Valid("FROM a\nRUN rvm use 3.4\n"),
        Valid("FROM a\nRUN rvm install 3 && rvm cleanup sources\n"),
    )
    invalid = (
        Invalid("FROM a\nRUN rvm install 2 && b\n", at="rvm"),
        Invalid("FROM a\nRUN /usr/local/rvm/bin/rvm install 3\n", at="/usr/local/rvm/bin/rvm"),
    )

    def check(self, doc: Document) -> Iterator[Finding]:
        """Report each."""
        for program in doc.programs:
            if "cleanup" in program.script.text:
                continue
            for call in program.invocations_of("rvm"):
                if call.arguments and call.arguments[0].value == "install":
                    yield self.finding(
                        doc,
                        call.span,
                        "sources and archives of this Ruby stay in the layer; end the RUN with "
                        "`rvm cleanup all`",
                    )
