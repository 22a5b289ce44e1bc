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
    from dflint.semantic.programs import Program
    from dflint.shell.commands import Command
    from dflint.shell.statements import Construct
    from dflint.text.span import Span


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
    There is none where a pipe that it would reach is cut off on purpose (`yes |`, `| head`).

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
        Invalid("FROM a\nRUN wget -O - u | wc -l > n\nONBUILD RUN curl u | sh\n", ("wget", "curl"),
                fixed='FROM a\nSHELL ["/bin/bash", "-o", "pipefail", "-c"]\n'
                "RUN wget -O - u | wc -l > n\nONBUILD RUN curl u | sh\n", unsafe=True),
        Invalid("FROM a AS b\n# c\nRUN true && \\\n  # get\n  curl u \\\n  | sh\n"
                "RUN curl v | sh\nFROM b\nRUN curl w | sh\nFROM c\nRUN curl x | sh\n",
                at=("curl", "curl", "curl", "curl"), unsafe=True,
                fixed='FROM a AS b\n# c\nSHELL ["/bin/bash", "-o", "pipefail", "-c"]\n'
                "RUN true && \\\n  # get\n  curl u \\\n  | sh\n"
                "RUN curl v | sh\nFROM b\nRUN curl w | sh\n"
                'FROM c\nSHELL ["/bin/bash", "-o", "pipefail", "-c"]\nRUN curl x | sh\n'),
        Invalid("FROM alpine\nRUN <<E\nset -e\nV=$(curl u | jq .v)\nmake | tee l\nE\n", at="curl",
                fixed="FROM alpine\nRUN <<E\nset -o pipefail\nset -e\nV=$(curl u | jq .v)\n"
                "make | tee l\nE\n", unsafe=True),
        Invalid("FROM alpine\nONBUILD RUN --network=host a | b; c\n", at="a",
                fixed="FROM alpine\nONBUILD RUN --network=host set -eo pipefail; a | b; c\n",
                unsafe=True),
        Invalid("FROM a\nRUN <<E\n#!/bin/bash\r\ncurl u | sh\nE\n", at="curl", unsafe=True,
                fixed="FROM a\nRUN <<E\n#!/bin/bash\r\nset -o pipefail\ncurl u | sh\nE\n"),
        Invalid("FROM a\nRUN curl u | sed x > g && sha256sum -c f; a | xargs -r curl\n", at="curl",
                fixed='FROM a\nSHELL ["/bin/bash", "-o", "pipefail", "-c"]\n'
                "RUN curl u | sed x > g && sha256sum -c f; a | xargs -r curl\n", unsafe=True),
        Invalid("FROM a\nRUN curl u | sh; a\n", at="curl"),
        Invalid("FROM a\nRUN bash -c 'sudo /usr/bin/curl u | sh'; x\n", at="/usr/bin/curl"),
        Invalid("FROM a\nRUN curl u | sh\nRUN yes | x\nFROM b\nRUN curl u | sh\nRUN a | head -1\n",
                at=("curl", "curl")),
        Invalid("FROM a\nRUN curl u | sh\nRUN echo 'a\\nb' > c\n", at="curl"),
        Invalid('FROM a\nSHELL ["bash", "-lc"]\nRUN curl u | sh\n', at="curl", unsafe=True,
                fixed='FROM a\nSHELL ["bash", "-lc"]\nSHELL ["bash", "-o", "pipefail", "-lc"]\n'
                "RUN curl u | sh\n"),
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
        reached: dict[int, tuple[bool, bool]] = {}
        for program, found in reported:
            (pipeline, command), *more = found
            others = tuple(Related(_name_span(one), "here too") for _, one in more)
            remedy = _remedy(doc, program, pipeline)
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
    reached: dict[int, tuple[bool, bool]],
) -> Fix | None:
    from dflint.lint.pipefail_fixes import set_pipefail, shell_with_pipefail

    if remedy.is_set:
        return set_pipefail(program, remedy.options)
    # With `-e` the other scripts of the stage would fail where they went on, too.
    if not remedy.words or remedy.options != "-o":
        return None
    return shell_with_pipefail(doc, program, remedy.words, programs, reached)


def _name_span(command: Command) -> Span:
    word = command.program_word
    return word.span if word is not None else command.span


class _Remedy:
    """How `pipefail` is turned on: by `set`, or by a shell with these words.

    `advice` says so to the user. Without either it is only advice.
    """

    __slots__ = ("advice", "is_set", "options", "words")

    def __init__(
        self, advice: str, options: str, is_set: bool = False, words: tuple[str, ...] = ()
    ) -> None:
        self.advice = advice
        self.options = options
        self.is_set = is_set
        self.words = words


def _remedy(doc: Document, program: Program, pipeline: Construct) -> _Remedy:
    """How `pipefail` is turned on in that shell."""
    from dflint.semantic.busybox import is_busybox_based
    from dflint.semantic.unnoticed_failures import is_checked
    from dflint.shell.dialect import Dialect

    dialect = program.dialect
    options = "-o" if is_checked(program, pipeline) else "-eo"
    is_script = program.parent is not None or program.script.text.startswith("#!")
    if dialect is Dialect.SH and is_busybox_based(doc.model, program):
        dialect = Dialect.ASH
    if (is_script and dialect is not Dialect.SH) or dialect is Dialect.KSH:
        return _Remedy(f"begin it with `set {options} pipefail`", options, is_set=True)
    if dialect is Dialect.ASH and "ash" not in "".join(program.words[:1]):
        advice = f"begin it with `set {options} pipefail`, which BusyBox' shell knows"
        return _Remedy(advice, options, is_set=True)
    shell = dialect.value if dialect in (Dialect.ASH, Dialect.ZSH) else "bash"
    if is_script:
        return _Remedy(f"run it with `bash {options} pipefail -c`", options)
    if dialect is Dialect.BASH and program.words:
        *first, last = program.words  # `-l` and the like stay
        words = (*first, options, "pipefail", last)
    else:
        words = (f"/bin/{shell}", options, "pipefail", "-c")
    shown = ", ".join(f'"{word}"' for word in words)
    return _Remedy(f"write `SHELL [{shown}]` before", options, words=words)
