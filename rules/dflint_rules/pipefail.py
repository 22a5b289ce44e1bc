"""The rule `pipefail`."""

from __future__ import annotations

from functools import partial

from dflint.cst.instructions import OnBuild, Run
from dflint.lint.rule import Category, Invalid, Meta, Related, Rule, Severity, Valid
from dflint.semantic.unnoticed_failures import unnoticed_failures

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from dflint.lint.document import Document
    from dflint.lint.finding import Finding
    from dflint.lint.fix import Fix
    from dflint.lint.pipefail_fixes import Reach
    from dflint.semantic.programs import Program
    from dflint.shell.commands import Command
    from dflint.shell.statements import Construct
    from dflint.text.span import Span


#: The options of a shell, by their letters, that mean the same to every one.
_SHARED = frozenset("ceux")


class Pipefail(Rule):
    """A command in a pipe may fail, and the build goes on as if it had not.

    The status of a pipe is that of its last command. When the download in
    `curl … | bash` or `wget -O - … | wc -l > /number` fails, the last command reads nothing, is
    content with it, and the layer is made and cached. `pipefail` makes the whole pipe fail.
    `/bin/sh` of Debian and Ubuntu (dash) does not know it, so there `SHELL` has to name another
    shell; BusyBox' (Alpine) does.

    Not reported: pipes whose last command fails anyway when it reads nothing (`tar`, `gpg`,
    `grep`, `gunzip`, `sha256sum -c`, `xargs wget`); what is written to a file that a later command
    of the `RUN` compares with a checksum; what cannot fail, or lists or answers (`echo`, `yes`,
    `find`, `grep`); what is cut off (`… | head -1`); conditions, `… || true`; and substitutions
    that are not an assignment's value, whose status no shell looks at. Where the status is not
    asked for either (`a | b; c`), `-e` is part of the advice.

    The fix puts `set -o pipefail` in front of a script whose shell knows it, else `SHELL` above the
    first such `RUN` of the stage. It is unsafe: a failure that went unnoticed stops the build.
    There is none where a pipe that it would reach fails though nothing is wrong: what reads it may
    stop early (`yes |`, `| head`, `| grep -q`), or a status is an answer (`| grep -v x |`); nor
    where bash reads a script otherwise than dash does (`echo` with escapes, `{a,b}`, `$UID`).
    It is only proposed where neither the base image nor a command tells that there is a bash.

    POSIX.1-2017, Shell Command Language, 2.9.2; Dockerfile best practices, "Using pipes".
    """

    meta = Meta(
        "pipefail",
        Category.CORRECTNESS,
        Severity.WARNING,
        since="0.1",
        aliases=(
            "DL4006",
            "Shell_Running_A_Pipe_Without_Pipefail_Flag",
            "set-pipefail",
        ),
        fix="unsafe",
    )
    on = (Run, OnBuild)
    mentions = ("|",)
    bad = "FROM node:22\nRUN curl -fsSL https://example.org/install.sh | bash\n"
    good = (
        "FROM node:22\n"
        'SHELL ["/bin/bash", "-o", "pipefail", "-c"]\n'
        "RUN curl -fsSL https://example.org/install.sh | bash\n"
    )
    valid = (
        Valid('FROM a\nSHELL ["/bin/bash", "-o", "pipefail", "-c"]\nRUN curl u | sh\n'),
        Valid("FROM a\nRUN set -eo pipefail; curl u | sh; bash -o pipefail -c 'curl u | sh'\n"),
        Valid("FROM a\nRUN <<E\n#!/bin/bash\nset -o pipefail\ncurl u | sh\nE\n"),
        Valid(
            "FROM a\nRUN curl u | sed x > f && echo y f | sha256sum -c; curl u | xargs curl -O\n"
        ),
        Valid("FROM a\nRUN curl u | tar xz && sh -c 'echo a' | sh && yes | x; curl u | head -1\n"),
        Valid("FROM a\nRUN if curl u | wc; then b; fi; curl u | wc || true; x $(curl u | y)\n"),
        Valid('FROM a\nSHELL ["pwsh", "-c"]\nRUN a | b\nRUN ["a", "|", "b"]\n'),
    )
    invalid = (
        Invalid("FROM php\nRUN wget -O - u | wc > n\nONBUILD RUN curl u | sh\n", ("wget", "curl"),
                fixed='FROM php\nSHELL ["/bin/bash", "-o", "pipefail", "-c"]\n'
                "RUN wget -O - u | wc > n\nONBUILD RUN curl u | sh\n", unsafe=True),
        Invalid("FROM php AS b\n# c\nRUN true && \\\n  # get\n  curl u \\\n  | sh\n"
                "RUN curl v | sh\nFROM b\nRUN curl w | sh\nFROM node\nRUN curl x | sh\n",
                at=("curl", "curl", "curl", "curl"), unsafe=True,
                fixed='FROM php AS b\nSHELL ["/bin/bash", "-o", "pipefail", "-c"]\n# c\n'
                "RUN true && \\\n  # get\n  curl u \\\n  | sh\n"
                "RUN curl v | sh\nFROM b\nRUN curl w | sh\n"
                'FROM node\nSHELL ["/bin/bash", "-o", "pipefail", "-c"]\nRUN curl x | sh\n'),
        Invalid("FROM alpine\nRUN <<E\n  set -e\n  V=$(curl u | wc)\nmake | tee l\nE\n", at="curl",
                fixed="FROM alpine\nRUN <<E\n  set -o pipefail\n  set -e\n  V=$(curl u | wc)\n"
                "make | tee l\nE\n", unsafe=True),
        Invalid("FROM alpine\nONBUILD RUN --network=host a | b; c\n", at="a",
                fixed="FROM alpine\nONBUILD RUN --network=host set -eo pipefail; a | b; c\n",
                unsafe=True),
        Invalid("FROM php\nRUN <<E\n#!/bin/bash\r\ncurl u | sh\nE\n", at="curl", unsafe=True,
                fixed="FROM php\nRUN <<E\n#!/bin/bash\r\nset -o pipefail\ncurl u | sh\nE\n"),
        Invalid("FROM php\nRUN curl u | sed x > g && sha1sum -c f; a | xargs -r curl\n", at="curl",
                fixed='FROM php\nSHELL ["/bin/bash", "-o", "pipefail", "-c"]\n'
                "RUN curl u | sed x > g && sha1sum -c f; a | xargs -r curl\n", unsafe=True),
        Invalid("FROM php\nRUN curl u | sh; a\n", at="curl"),
        Invalid("FROM php\nRUN bash -c 'sudo /usr/bin/curl u | sh'; x\n", at="/usr/bin/curl"),
        Invalid("FROM php\nRUN curl u | sh\nRUN yes | x\nFROM gcc\nRUN curl u | sh\nRUN a | head\n",
                at=("curl", "curl")),
        Invalid("FROM php\nRUN curl u | sh\nRUN echo 'a\\nb' > c\n", at="curl"),
        Invalid("FROM php\nRUN curl u | sh\nRUN echo -n -e a > b\nFROM gcc\nRUN curl u | sh\n"
                "RUN case $A in [^a]) b;; esac\nFROM ruby\nRUN curl u | sh\nRUN A=b eval c; d $A\n"
                "FROM node\nRUN curl u | sh\nRUN env > /e\nFROM perl\nENV SHELLOPTS=nounset\n"
                "RUN curl u | sh\nFROM python\nRUN curl u | sh\n"
                "RUN echo \"$(printf 'a\\\\n')\" > b\n",
                at=("curl",) * 6),
        Invalid('FROM php\nSHELL ["bash", "-lc"]\nRUN curl u | sh\n', at="curl", unsafe=True,
                fixed='FROM php\nSHELL ["bash", "-lc"]\nSHELL ["bash", "-o", "pipefail", "-lc"]\n'
                "RUN curl u | sh\n"),
        Invalid("FROM x\nRUN apk add curl && curl u | sh\n", at="curl", unsafe=True,
                fixed="FROM x\nRUN set -o pipefail; apk add curl && curl u | sh\n"),
        Invalid('FROM php\nSHELL ["/bin/sh", "-ec"]\nRUN curl u | sh\n', at="curl", unsafe=True,
                fixed='FROM php\nSHELL ["/bin/sh", "-ec"]\n'
                'SHELL ["/bin/bash", "-o", "pipefail", "-ec"]\nRUN curl u | sh\n'),
        Invalid('FROM x\nSHELL ["/busybox/sh", "-c"]\nRUN wget u | sh\n', at="wget", unsafe=True,
                fixed='FROM x\nSHELL ["/busybox/sh", "-c"]\nRUN set -o pipefail; wget u | sh\n'),
        Invalid("FROM php\nRUN curl u | sh\nRUN a | sed 1q\nFROM node\nRUN curl u | sh\n"
                "RUN ls | grep -v x | xargs rm\n", at=("curl", "a", "curl")),
        Invalid("FROM php\nARG UID\nRUN curl u | sh\nRUN x $UID\nFROM node\n"
                "RUN curl u | sh\nRUN rm {a,b}\nFROM ruby\nRUN curl u | sh\n"
                "HEALTHCHECK CMD a | grep -q b\n", at=("curl", "curl", "curl")),
        Invalid("FROM php\nRUN curl u | sh\nRUN echo $V | cut -c1 | head -1\n", at="curl",
                fixed='FROM php\nSHELL ["/bin/bash", "-o", "pipefail", "-c"]\n'
                "RUN curl u | sh\nRUN echo $V | cut -c1 | head -1\n", unsafe=True),
        Invalid("FROM alpine\nRUN grep a b; curl u | sh; c\n", at="curl"),
        # Proposed only: nobody knows whether there is a bash.
        Invalid("FROM x\nRUN curl u | sh\n", at="curl"),
        Invalid("ARG A=debian\nFROM $A\nRUN curl u | sh\n", at="curl"),
    )  # fmt: skip

    def check(self, doc: Document) -> Iterator[Finding]:
        """The first such pipeline of each program."""
        reported = []
        for program in doc.programs:
            if program.is_exec_form or "|" not in program.script.text:
                continue
            found = list(unnoticed_failures(program))
            if found:
                reported.append((program, found))
        programs = [program for program, _ in reported]
        reached: dict[int, Reach] = {}
        busyboxes: dict[int, bool] = {}
        for program, found in reported:
            (pipeline, command), *more = found
            others = tuple(Related(_name_span(one), "here too") for _, one in more)
            remedy = _remedy(doc, program, pipeline, busyboxes)
            message = (
                f"`{command.program or command.words[0].text}` may fail and the build goes on: "
                f"a pipe's status is its last command's; {remedy.advice}"
            )
            fix = partial(_fix, doc, program, remedy, programs, reached)
            yield self.finding(doc, _name_span(command), message, others, fix)


def _fix(
    doc: Document,
    program: Program,
    remedy: _Remedy,
    programs: list[Program],
    reached: dict[int, Reach],
) -> Fix | None:
    from dflint.lint.pipefail_fixes import set_pipefail, shell_with_pipefail

    if remedy.is_set:
        return set_pipefail(program, remedy.options, remedy.is_sure)
    # With `-e` the other scripts of the stage would fail where they went on, too.
    if not remedy.words or remedy.options != "-o":
        return None
    return shell_with_pipefail(doc, program, remedy.words, programs, reached)


def _name_span(command: Command) -> Span:
    word = command.program_word
    return word.span if word is not None else command.span


class _Remedy:
    """How `pipefail` is turned on: by `set`, or by a shell with these words.

    `advice` says so to the user. Without either it is only advice. `is_sure` tells whether the
    shell that is there knows `set -o pipefail`.
    """

    __slots__ = ("advice", "is_set", "is_sure", "options", "words")

    def __init__(
        self,
        advice: str,
        options: str,
        is_set: bool = False,
        words: tuple[str, ...] = (),
        is_sure: bool = True,
    ) -> None:
        self.advice = advice
        self.options = options
        self.is_set = is_set
        self.is_sure = is_sure
        self.words = words


def _remedy(
    doc: Document, program: Program, pipeline: Construct, busyboxes: dict[int, bool]
) -> _Remedy:
    """How `pipefail` is turned on in that shell; `busyboxes` keeps what is known of stages."""
    from dflint.semantic.busybox import is_busybox_based
    from dflint.semantic.known_bash import has_busybox
    from dflint.semantic.unnoticed_failures import is_checked
    from dflint.shell.dialect import Dialect

    dialect, words = program.dialect, program.words
    options = "-o" if is_checked(program, pipeline) else "-eo"
    is_script = program.parent is not None or program.script.text.startswith("#!")
    is_sure = dialect is not Dialect.SH or "busybox" in "".join(words[:1])
    if not is_sure:
        stage = program.stage_number
        if stage not in busyboxes:
            busyboxes[stage] = has_busybox(doc.model, doc.programs, program)
        is_sure = busyboxes[stage]
    is_busybox = dialect is Dialect.SH and (is_sure or is_busybox_based(doc.model, program))
    if (is_script and dialect is not Dialect.SH) or dialect is Dialect.KSH:
        return _Remedy(f"begin it with `set {options} pipefail`", options, is_set=True)
    if is_busybox or (dialect is Dialect.ASH and "ash" not in "".join(words[:1])):
        advice = f"begin it with `set {options} pipefail`, which BusyBox' shell knows"
        return _Remedy(advice, options, is_set=True, is_sure=is_sure)
    if is_script:
        return _Remedy(f"run it with `bash {options} pipefail -c`", options)
    written = _with_pipefail(words or ("/bin/sh", "-c"), options)
    shown = ", ".join(f'"{word}"' for word in written or ("/bin/bash", options, "pipefail", "-c"))
    return _Remedy(f"write `SHELL [{shown}]` before", options, words=written)


def _with_pipefail(words: tuple[str, ...], options: str) -> tuple[str, ...]:
    """The words of a shell with the option, and bash for one that has it not; else nothing.

    `-l`, `-e` and the like stay.
    """
    *first, last = words
    if not first or last[:1] != "-" or "c" not in last:
        return ()
    if first[0].rpartition("/")[2] in ("sh", "dash"):
        given = "".join(word[1:] for word in (*first[1:], last) if word[:1] == "-")
        if not _SHARED.issuperset(given) or any(word[:1] != "-" for word in first[1:]):
            return ()
        first[0] = "/bin/bash"
    return (*first, options, "pipefail", last)
