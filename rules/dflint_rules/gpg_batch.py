"""The rule `gpg-batch`."""

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
    from dflint.shell.invocation import Invocation


class GpgBatch(Rule):
    """`gpg` may ask questions.

    Without `--batch` gpg expects somebody at a terminal: it may ask, and writes for people, in
    ways that change. With it the same call does the same each time.

    Off unless selected: most calls work without.

    gpg(1), `--batch`.
    """

    meta = Meta(
        "gpg-batch",
        Category.CORRECTNESS,
        Severity.INFO,
        since="0.1",
        aliases=("gpgUseBatchFlag",),
        default=False,
        fix="unsafe",
    )
    on = (
        Run,
        OnBuild,
    )
    mentions = ("gpg",)
    bad = "FROM debian:12-slim\nRUN gpg --import key.asc\n"
    good = "FROM debian:12-slim\nRUN gpg --batch --import key.asc\n"
    valid = (
        Valid("FROM a\nRUN gpg --batch --verify b c; gpg --version\n"),
        Valid("FROM a\nRUN apt-get install -y gpg\n"),
    )
    invalid = (
        Invalid("FROM a\nRUN x | gpg --command-fd 0 --full-gen-key\n", at="gpg"),
        Invalid(
            "FROM a\nRUN gpg --recv-keys b\n",
            at="gpg",
            fixed="FROM a\nRUN gpg --batch --recv-keys b\n",
            unsafe=True,
        ),
        Invalid(
            "FROM a\nRUN x | gpg --dearmor > y\n",
            at="gpg",
            fixed="FROM a\nRUN x | gpg --batch --dearmor > y\n",
            unsafe=True,
        ),
    )

    def check(self, doc: Document) -> Iterator[Finding]:
        """Report each."""
        for program in doc.programs:
            for call in program.invocations_of("gpg", "gpg2"):
                if (
                    call.options
                    and call.option("--batch", "--version", "--list-keys", "-k") is None
                ):
                    fix = partial(_fix, doc, call)
                    yield self.finding(
                        doc,
                        call.span,
                        "gpg may ask somebody who is not there; add `--batch`",
                        fix=fix,
                    )


def _fix(doc: Document, call: Invocation) -> Fix | None:
    from dflint.lint.fix import Applicability
    from dflint.lint.program_fixes import add_option

    if call.option("--command-fd", "--command-file") is not None:
        return None  # somebody answers, in words that `--batch` reads otherwise
    return add_option(doc, call, "--batch", Applicability.UNSAFE, before_verb=True)
