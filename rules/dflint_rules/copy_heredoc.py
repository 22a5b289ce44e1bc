"""The rule `copy-heredoc`."""

from __future__ import annotations

from functools import partial

from dflint.cst.instructions import OnBuild, Run
from dflint.lint.rule import Category, Invalid, Meta, Rule, Severity, Valid
from dflint.semantic.written_files import written_file

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from dflint.lint.document import Document
    from dflint.lint.finding import Finding
    from dflint.lint.fix import Fix
    from dflint.semantic.programs import Program


class CopyHeredoc(Rule):
    """A file is written by `echo` in a `RUN`.

    `COPY <<EOF /etc/app.conf` writes a file as it stands there: no quotes to be escaped, no shell
    that may do otherwise, and it works in an image without one.

    Off unless selected. The fix is for files that root writes, whose text is known to the letter:
    variables are those of ENV and ARG, and `echo` has no escapes, but in images whose `sh` is known
    to read them. There is none in `/home` where the base image may have another user. It is unsafe:
    a file that is there gets root as its owner and mode 644, or that of `chmod`.

    Dockerfile reference, "COPY".
    """

    meta = Meta(
        "copy-heredoc",
        Category.STYLE,
        Severity.STYLE,
        since="0.1",
        aliases=("tally/prefer-copy-heredoc",),
        default=False,
        fix="unsafe",
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
        Invalid(
            "FROM a\nRUN echo b | tee /c\nRUN echo d | tee -a /e\n",
            at="echo",
            fixed="FROM a\nCOPY <<EOF /c\nb\nEOF\nRUN echo d | tee -a /e\n",
            unsafe=True,
        ),
        Invalid(
            "FROM a\nRUN mkdir -p /b && echo c > /b/d && echo e >> /b/d\n",
            at="echo",
            fixed="FROM a\nCOPY <<EOF /b/d\nc\ne\nEOF\n",
            unsafe=True,
        ),
        Invalid(
            "FROM a\nRUN cat <<E > /b && chmod 600 /b\nc\nE\n",
            at="cat",
            fixed="FROM a\nCOPY --chmod=600 <<EOF /b\nc\nEOF\n",
            unsafe=True,
        ),
        Invalid('FROM a\nRUN printf "b\\nc" > /d\n', at="printf"),
        Invalid(
            'FROM a\nARG V\nRUN echo "b $V" \\\n  # d\n  > c\n',
            at="echo",
            fixed="FROM a\nARG V\n# d\nCOPY <<EOF c\nb $V\nEOF\n",
            unsafe=True,
        ),
        Invalid(
            "FROM debian:12\nRUN echo 'b\\n\\\necho $1' > /b && chmod +x /b\n",
            at="echo",
            fixed="FROM debian:12\nCOPY --chmod=755 <<'EOF' /b\nb\necho $1\nEOF\n",
            unsafe=True,
        ),
        Invalid("FROM a\nRUN echo 'b\\nc' > /b\n", at="echo"),
        Invalid("FROM a\nRUN echo $HOME *.c > /b\n", at="echo"),
        Invalid("FROM a\nRUN echo b > /etc/hosts\nRUN echo b > ~/c\n", at=("echo", "echo")),
        Invalid("FROM a\nUSER b\nRUN echo b > /b\n", at="echo"),
        Invalid("FROM a\nARG V\nRUN echo \"$V\" '$V' > /b\n", at="echo"),
        Invalid("FROM a\nARG V\nRUN echo '$V' > /b && echo \"$V\" >> /b\n", at="echo"),
        Invalid("FROM a\nWORKDIR /home/b\nRUN echo b > c\n", at="echo"),
        Invalid("FROM a\nRUN mkdir -p /b && echo c > /b/d && chmod 600 /b/d\n", at="echo"),
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
                    fix=partial(_fix, doc, program),
                )


def _fix(doc: Document, program: Program) -> Fix | None:
    import dflint.lint.written_file_fixes as fixes  # costs less each time than a name of it

    return fixes.copied_text(doc, program)
