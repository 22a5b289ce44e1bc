"""The rule `shell-form-cmd`."""

from __future__ import annotations

from functools import partial

from dflint.cst.instructions import Cmd
from dflint.lint.finding import Severity
from dflint.lint.options import OptionSpec
from dflint.lint.rule import Category, Invalid, Meta, Rule, Valid
from dflint.semantic.shell_form import start_texts

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from dflint.lint.document import Document
    from dflint.lint.finding import Finding
    from dflint.lint.fix import Fix
    from dflint.semantic.shell_form import StartText


class ShellFormCmd(Rule):
    """`CMD` in shell form starts a shell, and the program only below it.

    `CMD npm start` runs `/bin/sh -c "npm start"`. The shell is the container's first process, the
    only one that `docker stop` sends SIGTERM to. Some shells replace themselves with a last simple
    command; dash, which is `/bin/sh` in Debian and Ubuntu, does not: it waits, the program never
    learns that it should end, and is killed after 10 seconds. `CMD ["npm", "start"]` starts it
    without a shell. Where a shell is needed, for variables or several commands, its last command
    should be `exec PROGRAM`; that is reported with the option `include-exec` only, as hadolint and
    BuildKit do. A `CMD` that has no effect, an `exec` without need of a shell, and a shell of
    Windows, which has no signals, are worth a note.
    Nothing is reported under a `SHELL` of the Dockerfile's own, nor of
    `HEALTHCHECK CMD`, which no signal has to reach.

    The fix writes a single command that needs no shell as a JSON array. It is unsafe: what the
    image starts is no longer the shell, an entry point of the base image gets other arguments,
    and a script without `#!` runs by a shell only. See "Shell and exec form" in the
    Dockerfile reference.
    """

    meta = Meta(
        "shell-form-cmd",
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
        options=(
            OptionSpec(
                "include-exec",
                "bool",
                False,
                "Report also text that ends with `exec PROGRAM`, or that sets a trap.",
                exact_for=(
                    "JSONArgsRecommended",
                    "DL3025",
                ),
            ),
        ),
    )
    on = (Cmd,)
    occasion = "shell-form cmd"
    bad = "FROM node:22-slim\nCMD npm start\n"
    good = 'FROM node:22-slim\nCMD ["npm", "start"]\n'
    valid = (
        Valid('FROM a\nCMD ["npm", "start"]\n'),
        Valid("FROM a\nCMD exec npm $X\nFROM b\nCMD cd /x && \\\n  exec npm start\n"),
        Valid('FROM a AS b\nSHELL ["bash", "-c"]\nFROM b\nCMD npm start\n'),
        Valid("FROM a\nCMD trap exit TERM; serve & wait\nFROM a\nCMD [node, app.js]\nFROM b\nCMD"),
    )
    invalid = (
        Invalid("FROM a\nCMD npm start\n", at="npm start",
                fixed='FROM a\nCMD ["npm", "start"]\n', unsafe=True),
        Invalid("FROM a\nCMD npm \\\n  # all of it\n  start\nFROM b\ncmd bundle exec puma\n",
                at=("npm \\\n  # all of it\n  start", "bundle exec puma"),
                fixed='FROM a\nCMD ["npm", \\\n  # all of it\n  "start"]\n'
                'FROM b\ncmd ["bundle", "exec", "puma"]\n', unsafe=True),
        Invalid("FROM a\nCMD a | exec b; c $X\n", at="a | exec b; c $X"),
        Invalid("FROM a\nCMD npm $X\nFROM b\nCMD source x\n", at=("npm $X", "source x")),
        Invalid("FROM a\nCMD a 'b  \"c\\' \"d e\" ''\n", at="a 'b  \"c\\' \"d e\" ''",
                fixed='FROM a\nCMD ["a", "b  \\"c\\\\", "d e", ""]\n', unsafe=True),
        Invalid("FROM a\nCMD a it's b\nFROM b\nCMD a --b='c d'\n", at=("a it's b", "a --b='c d'"),
                fixed="FROM a\nCMD a it's b\nFROM b\n"
                'CMD ["a", "--b=c d"]\n', unsafe=True),
        Invalid("FROM a\nCMD a 'b  c\\' \"d e\" ''\n", at="a 'b  c\\' \"d e\" ''",
                fixed='FROM a\nCMD ["a", "b  c\\\\", "d e", ""]\n', unsafe=True),
        Invalid('FROM a\nENTRYPOINT ["tini", "--"]\nCMD npm start\n', at="npm start",
                fixed='FROM a\nENTRYPOINT ["tini", "--"]\nCMD ["npm", "start"]\n', unsafe=True),
        Invalid("FROM mcr.microsoft.com/windows/nanoserver\nCMD a.exe\n", at="a.exe"),
        Invalid('FROM a\nCMD a\nCMD ["b"]\nFROM a\nENTRYPOINT c\nCMD exec d\n', at=("a", "exec d")),
        Invalid("FROM a\nCMD exec npm start\n", at="exec npm start",
                fixed='FROM a\nCMD ["npm", "start"]\n', unsafe=True),
        Invalid("FROM a\nRUN echo 'exec node x' >/x && chmod +x /x\nCMD /x\n", at="/x"),
        Invalid("FROM a\nCMD echo 'a\\nb'\nFROM a\nCMD times\n", at=("echo 'a\\nb'", "times")),
        Invalid("FROM a\nCMD exec npm $X\n", at="exec npm $X", options={"include-exec": True}),
    )  # fmt: skip

    def check(self, doc: Document) -> Iterator[Finding]:
        """Every CMD in shell form; a note where that does no harm."""
        options = doc.settings.options.get(self.meta.name, {})
        for start in start_texts(doc.tree, Cmd):
            if start.is_harmless and not start.exec_form and not options.get("include-exec"):
                continue
            message = _message(start)
            overruling = start.overruling
            if overruling is not None:
                line = doc.lines.line(overruling.line.start)
                does, advice = "replaces", "remove it"
                if overruling.KEYWORD != "CMD":
                    does, advice = "ignores", "write both as JSON arrays"
                message = f"no effect: {overruling.KEYWORD} on line {line} {does} this; {advice}"
            place, fix = doc.arguments(start.instruction), partial(_fix, doc, start)
            finding = self.finding(doc, place, message, fix=fix)
            # Windows sends no signals: there the shell harms only what it reads its own way.
            if start.is_harmless or overruling is not None or not start.shell.dialect.is_posix:
                finding.severity = min(self.severity, Severity.INFO)
            yield finding


def _fix(doc: Document, start: StartText) -> Fix | None:
    import dflint.lint.start_fixes as fixes  # costs less each time than a name of it

    return fixes.start_fix(doc, start)


def _message(start: StartText) -> str:
    if not start.shell.dialect.is_posix:
        advice = start.exec_form and f"; write `CMD {start.exec_form}`"
        return f"`{start.shell.text}` comes first and takes quotes, `%` and `&` its own way{advice}"
    shell = start.shell.words[0]
    if start.has_entrypoint:
        return f"ENTRYPOINT gets `{shell}`, `-c` and this text as arguments; {_advice(start)}"
    if start.is_harmless:
        advice = _advice(start) if start.exec_form else "start a script with a JSON array"
        return f"`{shell}` reads this first, though it sees to signals; without a shell, {advice}"
    program = f"`{start.program}`" if start.program else "the last command"
    return (
        f"`docker stop` signals only `{shell}`: unless that execs {program} (dash does not), "
        f"all is killed after 10 s; {_advice(start)}"
    )


def _advice(start: StartText) -> str:
    if start.exec_form:
        is_short = len(start.exec_form) < 60
        return f"write `CMD {start.exec_form}`" if is_short else "write it as a JSON array"
    if not start.program:
        return "begin the command that is to stay with `exec`, or start a script with a JSON array"
    command = start.text if len(start.text) < 40 else "PROGRAM"
    return f'write `["{start.shell.words[0]}", "-c", "exec {command}"]`'
