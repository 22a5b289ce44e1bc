"""The rule `run-heredoc`."""

from __future__ import annotations

from functools import partial

from dflint.cst.instructions import Run
from dflint.lint.options import OptionSpec
from dflint.lint.rule import Category, Invalid, Meta, Rule, Severity, Valid

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from dflint.lint.document import Document
    from dflint.lint.finding import Finding
    from dflint.lint.fix import Fix
    from dflint.shell.statements import Statement


class RunHeredoc(Rule):
    """A `RUN` joins many commands.

    A heredoc holds a script as one writes it, a command on each line, with comments: `RUN <<EOF`,
    `set -e`, the commands, `EOF`.

    Off unless selected; the option `commands` says from how many on. A heredoc needs BuildKit,
    and `set -e`, or a failure is passed over.

    The fix writes the commands of a list of `&&` so, with the comments among them; it is unsafe.
    There is none where `set -e` would stop at another failure than `&&` does: in loops, functions,
    lists in braces, scripts that are read with `.`, behind `!` and `||`. Nor where a text in quotes
    goes over several lines.

    Dockerfile reference, "Here-Documents".
    """

    meta = Meta(
        "run-heredoc",
        Category.STYLE,
        Severity.STYLE,
        since="0.1",
        aliases=("tally/prefer-run-heredoc",),
        default=False,
        fix="unsafe",
        options=(
            OptionSpec("commands", "int", 8, "From how many commands on."),
            OptionSpec(
                "short",
                "bool",
                False,
                "Report from three commands on, those of RUNs in a row taken together.",
                exact_for=("tally/prefer-run-heredoc",),
            ),
        ),
    )
    on = (Run,)
    bad = "FROM debian:12-slim\nRUN ./make all && ./make check && ./make install\n"
    good = "FROM debian:12-slim\nRUN <<EOF\nset -e\n./make all\n./make check\n./make install\nEOF\n"
    given = (("commands", 3),)
    valid = (
        Valid("FROM a\nRUN <<E\nb\nc\nd\nE\nRUN e && f\n", {"short": True}),
        Valid("FROM a\nRUN b && c\n"),
        Valid("FROM a\nRUN <<EOF\nb && c && d\nEOF\n", {"commands": 2}),
    )
    invalid = (
        Invalid(
            "FROM a\nRUN b; c\nRUN d\nENV e=f\nRUN g && h\nRUN --network=none i\nRUN j || k && l\n",
            at="RUN",
            options={"short": True},
        ),
        Invalid(
            "FROM a\nRUN b && c\nrun d\n",
            at="RUN",
            options={"commands": 2},
            fixed="FROM a\nRUN <<EOF\nset -e\nb\nc\nEOF\nrun d\n",
            unsafe=True,
        ),
        Invalid(
            "FROM a\nRUN --network=none set -ex; a \\\n    # two\n    && b \\\n       c 'd e' \\\n"
            "       | g \\\n    && (h || i) \\\n    # end\n",
            at="RUN",
            options={"commands": 3},
            fixed="FROM a\nRUN --network=none <<EOF\nset -ex\na\n# two\nb \\\n   c 'd e' \\\n"
            "   | g\n(h || i)\n# end\nEOF\n",
            unsafe=True,
        ),
        Invalid(
            "FROM a\nRUN --mount=type=tmpfs,target=/d \\\n  # one\n  --network=none \\\n  # two\n"
            "  a && \\\n\n  b\n",
            at="RUN",
            options={"commands": 2},
            fixed="FROM a\nRUN --mount=type=tmpfs,target=/d \\\n  # one\n  --network=none <<EOF\n"
            "set -e\n# two\na\nb\nEOF\n",
            unsafe=True,
        ),
        Invalid("FROM a\nRUN a b \\\n  # c\n  d && e\n", at="RUN", options={"commands": 2}),
        Invalid("FROM a\nRUN a && ! b\n", at="RUN", options={"commands": 2}),
        Invalid("FROM a\nRUN . a && b\n", at="RUN", options={"commands": 2}),
        Invalid('FROM a\nSHELL ["bash", "-ic"]\nRUN b && c\n', at="RUN", options={"commands": 2}),
        Invalid("FROM a\nRUN a && { b && c; }\n", at="RUN", options={"commands": 2}),
        Invalid("FROM a\nRUN for b in c; do $b; done && d\n", at="RUN", options={"commands": 2}),
        Invalid("FROM a\nRUN a '\\\nb' && b\n", at="RUN", options={"commands": 2}),
        Invalid(
            "FROM a\nRUN a && b && c && d && e && f && g && h\n",
            at="RUN",
            fixed="FROM a\nRUN <<EOF\nset -e\na\nb\nc\nd\ne\nf\ng\nh\nEOF\n",
            unsafe=True,
        ),
    )

    def check(self, doc: Document) -> Iterator[Finding]:
        """Report each."""
        options = doc.settings.options.get(self.meta.name, {})
        if options.get("short"):
            yield from self._short(doc)
            return
        most = options.get("commands", 8)
        for instruction in doc.all(Run):
            count = instruction.line.text.count(" && ") + 1
            if isinstance(most, int) and count >= most and not instruction.line.markers:
                yield self.finding(
                    doc,
                    doc.keyword(instruction),
                    f"{count} commands in a row are easier to read in a heredoc that begins with "
                    "`set -e`",
                    fix=partial(_fix, doc, instruction),
                )

    def _short(self, doc: Document) -> Iterator[Finding]:
        """Report the first of each row of RUNs that has three commands."""
        counts = {
            program.instruction: _commands(program.script.steps)
            for program in doc.programs
            if program.parent is None and not program.occurrence.reading.is_json
        }
        row: list[Run] = []
        for instruction in (*doc.instructions, None):
            one = instruction if isinstance(instruction, Run) else None
            if one is not None and (one.line.markers or not counts.get(one)):
                one = None
            if one is not None and row and one.reading.flags == row[0].reading.flags:
                row.append(one)
                continue
            if sum(counts[each] for each in row) > 2:
                message = "these commands are easier to read in one heredoc"
                fix = partial(_fix, doc, row[0]) if len(row) == 1 else None
                yield self.finding(doc, doc.keyword(row[0]), message, fix=fix)
            row = [] if one is None else [one]


def _fix(doc: Document, instruction: Run) -> Fix | None:
    """The heredoc, where it is certain that it does the same."""
    import dflint.lint.heredoc_fixes as fixes  # costs less each time than a name of it

    for program in doc.programs:
        if program.instruction is instruction and program.parent is None:
            return fixes.as_heredoc(doc, program)
    return None


def _commands(steps: Sequence[Statement]) -> int:
    """How many commands stand one after another; 0 where one of them is an alternative."""
    if any(step.operator_before in ("||", "&") for step in steps):
        return 0
    return len(steps)
