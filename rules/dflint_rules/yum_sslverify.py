"""The rule `yum-sslverify`."""

from __future__ import annotations

import re

from dflint.cst.instructions import OnBuild, Run
from dflint.lint.rule import Category, Invalid, Meta, Rule, Severity, Valid

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from dflint.lint.document import Document
    from dflint.lint.finding import Finding


#: The setting, but not git's `http.sslVerify`.
_OFF = re.compile(r"(?<![.\w])sslverify *+= *+(?:0|false|no|off)\b", re.IGNORECASE)


class YumSslverify(Rule):
    """`yum` or `dnf` is told to trust any server.

    `sslverify=false` has `yum` and `dnf` take repositories' metadata from whoever answers, and
    unless every repository has `repo_gpgcheck` that decides which packages there are. A mirror of
    one's own needs `sslcacert`, or its certificate in the system's store.

    Reported is the setting as an option (`--setopt`), and where a script writes it to a
    configuration.

    dnf(8), "Options".
    """

    meta = Meta(
        "yum-sslverify",
        Category.SECURITY,
        Severity.WARNING,
        since="0.1",
        aliases=("CKV2_DOCKER_15",),
    )
    on = (
        Run,
        OnBuild,
    )
    mentions = ("sslverify",)
    bad = "FROM rockylinux:9\nRUN dnf install -y --setopt=sslverify=false make && dnf clean all\n"
    good = "FROM rockylinux:9\nRUN dnf install -y make && dnf clean all\n"
    valid = (
        Valid(
            "FROM a\n"
            "RUN yum install -y --setopt=sslverify=true b && git -c http.sslVerify=false "
            "pull\n"
        ),
        Valid("FROM a\nRUN grep sslverify=0 /etc/yum.conf; echo sslverify=1 >> /etc/yum.conf\n"),
    )
    invalid = (
        Invalid("FROM a\nRUN yum -y --setopt sslverify=0 install b\n", at="sslverify=0"),
        Invalid(
            (
                "FROM a\n"
                'RUN echo "sslverify = false" >> /etc/yum.conf && yum-config-manager --save '
                "--setopt=sslverify=no\n"
            ),
            at=('"sslverify = false"', "--setopt=sslverify=no"),
        ),
    )

    def check(self, doc: Document) -> Iterator[Finding]:
        """Report each."""
        for program in doc.programs:
            if "sslverify" not in program.script.text.lower():
                continue
            for call in program.invocations:
                if call.name in ("git", "grep"):
                    continue
                for argument in call.arguments:
                    if _OFF.search(argument.prefix):
                        yield self.finding(
                            doc,
                            argument.span,
                            "anybody on the way can answer for a repository; give its certificate "
                            "with "
                            "`sslcacert` instead",
                        )
                        break
