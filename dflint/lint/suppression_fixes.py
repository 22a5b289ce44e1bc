"""Fixes of suppressions that silence nothing."""

from __future__ import annotations

from dflint.cst.parser.logical_lines import directives_end
from dflint.lint.fix import Applicability, Fix
from dflint.text.edit import Edit
from dflint.text.span import Span

TYPE_CHECKING = False
if TYPE_CHECKING:
    from dflint.lint.suppress import Suppression


def without_name(text: str, suppression: Suppression, at: int, is_certain: bool) -> Fix | None:
    """The removal of one of its names, of the whole comment where it is the only one."""
    if len(suppression.spans) == 1:
        return without_comment(text, suppression, is_certain)
    spans = suppression.spans
    name = spans[at]
    removed = (
        Span(name.start, spans[at + 1].start) if at == 0 else Span(spans[at - 1].end, name.end)
    )
    applicability = Applicability.SAFE if is_certain else Applicability.UNSAFE
    return Fix(f"remove `{suppression.names[at]}`", [Edit(removed, "")], applicability)


def without_comment(text: str, suppression: Suppression, is_certain: bool) -> Fix | None:
    """The removal of a comment with its line.

    None at the top of a file, where the line below it would become a parser directive.
    """
    span = suppression.span
    start = text.rfind("\n", 0, span.start) + 1
    top = 1 if text.startswith("\ufeff") else 0
    start = max(start, top)
    end = text.find("\n", span.end) + 1 or len(text)
    if directives_end(text, top)[1] == start and directives_end(text, end)[1] != end:
        return None
    applicability = Applicability.SAFE if is_certain else Applicability.UNSAFE
    return Fix("remove the comment", [Edit(Span(start, end), "")], applicability)
