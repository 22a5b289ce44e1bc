"""The rule `copy-heredoc`."""

from __future__ import annotations

from dflint.cst.instructions import OnBuild, Run
from dflint.lint.rule import Category, Invalid, Meta, Rule, Severity, Valid
from dflint.semantic.written_files import written_file

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
    mentions = (">", "tee ")
    bad = 'FROM debian:12-slim\nRUN echo "port = 80" > /etc/app.conf\n'
    good = "FROM debian:12-slim\nCOPY <<EOF /etc/app.conf\nport = 80\nEOF\n"
    valid = (
        Valid("FROM a\nRUN echo b && c > d\n"),
        Valid("FROM a\nRUN echo b >> c\nRUN cat d | e > f\n"),
        Valid("FROM a\nRUN echo b 2> c\nRUN cat d > e\nRUN echo -n f > g\n"),
        Valid("FROM a\nRUN --mount=type=cache,target=/b echo c > /b/d\n"),
        Valid("FROM a\nRUN echo b > /c || true\nRUN echo b > /c && echo d > /e\n"),
    )
    invalid = (
        Invalid("FROM a\nRUN echo b | tee /c\nRUN echo d | tee -a /e\n", at="echo"),
        Invalid("FROM a\nRUN mkdir -p /b && echo c > /b/d && echo e >> /b/d\n", at="echo"),
        Invalid("FROM a\nRUN cat <<E > /b && chmod 600 /b\nc\nE\n", at="cat"),
        Invalid('FROM a\nRUN printf "b\\nc" > /d\n', at="printf"),
        Invalid('FROM a\nRUN echo "b" \\\n  > c\n', at="echo"),
    )

    def check(self, doc: Document) -> Iterator[Finding]:
        """Report each."""
        for program in doc.programs:
            command = written_file(program)
            if command is not None:
                yield self.finding(
                    doc,
                    command.words[0].span,
                    "`COPY <<EOF` with the text behind it writes this file without a shell and "
                    "quotes",
                )
