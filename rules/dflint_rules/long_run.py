"""The rule `long-run`."""

from __future__ import annotations

from dflint.cst.instructions import Run
from dflint.lint.options import OptionSpec
from dflint.lint.rule import Category, Invalid, Meta, Rule, Severity, Valid
from dflint.text.span import Span

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from dflint.lint.document import Document
    from dflint.lint.finding import Finding


class LongRun(Rule):
    """A line of a `RUN` is longer than the project wants.

    Long lines of commands are hard to read and to compare. A backslash continues a `RUN` on the
    next line, a heredoc holds a script of several lines. `dflint format` leaves lines as they are
    where a command would have to be cut.

    Off unless selected: what is long is a matter of taste.

    Dockerfile best practices, "RUN".
    """

    meta = Meta(
        "long-run",
        Category.STYLE,
        Severity.STYLE,
        since="0.1",
        aliases=("S7020",),
        default=False,
        options=(OptionSpec("characters", "int", 120, "How long a line may be."),),
    )
    on = (Run,)
    bad = "FROM debian:12-slim\nRUN ./make all check install clean\n"
    good = "FROM debian:12-slim\nRUN ./make all \\\n    check install\n"
    given = (("characters", 24),)
    valid = (
        Valid(
            "FROM a\n"
            "RUN b\n"
            "ENV "
            "C=cccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccc\n"
        ),
        Valid("FROM a\nRUN b && \\\n  c && \\\n  d\n", {"characters": 12}),
    )
    invalid = (
        Invalid("FROM a\nRUN b c d e f\n", at="e f", options={"characters": 10}),
        Invalid("FROM a\nRUN b && \\\n  c d e f g h\n", at="g h", options={"characters": 10}),
    )

    def check(self, doc: Document) -> Iterator[Finding]:
        """Report each."""
        most = doc.settings.options.get(self.meta.name, {}).get("characters", 120)
        if not isinstance(most, int):
            return
        for instruction in doc.all(Run):
            core = doc.core(instruction)
            start = core.start
            for line in doc.text[core.start : core.end].split("\n"):
                if len(line) > most and "://" not in line:
                    yield self.finding(
                        doc,
                        Span(start + most, start + len(line.rstrip("\r"))),
                        f"this line has {len(line)} characters, and {most} are allowed; continue "
                        "it with a "
                        "backslash, or use a heredoc",
                    )
                    break
                start += len(line) + 1
