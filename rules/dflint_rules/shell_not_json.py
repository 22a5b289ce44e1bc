"""The rule `shell-not-json`."""

from __future__ import annotations

from dflint.cst.parser.json_diagnosis import elements, find_fault
from dflint.lint.problem_rule import ProblemRule
from dflint.lint.rule import Category, Invalid, Meta, Severity, Valid
from dflint.semantic.instruction_at import instruction_at
from dflint.text.quoted import quoted

TYPE_CHECKING = False
if TYPE_CHECKING:
    from dflint.cst.problems import SyntaxProblem
    from dflint.lint.document import Document
    from dflint.lint.fix import Fix


class ShellNotJson(ProblemRule):
    r"""`SHELL` is not in exec form.

    BuildKit refuses it: "SHELL requires the arguments to be in JSON form". Strings of JSON have
    double quotes, with a comma between two and none behind the last; `\` is written `\\`.

    Dockerfile reference, "SHELL".
    """

    meta = Meta(
        "shell-not-json",
        Category.SYNTAX,
        Severity.ERROR,
        since="0.1",
        aliases=(
            "tally/invalid-json-form",
            "JSON_IN_SINGLE_QUOTES",
            "SHELL_JSON_FORM",
            "SHELL_REQUIRES_ONE",
        ),
        fix="safe",
    )
    bad = "FROM debian:12-slim\nSHELL /bin/bash -c\n"
    good = 'FROM debian:12-slim\nSHELL ["/bin/bash", "-c"]\n'
    valid = (
        Valid('FROM a\nSHELL ["/bin/bash", "-c"]\nSHELL [ \\\n  # comment\n  "a"]\n'),
        Valid("FROM a\nCMD ['a']\nONBUILD SHELL bash\n"),
    )
    invalid = (
        Invalid("FROM a\nSHELL /bin/bash -c\n", at="/bin/bash -c",
                fixed='FROM a\nSHELL ["/bin/bash", "-c"]\n'),
        Invalid("FROM a\nSHELL \\\n  # comment\n  ['a', \\\n  '-c',]\n", at="['a', \\\n  '-c',]",
                fixed='FROM a\nSHELL \\\n  # comment\n  ["a", \\\n  "-c"]\n'),
        Invalid("FROM a\nSHELL bash \\\n  # comment\n  -c\n", at="bash \\\n  # comment\n  -c",
                fixed='FROM a\nSHELL ["bash", \\\n  # comment\n  "-c"]\n'),
        Invalid("FROM a\nSHELL bash -c 'a'\nSHELL $X\n", at=("bash -c 'a'", "$X")),
    )  # fmt: skip

    def message(self, doc: Document, problem: SyntaxProblem) -> str:
        """Show the same words as JSON."""
        text = instruction_at(doc.tree, problem.span.start).reading.arguments[0]
        words = text.split()
        if text.startswith("["):
            words = [text[begin:end].strip("\"'") for begin, end in elements(text)]
        array = '", "'.join(words).replace("\\", "\\\\")
        right = quoted(f'SHELL ["{array}"]', 60)
        return f"`SHELL` takes a JSON array of strings, the build stops; write it as {right}"

    def mend(self, doc: Document, problem: SyntaxProblem) -> Fix | None:
        """Write the words as an array, or mend the array."""
        from dflint.lint.array_fixes import piece_edits
        from dflint.lint.contract import may_set
        from dflint.lint.fix import Effect, Fix
        from dflint.semantic.array_repair import array_pieces, word_pieces

        instruction = instruction_at(doc.tree, problem.span.start)
        text, start = instruction.reading.arguments[0], instruction.reading.places[0][0]
        if text.startswith("["):
            fault = find_fault(text)
            pieces = None if fault is None else array_pieces(text, fault.kind)
        else:
            pieces = word_pieces(text)
        edits = piece_edits(doc, instruction, start, pieces)
        effect = Effect.METADATA | Effect.FILES
        if edits is None:
            return None
        return Fix("write it as a JSON array", edits, effect=effect, contract=may_set("shell"))
