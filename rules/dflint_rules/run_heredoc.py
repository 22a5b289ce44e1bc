"""The rule `run-heredoc`."""

from __future__ import annotations

from dflint.cst.instructions import Run
from dflint.lint.options import OptionSpec
from dflint.lint.rule import Category, Invalid, Meta, Rule, Severity, Valid

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from dflint.lint.document import Document
    from dflint.lint.finding import Finding


class RunHeredoc(Rule):
    """A `RUN` joins many commands.

    A heredoc holds a script as one writes it, a command on each line, with comments: `RUN <<EOF`,
    `set -e`, the commands, `EOF`.

    Off unless selected; the option `commands` says from how many on. A heredoc needs BuildKit,
    and `set -e`, or a failure is passed over.

    Dockerfile reference, "Here-Documents".
    """

    meta = Meta(
        "run-heredoc",
        Category.STYLE,
        Severity.STYLE,
        since="0.1",
        aliases=("tally/prefer-run-heredoc",),
        default=False,
        options=(OptionSpec("commands", "int", 8, "From how many commands on."),),
    )
    on = (Run,)
    mentions = ("&&",)
    bad = "FROM debian:12-slim\nRUN ./make all && ./make check && ./make install\n"
    good = "FROM debian:12-slim\nRUN <<EOF\nset -e\n./make all\n./make check\n./make install\nEOF\n"
    given = (("commands", 3),)
    valid = (
        Valid("FROM a\nRUN b && c\n"),
        Valid("FROM a\nRUN <<EOF\nb && c && d\nEOF\n", {"commands": 2}),
    )
    invalid = (
        Invalid("FROM a\nRUN b && c\nrun d\n", at="RUN", options={"commands": 2}),
        Invalid("FROM a\nRUN a && b && c && d && e && f && g && h\n", at="RUN"),
    )

    def check(self, doc: Document) -> Iterator[Finding]:
        """Report each."""
        most = doc.settings.options.get(self.meta.name, {}).get("commands", 8)
        for instruction in doc.all(Run):
            count = instruction.line.text.count(" && ") + 1
            if isinstance(most, int) and count >= most and not instruction.line.markers:
                yield self.finding(
                    doc,
                    doc.keyword(instruction),
                    f"{count} commands in a row are easier to read in a heredoc that begins with "
                    "`set -e`",
                )
