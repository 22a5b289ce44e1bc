"""The rule `wget-progress`."""

from __future__ import annotations

from functools import partial

from dflint.cst.instructions import OnBuild, Run
from dflint.lint.rule import Category, Invalid, Meta, Rule, Severity, Valid
from dflint.semantic.busybox import is_applet
from dflint.text.lazy_pattern import LazyPattern

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from dflint.lint.document import Document
    from dflint.lint.finding import Finding
    from dflint.lint.fix import Fix
    from dflint.semantic.programs import Program
    from dflint.shell.commands import Command
    from dflint.shell.invocation import Argument, Invocation

#: BusyBox in the place of another `wget`: `ln -s /bin/busybox /usr/bin/wget`.
_APPLET = LazyPattern(r"busybox(?![ \t]++wget)[^\n;&|]*?\bwget\b")


class WgetProgress(Rule):
    """`wget` without an option for its progress fills the build's log.

    In a build there is no terminal, and `wget` then prints a line of dots for every 50 kB: 20,000
    lines for a gigabyte. `--progress=dot:giga` prints one for every 32 MB, `-nv` one for the
    whole file, `-q` none. BusyBox' `wget` (Alpine, BusyBox) knows `-q` alone, so there the advice
    is that. Wget2 prints no such lines, and refused the option in its first versions: the fix is
    unsafe in Fedora, whose `wget` it is since 40.

    Off unless selected: it costs nobody more than patience, and hardly anybody who is told so
    changes it. Not reported where output goes to a file or to `/dev/null`, for `--spider` and
    `--version`, and where a variable may hold the option.

    GNU Wget manual, "Download Options".
    """

    meta = Meta(
        "wget-progress",
        Category.STYLE,
        Severity.INFO,
        since="0.1",
        aliases=("DL3047",),
        default=False,
        fix="safe",
    )
    on = (Run, OnBuild)
    mentions = ("wget",)
    bad = "FROM buildpack-deps:bookworm\nRUN wget https://example.org/data.zip\n"
    good = (
        "FROM buildpack-deps:bookworm\nRUN wget --progress=dot:giga https://example.org/data.zip\n"
    )
    valid = (
        Valid("FROM a\nRUN wget -q u && wget -nv u && wget --progress=dot:giga u; wget -qO- u\n"),
        Valid("FROM a\nRUN wget u 2>/x; wget -o /x u; wget $OPTS u; wget --version; wget -Nnv u\n"),
        Valid("FROM alpine\nRUN apk add wget && busybox wget -q u\n"),
    )
    invalid = (
        Invalid(
            "FROM a\nRUN wget -nc -O x u && wget $URL\n",
            at=("wget", "wget"),
            fixed=(
                "FROM a\nRUN wget --progress=dot:giga -nc -O x u && wget --progress=dot:giga $URL\n"
            ),
            unsafe=True,
        ),
        Invalid(
            "FROM alpine\nRUN apk update && \\\n  # get\n  wget -O- u | sh\n",
            at="wget",
            fixed="FROM alpine\nRUN apk update && \\\n  # get\n  wget -q -O- u | sh\n",
        ),
        Invalid(
            "FROM a\nONBUILD RUN <<EOF\nsudo /usr/bin/wget u > x\nEOF\n",
            at="/usr/bin/wget",
            fixed=(
                "FROM a\nONBUILD RUN <<EOF\nsudo /usr/bin/wget --progress=dot:giga u > x\nEOF\n"
            ),
            unsafe=True,
        ),
        Invalid(
            "FROM node:22\nRUN wget -O- u | sh\n",
            at="wget",
            fixed="FROM node:22\nRUN wget --progress=dot:giga -O- u | sh\n",
        ),
        Invalid(
            "FROM node:22\nRUN busybox wget u\n",
            at="wget",
            fixed="FROM node:22\nRUN busybox wget -q u\n",
        ),
        Invalid(
            "FROM a\nRUN yum install -y wget && wget \\\n  u\n",
            at="wget",
            fixed="FROM a\nRUN yum install -y wget && wget --progress=dot:giga \\\n  u\n",
        ),
        Invalid("FROM debian:12\nRUN ln -s wget2 /usr/bin/wget\nRUN wget u\n", at="wget"),
        Invalid(
            "FROM fedora:42\nRUN wget u\n",
            at="wget",
            fixed="FROM fedora:42\nRUN wget --progress=dot:giga u\n",
            unsafe=True,
        ),
        Invalid(
            "FROM node:22-alpine\nRUN apk add wget && wget u\n",
            at="wget",
            fixed="FROM node:22-alpine\nRUN apk add wget && wget --progress=dot:giga u\n",
            unsafe=True,
        ),
        Invalid(
            "FROM alpine\nRUN wget u && apk add -t .w wget && apk del .w && wget u\n",
            at=("wget", "wget"),
            fixed="FROM alpine\nRUN wget -q u && apk add -t .w wget && apk del .w && wget -q u\n",
        ),
    )

    def check(self, doc: Document) -> Iterator[Finding]:
        """The downloads that say nothing of progress."""
        for program in doc.programs:
            for call in program.invocations_of("wget"):
                if not _prints_progress(call):
                    continue
                option = "--progress=dot:giga"
                if is_applet(doc.model, doc.programs, program, call, "wget") or _is_busybox(call):
                    option = "-q"
                    advice = "`-q` keeps BusyBox' `wget` silent"
                else:
                    advice = "`--progress=dot:giga` makes it short, `-nv` leaves it out"
                message = f"the log gets a line for every 50 kB of the download; {advice}"
                fix = partial(_fix, doc, program, call, option)
                yield self.finding(doc, call.span, message, fix=fix)


def _fix(doc: Document, program: Program, call: Invocation, option: str) -> Fix | None:
    """The option; unsafe where an unknown image may have BusyBox' `wget`, none for a link to it.

    None either where something around the call may read what it prints. Wget2 refused the option in
    its first versions: none where it is named, unsafe for Fedora, whose `wget` it is.
    """
    from dflint.lint.fix import Applicability
    from dflint.lint.program_fixes import add_option
    from dflint.semantic.busybox import has_gnu_tools

    is_other = "wget2" in doc.text or _APPLET.get().search(doc.text) is not None
    if (option != "-q" and is_other) or _is_read(program, call.command):
        return None
    is_known = option == "-q" or (
        has_gnu_tools(doc.model, doc.programs, program) and not _is_fedora(doc, program)
    )
    applicability = Applicability.SAFE if is_known else Applicability.UNSAFE
    return add_option(doc, call, option, applicability, before_verb=True)


def _is_fedora(doc: Document, program: Program) -> bool:
    """Whether a program runs in a Fedora that may have Wget2: 40 or later."""
    from dflint.semantic.first_base import first_base

    image = first_base(doc.model.stage_of(program.instruction)).rpartition("/")[2]
    name, _, tag = image.partition("@")[0].partition(":")
    is_earlier = tag[:2].isdigit() and int(tag[:2]) < 40
    return name.startswith("fedora") and not is_earlier


def _is_read(program: Program, command: Command) -> bool:
    """Whether the progress may go to a file or a pipe, by what stands around the call."""
    from dflint.shell.error_output import goes_elsewhere

    outer: Program | None = program
    at: Command | None = command
    while outer is not None and at is not None:
        if goes_elsewhere(outer.script, at):
            return True
        at, outer = outer.caller, outer.parent
    return False


def _is_busybox(call: Invocation) -> bool:
    """Whether it is called as an applet: `busybox wget`."""
    words = call.command.leading_words[:-1]
    return any((word.value or "").rpartition("/")[2] == "busybox" for word in words)


_SHORT = ("--progress", "-q", "--quiet", "-b", "--background")
_ELSEWHERE = ("-o", "--output-file", "-a", "--append-output", "--no-verbose")
_NO_DOWNLOAD = ("--spider", "--version", "-V", "--help", "-h")


def _prints_progress(call: Invocation) -> bool:
    if call.option(*_SHORT, *_ELSEWHERE, *_NO_DOWNLOAD) is not None:
        return False
    if not call.operands and call.option("-i", "--input-file") is None:
        return False
    for option in call.options:
        text = option.argument.prefix
        # `-nv` is one option, as its other two letters with `n` are.
        if (text[:2] != "--" and "nv" in text) or "progress" in (option.value or ""):
            return False
    if any(map(_may_be_option, call.arguments)) or call.command.name_value == "xargs":
        return False
    return not any(
        redirect.operator.startswith("&>") or redirect.descriptor == 2
        for redirect in call.command.redirects
    )


def _may_be_option(argument: Argument) -> bool:
    """Whether an argument that only a run can tell may hold options, by its variable's name."""
    if argument.value is not None or argument.prefix:
        return False
    names = "".join(argument.word.variables).lower()
    return any(mark in names for mark in ("opt", "arg", "flag", "param", "quiet", "progress"))
