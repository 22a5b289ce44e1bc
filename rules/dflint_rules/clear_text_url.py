"""The rule `clear-text-url`."""

from __future__ import annotations

from functools import partial

from dflint.cst.instructions import Add, OnBuild, Run
from dflint.lint.contract import SAME_IMAGE
from dflint.lint.rule import Category, Invalid, Meta, Rule, Severity, Valid
from dflint.semantic.clear_text_urls import clear_text_urls

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from dflint.lint.document import Document
    from dflint.lint.finding import Finding
    from dflint.lint.fix import Fix
    from dflint.text.span import Span


#: Hosts, and the domains below them, that are known to answer to HTTPS with the same.
_SECURE = frozenset(
    (
        "github.com", "githubusercontent.com", "gitlab.com", "bitbucket.org", "apache.org",
        "gnu.org", "kernel.org", "python.org", "pypi.org", "pythonhosted.org", "nodejs.org",
        "npmjs.org", "npmjs.com", "rubygems.org", "golang.org", "debian.org", "sourceforge.net",
        "maven.org", "amazonaws.com", "googleapis.com", "docker.com", "microsoft.com",
        "fedoraproject.org", "php.net", "getcomposer.org", "postgresql.org", "nginx.org",
        "elastic.co", "eclipse.org", "gradle.org", "anaconda.com", "continuum.io",
    )
)  # fmt: skip


class ClearTextUrl(Rule):
    """Something is fetched over `http://`, and nothing looks at what comes.

    What comes over plain HTTP can be read and replaced by anybody on the way: the archive that is
    unpacked, the script that is run, the key that packages are checked with. Most servers answer
    to `https://` as well; where one does not, compare the file with a digest (`ADD
    --checksum=sha256:…`, `sha256sum -c`).

    Looked at are the URLs of `ADD`, `curl`, `wget`, `git clone` and pip's indexes. Not reported
    are hosts of the own network, `wget --spider`, and what a digest or a signature is checked of
    in the same `RUN`, or by `ADD --checksum`. The fix writes `https://` for hosts that are known
    to answer to it; it is unsafe.

    Docker documentation, "Build secrets"; RFC 9110, section 4.2.2.
    """

    meta = Meta(
        "clear-text-url",
        Category.SECURITY,
        Severity.WARNING,
        since="0.1",
        aliases=(
            "curlUseHttpsUrl",
            "wgetUseHttpsUrl",
            "S5332",
        ),
        fix="unsafe",
    )
    on = (
        Run,
        OnBuild,
        Add,
    )
    mentions = ("http://",)
    bad = "FROM buildpack-deps:bookworm\nRUN wget -q http://example.org/data.tar.gz\n"
    good = "FROM buildpack-deps:bookworm\nRUN wget -q https://example.org/data.tar.gz\n"
    valid = (
        Valid(
            "FROM a\n"
            "ADD --checksum=$SUM http://b.org/c /\n"
            "RUN wget http://b.org/d && sha256sum -c d.sum && curl https://b.org\n"
        ),
        Valid(
            "FROM a\n"
            "RUN curl http://localhost:80/ http://proxy/x http://10.0.0.1/ http://[::1]/ "
            "http://b.local; echo http://b.org\n"
        ),
    )
    invalid = (
        Invalid(
            ("FROM a\nADD http://b.org/c.tar /\nRUN curl -fsSL http://b.org/key | apt-key add -\n"),
            at=("http://b.org/c.tar", "http://b.org/key"),
        ),
        Invalid(
            ('FROM a\nRUN wget "http://github.com/b/c" && git clone http://b.org/c.git\n'),
            at=('"http://github.com/b/c"', "http://b.org/c.git"),
            fixed=('FROM a\nRUN wget "https://github.com/b/c" && git clone http://b.org/c.git\n'),
            unsafe=True,
        ),
        Invalid(
            (
                "FROM a\n"
                "ARG V=1\n"
                "ONBUILD RUN wget http://b.org/c-$V.tar && pip install -i "
                "http://c.org/simple d\n"
            ),
            at=("http://b.org/c-$V.tar", "http://c.org/simple"),
        ),
    )

    def check(self, doc: Document) -> Iterator[Finding]:
        """Report each."""
        for span, url in clear_text_urls(doc.tree, doc.programs):
            yield self.finding(
                doc,
                span,
                "anybody on the way can replace what comes over `http://`; write `https://`, or "
                "check a "
                "digest of it",
                fix=partial(_https, doc, span, url),
            )


def _is_secure(url: str) -> bool:
    host, slash, _ = url[len("http://") :].lower().partition("/")
    labels = host.split(".")
    if not slash or ".".join(labels[-2:]) not in _SECURE:
        return False
    return all(label.replace("-", "a").replace("_", "a").isalnum() for label in labels)


def _https(doc: Document, span: Span, url: str) -> Fix | None:
    """`https://` instead; None for a host that is not known to answer to it."""
    from dflint.lint.fixing import Applicability, Edit, Effect, Fix

    text = span.slice(doc.text)
    at = text.lower().find("http://")
    if at < 0 or not _is_secure(url):
        return None
    edit = Edit.insertion(span.start + at + len("http"), "s")
    return Fix(
        "fetch it over `https://`", (edit,), Applicability.UNSAFE, Effect.FILES, contract=SAME_IMAGE
    )
