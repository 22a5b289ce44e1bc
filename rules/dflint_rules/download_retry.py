"""The rule `download-retry`."""

from __future__ import annotations

from functools import partial

from dflint.cst.instructions import OnBuild, Run
from dflint.lint.options import OptionSpec
from dflint.lint.rule import Category, Invalid, Meta, Rule, Severity, Valid
from dflint.text.contains import contains_any

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from dflint.lint.document import Document
    from dflint.lint.finding import Finding
    from dflint.lint.fix import Fix
    from dflint.semantic.programs import Program
    from dflint.shell.invocation import Invocation
    from dflint.shell.statements import Construct


class DownloadRetry(Rule):
    """A download is tried once.

    A connection that breaks fails the build. `curl --retry 5` tries again, and `wget
    --retry-connrefused` (GNU's tries twenty times by itself, but not where the connection is
    refused) does so in every case; `~/.curlrc` and `/etc/wgetrc` say so for all.

    Off unless selected: builders can repeat what failed. The fix adds the option; where the first
    answer arrives nothing differs. It is unsafe where what arrived before the failure may go down
    a pipe twice, where a failure is provided for, and where nothing tells GNU's `wget` from
    BusyBox', which has no such option and gets none where it is known. There is no fix for what
    sends something, for a loop that tries again, and for the machine itself (`localhost`).

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
        fix="safe",
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
        Invalid(
            "FROM a\nRUN curl -O b; wget c\n",
            at="curl",
            options={"only-curl": True},
            fixed="FROM a\nRUN curl --retry 5 -O b; wget c\n",
        ),
        Invalid(
            "FROM a\nRUN curl b; wget c\n",
            at="wget",
            options={"only-wget": True},
            fixed="FROM a\nRUN curl b; wget --retry-connrefused c\n",
            unsafe=True,
        ),
        Invalid(
            "FROM debian:12\nRUN curl b | c; wget -q $U\n",
            at=("curl", "wget"),
            fixed="FROM debian:12\nRUN curl --retry 5 b | c; wget --retry-connrefused -q $U\n",
            unsafe=True,
        ),
        Invalid(
            "FROM debian:12\nRUN curl -fsS b | c; wget -q $U\n",
            at=("curl", "wget"),
            fixed="FROM debian:12\nRUN curl --retry 5 -fsS b | c; wget --retry-connrefused -q $U\n",
        ),
        Invalid(
            "FROM a\nRUN curl -fo b c || d\n",
            at="curl",
            fixed="FROM a\nRUN curl --retry 5 -fo b c || d\n",
            unsafe=True,
        ),
        Invalid("FROM alpine\nRUN wget c\n", at="wget"),
        Invalid("FROM debian:12\nRUN busybox wget c\n", at="wget"),
        Invalid("FROM a\nRUN curl -d b c; curl localhost:80\n", at=("curl", "curl")),
        Invalid("FROM a\nRUN until curl -fO b; do c; done\n", at="curl"),
    )

    def check(self, doc: Document) -> Iterator[Finding]:
        """Report each."""
        if contains_any(doc.text, (".curlrc", "wgetrc", "CURL_HOME", "WGETRC")):
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
                    message = "a connection that breaks fails the build; let it try again"
                    fix = partial(_fix, doc, program, call)
                    yield self.finding(doc, call.span, message, fix=fix)


#: Requests that are not to be made twice.
_SENDING = (
    "-d", "--data", "--data-ascii", "--data-binary", "--data-raw", "--data-urlencode", "--json",
    "-F", "--form", "--form-string", "-T", "--upload-file", "-X", "--request", "-Q", "--quote",
    "-t", "--telnet-option", "--post-data", "--post-file", "--method", "--body-data",
    "--body-file",
)  # fmt: skip
#: Addresses of the machine itself, and of what is beside it.
_NEAR = ("localhost", "127.", "0.0.0.0", "[::1]", "169.254.", "host.docker.internal")


def _fix(doc: Document, program: Program, call: Invocation) -> Fix | None:
    """The option behind the program's name."""
    from dflint.lint.fix import Applicability
    from dflint.lint.program_fixes import add_option
    from dflint.shell.statements import Kind

    if call.option(*_SENDING) is not None or any(_is_near(one.prefix) for one in call.operands):
        return None
    around = [*call.command.ancestors]
    if any(one.kind is Kind.LOOP and _tries_again(one) for one in around):
        return None
    option, is_certain = "--retry 5", _writes_once(call)
    if call.name == "wget":
        option, is_certain = "--retry-connrefused", True
        is_gnu = _is_gnu(doc, program, call)
        if is_gnu is False:
            return None
        is_certain = is_gnu is True
    if "$?" in program.script.text:
        is_certain = False
    for each in (call.command, *around):
        if "||" in (each.operator_before, each.operator_after) or each.is_negated:
            is_certain = False
    if any(one.kind in (Kind.CONDITION, Kind.FUNCTION) for one in around):
        is_certain = False
    applicability = Applicability.SAFE if is_certain else Applicability.UNSAFE
    first = call.arguments[0].prefix if call.arguments else ""
    if call.name == "curl" and first.startswith(("-q", "--disable")):
        return None  # that is heeded in the first place alone
    return add_option(doc, call, option, applicability, before_verb=True)


def _tries_again(loop: Construct) -> bool:
    """Whether a loop may go on until something succeeds."""
    from dflint.shell.statements import Kind

    has_condition = any(getattr(one, "kind", None) is Kind.CONDITION for one in loop.statements)
    return has_condition or "break" in loop.text


def _is_near(address: str) -> bool:
    return address.rpartition("://")[2].rpartition("@")[2].startswith(_NEAR)


def _writes_once(call: Invocation) -> bool:
    """Whether curl writes nothing of an answer before it tries again, or writes over it."""
    names = ("-o", "--output", "-O", "--remote-name", "--remote-name-all")
    output = call.option(*names)
    if output is not None:
        value = output.value
        return value not in ("-", "/dev/stdout", "/dev/stderr", "/dev/fd/1")
    limits = ("-m", "--max-time", "-y", "--speed-time", "-Y", "--speed-limit")
    return call.option("-f", "--fail") is not None and call.option(*limits) is None


def _is_gnu(doc: Document, program: Program, call: Invocation) -> bool | None:
    """Whether GNU's `wget` runs there; None where nothing tells."""
    from dflint.semantic.busybox import has_gnu_tools, is_applet

    words = [(word.value or "").rpartition("/")[2] for word in call.command.leading_words]
    if "busybox" in words or is_applet(doc.model, doc.programs, program, call, "wget"):
        return False
    if "busybox" in doc.text:
        return None
    return has_gnu_tools(doc.model, doc.programs, program) or None
