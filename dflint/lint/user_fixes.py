"""Fixes that say at the end of the image who it runs as."""

from __future__ import annotations

from dflint.cst.instructions import Add, Copy, From, OnBuild, Run, Shell, User, Workdir
from dflint.lint.contract import Contract
from dflint.lint.edits import insertion_below, newline_of
from dflint.lint.fix import Applicability, Effect, Fix
from dflint.lint.markup import MARKUP
from dflint.semantic.refusals import final_refusal

TYPE_CHECKING = False
if TYPE_CHECKING:
    from dflint.cst.instructions import Instruction
    from dflint.lint.document import Document
    from dflint.semantic.stages import Stage

#: What needs the user that was there, and what says who it is.
_STEPS = (From, Run, Copy, Add, Workdir, Shell, User)


def run_as(
    doc: Document,
    stage: Stage,
    user: str,
    applicability: Applicability,
    making: str = "",
) -> Fix | None:
    """USER behind the last step of a stage, perhaps with a RUN above it that makes the user.

    None where triggers would run as that user in images that are built on this one, in a template,
    and in a file that a builder refuses.
    """
    if final_refusal(doc.problems, doc.text) or MARKUP.get().search(doc.text):
        return None
    for one in (stage, *stage.ancestors()):
        if any(isinstance(instruction, OnBuild) for instruction in one.instructions):
            return None
    last = last_step(stage)
    if last is None:
        return None
    lines = [f"RUN {making}"] if making else []
    text = newline_of(last).join((*lines, f"USER {user}"))
    return Fix(
        f"run as `{user}`",
        [insertion_below(last, text)],
        applicability,
        Effect.METADATA,
        contract=Contract(keys=("User",)),
    )


def last_step(stage: Stage) -> Instruction | None:
    """The last instruction of a stage that a USER has to stand behind."""
    steps = [one for one in stage.instructions if isinstance(one, _STEPS)]
    return steps[-1] if steps else None
