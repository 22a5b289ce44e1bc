"""The rule `shell-syntax`."""

from __future__ import annotations

from dflint.cst.instructions import OnBuild, Run
from dflint.lint.rule import Category, Invalid, Meta, Rule, Severity, Valid
from dflint.text.contains import contains_any

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from dflint.lint.document import Document
    from dflint.lint.finding import Finding


# A line without these marks and words is plain words joined by `&&`, which no shell refuses.
# In the order of how often they stand in a RUN.
_MARKS = "\"$';|{}[]()&\\<>`#!*?~\n"
_RESERVED = frozenset((
    "if", "then", "elif", "else", "fi", "for", "while", "until", "do", "done", "case", "esac",
    "function", "select", "time",
))  # fmt: skip


class ShellSyntax(Rule):
    """The shell cannot read what a `RUN` gives it.

    A shell form is one line to the shell, and it reads all of it before it runs any: with an
    `if` that has no `fi`, a quote that is never closed, or an `&&` that nothing follows, the
    build stops here. Often a comment took the end of the command with it: in `RUN a && # b`,
    continued on the next line, the shell's comment reaches to the end of the joined lines.

    Only what POSIX shells and bash refuse alike is reported, in shell form, heredocs, and
    scripts that are given to `sh -c`, `bash -c` and `eval`. What one of them knows and another
    does not (arrays in dash) is left to tools that know the shell of the image. Scripts for
    zsh, ksh, PowerShell and `cmd`, and bodies of absurd size, are not judged.

    POSIX.1-2017, Shell Command Language, 2.10.
    """

    meta = Meta("shell-syntax", Category.SYNTAX, Severity.ERROR, since="0.1")
    on = (Run, OnBuild)
    bad = (
        "FROM alpine:3.22\n"
        "RUN apk add --no-cache curl && # for the health check \\\n"
        "    adduser -D app\n"
    )
    good = (
        "FROM alpine:3.22\n"
        "RUN apk add --no-cache curl && \\\n"
        "    # for the health check\n"
        "    adduser -D app\n"
    )
    valid = (
        Valid("FROM a\nRUN if a; then if b; then c; fi fi\nRUN (a) && { b; } || ! c\n"),
        Valid("FROM a\nRUN case x in a|b) c;; (*) d; esac; f() { g; }; x=(1 2); [[ a =~ (b) ]]\n"),
        Valid("FROM a\nRUN <<EOF\ncat <<'X'\nif (\nX\necho \"$(case a in b) c;; esac)\"\nEOF\n"),
        Valid('FROM a\nSHELL ["pwsh", "-c"]\nRUN if (a) { b } else { c }\nRUN ["if", "("]\n'),
        Valid("FROM a\nRUN <<EOF\nif a\n"),
        Valid(
            'ARG B\nFROM $B\nRUN (if "%C%"=="1" setx D 1) & \\\n  icacls C:\\e /grant "f":(OI)F\n'
        ),
    )
    invalid = (
        Invalid("FROM a\nRUN a && # b \\\n  c\n", at="&&"),
        Invalid("FROM a\nRUN if a; then \\\n  # c\n  b; \\\n  done\n", at="done"),
        Invalid("FROM a\nONBUILD RUN if a; then b\n", at="if"),
        Invalid("FROM a\nRUN <<EOF\nb\necho 'it\nEOF\n", at="'"),
        Invalid("FROM a\nRUN bash -c 'for i in a; { b; } )'\nRUN a; && b\n", at=(")", "&&")),
        Invalid('ARG B\nFROM $B\nRUN (if "$C" d)\n', at=")"),
        Invalid("FROM a\nRUN && b\nONBUILD RUN && \\\n  b\n", at=("&&", "&&")),
    )

    def check(self, doc: Document) -> Iterator[Finding]:
        """The first fault of each program, where two readers of shell code agree on one."""
        if all(_is_plain(run.line.text) for run in (*doc.all(Run), *doc.all(OnBuild))):
            return
        import dflint.semantic.unreadable_programs as module

        for span, reason in module.unreadable_programs(doc.all_programs):
            if "unterminated-heredoc" in doc.problem_kinds:
                return  # what the shell would be given nobody knows
            yield self.finding(
                doc, span, f"the shell cannot read this and the build stops: {reason}"
            )


def _is_plain(text: str) -> bool:
    words = text.split()
    if "&&" in words[:3]:
        return False  # perhaps nothing stands before it
    return not contains_any(text.replace(" && ", " "), _MARKS) and _RESERVED.isdisjoint(words)
