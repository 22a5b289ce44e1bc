"""The rule `unknown-flag`."""

from __future__ import annotations

from dflint.lint.problem_rule import ProblemRule
from dflint.lint.rule import Category, Invalid, Meta, Severity, Valid
from dflint.semantic.flags import FLAGS
from dflint.semantic.instruction_at import instruction_at
from dflint.text.quoted import quoted

TYPE_CHECKING = False
if TYPE_CHECKING:
    from dflint.cst.problems import SyntaxProblem
    from dflint.lint.document import Document
    from dflint.lint.fix import Fix


class UnknownFlag(ProblemRule):
    """An instruction has a flag that it does not know.

    Words that begin with `--` right behind the keyword are flags of the instruction, whatever
    the instruction is. BuildKit refuses one that it does not know: "unknown flag: --foo".

    Dockerfile reference: the section of each instruction lists its flags.
    """

    meta = Meta(
        "unknown-flag",
        Category.SYNTAX,
        Severity.ERROR,
        since="0.1",
        aliases=(
            "UNKNOWN_ADD_FLAG",
            "UNKNOWN_COPY_FLAG",
            "UNKNOWN_FROM_FLAG",
            "UNKNOWN_HEALTHCHECK_FLAG",
        ),
        fix="unsafe",
    )
    bad = "FROM alpine:3.22\nCOPY --owner=app src/ /app/\n"
    good = "FROM alpine:3.22\nCOPY --chown=app src/ /app/\n"
    valid = (
        Valid("FROM --platform=linux/amd64 a\nCOPY --chown=1 --link a --b /x/\nRUN x --y\n"),
        Valid('FROM a\nCMD ["--x"]\nCMD -- --x\nONBUILD COPY --foo a b\n'),
    )
    invalid = (
        Invalid(
            "FROM a\nCOPY --form=b x y\n",
            at="--form",
            fixed="FROM a\nCOPY --from=b x y\n",
            unsafe=True,
        ),
        Invalid(
            "FROM a\nadd \\\n  # comment\n  --from=b x y\n",
            at="--from",
            fixed="FROM a\ncopy \\\n  # comment\n  --from=b x y\n",
            unsafe=True,
        ),
        Invalid("FROM a\nADD --from=b --keep-git-dir x y\n", at="--from"),
        Invalid("FROM a\nCOPY --form=b --from=c x y\n", at="--form"),
        Invalid("FROM a\nENTRYPOINT --port 80\nUSER --x y\n", at=("--port", "--x")),
    )

    def message(self, doc: Document, problem: SyntaxProblem) -> str:
        """Say which flag was meant, or whose it is."""
        reading = instruction_at(doc.tree, problem.span.start).reading
        keyword = reading.keyword
        flag = quoted(f"--{problem.found}")
        known = FLAGS.get(keyword, {})
        from dflint.text.nearest import nearest

        meant = nearest(problem.found, known)
        if meant is None:
            owners = [f"`{one.upper()}`" for one, flags in FLAGS.items() if problem.found in flags]
            if owners:
                advice = f"only {' and '.join(owners)} {'have' if owners[1:] else 'has'} it"
            elif keyword in ("cmd", "entrypoint"):
                right = quoted(f'{keyword.upper()} ["--{problem.found}"]', 60)
                advice = f"an argument of the program is written {right}"
            elif known:
                advice = f"it has {', '.join(f'`--{one}`' for one in known)}"
            else:
                advice = "it takes none"
        else:
            advice = f"did you mean `--{meant}`?"
        return f"`{keyword.upper()}` has no flag {flag}, the build stops; {advice}"

    def mend(self, doc: Document, problem: SyntaxProblem) -> Fix | None:
        """Write the flag that was meant, or the one of ADD and COPY that has it."""
        from dflint.lint.fix import Applicability, Fix
        from dflint.text.edit import Edit
        from dflint.text.nearest import nearest

        instruction = instruction_at(doc.tree, problem.span.start)
        reading = instruction.reading
        names = [flag[2:].partition("=")[0] for flag in reading.flags]
        meant = nearest(problem.found, FLAGS.get(reading.keyword, {}))
        if meant is not None:
            written = f"--{meant}"
            is_plain = problem.span.slice(doc.text) == f"--{problem.found}"
            if meant in names or not is_plain:
                return None
            return Fix(f"write `{written}`", [Edit(problem.span, written)], Applicability.UNSAFE)
        other = {"add": "copy", "copy": "add"}.get(instruction.KEYWORD.lower())
        if other is None or not all(name in FLAGS[other] for name in names):
            return None
        place = doc.keyword(instruction)
        written = other if place.slice(doc.text).islower() else other.upper()
        return Fix(f"write `{written}`", [Edit(place, written)], Applicability.UNSAFE)
