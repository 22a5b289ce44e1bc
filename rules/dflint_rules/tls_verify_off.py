"""The rule `tls-verify-off`."""

from __future__ import annotations

from dflint.cst.instructions import Arg, Env, OnBuild, Run
from dflint.lint.rule import Category, Invalid, Meta, Rule, Severity, Valid
from dflint.semantic.tls_switches import switched_off

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from dflint.lint.document import Document
    from dflint.lint.finding import Finding


class TlsVerifyOff(Rule):
    """Programs are told to trust any server.

    Node, Python, git, npm and others have a switch that has them take any certificate. Set with
    `ENV` or written to a configuration it holds for everything that the image does from then on,
    also when it runs: whoever sits between it and a server can answer in its place. A server with
    a certificate of its own needs that certificate: in the system's store, or named with
    `NODE_EXTRA_CA_CERTS`, `SSL_CERT_FILE`, `REQUESTS_CA_BUNDLE`, `GIT_SSL_CAINFO`, npm's
    `cafile`.

    Reported are `NODE_TLS_REJECT_UNAUTHORIZED=0`, `PYTHONHTTPSVERIFY=0`, `GIT_SSL_NO_VERIFY`,
    `NPM_CONFIG_STRICT_SSL=false` and their like in `ENV`, `ARG` and scripts, git's
    `http.sslVerify`, npm's and Yarn's `strict-ssl`, conda's `ssl_verify`.

    git-config(1), `http.sslVerify`; npm documentation, "config".
    """

    meta = Meta(
        "tls-verify-off",
        Category.SECURITY,
        Severity.WARNING,
        since="0.1",
        aliases=(
            "CKV2_DOCKER_5",
            "CKV2_DOCKER_6",
            "CKV2_DOCKER_12",
            "CKV2_DOCKER_13",
            "CKV2_DOCKER_14",
        ),
    )
    on = (
        Run,
        OnBuild,
        Env,
        Arg,
    )
    mentions = (
        "reject_unauthorized",
        "httpsverify",
        "ssl_no_verify",
        "strict_ssl",
        "strict-ssl",
        "sslverify",
        "ssl_verify",
    )
    bad = "FROM node:22-slim\nENV NODE_TLS_REJECT_UNAUTHORIZED=0\n"
    good = "FROM node:22-slim\nENV NODE_EXTRA_CA_CERTS=/etc/ssl/certs/own.pem\n"
    valid = (
        Valid(
            "FROM a\n"
            "ENV NODE_TLS_REJECT_UNAUTHORIZED=1 GIT_SSL_NO_VERIFY=\n"
            "RUN git config http.sslVerify true\n"
        ),
        Valid(
            "FROM a\n"
            "ARG NODE_TLS_REJECT_UNAUTHORIZED\n"
            "RUN npm config get strict-ssl && npm config set strict-ssl true\n"
        ),
    )
    invalid = (
        Invalid(
            "FROM a\nENV PYTHONHTTPSVERIFY=0 A=b\nARG GIT_SSL_NO_VERIFY=true\n",
            at=("PYTHONHTTPSVERIFY", "GIT_SSL_NO_VERIFY=true"),
        ),
        Invalid(
            (
                "FROM a\n"
                "RUN export NODE_TLS_REJECT_UNAUTHORIZED=0 && GIT_SSL_NO_VERIFY=1 git clone "
                "https://b.org/c\n"
            ),
            at=("NODE_TLS_REJECT_UNAUTHORIZED=0", "GIT_SSL_NO_VERIFY=1"),
        ),
        Invalid(
            (
                "FROM a\n"
                "RUN git config --global http.sslVerify false && git -c http.sslVerify=0 "
                "pull\n"
            ),
            at=("http.sslVerify", "http.sslVerify=0"),
        ),
        Invalid(
            (
                "FROM a\n"
                'RUN npm config set strict-ssl false; yarn config set "strict-ssl" false; '
                "npm ci --strict-ssl=false\n"
            ),
            at=("strict-ssl", '"strict-ssl"', "--strict-ssl=false"),
        ),
        Invalid(
            ("FROM a\nRUN npm set strict-ssl=false && conda config --set ssl_verify no\n"),
            at=("strict-ssl=false", "ssl_verify"),
        ),
    )

    def check(self, doc: Document) -> Iterator[Finding]:
        """Report each."""
        for span, name in switched_off(doc.tree, doc.programs):
            yield self.finding(
                doc,
                span,
                f"`{name}` has any certificate taken, so that anybody on the way can answer for a "
                "server; "
                "give the server's certificate instead",
            )
