"""What becomes of an instruction that has no effect: the rules on CMD and its like share it."""

from __future__ import annotations

from dflint.cst.instructions import OnBuild
from dflint.lint.contract import SAME_IMAGE, may_set
from dflint.lint.edits import extent, has_suppression, removal
from dflint.lint.fix import Effect, Fix
from dflint.lint.markup import MARKUP
from dflint.semantic.refusals import final_refusal
from dflint.text.edit import Edit

TYPE_CHECKING = False
if TYPE_CHECKING:
    from dflint.cst.instructions import Instruction
    from dflint.lint.document import Document


def may_drop(doc: Document, instruction: Instruction) -> bool:
    """Whether what has no effect may go: not in a file that a builder refuses, nor in a template.

    That may put in one or the other: what is below tells.
    """
    if final_refusal(doc.problems, doc.text):
        return False
    if MARKUP.get().search(doc.text, instruction.line.start) is not None:
        return False
    return all(one.KEYWORD for one in doc.instructions)


def drop_overridden(doc: Document, instruction: Instruction, rule: str) -> Fix | None:
    """The removal of an instruction that a later one of its stage replaces.

    With the option `keep` of the rule its lines become comments. None where a comment silences
    rules in it, and where nothing may be dropped.
    """
    if not may_drop(doc, instruction):
        return None
    if doc.settings.options.get(rule, {}).get("keep") == "comment":
        edit = _commented_out(doc, instruction)
        title = f"comment out the `{instruction.KEYWORD}` that has no effect"
    else:
        edit = removal(doc, instruction)
        title = f"remove the `{instruction.KEYWORD}` that has no effect"
    if edit is None:
        return None
    effect = Effect.METADATA if isinstance(instruction, OnBuild) else Effect.NOTHING
    contract = may_set(instruction.reading.keyword) if effect else SAME_IMAGE
    return Fix(title, [edit], effect=effect, scope=extent(instruction), contract=contract)


def _commented_out(doc: Document, instruction: Instruction) -> Edit | None:
    if has_suppression(doc, instruction):
        return None
    span = extent(instruction)
    lines = span.slice(doc.text).splitlines(keepends=True)
    return Edit(
        span, "".join(line if line.strip()[:1] in ("", "#") else f"# {line}" for line in lines)
    )
