"""The rule `unsigned-packages`."""

from __future__ import annotations

from functools import partial

from dflint.cst.instructions import OnBuild, Run
from dflint.lint.option_fixes import leave_out
from dflint.lint.rule import Category, Invalid, Meta, Rule, Severity, Valid
from dflint.semantic.unsigned_packages import unsigned_packages

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from dflint.lint.document import Document
    from dflint.lint.finding import Finding
    from dflint.shell.invocation import Invocation


class UnsignedPackages(Rule):
    """Packages are installed without a look at who signed them.

    A package manager checks that packages are those that the distribution has signed. With the
    check switched off it installs, as root, whatever the mirror or somebody on the way sends. The
    key of another repository is to be added instead (`/etc/apk/keys`, `signed-by=` in apt's
    sources, `rpm --import`).

    Reported are apt's `--allow-unauthenticated`, `--allow-insecure-repositories`, `--force-yes`
    (which has that effect besides its name) and the settings that stand for them, `[trusted=yes]`
    in its sources, apk's `--allow-untrusted`, `--nogpgcheck` and `gpgcheck=0` of yum and dnf,
    `--nosignature` of rpm, `--no-gpg-checks` of zypper. Not reported where the same script checks
    a digest or a signature, and for package files that it has not fetched. The fix leaves an
    option out; it is unsafe.

    apt-get(8), `--allow-unauthenticated`; apk(8), `--allow-untrusted`; dnf(8), `--nogpgcheck`.
    """

    meta = Meta(
        "unsigned-packages",
        Category.SECURITY,
        Severity.WARNING,
        since="0.1",
        aliases=(
            "CKV2_DOCKER_7",
            "CKV2_DOCKER_8",
            "CKV2_DOCKER_9",
            "CKV2_DOCKER_10",
            "CKV2_DOCKER_11",
            "CIS-DI-0011",
        ),
        fix="unsafe",
    )
    on = (
        Run,
        OnBuild,
    )
    mentions = (
        "unauthenticated",
        "insecurerepositories",
        "insecure-repositories",
        "force-yes",
        "untrusted",
        "gpgcheck",
        "nosignature",
        "nodigest",
        "no-gpg-checks",
        "trusted=yes",
    )
    bad = (
        "FROM alpine:3.22\n"
        "RUN apk add --no-cache --allow-untrusted --repository "
        "https://example.org/alpine tool\n"
    )
    good = (
        "FROM alpine:3.22\n"
        "COPY tool.rsa.pub /etc/apk/keys/\n"
        "RUN apk add --no-cache --repository https://example.org/alpine tool\n"
    )
    valid = (
        Valid(
            "FROM a\nRUN apt-get install -y b && echo --allow-unauthenticated && rpm --import c\n"
        ),
        Valid("FROM a\nRUN sha256sum -c x.sum && apk add --allow-untrusted https://b.org/x.apk\n"),
        Valid(
            "FROM a\n"
            "COPY x.apk /\n"
            "RUN apk add --allow-untrusted /x.apk; apt-get remove -y --force-yes b\n"
        ),
    )
    invalid = (
        Invalid("FROM a\nRUN apk add --allow-untrusted /x.apk git\n", at="--allow-untrusted"),
        Invalid(
            (
                "FROM a\n"
                "RUN apt-get install -y --allow-unauthenticated b; apt-get -y --force-yes "
                "install b\n"
            ),
            at=("--allow-unauthenticated", "--force-yes"),
            fixed="FROM a\nRUN apt-get install -y b; apt-get -y install b\n",
            unsafe=True,
        ),
        Invalid(
            (
                "FROM a\n"
                "RUN yum install -y --nogpgcheck b && rpm -i --nosignature "
                "https://c.org/c.rpm && dnf install -y --setopt=gpgcheck=0 d\n"
            ),
            at=("--nogpgcheck", "--nosignature", "--setopt=gpgcheck=0"),
            fixed=(
                "FROM a\nRUN yum install -y b && rpm -i https://c.org/c.rpm && dnf install -y d\n"
            ),
            unsafe=True,
        ),
        Invalid(
            (
                "FROM a\n"
                'RUN echo "deb [trusted=yes] https://b.org c d" > '
                "/etc/apt/sources.list.d/b.list\n"
            ),
            at='"deb [trusted=yes] https://b.org c d"',
        ),
        Invalid(
            (
                "FROM a\n"
                "RUN apt-get -o APT::Get::AllowUnauthenticated=true install -y b && zypper "
                "-n --no-gpg-checks in c\n"
            ),
            at=("-o", "--no-gpg-checks"),
            fixed="FROM a\nRUN apt-get install -y b && zypper -n in c\n",
            unsafe=True,
        ),
    )

    def check(self, doc: Document) -> Iterator[Finding]:
        """Report each."""
        for call, option, span, name in unsigned_packages(doc.programs):
            yield self.finding(
                doc,
                span,
                f"with `{name}` whatever the mirror sends is installed, as root, whoever made it; "
                "add the repository's key instead",
                fix=None
                if option is None or _names_files(call)
                else partial(leave_out, doc, call, option),
            )


def _names_files(call: Invocation) -> bool:
    """Whether a call installs files too, which need the option where they are not signed."""
    return call.name in ("apk", "zypper") and any("/" in one.prefix for one in call.operands)
