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
    if not _have_same_scripts(before, after) and _unreadable(after) > _unreadable(before):
        return "a script would no longer be one that a shell can read"
    return None


def _unreadable(doc: Document) -> int:
    return len(doc.all_programs) - len(doc.programs)


#: The instructions that scripts stand in, and those that tell which shell reads them.
_OF_SCRIPTS = frozenset((Arg, From, OnBuild, Run, Shell))


def _have_same_scripts(before: Document, after: Document) -> bool:
    """Whether all that scripts follow from is the same; to compare that is less than to read them.

    For what is written alike in two versions it is the same text in memory, too.
    """
    ones = [one.line for one in before.instructions if type(one) in _OF_SCRIPTS]
    others = [one.line for one in after.instructions if type(one) in _OF_SCRIPTS]
    if len(ones) != len(others):
        return False
    for one, other in zip(ones, others, strict=True):  # noqa: SIM110 - a generator costs more
        if not one.is_read_as(other):
            return False
    return True
