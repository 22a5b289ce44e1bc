"""The rule `json-array-not-strings`."""

from __future__ import annotations

from functools import partial

from dflint.cst.parser.json_diagnosis import find_fault
from dflint.lint.problem_rule import ProblemRule
from dflint.lint.rule import Category, Invalid, Meta, Severity, Valid
from dflint.semantic.instruction_at import instruction_at, place_at
from dflint.text.quoted import quoted

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from dflint.cst.instructions import Instruction
    from dflint.lint.document import Document
    from dflint.lint.fix import Fix
    from dflint.lint.rule import Finding


class JsonArrayNotStrings(ProblemRule):
    """An exec form has an element that is no string.

    BuildKit refuses the file: "when using JSON array syntax, arrays must be comprised of strings
    only". Numbers, `true` and `null` need double quotes like any other argument. An array that
    is no JSON at all is read as shell form instead.

    Dockerfile reference, "Shell and exec form".
    """

    meta = Meta("json-array-not-strings", Category.SYNTAX, Severity.ERROR, since="0.1", fix="safe")
    bad = 'FROM alpine:3.22\nCMD ["httpd", "-f", "-p", 8080]\n'
    good = 'FROM alpine:3.22\nCMD ["httpd", "-f", "-p", "8080"]\n'
    valid = (
        Valid('FROM a\nCMD ["x", "80", "true"]\nRUN ["x"]\n'),
        Valid("FROM a\nRUN [ -f x ] || y\nRUN [1] || x\nLABEL a=[1]\n"),
    )
    invalid = (
        Invalid('FROM a\nCMD ["x", "--port", 80, null, -1.5e3]\n', at="80",
                fixed='FROM a\nCMD ["x", "--port", "80", "null", "-1.5e3"]\n'),
        Invalid('FROM a\nENTRYPOINT \\\n  # comment\n  ["x", \\\n  true]\n', at="true",
                fixed='FROM a\nENTRYPOINT \\\n  # comment\n  ["x", \\\n  "true"]\n'),
        Invalid('FROM a\nONBUILD COPY ["a", [1, "b"], 2]\n', at="["),
    )  # fmt: skip

    def check(self, doc: Document) -> Iterator[Finding]:
        """Report the first element of each array that is no string."""
        for problem in doc.problems_of(self.meta.name):
            fault = find_fault(problem.found)
            if fault is None:
                continue
            instruction = instruction_at(doc.tree, problem.span.start)
            start = place_at(instruction, problem.span.start)
            element = problem.found[fault.start : fault.end]
            right = quoted('"' + element + '"')
            advice = f"is no string, the build stops; write {right}"
            if element[0] in "[{":
                advice = "begins an element that is no string, the build stops; take it out"
            yield self.finding(
                doc,
                doc.place(instruction, start + fault.start, start + fault.end),
                f"{quoted(element)} {advice}",
                fix=partial(_fix, doc, instruction, problem.found, start),
            )


def _fix(doc: Document, instruction: Instruction, array: str, start: int) -> Fix | None:
    from dflint.lint.array_fixes import piece_edits
    from dflint.lint.fixing import Effect, Fix, may_set
    from dflint.semantic.array_repair import string_pieces

    # As it is, nothing is built: there is nothing that the fix could change.
    edits = piece_edits(doc, instruction, start, string_pieces(array))
    effect = Effect.METADATA | Effect.FILES
    contract = may_set(instruction.reading.keyword)
    title = "write the elements as strings"
    return None if edits is None else Fix(title, edits, effect=effect, contract=contract)
