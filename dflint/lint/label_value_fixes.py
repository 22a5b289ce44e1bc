"""Fixes of one label: another value, or none."""

from __future__ import annotations

from dflint.lint.contract import Contract
from dflint.lint.edits import has_suppression
from dflint.lint.fix import Applicability, Effect, Fix
from dflint.lint.overridden_fixes import may_drop
from dflint.lint.pair_removal import pair_removal
from dflint.text.edit import Edit

TYPE_CHECKING = False
if TYPE_CHECKING:
    from dflint.lint.document import Document
    from dflint.semantic.labels import LabelPair


def remove_label(doc: Document, pair: LabelPair) -> Fix | None:
    """A label taken out, with its instruction where that has no other; None in a trigger."""
    occurrence, at = pair.place
    if occurrence.is_trigger or pair.key is None:
        return None
    edit = pair_removal(doc, occurrence.instruction, at)
    if edit is None:
        return None
    lost = (occurrence.reading.arguments[at + 1].strip("\"'"),)
    return _fix("remove the label", edit, pair.key, lost, Applicability.UNSAFE)


def write_value(
    doc: Document, pair: LabelPair, value: str, applicability: Applicability = Applicability.UNSAFE
) -> Fix | None:
    """A value without blanks and quotes in the place of one that is written out.

    In its quotes, if it has any. None for one that variables or escapes have a part in, and in a
    trigger.
    """
    occurrence, _ = pair.place
    old, span = pair.value, pair.value_span
    written = span.slice(doc.text)
    if occurrence.is_trigger or not old or pair.key is None or not pair.is_literal:
        return None
    quote = written[:1] if written[:1] in ("'", '"') else ""
    if written != f"{quote}{old}{quote}" or has_suppression(doc, occurrence.instruction):
        return None
    if not may_drop(doc, occurrence.instruction):
        return None
    edit = Edit(span, f"{quote}{value}{quote}")
    return _fix(f"write `{value}`", edit, pair.key, (old,), applicability)


def _fix(
    title: str, edit: Edit, key: str, lost: tuple[str, ...], applicability: Applicability
) -> Fix:
    contract = Contract(keys=(f"Labels.{key}",))
    return Fix(title, (edit,), applicability, Effect.METADATA, lost=lost, contract=contract)
