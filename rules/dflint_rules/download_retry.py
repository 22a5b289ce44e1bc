"""The rule `download-retry`."""

from __future__ import annotations

from dflint.cst.instructions import OnBuild, Run
from dflint.lint.options import OptionSpec
from dflint.lint.rule import Category, Invalid, Meta, Rule, Severity, Valid

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from dflint.lint.document import Document
    from dflint.lint.finding import Finding


class DownloadRetry(Rule):
    """A download is tried once.

    A connection that breaks fails the build. `curl --retry 5` and `wget --tries=5 --waitretry=…`
    (GNU's tries twenty times by itself, but not where the connection is refused) try again;
    `~/.curlrc` and `/etc/wgetrc` say so for all.

    Off unless selected: builders can repeat what failed.

    curl(1), `--retry`; GNU Wget manual, "Download Options".
    """

    meta = Meta(
        "download-retry",
        Category.CORRECTNESS,
        Severity.INFO,
        since="0.1",
        aliases=(
            "tally/prefer-curl-config",
            "tally/prefer-wget-config",
        ),
        default=False,
        options=(
            OptionSpec(
                "only-curl",
                "bool",
                False,
                "Leave `wget` alone.",
                exact_for=("tally/prefer-curl-config",),
            ),
            OptionSpec(
                "only-wget",
                "bool",
                False,
                "Leave `curl` alone.",
                exact_for=("tally/prefer-wget-config",),
            ),
        ),
    )
    on = (
        Run,
        OnBuild,
    )
    mentions = (
        "curl",
        "wget",
    )
    bad = "FROM buildpack-deps:bookworm\nRUN curl -fsSLo /app https://example.org/app\n"
    good = "FROM buildpack-deps:bookworm\nRUN curl --retry 5 -fsSLo /app https://example.org/app\n"
    valid = (
        Valid("FROM a\nRUN wget -t 5 b && curl --retry 2 c\n"),
        Valid("FROM a\nCOPY .curlrc /root/\nRUN curl b\n"),
    )
    invalid = (
        Invalid("FROM a\nRUN curl b; wget c\n", at="curl", options={"only-curl": True}),
        Invalid("FROM a\nRUN curl b; wget c\n", at="wget", options={"only-wget": True}),
        Invalid("FROM a\nRUN curl b; wget c\n", at=("curl", "wget")),
        Invalid("FROM a\nRUN wget -q $U\n", at="wget"),
    )

    def check(self, doc: Document) -> Iterator[Finding]:
        """Report each."""
        if ".curlrc" in doc.text or "wgetrc" in doc.text or "CURL_HOME" in doc.text:
            return
        options = doc.settings.options.get(self.meta.name, {})
        alone = [name for name in ("curl", "wget") if options.get(f"only-{name}")]
        for program in doc.programs:
            for call in program.invocations_of(*(alone or ("curl", "wget"))):
                names = (
                    "--retry",
                    "--retry-all-errors",
                    "--retry-connrefused",
                    "--tries",
                    "-t",
                    "--waitretry",
                )
                if call.operands and call.option(*names, "-K", "--config", "--spider") is None:
                    yield self.finding(
                        doc, call.span, "a connection that breaks fails the build; let it try again"
                    )
