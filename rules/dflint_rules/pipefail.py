"""The rule `pipefail`."""

from __future__ import annotations

from dflint.cst.instructions import OnBuild, Run
from dflint.lint.rule import Category, Invalid, Meta, Related, Rule, Severity, Valid
from dflint.semantic.unnoticed_failures import unnoticed_failures

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from dflint.lint.document import Document
    from dflint.lint.finding import Finding
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

    POSIX.1-2017, Shell Command Language, 2.9.2; Dockerfile best practices, "Using pipes".
    """

    meta = Meta(
        "pipefail", Category.CORRECTNESS, Severity.WARNING, since="0.1", aliases=("DL4006",)
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
        Invalid("FROM a\nRUN wget -O - u | wc -l > n\nONBUILD RUN curl u | sh\n", ("wget", "curl")),
        Invalid("FROM a\nRUN true && \\\n  # get\n  curl u \\\n  | sh\n", at="curl"),
        Invalid("FROM alpine\nRUN <<E\nset -e\nV=$(curl u | jq .v)\nmake | tee l\nE\n", at="curl"),
        Invalid("FROM a\nRUN curl u | sed x > g && sha256sum -c f; a | xargs -r curl\n", at="curl"),
        Invalid("FROM a\nRUN bash -c 'sudo /usr/bin/curl u | sh'; x\n", at="/usr/bin/curl"),
    )

    def check(self, doc: Document) -> Iterator[Finding]:
        """The first such pipeline of each program."""
        for program in doc.programs:
            if program.is_exec_form or "|" not in program.script.text:
                continue
            found = list(unnoticed_failures(program))
            if found:
                (pipeline, command), *more = found
                others = tuple(Related(_name_span(one), "here too") for _, one in more)
                message = (
                    f"`{command.program or command.words[0].text}` may fail and the build goes on: "
                    f"a pipe's status is its last command's; {_advice(doc, program, pipeline)}"
                )
                yield self.finding(doc, _name_span(command), message, others)


def _name_span(command: Command) -> Span:
    word = command.program_word
    return word.span if word is not None else command.span


def _advice(doc: Document, program: Program, pipeline: Construct) -> str:
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
        return f"begin it with `set {options} pipefail`"
    if dialect is Dialect.ASH and "ash" not in "".join(program.words[:1]):
        return f"begin it with `set {options} pipefail`, which BusyBox' shell knows"
    shell = dialect.value if dialect in (Dialect.ASH, Dialect.ZSH) else "bash"
    if is_script:
        return f"run it with `bash {options} pipefail -c`"
    if dialect is Dialect.BASH and program.words:
        words = [
            *program.words[:-1],
            options,
            "pipefail",
            program.words[-1],
        ]  # `-l` and the like stay
    else:
        words = [f"/bin/{shell}", options, "pipefail", "-c"]
    return "write `SHELL [" + ", ".join(f'"{word}"' for word in words) + "]` before"
