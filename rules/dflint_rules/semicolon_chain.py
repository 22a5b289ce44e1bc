"""The rule `semicolon-chain`."""

from __future__ import annotations

from dflint.cst.instructions import OnBuild, Run
from dflint.lint.rule import Category, Invalid, Meta, Rule, Severity, Valid

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from dflint.lint.document import Document
    from dflint.lint.finding import Finding


_SAFE = frozenset((
    "cd", "echo", "export", "set", "printf", "true", "mkdir", "rm", "if", "for", "while", "case",
    "{", "(", "unset", "umask", "trap", "!", "until", "wait", "sleep", "pushd", "popd",
))  # fmt: skip


class SemicolonChain(Rule):
    """`;` goes on where the command before it has failed.

    The `RUN` succeeds if its last command does: what fails before a `;` is not noticed, and is
    missing in the image. `&&` stops there; so does `set -e` at the beginning.

    Off unless selected: sometimes the failure is meant to be passed over. Not reported behind
    `set -e`, behind commands that hardly fail (`cd`, `echo`, `export`), and in loops and
    conditions.

    POSIX.1-2017, "Lists".
    """

    meta = Meta(
        "semicolon-chain",
        Category.CORRECTNESS,
        Severity.INFO,
        since="0.1",
        aliases=("no_ampersand_usage",),
        default=False,
    )
    on = (
        Run,
        OnBuild,
    )
    mentions = (";",)
    bad = "FROM debian:12-slim\nRUN ./make; ./make install\n"
    good = "FROM debian:12-slim\nRUN ./make && ./make install\n"
    valid = (
        Valid("FROM a\nRUN set -e; b; c\n"),
        Valid("FROM a\nRUN echo b; c;\n"),
        Valid("FROM a\nRUN if b; then c; fi\n"),
    )
    invalid = (
        Invalid("FROM a\nRUN make; make install; c\n", at=";"),
        Invalid("FROM a\nRUN b && c; \\\n  d\n", at=";"),
    )

    def check(self, doc: Document) -> Iterator[Finding]:
        """Report each."""
        for program in doc.programs:
            if program.is_exec_form or program.occurrence.instruction.line.markers:
                continue
            for step in program.script.steps[:-1]:
                if step.operator_after != ";" or "errexit" in program.options_at(step):
                    continue
                name = step.text.split(" ")[0].rpartition("/")[2]
                span = step.operator_after_span
                if (
                    span is not None
                    and name not in _SAFE
                    and "=" not in name
                    and "||" not in step.text
                ):
                    yield self.finding(
                        doc,
                        span,
                        f"if `{name[:30]}` fails, the RUN goes on; write `&&`, or begin with `set "
                        "-e`",
                    )
                    break
