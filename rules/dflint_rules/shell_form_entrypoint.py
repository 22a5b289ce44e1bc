"""The rule `shell-form-entrypoint`."""

from __future__ import annotations

from functools import partial

from dflint.cst.instructions import Entrypoint
from dflint.lint.finding import Related, Severity
from dflint.lint.rule import Category, Invalid, Meta, Rule, Valid
from dflint.semantic.shell_form import start_texts

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from dflint.lint.document import Document
    from dflint.lint.finding import Finding
    from dflint.lint.fix import Fix
    from dflint.semantic.shell_form import StartText


class ShellFormEntrypoint(Rule):
    """`ENTRYPOINT` in shell form ignores `CMD` and the arguments of `docker run`.

    `ENTRYPOINT npm start` runs `/bin/sh -c "npm start"`, and what comes after that never reaches
    the program: `CMD` has no effect, nor has what a user writes behind the image's name. Nor does
    SIGTERM reach it, unless the shell replaces itself with the program, as it does for
    `exec npm start`: `docker stop` waits for 10 seconds and kills. `ENTRYPOINT ["npm", "start"]`
    has neither fault; a script that begins the program with `exec PROGRAM "$@"` is the way where
    a shell is needed. One that a later ENTRYPOINT replaces is worth a note, and so is one in an
    image of Windows, which has no signals. Under a `SHELL` of the Dockerfile's own nothing is
    reported.

    The fix writes a single command that needs no shell as a JSON array. It is unsafe, for another
    process is the container's first then; a CMD, which the shell form ignores, would become its
    arguments, so beside one it is a proposal only. See "Shell form ENTRYPOINT example" in the
    Dockerfile reference.
    """

    meta = Meta(
        "shell-form-entrypoint",
        Category.CORRECTNESS,
        Severity.WARNING,
        since="0.1",
        fix="unsafe",
        aliases=(
            "DL3025",
            "JSONArgsRecommended",
            "Not_Using_JSON_In_CMD_And_ENTRYPOINT_Arguments",
            "prefer-json-notation",
            "S7019",
        ),
    )
    on = (Entrypoint,)
    occasion = "shell-form entrypoint"
    bad = 'FROM python:3.13-slim\nENTRYPOINT python -m server\nCMD ["--port", "80"]\n'
    good = 'FROM python:3.13-slim\nENTRYPOINT ["python", "-m", "server"]\nCMD ["--port", "80"]\n'
    valid = (
        Valid('FROM a\nENTRYPOINT ["npm", "start"]\nCMD x\n'),
        Valid('FROM a\nSHELL ["bash", "-c"]\nENTRYPOINT npm start\n'),
        Valid("FROM a\nENTRYPOINT [npm, start]\n"),
    )
    invalid = (
        Invalid("FROM a\nENTRYPOINT npm start\n", at="npm start",
                fixed='FROM a\nENTRYPOINT ["npm", "start"]\n', unsafe=True),
        Invalid("FROM a\nENTRYPOINT npm \\\n  # all\n  start\nCMD more\n",
                at="npm \\\n  # all\n  start"),
        Invalid("FROM a\nENTRYPOINT exec npm start\n", at="exec npm start",
                fixed='FROM a\nENTRYPOINT ["npm", "start"]\n', unsafe=True),
        Invalid("FROM a AS b\nENTRYPOINT npm start\nFROM b AS c\nFROM c\nCMD [\"x\"]\n",
                at="npm start"),
        Invalid('FROM a AS b\nONBUILD CMD ["x"]\nFROM b\nENTRYPOINT npm start\n', at="npm start"),
        Invalid("FROM a\nCOPY <<E /x.sh\nnpm start\nE\nENTRYPOINT /x.sh a\n", at="/x.sh a"),
        Invalid("FROM a\nCOPY <<E /x.sh\n#!/bin/sh\nnpm start\nE\nENTRYPOINT /x.sh\n",
                at="/x.sh", fixed='FROM a\nCOPY <<E /x.sh\n#!/bin/sh\nnpm start\nE\n'
                'ENTRYPOINT ["/x.sh"]\n', unsafe=True),
        Invalid("FROM --platform=windows/amd64 a\nENTRYPOINT a.exe\n", at="a.exe"),
        Invalid('FROM a\nENTRYPOINT npm start\nENTRYPOINT ["npm"]\n', at="npm start"),
    )  # fmt: skip

    def check(self, doc: Document) -> Iterator[Finding]:
        """Every ENTRYPOINT in shell form; a note where a later one of its stage counts."""
        for start in start_texts(doc.tree, Entrypoint):
            related: tuple[Related, ...] = ()
            if start.startup.cmd is not None and start.shell.dialect.is_posix:
                related = (Related(doc.keyword(start.startup.cmd), "this CMD is ignored"),)
            message = _message(start)
            if start.replacement is not None:
                line = doc.lines.line(start.replacement.line.start)
                message = f"no effect: ENTRYPOINT on line {line} replaces this; remove it"
            place, fix = doc.arguments(start.instruction), partial(_fix, doc, start)
            finding = self.finding(doc, place, message, related, fix)
            # Windows sends no signals.
            if start.replacement is not None or not start.shell.dialect.is_posix:
                finding.severity = min(self.severity, Severity.INFO)
            yield finding


def _fix(doc: Document, start: StartText) -> Fix | None:
    from dflint.lint.start_fixes import start_fix

    return start_fix(doc, start)


def _message(start: StartText) -> str:
    write = f"; write `ENTRYPOINT {start.exec_form}`" if start.exec_form else ""
    if len(write) > 80:
        write = "; write it as a JSON array"
    shell = start.shell
    if not shell.dialect.is_posix:
        return f"`{shell.text}` comes first and takes quotes, `%` and `&` its own way{write}"
    ignored = f"`{shell.text}` passes neither CMD nor the arguments of `docker run` on"
    program = f"`{start.program}`" if start.program else "the program"
    if not start.hands_over:
        ignored += f", and with dash as shell no SIGTERM to {program}"
    return ignored + (write or '; start a script that ends with `exec … "$@"`')
