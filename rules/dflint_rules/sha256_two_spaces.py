"""The rule `sha256-two-spaces`."""

from __future__ import annotations

import re
from functools import partial

from dflint.cst.instructions import OnBuild, Run
from dflint.lint.rule import Category, Invalid, Meta, Rule, Severity, Valid
from dflint.semantic.busybox import is_applet
from dflint.shell.statements import Kind

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from dflint.lint.document import Document
    from dflint.lint.finding import Finding
    from dflint.lint.fix import Fix
    from dflint.shell.invocation import Invocation
    from dflint.text.span import Span


#: `echo` of a digest, one blank, and a name.
_LINE = re.compile(r"""echo\s++(?:-n\s++)?+["']?[\w${}]++(?P<blank> )[^\s*"'][^\s"']*+["']?""")


class Sha256TwoSpaces(Rule):
    """BusyBox does not read a digest with one blank before the file's name.

    `sha256sum -c` reads lines of a digest, two blanks (or a blank and `*`), and a name. GNU's
    program takes one blank too; that of BusyBox, which Alpine has, says that the line is not
    right, and fails.

    Reported is `echo "$SUM file" | sha256sum -c` in images whose program is BusyBox'. The fix is
    unsafe where the RUN goes on when that fails.

    sha256sum(1).
    """

    meta = Meta(
        "sha256-two-spaces",
        Category.PORTABILITY,
        Severity.ERROR,
        since="0.1",
        aliases=("sha256sumEchoOneSpaces",),
        fix="safe",
    )
    on = (
        Run,
        OnBuild,
    )
    mentions = (
        "sum -",
        'sum" -',
    )
    bad = 'FROM alpine:3.22\nRUN echo "${SUM} app.tar" | sha256sum -c -\n'
    good = 'FROM alpine:3.22\nRUN echo "${SUM}  app.tar" | sha256sum -c -\n'
    valid = (
        Valid('FROM debian:12\nRUN echo "$S b" | sha256sum -c -\n'),
        Valid('FROM alpine\nRUN echo "$S *b" | sha256sum -c -; apk add coreutils\n'),
        Valid('FROM alpine\nRUN apk add coreutils && echo "$S b" | sha256sum -c\n'),
    )
    invalid = (
        Invalid(
            ('FROM alpine\nRUN echo "$S  b" | sha256sum -c - && echo "$S c" | sha512sum -c -\n'),
            at='echo "$S c"',
            fixed=(
                'FROM alpine\nRUN echo "$S  b" | sha256sum -c - && echo "$S  c" | sha512sum -c -\n'
            ),
        ),
        Invalid(
            "FROM node:22-alpine\nRUN echo '0123abc b' | md5sum -c\n",
            at="echo '0123abc b'",
            fixed="FROM node:22-alpine\nRUN echo '0123abc  b' | md5sum -c\n",
        ),
        Invalid(
            'FROM alpine\nRUN echo "$S b" | sha256sum -c - || c\n',
            at='echo "$S b"',
            fixed='FROM alpine\nRUN echo "$S  b" | sha256sum -c - || c\n',
            unsafe=True,
        ),
        # Without quotes `echo` writes one blank, however many there are.
        Invalid("FROM alpine\nRUN echo $S b | sha256sum -c -\n", at="echo $S b"),
    )

    def check(self, doc: Document) -> Iterator[Finding]:
        """Report each."""
        for program in doc.programs:
            for call in program.invocations_of("sha256sum", "sha512sum", "sha1sum", "md5sum"):
                parent = call.command.parent
                is_check = any(one.prefix.startswith(("-c", "--check")) for one in call.arguments)
                if parent is None or parent.kind is not Kind.PIPELINE or not is_check:
                    continue
                if call.command.index != 1 or call.name is None:
                    continue
                found = _LINE.fullmatch(parent.statements[0].text.strip())
                installed = is_applet(doc.model, doc.programs, program, call, "coreutils")
                if found is not None and installed:
                    statement = parent.statements[0]
                    yield self.finding(
                        doc,
                        statement.span,
                        "BusyBox refuses a line with one blank before the name; write two",
                        fix=partial(_fix, doc, call, statement.span, found.start("blank")),
                    )


def _fix(doc: Document, call: Invocation, span: Span, at: int) -> Fix | None:
    """A second blank, which other programs take as well.

    Unsafe where the RUN goes on without it: what stands there for a sum that does not fit is not
    done any more.
    """
    from dflint.lint.fixing import SAME_IMAGE, Applicability, Edit, Effect, Fix
    from dflint.shell.conditions import is_optional

    text = span.slice(doc.text)
    if _LINE.fullmatch(text) is None or not {"'", '"'} & set(text):
        return None
    edits = (Edit.insertion(span.start + at, " "),)
    is_certain = not is_optional(call.command) and not any(
        one.is_negated for one in (call.command, *call.command.ancestors)
    )
    applicability = Applicability.SAFE if is_certain else Applicability.UNSAFE
    return Fix("write two blanks", edits, applicability, Effect.FILES, contract=SAME_IMAGE)
