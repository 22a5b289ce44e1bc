"""The rule `pip-trusted-host`."""

from __future__ import annotations

from functools import partial

from dflint.cst.instructions import Arg, Env, OnBuild, Run
from dflint.lint.option_fixes import leave_out
from dflint.lint.rule import Category, Invalid, Meta, Rule, Severity, Valid

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from dflint.lint.document import Document
    from dflint.lint.finding import Finding


class PipTrustedHost(Rule):
    """`pip` is told to trust an index without looking at its certificate.

    `--trusted-host` has `pip` take packages from a host whose certificate does not fit, or that
    has none, and pip runs what it gets while it installs. For PyPI itself it never helps: an old
    pip that cannot speak to it has to be replaced (`pip install --upgrade pip` from the
    distribution's packages). An index of one's own needs `--cert FILE`, or its certificate in the
    system's store.

    Reported are the option, `PIP_TRUSTED_HOST`, and `pip config set global.trusted-host`. The fix
    leaves the option out; it is unsafe.

    pip documentation, "pip".
    """

    meta = Meta(
        "pip-trusted-host",
        Category.SECURITY,
        Severity.WARNING,
        since="0.1",
        aliases=(
            "CKV2_DOCKER_4",
            "CKV2_DOCKER_16",
        ),
        fix="unsafe",
    )
    on = (
        Run,
        OnBuild,
        Env,
        Arg,
    )
    mentions = (
        "trusted-host",
        "trusted_host",
    )
    bad = (
        "FROM python:3.13-slim\n"
        "RUN pip install --no-cache-dir --trusted-host pypi.org requests==2.32.3\n"
    )
    good = "FROM python:3.13-slim\nRUN pip install --no-cache-dir requests==2.32.3\n"
    valid = (
        Valid("FROM a\nRUN pip install b && echo --trusted-host\n"),
        Valid(
            "FROM a\n"
            "ENV PIP_INDEX_URL=https://b.org/simple\n"
            "ARG PIP_TRUSTED_HOST\n"
            "RUN pip install --cert c b\n"
        ),
    )
    invalid = (
        Invalid(
            "FROM a\nRUN pip3 install --trusted-host pypi.org b\n",
            at="--trusted-host",
            fixed="FROM a\nRUN pip3 install b\n",
            unsafe=True,
        ),
        Invalid(
            ("FROM a\nENV PIP_TRUSTED_HOST=b.org\nRUN pip config set global.trusted-host b.org\n"),
            at=("PIP_TRUSTED_HOST", "global.trusted-host"),
        ),
        Invalid(
            "FROM a\nRUN python -m pip install b --trusted-host=pypi.org\n",
            at="--trusted-host=pypi.org",
            fixed="FROM a\nRUN python -m pip install b\n",
            unsafe=True,
        ),
    )

    def check(self, doc: Document) -> Iterator[Finding]:
        """Report each."""
        message = (
            "pip takes what this host sends, whoever answers for it; leave it out, or give the "
            "certificate with `--cert`"
        )
        for occurrence in doc.occurrences(Env, Arg):
            for at, word in enumerate(occurrence.reading.arguments):
                name, _, value = word.partition("=")
                if name == "PIP_TRUSTED_HOST" and (value or occurrence.reading.keyword == "env"):
                    yield self.finding(doc, occurrence.argument(at), message)
        for program in doc.programs:
            for call in program.invocations_of("pip", "uv pip", "pipx"):
                option = call.option("--trusted-host")
                if option is not None:
                    fix = partial(leave_out, doc, call, option)
                    yield self.finding(doc, option.span, message, fix=fix)
                elif call.verb == "config":
                    for argument in call.operands:
                        if argument.prefix.endswith(".trusted-host"):
                            yield self.finding(doc, argument.span, message)
