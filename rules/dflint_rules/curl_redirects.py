"""The rule `curl-redirects`."""

from __future__ import annotations

from functools import partial

from dflint.cst.instructions import OnBuild, Run
from dflint.lint.options import OptionSpec
from dflint.lint.rule import Category, Invalid, Meta, Rule, Severity, Valid
from dflint.text.lazy_pattern import LazyPattern

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from dflint.lint.document import Document
    from dflint.lint.finding import Finding
    from dflint.lint.fix import Fix
    from dflint.shell.invocation import Invocation


_REDIRECTED = LazyPattern(
    r"https?://(?:(?:www\.)?github\.com/[^/]+/[^/]+/(?:releases/(?:latest/)?download|archive|zipball|tarball|raw)/"
    r"|sourceforge\.net/projects/.+/download|downloads?\.sourceforge\.net/)"
)


class CurlRedirects(Rule):
    """`curl` does not follow the redirect that this server answers with.

    Releases and archives of GitHub, and downloads of SourceForge, are redirected to another host.
    Without `-L` curl saves the redirect's empty page in the place of the file, and succeeds.

    Only addresses that are known to be redirected are reported; with the option `everywhere` all.

    curl(1), `--location`.
    """

    meta = Meta(
        "curl-redirects",
        Category.CORRECTNESS,
        Severity.ERROR,
        since="0.1",
        aliases=(
            "tally/curl-should-follow-redirects",
            "curlUseFlagL",
        ),
        options=(
            OptionSpec(
                "everywhere",
                "bool",
                False,
                "Whether every address is to be followed.",
                exact_for=("tally/curl-should-follow-redirects",),
            ),
        ),
        fix="unsafe",
    )
    on = (
        Run,
        OnBuild,
    )
    mentions = ("curl",)
    bad = (
        "FROM buildpack-deps:bookworm\n"
        "RUN curl -fsSo /usr/local/bin/app "
        "https://github.com/acme/app/releases/download/v1/app\n"
    )
    good = (
        "FROM buildpack-deps:bookworm\n"
        "RUN curl -fsSLo /usr/local/bin/app "
        "https://github.com/acme/app/releases/download/v1/app\n"
    )
    valid = (
        Valid("FROM a\nRUN curl -O https://b.org/c && curl https://raw.githubusercontent.com/b\n"),
        Valid(
            "FROM a\n"
            "RUN curl -sI https://github.com/a/b/archive/c.zip; curl --location "
            "https://github.com/a/b/archive/c.zip\n"
        ),
    )
    invalid = (
        Invalid(
            "FROM a\nRUN curl -s $B | sh\n",
            at="$B",
            options={"everywhere": True},
            fixed="FROM a\nRUN curl -L -s $B | sh\n",
            unsafe=True,
        ),
        Invalid(
            "FROM a\nRUN curl -O https://github.com/b/c/archive/v1.tar.gz\n",
            at="https://github.com/b/c/archive/v1.tar.gz",
            fixed="FROM a\nRUN curl -L -O https://github.com/b/c/archive/v1.tar.gz\n",
            unsafe=True,
        ),
        Invalid(
            "FROM a\nRUN curl https://b.org/c\n",
            at="https://b.org/c",
            options={"everywhere": True},
            fixed="FROM a\nRUN curl -L https://b.org/c\n",
            unsafe=True,
        ),
    )

    def check(self, doc: Document) -> Iterator[Finding]:
        """Report each."""
        everywhere = bool(doc.settings.options.get(self.meta.name, {}).get("everywhere"))
        if not everywhere and "github.com/" not in doc.text and "sourceforge.net/" not in doc.text:
            return
        for program in doc.programs:
            for call in program.invocations_of("curl"):
                if (
                    call.option("-L", "--location", "--location-trusted", "-I", "--head", "-w")
                    is not None
                ):
                    continue
                if (
                    call.option("-X", "--request", "-d", "--data", "-T", "-K", "--config")
                    is not None
                ):
                    continue
                for argument in call.operands:
                    if _is_redirected(argument.prefix) or (
                        everywhere
                        and argument is call.operands[0]
                        and not argument.prefix.startswith(("file:", "ftp:"))
                    ):
                        yield self.finding(
                            doc,
                            argument.span,
                            "this address is redirected, and without `-L` curl saves an empty "
                            "page; add it",
                            fix=partial(_fix, doc, call),
                        )
                        break


def _is_redirected(url: str) -> bool:
    if "github.com/" not in url and "sourceforge.net/" not in url:
        return False
    return _REDIRECTED.get().match(url) is not None


def _fix(doc: Document, call: Invocation) -> Fix | None:
    from dflint.lint.fix import Applicability
    from dflint.lint.program_fixes import add_option

    return add_option(doc, call, "-L", Applicability.UNSAFE, before_verb=True)
