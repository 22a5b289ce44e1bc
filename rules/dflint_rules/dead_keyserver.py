"""The rule `dead-keyserver`."""

from __future__ import annotations

from functools import partial

from dflint.cst.instructions import OnBuild, Run
from dflint.lint.contract import SAME_IMAGE
from dflint.lint.rule import Category, Invalid, Meta, Rule, Severity, Valid

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from dflint.lint.document import Document
    from dflint.lint.finding import Finding
    from dflint.lint.fix import Fix
    from dflint.semantic.programs import Program
    from dflint.shell.invocation import Argument


_GONE = ("sks-keyservers.net", "keys.gnupg.net")


class DeadKeyserver(Rule):
    """A key is asked of servers that are gone.

    The pool of SKS key servers (`pool.sks-keyservers.net`, and `keys.gnupg.net`, which led there)
    was given up in 2021; its names do not resolve, and the build fails. Keys are at
    `keyserver.ubuntu.com` and `keys.openpgp.org`; a key that is in the project, or fetched over
    HTTPS from who signs with it, needs no server.

    Not reported where the same script also asks another server. The fix names
    `keyserver.ubuntu.com`; it is unsafe.

    gpg(1), `--keyserver`.
    """

    meta = Meta(
        "dead-keyserver",
        Category.CORRECTNESS,
        Severity.ERROR,
        since="0.1",
        aliases=("gpgUseHaPools",),
        fix="unsafe",
    )
    on = (
        Run,
        OnBuild,
    )
    mentions = (
        "sks-keyservers.net",
        "keys.gnupg.net",
    )
    bad = (
        "FROM debian:12-slim\n"
        "RUN gpg --batch --keyserver ha.pool.sks-keyservers.net --recv-keys "
        "0123456789ABCDEF\n"
    )
    good = (
        "FROM debian:12-slim\n"
        "RUN gpg --batch --keyserver keyserver.ubuntu.com --recv-keys "
        "0123456789ABCDEF\n"
    )
    valid = (
        Valid("FROM a\nRUN gpg --keyserver keys.openpgp.org --recv-keys b\n"),
        Valid(
            "FROM a\n"
            "RUN gpg --keyserver pool.sks-keyservers.net --recv b || gpg --keyserver "
            "keyserver.ubuntu.com --recv b\n"
        ),
    )
    invalid = (
        Invalid(
            (
                "FROM a\n"
                "RUN apt-key adv --keyserver hkp://p80.pool.sks-keyservers.net:80 "
                "--recv-keys b\n"
            ),
            at="hkp://p80.pool.sks-keyservers.net:80",
            fixed=("FROM a\nRUN apt-key adv --keyserver keyserver.ubuntu.com --recv-keys b\n"),
            unsafe=True,
        ),
        Invalid(
            "FROM a\nRUN gpg --keyserver keys.gnupg.net --recv b\n",
            at="keys.gnupg.net",
            fixed="FROM a\nRUN gpg --keyserver keyserver.ubuntu.com --recv b\n",
            unsafe=True,
        ),
    )

    def check(self, doc: Document) -> Iterator[Finding]:
        """Report each."""
        for program in doc.programs:
            if not any(name in program.script.text for name in _GONE):
                continue
            calls = program.invocations_of(
                "gpg", "gpg2", "apt-key", "add-apt-repository", "dirmngr"
            )
            named = [
                (argument, argument.prefix)
                for call in calls
                for argument in call.arguments
                if "." in argument.prefix
                and "key" in argument.prefix
                and argument.prefix[:1] != "/"
            ]
            gone = [argument for argument, text in named if any(name in text for name in _GONE)]
            hosts = [text for _, text in named if "server" in text or "keys." in text]
            if len(gone) < len(hosts) or "||" in program.script.text:
                continue
            for argument in gone:
                yield self.finding(
                    doc,
                    argument.span,
                    "this pool of key servers is gone, and the build fails; use "
                    "`keyserver.ubuntu.com` or "
                    "`keys.openpgp.org`",
                    fix=partial(_fix, program, argument),
                )


def _fix(program: Program, argument: Argument) -> Fix | None:
    from dflint.lint.fix import Applicability, Effect, Fix
    from dflint.semantic.program_edits import replace_word

    edits = replace_word(program, argument.word, "keyserver.ubuntu.com")
    if edits is None:
        return None
    lost = (argument.prefix,)
    title = "ask `keyserver.ubuntu.com`"
    return Fix(title, edits, Applicability.UNSAFE, Effect.FILES, lost=lost, contract=SAME_IMAGE)
