"""Whether a text is worse than it was: what no fix may ever do."""

from __future__ import annotations

from dflint.cst.instructions import Arg, From, OnBuild, Run, Shell

TYPE_CHECKING = False
if TYPE_CHECKING:
    from dflint.lint.document import Document


def harm(before: Document, after: Document) -> str | None:
    """What a builder or a shell would refuse that it did not before, None for nothing."""
    if len(after.problems) > len(before.problems):
        known = [problem.kind for problem in before.problems]
        for problem in after.problems:
            if problem.kind not in known:
                break
            known.remove(problem.kind)
        line = after.lines.position(problem.span.start)[0]
        return f"a builder would refuse line {line} then (`{problem.kind}`)"
    if _scripts(after) != _scripts(before) and _unreadable(after) > _unreadable(before):
        return "a script would no longer be one that a shell can read"
    return None


def _unreadable(doc: Document) -> int:
    return sum(not program.is_readable for program in doc.all_programs)


#: The instructions that scripts stand in, and those that tell which shell reads them.
_OF_SCRIPTS = frozenset((Arg, From, OnBuild, Run, Shell))


def _scripts(doc: Document) -> list[tuple[str, str, str]]:
    """What the scripts of a document follow from; to compare that is less than to read them."""
    found = []
    for instruction in doc.instructions:
        if type(instruction) in _OF_SCRIPTS:
            line = instruction.line
            bodies = line.source[line.start : line.stop] if line.markers else ""
            found.append((line.text, line.escape, bodies))
    return found
