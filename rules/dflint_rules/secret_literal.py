"""The rule `secret-literal`."""

from __future__ import annotations

from dflint.lint.rule import Category, Invalid, Meta, Rule, Severity, Valid
from dflint.semantic.secret_literals import TOKEN_MARKS, password_literals, token_literals

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from dflint.lint.document import Document
    from dflint.lint.finding import Finding


class SecretLiteral(Rule):
    """A secret stands in the file.

    A Dockerfile is read by everybody who can read the repository, and most of what it says can be
    read in the image too: with `docker history`, in its labels and environment, in its layers. A
    token that is there is no secret any more: withdraw it, and give the new one to the build with
    `RUN --mount=type=secret`, or to the container when it starts.

    Found by their form are private keys and tokens of AWS, GitHub, GitLab, Slack, Stripe, Google,
    npm, PyPI, Docker Hub, Hugging Face, SendGrid, DigitalOcean and Shopify, and passwords in the
    addresses of servers (`https://user:password@host`). Examples of documentation
    (`AKIAIOSFODNN7EXAMPLE`) and placeholders are left out.

    Docker documentation, "Build secrets".
    """

    meta = Meta(
        "secret-literal",
        Category.SECURITY,
        Severity.ERROR,
        since="0.1",
        aliases=("tally/secrets-in-code",),
    )
    mentions = (*TOKEN_MARKS, "@")
    bad = (
        "FROM node:22-slim\n"
        "RUN npm config set //registry.npmjs.org/:_authToken "
        "npm_a8Kd0Zq3Lw5Xr7Tb9Yc1Ve4Nf6Mg2Hj0Ps3U\n"
    )
    good = "FROM node:22-slim\nRUN --mount=type=secret,id=npmrc,target=/root/.npmrc npm whoami\n"
    valid = (
        Valid(
            "FROM a\n"
            "ENV AWS_ACCESS_KEY_ID=AKIAIOSFODNN7EXAMPLE\n"
            "RUN git clone https://user:$TOKEN@b.org/c\n"
        ),
        Valid(
            "FROM a\n"
            "RUN echo ghp_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx && curl "
            "http://user:password@localhost/\n"
        ),
    )
    invalid = (
        Invalid("FROM a\nENV ID=AKIAQ3EGR5XN7WPLZK2M\n", at="AKIAQ3EGR5XN7WPLZK2M"),
        Invalid(
            (
                "FROM a\n"
                'RUN echo "-----BEGIN RSA PRIVATE KEY-----" > k\n'
                "RUN git clone https://jo:s3cr3tX9@b.org/c.git\n"
            ),
            at=("-----BEGIN RSA PRIVATE KEY-----", "s3cr3tX9"),
        ),
    )

    def check(self, doc: Document) -> Iterator[Finding]:
        """Report each."""
        found = list(token_literals(doc.text)) if doc.occurring.any_of(TOKEN_MARKS) else []
        found += password_literals(doc.text)
        for span, what in found:
            yield self.finding(
                doc,
                span,
                f"{what} can be read by whoever reads the file, and mostly in the image too; "
                "withdraw it, "
                "and use `RUN --mount=type=secret`",
            )
