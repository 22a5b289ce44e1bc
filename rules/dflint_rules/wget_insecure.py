"""The rule `wget-insecure`."""

from __future__ import annotations

from functools import partial

from dflint.cst.instructions import OnBuild, Run
from dflint.lint.option_fixes import leave_out
from dflint.lint.rule import Category, Invalid, Meta, Rule, Severity, Valid
from dflint.semantic.verified_downloads import verifies

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from dflint.lint.document import Document
    from dflint.lint.finding import Finding


class WgetInsecure(Rule):
    """`wget` is told to trust any server.

    With `--no-check-certificate` `wget` takes any certificate, so that whoever sits between the
    build and the server can answer in its place. A server with a certificate of its own needs
    `--ca-certificate FILE`, or the certificate in the system's store; an image without
    `ca-certificates` needs that package.

    Not reported are scripts that check a digest or a signature of what they fetch. The fix leaves
    the option out; it is unsafe, because the download fails where the certificate is not to be
    trusted.

    GNU Wget manual, "HTTPS (SSL/TLS) Options".
    """

    meta = Meta(
        "wget-insecure",
        Category.SECURITY,
        Severity.WARNING,
        since="0.1",
        aliases=("CKV2_DOCKER_3",),
        fix="unsafe",
    )
    on = (
        Run,
        OnBuild,
    )
    mentions = ("--no-check-certificate",)
    bad = (
        "FROM buildpack-deps:bookworm\n"
        "RUN wget -q --no-check-certificate https://example.org/data.zip\n"
    )
    good = "FROM buildpack-deps:bookworm\nRUN wget -q https://example.org/data.zip\n"
    valid = (
        Valid("FROM a\nRUN wget -q https://b.org && echo --no-check-certificate\n"),
        Valid(
            "FROM a\nRUN wget --no-check-certificate https://b.org/x && sha512sum --check x.sum\n"
        ),
    )
    invalid = (
        Invalid(
            "FROM a\nRUN wget --no-check-certificate \\\n  https://b.org/x\n",
            at="--no-check-certificate",
            fixed="FROM a\nRUN wget \\\n  https://b.org/x\n",
            unsafe=True,
        ),
        Invalid(
            "FROM a\nONBUILD RUN cd x; wget -O- $U --no-check-certificate | tar x\n",
            at="--no-check-certificate",
            fixed="FROM a\nONBUILD RUN cd x; wget -O- $U | tar x\n",
            unsafe=True,
        ),
    )

    def check(self, doc: Document) -> Iterator[Finding]:
        """Report each."""
        for program in doc.programs:
            for call in program.invocations_of("wget"):
                option = call.option("--no-check-certificate")
                if option is not None and not verifies(program):
                    yield self.finding(
                        doc,
                        option.span,
                        "anybody on the way can answer for the server; leave the option out, and "
                        "install "
                        "`ca-certificates` or the server's certificate",
                        fix=partial(leave_out, doc, call, option),
                    )
