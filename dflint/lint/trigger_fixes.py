"""What a fix within an ONBUILD may change, whatever the rule."""

from __future__ import annotations

from dflint.cst.instructions import OnBuild

TYPE_CHECKING = False
if TYPE_CHECKING:
    from dflint.lint.document import Document
    from dflint.lint.finding import FixMaker
    from dflint.lint.fix import Fix


def with_triggers(doc: Document, make: FixMaker) -> Fix | None:
    """The fix that `make` makes; its contract allows other triggers where it edits some.

    What a trigger makes is made in another build; the text of it is a setting of this image.
    """
    fix = make()
    if fix is None or not fix.effect:
        return fix
    lines = [one.line for one in doc.all(OnBuild)]
    if any(
        line.start <= edit.span.start and edit.span.end <= line.stop
        for edit in fix.edits
        for line in lines
    ):
        from dflint.lint.contract import SAME_IMAGE, TRIGGERS

        fix.contract = (fix.contract or SAME_IMAGE) | TRIGGERS
    return fix
