"""Archives that a script fetches and unpacks whole, as `ADD --unpack` does.

Left out is what ADD cannot do: a request with a header, a password, data or without a look at
certificates, parts of an archive, a path without its first directories, and what runs only under
a condition.
"""

from __future__ import annotations

from dflint.semantic.extracted_archives import archive_of, is_whole_extraction
from dflint.shell.conditions import is_optional
from dflint.shell.statements import Kind

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from dflint.semantic.programs import Program
    from dflint.shell.invocation import Argument, Invocation

# What makes a request that ADD cannot make.
_BEYOND_ADD = {
    "curl": (
        "-H", "--header", "-u", "--user", "-d", "--data", "-b", "--cookie", "-X", "--request",
        "-F", "--form", "-E", "--cert", "-n", "--netrc", "-k", "--insecure", "--oauth2-bearer",
    ),
    "wget": (
        "--header", "--user", "--password", "--http-user", "--http-password", "--post-data",
        "--post-file", "--method", "--load-cookies", "--certificate", "--no-check-certificate",
    ),
}  # fmt: skip

_DECOMPRESSORS = ("gunzip", "gzip", "zcat", "bunzip2", "bzip2", "unxz", "xz", "unzstd", "zstd")


def fetched_archives(program: Program) -> Iterator[Argument]:
    """The address of each archive that is fetched by `curl` or `wget` and unpacked by `tar`."""
    unpacking = [call for call in program.invocations_of("tar") if is_whole_extraction(call)]
    for call in program.invocations_of("curl", "wget") if unpacking else ():
        url = next((one for one in call.operands if "://" in one.prefix), None)
        if url is None or "$(" in url.word.text or "`" in url.word.text:
            continue
        if call.option(*_BEYOND_ADD[call.name or ""]) is not None or is_optional(call.command):
            continue
        if any(_unpacks(other, call, url) for other in unpacking):
            yield url


def _unpacks(tar: Invocation, fetch: Invocation, url: Argument) -> bool:
    if is_optional(tar.command):
        return False
    parent = fetch.command.parent
    archive = archive_of(tar)
    if parent is not None and parent.kind is Kind.PIPELINE:
        if tar.command.parent is not parent or tar.command.index <= fetch.command.index:
            return False
        between = parent.statements[fetch.command.index + 1 : tar.command.index]
        is_fed = all(one.text.split()[0] in _DECOMPRESSORS for one in between)
        return is_fed and (archive is None or archive.word.text in ("-", "/dev/stdin"))
    if archive is None or tar.command.start < fetch.command.start:
        return False
    return _name(archive.word.text) == _target(fetch, url)


def _target(fetch: Invocation, url: Argument) -> str:
    """The name of the file that is written."""
    names = ("-O", "--output-document") if fetch.name == "wget" else ("-o", "--output")
    option = fetch.option(*names)
    if option is not None:
        return _name(option.given.word.text) if option.given is not None else ""
    is_named = fetch.name == "wget" or fetch.option("-O", "--remote-name", "--remote-name-all")
    return _name(url.word.text) if is_named else ""


def _name(text: str) -> str:
    return text.strip("\"'").rpartition("/")[2].rpartition("=")[2]
