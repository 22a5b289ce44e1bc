"""Whether a text is worse than it was: what no fix may ever do."""

from __future__ import annotations

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
    if _unreadable(after) > _unreadable(before):
        return "a script would no longer be one that a shell can read"
    return None


def _unreadable(doc: Document) -> int:
    return sum(not program.is_readable for program in doc.all_programs)
