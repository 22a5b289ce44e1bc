"""The rule `invalid-port`."""

from __future__ import annotations

from functools import partial

from dflint.lint.edits import extent, newline_of
from dflint.lint.problem_rule import ProblemRule
from dflint.lint.rule import Category, Invalid, Meta, Severity, Valid
from dflint.semantic.instruction_at import instruction_at
from dflint.semantic.ports import Ports, parse_expose
from dflint.text.quoted import quoted
from dflint.text.span import Span

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from dflint.cst.instructions import Instruction
    from dflint.cst.problems import SyntaxProblem
    from dflint.lint.document import Document
    from dflint.lint.fix import Fix
    from dflint.lint.rule import Finding


class InvalidPort(ProblemRule):
    """`EXPOSE` is given something that is no port.

    BuildKit refuses it: "invalid containerPort: foo". A port is a number from 0 to 65535 or a
    range of them, perhaps with `/tcp`, `/udp` or `/sctp`; a blank stands between two. A comment
    cannot stand behind an instruction: its words are taken for ports.

    Not reported: a port with a variable to which the file gives no value, for the base image or a
    build argument may.

    Dockerfile reference, "EXPOSE".
    """

    meta = Meta(
        "invalid-port",
        Category.CORRECTNESS,
        Severity.ERROR,
        since="0.1",
        aliases=(
            "DL3011",
            "invalid_port",
            "DS-0008",
            "UNIX_Ports_Out_Of_Range",
            "INVALID_PORT",
            "INVALID_PROTO",
        ),
        fix="safe",
    )
    bad = "FROM nginx:1.29\nEXPOSE 80,443\n"
    good = "FROM nginx:1.29\nEXPOSE 80 443\n"
    valid = (
        Valid("FROM a\nARG B\nEXPOSE $A/udp 8000-$B ${A}-${B}/tcp\n"),
        Valid('FROM a\nEXPOSE 80 443/udp "81" 3000-3010/TCP 65535 $P 80:80\n'),
        Valid("FROM a\n# EXPOSE 99999\nRUN EXPOSE x\nONBUILD EXPOSE x\n"),
    )
    invalid = (
        Invalid(
            "FROM a\nEXPOSE 80,443/udp 1;\nEXPOSE 80/http 65536 tcp/1 80,x\n",
            at=("80,443/udp", "1;", "80/http", "65536", "tcp/1", "80,x"),
            fixed="FROM a\nEXPOSE 80 443/udp 1\nEXPOSE 80/http 65536 1/tcp 80,x\n",
        ),
        Invalid("FROM a\nENV P=x\nEXPOSE 80 \\\n  # comment\n  $P/tcp\n", at="$P/tcp"),
        Invalid(
            "FROM a\n  EXPOSE 80 # the 1 server\nEXPOSE # 80\n",
            at=("#", "#"),
            fixed="FROM a\n# the 1 server\n  EXPOSE 80\nEXPOSE # 80\n",
        ),
    )

    def check(self, doc: Document) -> Iterator[Finding]:
        """Report every word that is no port; of a comment, its beginning."""
        comment = -1
        for problem in doc.problems_of(self.meta.name):
            instruction = instruction_at(doc.tree, problem.span.start)
            word = problem.span.slice(doc.text)
            if instruction.line.start == comment:
                continue
            if word.startswith("#"):
                comment = instruction.line.start
            elif "$" in word and not _is_known(doc, instruction, word):
                continue
            fix = partial(self.mend, doc, problem)
            yield self.finding(doc, problem.span, self.message(doc, problem), fix=fix)

    def message(self, doc: Document, problem: SyntaxProblem) -> str:
        """Say what keeps the word from being a port."""
        word = problem.found
        port, _, protocol = word.rpartition(":")[2].partition("/")
        advice = "expected a number up to 65535, or a range such as `3000-3010`"
        if problem.span.slice(doc.text).startswith("#"):
            advice = "a comment takes a line of its own"
        elif "," in word or ";" in word:
            advice = "ports are parted by blanks"
        elif "address" in problem.reason:
            advice = "write the port of the container only"
        elif "proto" in problem.reason:
            advice = f"the protocol is `tcp`, `udp` or `sctp`, not {quoted(protocol)}"
            if protocol.isdigit() and not port.isdigit():
                advice = f"the port comes first, write {quoted(f'{protocol}/{port}')}"
        elif port.count("-") == 1 and port.replace("-", "").isdigit():
            advice = "a range goes from a lower to a higher port, up to 65535"
        return f"{quoted(word)} is no port, the build stops; {advice}"

    def mend(self, doc: Document, problem: SyntaxProblem) -> Fix | None:
        """Part the ports by blanks, put the port first, the comment above."""
        from dflint.lint.contract import may_set
        from dflint.lint.fix import Effect, Fix
        from dflint.text.edit import Edit

        instruction = instruction_at(doc.tree, problem.span.start)
        word = problem.span.slice(doc.text)
        if word.startswith("#"):
            return _lift_comment(doc, instruction, problem.span)
        protocol, _, port = word.partition("/")
        ports = word.replace(";", ",").strip(",").split(",")
        if protocol in ("tcp", "udp", "sctp"):
            ports = [f"{port}/{protocol}"]
        if not all(isinstance(parse_expose(one), Ports) for one in ports):
            return None
        edit = Edit(problem.span, " ".join(ports))
        title = "write the ports with blanks between"
        return Fix(title, [edit], effect=Effect.METADATA, lost=(word,), contract=may_set("expose"))


def _lift_comment(doc: Document, instruction: Instruction, mark: Span) -> Fix | None:
    """The comment behind the ports as a line above them."""
    from dflint.lint.fixing import Edit, Effect, Fix, may_set

    start = doc.arguments(instruction).start
    before = doc.text[start : mark.start].rstrip(" \t")
    end = doc.core(instruction).end
    comment = doc.text[mark.start : end]
    if not before or "\n" in comment or "$" in comment:
        return None
    edits = [
        Edit.insertion(extent(instruction).start, comment + newline_of(instruction)),
        Edit(Span(start + len(before), end), ""),
    ]
    words = comment.split()
    lost = (*words, *(f"{word}/tcp" for word in words if word.isdigit()))
    title = "put the comment above"
    return Fix(title, edits, effect=Effect.METADATA, lost=lost, contract=may_set("expose"))


def _is_known(doc: Document, instruction: Instruction, word: str) -> bool:
    """Whether the file tells the value of a word, and not the base image or a build argument."""
    from dflint.semantic.known_value import known_value

    return (
        known_value(word, doc.model.environment(instruction), instruction.line.escape) is not None
    )
