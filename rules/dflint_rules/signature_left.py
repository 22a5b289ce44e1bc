"""The rule `signature-left`."""

from __future__ import annotations

from functools import partial

from dflint.cst.instructions import OnBuild, Run
from dflint.lint.rule import Category, Invalid, Meta, Rule, Severity, Valid

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from dflint.lint.document import Document
    from dflint.lint.finding import Finding
    from dflint.lint.fix import Fix
    from dflint.semantic.programs import Program
    from dflint.shell.invocation import Argument, Invocation


class SignatureLeft(Rule):
    """A signature stays in the layer after it was checked.

    The file that `gpg --verify` has compared with is not needed any more. `rm` in the same `RUN`
    removes it.

    Off unless selected.

    gpg(1), `--verify`.
    """

    meta = Meta(
        "signature-left",
        Category.SIZE,
        Severity.STYLE,
        since="0.1",
        aliases=("gpgVerifyAscRmAsc",),
        default=False,
        fix="unsafe",
    )
    on = (
        Run,
        OnBuild,
    )
    mentions = ("--verify",)
    bad = (
        "FROM debian:12-slim\nRUN gpg --batch --verify app.asc app && install app /usr/local/bin\n"
    )
    good = (
        "FROM debian:12-slim\n"
        "RUN gpg --batch --verify app.asc app && install app /usr/local/bin && rm "
        "app.asc\n"
    )
    valid = (
        Valid("FROM a\nRUN gpg --import b.asc\n"),
        Valid("FROM a\nRUN gpg --verify b.sig b; rm b.sig\n"),
    )
    invalid = (
        Invalid("FROM a\nRUN curl -O u/b.asc && gpg --verify b.asc b\n", at="b.asc",
                fixed="FROM a\nRUN curl -O u/b.asc && gpg --verify b.asc b && rm b.asc\n",
                unsafe=True),
        Invalid("FROM a\nRUN x b.sig && gpg --batch --verify /t/b.sig /t/b && c\n", at="/t/b.sig",
                fixed="FROM a\nRUN x b.sig && gpg --batch --verify /t/b.sig /t/b && rm /t/b.sig"
                " && c\n", unsafe=True),
        Invalid("FROM a\nCOPY b.asc b /\nRUN gpg --verify b.asc b && c\nRUN d b.asc\n", at="b.asc"),
    )  # fmt: skip

    def check(self, doc: Document) -> Iterator[Finding]:
        """Report each."""
        for program in doc.programs:
            if program.invocations_of("rm"):
                continue
            for call in program.invocations_of("gpg"):
                for argument in call.operands if call.option("--verify") is not None else ():
                    if argument.prefix.endswith((".asc", ".sig")):
                        yield self.finding(
                            doc,
                            argument.span,
                            "the signature stays in the layer; remove it in this RUN",
                            fix=partial(_fix, doc, program, call, argument),
                        )


def _fix(doc: Document, program: Program, call: Invocation, argument: Argument) -> Fix | None:
    import dflint.lint.removal_fixes as fixes  # costs less each time than a name of it

    return fixes.remove_behind(doc, program, call.command, argument.word)
