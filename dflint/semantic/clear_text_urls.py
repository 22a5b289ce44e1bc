"""What is fetched over `http://` without a look at what comes."""

from __future__ import annotations

import re

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
#: Hosts of the own machine and network: without a dot, private addresses, private domains.
_OWN = re.compile(
    r"http://(?:[^./:$]++(?:[/:]|$)|localhost|127\.|10\.|192\.168\.|172\.(?:1[6-9]|2\d|3[01])\.|0\."
    r"|169\.254\.|\[|[^/:]+\.(?:local|localhost|internal|lan|test|invalid|corp|home)(?:[/:]|$))",
    re.IGNORECASE,
)


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
    return url[: len(_START)].lower() == _START and _OWN.match(url) is None
