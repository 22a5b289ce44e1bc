"""Whether two texts of one file would build the same."""

from __future__ import annotations

from dflint.lint.document import Document
from dflint.lint.fix import Effect
from dflint.text.source import Source
from dflint.verify.plan import Outcome, judge

TYPE_CHECKING = False
if TYPE_CHECKING:
    from dflint.cst.dockerfile import Dockerfile


def builds_otherwise(before: Document, text: str, tree: Dockerfile | None = None) -> str | None:
    """What would be built otherwise of a new text of a document, None for nothing.

    `tree` is that of the new text, where somebody has read it already.
    """
    source = before.source
    data = text.encode("utf-8", "surrogateescape")
    after = Document(Source(source.path, data, source.is_stream), like=before, tree=tree)
    verdict = judge(before, after, Effect.NOTHING)
    return None if verdict.outcome is Outcome.SAME else "; ".join(verdict.details)
