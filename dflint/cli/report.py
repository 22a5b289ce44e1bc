"""`dflint report`: a page on where the bytes and the seconds of an image went."""

from __future__ import annotations

import sys
from collections.abc import Sequence

from dflint.cli.build import enter_namespace
from dflint.cli.docker_flags import Flag, Given, read_flags
from dflint.cli.flag_help import flag_lines
from dflint.cli.store_place import store_path
from dflint.cli.whole_files import write_whole
from dflint.content.store import ContentStore
from dflint.errors import BuildError, UsageError
from dflint.oci.platform import Platform, PlatformProblem, parse_platform
from dflint.text.visible import make_visible

_FLAGS = (
    Flag("--output", "FILE", "the page that is written (default: standard output)", "-o"),
    Flag("--platform", "PLATFORM", "which image of several (default: that of this machine)"),
    Flag("--store", "DIR", "where images are kept, as for `dflint build`"),
    Flag("--help", "", "print this", "-h"),
)


def report(words: Sequence[str]) -> int:
    """Run the verb; the exit status is 1 for an image that is not there or cannot be read."""
    try:
        given = read_flags(words, _FLAGS)
        if given.is_on("--help"):
            sys.stdout.write(_help())
            return 0
        if len(given.arguments) != 1:
            found = ", ".join(f"`{one}`" for one in given.arguments) or "none"
            raise UsageError(f"report: expected one image or file, found {found}")
        platform = _platform(given)
    except UsageError as error:
        raise UsageError(f"{error} (`dflint report --help` lists the options)") from None
    try:
        enter_namespace()  # files of layers belong to ids that only it has
        text = _page(given, platform)
    except BuildError as error:
        sys.stderr.write(f"dflint: report: {make_visible(str(error))}\n")
        return 1
    output = given.text("--output")
    if output and output != "-":
        write_whole("--output", output, text.encode())
    else:
        sys.stdout.buffer.write(text.encode())
    return 0


def _page(given: Given, platform: Platform | None) -> str:
    from dflint.pictures.page import page
    from dflint.pictures.report_source import read_report

    store = ContentStore(store_path(given))
    try:
        return page(read_report(store, given.arguments[0], platform))
    finally:
        store.close()


def _platform(given: Given) -> Platform | None:
    text = given.last("--platform")
    if text is None:
        return None
    platform = parse_platform(text)
    if isinstance(platform, PlatformProblem):
        raise UsageError(f"--platform: `{text}`: {platform.message}")
    assert isinstance(platform, Platform)
    return platform


def _help() -> str:
    lines = ["usage: dflint report [OPTIONS] WHAT", ""]
    lines += [
        "Writes a page on an image: its stages, the steps of its build with their times, its bytes",
        "by instruction and by path, and which of them it does not need. WHAT is one of:",
        "  NAME[:TAG], ID      an image of the store, as `dflint build` and `dflint load` keep it",
        "  FILE or DIR         what `dflint build --metadata-file` wrote, an archive of one image,",
        "                      an OCI layout, or a Dockerfile, of which only the stages are shown",
    ]
    lines += flag_lines((("options", _FLAGS),))
    lines += ["", "exit status: 0 written, 1 no image, or one that cannot be read, 2 wrong usage"]
    return "\n".join(lines) + "\n"
