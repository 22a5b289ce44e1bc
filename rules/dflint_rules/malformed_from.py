"""The rule `malformed-from`."""

from __future__ import annotations

from dflint.lint.problem_rule import ProblemRule
from dflint.lint.rule import Category, Invalid, Meta, Severity, Valid
from dflint.semantic.instruction_at import instruction_at
from dflint.text.quoted import quoted

TYPE_CHECKING = False
if TYPE_CHECKING:
    from dflint.cst.problems import SyntaxProblem
    from dflint.lint.document import Document
    from dflint.lint.fix import Fix

#: What stands where `AS` was meant.
_NEARLY_AS = frozenset(("is", "a", "sa", "ass", "ad", "aa", "s", "as:", "=", "->"))


class MalformedFrom(ProblemRule):
    """`FROM` is something other than `FROM image` or `FROM image AS name`.

    BuildKit refuses it: "FROM requires either one or three arguments". A comment cannot stand
    behind an instruction, and a variable with a blank in it makes two words.

    Dockerfile reference, "FROM".
    """

    meta = Meta(
        "malformed-from",
        Category.SYNTAX,
        Severity.ERROR,
        since="0.1",
        aliases=(
            "extra_args",
            "ARGUMENT_EXTRA",
            "ARGUMENT_UNNECESSARY",
            "invalid_format",
            "INVALID_SYNTAX",
            "INVALID_AS",
        ),
        fix="unsafe",
    )
    bad = "FROM alpine:3.22 # small\nRUN apk add --no-cache curl\n"
    good = "# small\nFROM alpine:3.22\nRUN apk add --no-cache curl\n"
    valid = (
        Valid("FROM a\nFROM a as b\nFROM --platform=$BUILDPLATFORM a \\\n  # comment\n  AS c\n"),
        Valid("# FROM a b\nFROM a\nONBUILD RUN FROM a b\nRUN <<EOF\nFROM a b\nEOF\n"),
    )
    invalid = (
        Invalid(
            "# b\nFROM a # the base\r\n",
            at="# the base",
            fixed="# b\n# the base\r\nFROM a\r\n",
            unsafe=True,
        ),
        Invalid("FROM a \\\n  # comment\n  b\n", at="b"),
        Invalid(
            "FROM\nFROM a AS\nfrom a IS b\n",
            at=("FROM", "AS", "IS b"),
            fixed="FROM\nFROM a AS\nfrom a AS b\n",
            unsafe=True,
        ),
    )

    def message(self, doc: Document, problem: SyntaxProblem) -> str:
        """Say which word is missing or too many."""
        words = problem.found.split()
        if not words:
            return "`FROM` names no image, the build stops; write `FROM image`, or `FROM scratch`"
        advice = self._advice(words, instruction_at(doc.tree, problem.span.start).line.text)
        return f"`FROM` takes an image, or an image `AS` a name: the build stops; {advice}"

    def _advice(self, words: list[str], source: str) -> str:
        ends = next((sign for sign in source if sign in "\r\x85\u2028\u2029"), "")
        if ends:
            return f"U+{ord(ends):04X} ends no line, save the file with LF"
        if any(word.startswith("#") for word in words):
            return "a comment takes a line of its own"
        if any(word.startswith(("{{", "{%", "<%")) for word in words):
            return "a placeholder is left in it"
        if words[1].lower() != "as":
            advice = f"found {quoted(words[1])} where `AS` is expected"
            fits = len(words) <= 3 and words[-1].replace("-", "").replace("_", "").isalnum()
            fit = quoted(f"FROM {words[0]} AS {words[-1]}")
            return advice + (f"; did you mean {fit}?" if fits else "")
        if len(words) == 2:
            return "a name is missing behind `AS`"
        return f"{quoted(' '.join(words[3:]))} is too much"

    def mend(self, doc: Document, problem: SyntaxProblem) -> Fix | None:
        """Give the comment a line of its own, or write `AS`."""
        from dflint.lint.edits import comment_above, is_spread
        from dflint.lint.fix import Applicability, Fix
        from dflint.text.edit import Edit

        instruction = instruction_at(doc.tree, problem.span.start)
        words = instruction.reading.arguments
        at = next((at for at, word in enumerate(words) if word.startswith("#")), len(words))
        if at in (1, 3) and at < len(words):
            if is_spread(instruction) or (at == 3 and words[1].lower() != "as"):
                return None
            start = doc.argument(instruction, at).start
            edits = comment_above(instruction, start)
            return Fix("put the comment above `FROM`", edits, Applicability.UNSAFE)
        if len(words) == 3 and words[1].lower() in _NEARLY_AS:
            edit = Edit(doc.argument(instruction, 1), "AS")
            return Fix("write `AS`", [edit], Applicability.UNSAFE)
        return None
