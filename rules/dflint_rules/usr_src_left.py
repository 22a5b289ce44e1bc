"""The rule `usr-src-left`."""

from __future__ import annotations

from dflint.cst.instructions import OnBuild, Run
from dflint.lint.rule import Category, Invalid, Meta, Rule, Severity, Valid

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from dflint.lint.document import Document
    from dflint.lint.finding import Finding


class UsrSrcLeft(Rule):
    """Sources stay below `/usr/src`.

    Sources that are unpacked below `/usr/src` to be compiled are not needed afterwards. `rm -rf`
    in the same `RUN` removes them; a later one cannot.

    Off unless selected.

    Docker documentation, "Multi-stage builds".
    """

    meta = Meta(
        "usr-src-left",
        Category.SIZE,
        Severity.INFO,
        since="0.1",
        aliases=("mkdirUsrSrcThenRemove",),
        default=False,
    )
    on = (
        Run,
        OnBuild,
    )
    mentions = ("/usr/src",)
    bad = (
        "FROM debian:12-slim\n"
        "RUN mkdir -p /usr/src/app && tar -xf app.tar -C /usr/src/app && make -C "
        "/usr/src/app install\n"
    )
    good = (
        "FROM debian:12-slim\n"
        "RUN mkdir -p /usr/src/app && tar -xf app.tar -C /usr/src/app && make -C "
        "/usr/src/app install && rm -rf /usr/src/app\n"
    )
    valid = (
        Valid("FROM a\nRUN mkdir /usr/src/b\n"),
        Valid("FROM a\nRUN mkdir /usr/src/b && make && rm -r /usr/src/b\n"),
    )
    invalid = (
        Invalid("FROM a\nRUN mkdir -p /usr/src/b && make\n", at="/usr/src/b"),
        Invalid("FROM a\nRUN mkdir /usr/src; cd b; cmake c\n", at="/usr/src"),
    )

    def check(self, doc: Document) -> Iterator[Finding]:
        """Report each."""
        for program in doc.programs:
            text = program.script.text
            if "make" not in text or "rm " in text:
                continue
            for call in program.invocations_of("mkdir"):
                for argument in call.operands:
                    if argument.prefix.startswith("/usr/src"):
                        yield self.finding(
                            doc,
                            argument.span,
                            "the sources stay in the layer; remove them at the end of the RUN",
                        )
