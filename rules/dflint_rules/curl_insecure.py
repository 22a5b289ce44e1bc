"""The rule `curl-insecure`."""

from __future__ import annotations

import re
from functools import partial

from dflint.cst.instructions import OnBuild, Run
from dflint.lint.rule import Category, Invalid, Meta, Rule, Severity, Valid

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from dflint.lint.document import Document
    from dflint.lint.finding import Finding
    from dflint.shell.invocation import Invocation


#: The option's letter, perhaps in a cluster.
_LETTER = re.compile(r"-(?<=[\s\x22]-)[A-Za-z#]*k")


class CurlInsecure(Rule):
    """`curl` is told to trust any server.

    With `-k` `curl` takes any certificate, so that whoever sits between the build and the server
    can answer in its place, and what is built in comes from there. A server with a certificate of
    its own needs `--cacert FILE`, or the certificate in the system's store
    (`update-ca-certificates`); an image without `ca-certificates` needs that package.

    All options of the kind are reported: `-k`, `--insecure`, `--proxy-insecure`. Not reported are
    calls of the machine itself (`https://localhost`), and scripts that check a digest or a
    signature of what they fetch. The fix leaves the option out; it is unsafe, because the
    download fails where the certificate is not to be trusted.

    curl(1), `--insecure`.
    """

    meta = Meta(
        "curl-insecure",
        Category.SECURITY,
        Severity.WARNING,
        since="0.1",
        aliases=("CKV2_DOCKER_2",),
        fix="unsafe",
    )
    on = (
        Run,
        OnBuild,
    )
    mentions = ("curl",)
    bad = (
        "FROM buildpack-deps:bookworm\n"
        "RUN curl -fsSLk -o /usr/local/bin/tool https://example.org/tool\n"
    )
    good = (
        "FROM buildpack-deps:bookworm\n"
        "RUN curl -fsSL -o /usr/local/bin/tool https://example.org/tool\n"
    )
    valid = (
        Valid(
            "FROM a\n"
            "RUN curl https://localhost/x -k && curl -o -k https://b.org && wget -k "
            "https://c.org\n"
        ),
        Valid('FROM a\nRUN curl -ko x https://b.org/x && echo "$SUM  x" | sha256sum -c -\n'),
    )
    invalid = (
        Invalid(
            ("FROM a\nRUN curl -ksSO https://b.org/x && curl --insecure https://b.org/y | tar x\n"),
            at=("-ksSO", "--insecure"),
            fixed="FROM a\nRUN curl -sSO https://b.org/x && curl https://b.org/y | tar x\n",
            unsafe=True,
        ),
        Invalid(
            "FROM a\nRUN curl \\\n  -k \\\n  $URL\n",
            at="-k",
            fixed="FROM a\nRUN curl \\\n  $URL\n",
            unsafe=True,
        ),
        Invalid('FROM a\nRUN ["curl", "-k", "https://b.org"]\n', at="-k"),
        # It was thought of.
        Invalid(
            "FROM a\n# `--insecure`, as the certificate has ended\n"
            "RUN curl --insecure https://b.org\n"
            "RUN curl \\\n  # they sign it themselves, hence -k\n  -k https://b.org\n",
            at=("--insecure", "-k"),
        ),
    )

    def check(self, doc: Document) -> Iterator[Finding]:
        """Report each."""
        if "insecure" not in doc.text and _LETTER.search(doc.text) is None:
            return
        from dflint.lint.option_fixes import leave_out
        from dflint.semantic.verified_downloads import verifies

        for program in doc.programs:
            for call in program.invocations_of("curl"):
                option = call.option("-k", "--insecure", "--proxy-insecure")
                if option is None or _is_local(call) or verifies(program):
                    continue
                yield self.finding(
                    doc,
                    option.span,
                    f"with `{option.name}` anybody on the way can answer for the server; leave it "
                    "out, or "
                    "give the certificate with `--cacert`",
                    fix=partial(leave_out, doc, call, option),
                )


def _is_local(call: Invocation) -> bool:
    return any("://localhost" in one.prefix or "://127." in one.prefix for one in call.operands)
