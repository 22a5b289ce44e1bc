"""What is fetched over `http://` without a look at what comes."""

from __future__ import annotations

from dflint.cst.instructions import Add
from dflint.semantic.occurrences import occurrences
from dflint.semantic.verified_downloads import verifies

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from dflint.cst.dockerfile import Dockerfile
    from dflint.semantic.programs import Program
    from dflint.shell.invocation import Argument, Invocation
    from dflint.text.span import Span

_START = "http://"
#: Where hosts of the own machine and network begin: private addresses.
_OWN = (
    "localhost", "127.", "10.", "192.168.", *(f"172.{number}." for number in range(16, 32)), "0.",
    "169.254.", "[",
)  # fmt: skip
_OWN_DOMAINS = (
    ".local", ".localhost", ".internal", ".lan", ".test", ".invalid", ".corp", ".home",
)  # fmt: skip


def clear_text_urls(tree: Dockerfile, programs: Iterable[Program]) -> Iterator[tuple[Span, str]]:
    """The place of each such URL, and what is known of it."""
    for occurrence in occurrences(tree, Add):
        if occurrence.reading.flag("checksum") is None:
            for at, word in enumerate(occurrence.reading.arguments[:-1]):
                if _is_foreign(word):
                    yield occurrence.argument(at), word
    for program in programs:
        if _START not in program.script.text.lower() or verifies(program):
            continue
        for call in program.invocations_of("curl", "wget", "git", "pip"):
            for argument in _urls(call):
                if _is_foreign(argument.prefix):
                    yield argument.span, argument.prefix


def _urls(call: Invocation) -> Iterator[Argument]:
    """The arguments of a call that are fetched from."""
    name = call.tool.name if call.tool is not None else ""
    if name == "git":
        if call.verb in ("clone", "pull", "fetch", "ls-remote"):
            yield from call.operands
    elif name == "pip":
        for option in call.options:
            if option.name in ("-i", "--index-url", "--extra-index-url") and option.given:
                yield option.given
    elif call.option("--spider", "-I", "--head", "-d", "--data", "-X", "--request") is None:
        yield from call.operands


def _is_foreign(url: str) -> bool:
    return url[: len(_START)].lower() == _START and not _is_own(url[len(_START) :].lower())


def _is_own(address: str) -> bool:
    """Whether an address begins with a host of the own network: one without a dot is, too."""
    host = address.partition("/")[0].partition(":")[0]
    is_short = host != "" and "." not in host and "$" not in host
    is_in_domain = host.endswith(_OWN_DOMAINS) and host not in _OWN_DOMAINS
    return is_short or is_in_domain or address.startswith(_OWN)
