"""The rule `empty-volume`."""

from __future__ import annotations

from dflint.lint.problem_rule import ProblemRule
from dflint.lint.rule import Category, Invalid, Meta, Severity, Valid
from dflint.text.quoted import quoted

TYPE_CHECKING = False
if TYPE_CHECKING:
    from dflint.cst.problems import SyntaxProblem
    from dflint.lint.document import Document
    from dflint.lint.fix import Fix


class EmptyVolume(ProblemRule):
    """A mount point of `VOLUME` is empty.

    BuildKit refuses it: "VOLUME specified can not be an empty string". In most cases a variable
    is not set in this stage.

    The fix takes an empty text out from among paths; the removal of a VOLUME that has no other is
    only proposed.

    Dockerfile reference, "VOLUME".
    """

    meta = Meta("empty-volume", Category.CORRECTNESS, Severity.ERROR, since="0.1", fix="unsafe")
    bad = 'FROM postgres:17\nVOLUME ""\n'
    good = "FROM postgres:17\nVOLUME /var/lib/postgresql/data\n"
    valid = (
        Valid('FROM a\nENV B=/b\nVOLUME $B ${C:-/c} /d$E\nVOLUME ["/f"]\n'),
        Valid("FROM a\nONBUILD VOLUME $B\nRUN VOLUME $B\n"),
    )
    invalid = (
        Invalid("FROM a\nVOLUME /b \\\n  # comment\n  $C\n", at="$C"),
        Invalid('FROM a\nVOLUME [""]\n', at='""'),
        Invalid(
            'FROM a\nVOLUME ["/b", "", "/c", ""]\nVOLUME ["", "/d"]\n',
            at=('""',) * 3,
            fixed='FROM a\nVOLUME ["/b", "/c"]\nVOLUME ["/d"]\n',
            unsafe=True,
        ),
    )

    def message(self, doc: Document, problem: SyntaxProblem) -> str:
        """Say that the variable is empty."""
        written = problem.span.slice(doc.text)
        if "$" in written:
            return f"{quoted(written)} is empty here, the build stops; set it above in this stage"
        return "a volume needs a path, the build stops; write one, or remove the empty text"

    def mend(self, doc: Document, problem: SyntaxProblem) -> Fix | None:
        """Take the empty text out of a JSON array, or the instruction that has no other."""
        from dflint.lint.edits import removal
        from dflint.lint.fixing import Applicability, Contract, Edit, Effect, Fix, Span
        from dflint.lint.markup import MARKUP
        from dflint.semantic.instruction_at import instruction_at

        span, text = problem.span, doc.text
        instruction = instruction_at(doc.tree, span.start)
        reading = instruction.reading
        if "$" in span.slice(text) or MARKUP.get().search(text):
            return None
        if len(reading.arguments) == 1:
            edit, applicability = removal(doc, instruction), Applicability.DISPLAY
        elif reading.is_json:
            places = [doc.argument(instruction, at) for at in range(len(reading.places))]
            at = places.index(span)
            gone = Span(places[at - 1].end, span.end)
            if not at:
                gone = Span(span.start, places[1].start)
            is_plain = not gone.slice(text).replace(span.slice(text), "").strip(", ")
            edit, applicability = Edit(gone, "") if is_plain else None, Applicability.UNSAFE
        else:
            return None
        if edit is None:
            return None
        title, contract = "leave the empty text out", Contract(keys=("Volumes.*",))
        return Fix(title, (edit,), applicability, Effect.METADATA, contract=contract)
