"""The rule `copy-heredoc`."""

from __future__ import annotations

from dflint.cst.instructions import OnBuild, Run
from dflint.lint.rule import Category, Invalid, Meta, Rule, Severity, Valid

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from dflint.lint.document import Document
    from dflint.lint.finding import Finding


class CopyHeredoc(Rule):
    """A file is written by `echo` in a `RUN`.

    `COPY <<EOF /etc/app.conf` writes a file as it stands there: no quotes to be escaped, no shell
    that may do otherwise, and it works in an image without one.

    Off unless selected.

    Dockerfile reference, "COPY".
    """

    meta = Meta(
        "copy-heredoc",
        Category.STYLE,
        Severity.STYLE,
        since="0.1",
        aliases=("tally/prefer-copy-heredoc",),
        default=False,
    )
    on = (
        Run,
        OnBuild,
    )
    mentions = (">",)
    bad = 'FROM debian:12-slim\nRUN echo "port = 80" > /etc/app.conf\n'
    good = "FROM debian:12-slim\nCOPY <<EOF /etc/app.conf\nport = 80\nEOF\n"
    valid = (
        Valid("FROM a\nRUN echo b && c > d\n"),
        Valid("FROM a\nRUN echo b >> c\nRUN cat d | e > f\n"),
    )
    invalid = (
        Invalid('FROM a\nRUN printf "b\\nc" > /d\n', at="printf"),
        Invalid('FROM a\nRUN echo "b" \\\n  > c\n', at="echo"),
    )

    def check(self, doc: Document) -> Iterator[Finding]:
        """Report each."""
        for program in doc.programs:
            commands = program.script.commands
            if len(commands) != 1 or commands[0].name_value not in ("echo", "printf", "cat"):
                continue
            for redirect in commands[0].redirects:
                target = redirect.target
                if (
                    redirect.operator == ">"
                    and target is not None
                    and target.value not in (None, "/dev/null")
                ):
                    yield self.finding(
                        doc,
                        commands[0].words[0].span,
                        "`COPY <<EOF` with the text behind it writes this file without a shell "
                        "and quotes",
                    )
