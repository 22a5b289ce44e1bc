"""Fixes that write a relative path as the absolute one that it is."""

from __future__ import annotations

import re

from dflint.cst.instructions import OnBuild, Run
from dflint.lint.contract import SAME_IMAGE
from dflint.lint.fix import Applicability, Effect, Fix
from dflint.semantic.cd_hints import may_end_with_cd
from dflint.semantic.first_base import first_base, fixed_base
from dflint.semantic.known_images import working_directory
from dflint.text.edit import Edit
from dflint.text.lazy_pattern import LazyPattern
from dflint.text.span import Span

TYPE_CHECKING = False
if TYPE_CHECKING:
    from dflint.lint.document import Document
    from dflint.semantic.stages import Stage

#: A path with no way up in it, perhaps in quotes; what it begins with says that it is relative.
_PATH = LazyPattern(
    r"""(?P<quote>["']?)(?P<here>\./+|\.(?=["']?\Z))?(?!\.\.?/|/)(?P<rest>[^\s"']*)["']?""",
    re.ASCII,
)


def absolute_path(
    doc: Document, place: Span, stage: Stage | None, is_destination: bool
) -> Fix | None:
    """The path of a WORKDIR, or the destination of a COPY, joined to where the base begins.

    Safe for `scratch`, which begins in `/`, but for what ONBUILD leaves to other files, and for a
    path that keeps a slash at its end; of other images we only know what they say today.
    Of an image that is not known `/` is a guess, and good enough for a proposal; so is where the
    image begins that a build argument may replace.
    """
    if _is_led_elsewhere(doc, stage, place):
        return None
    base = fixed_base(stage)
    known = working_directory(base)
    directory = known or working_directory(first_base(stage)) or "/"
    found = _PATH.get().fullmatch(place.slice(doc.text))
    if found is None or "\\" in found["rest"] or "{{" in found["rest"]:
        return None
    rest = found["rest"]
    is_named = bool(rest) and (rest[0].isalnum() or rest[0] in "_.@")
    if ".." in rest or rest[1:2] == ":":
        return None
    if not is_named and (rest or not found["here"] or not is_destination):
        return None
    start = place.start + len(found["quote"])
    prefix = directory.rstrip("/") + "/"
    edit = Edit(Span(start, start + len(found["here"] or "")), prefix)
    is_trigger = any(one.line.start <= place.start < one.line.stop for one in doc.all(OnBuild))
    if is_trigger and not is_destination and any(one.base is stage for one in doc.model.stages):
        return None  # a stage of the file goes on from there
    keeps_slash = not is_destination and (rest.endswith("/") or "$" in rest)
    if base == "scratch" and not is_trigger and not keeps_slash:
        return Fix("write the absolute path", [edit])
    level = Applicability.DISPLAY if known is None else Applicability.UNSAFE
    return Fix("write the absolute path", [edit], level, Effect.FILES, contract=SAME_IMAGE)


def _is_led_elsewhere(doc: Document, stage: Stage | None, place: Span) -> bool:
    """Whether a RUN before ends with a `cd`: who wrote it took it for what lasts."""
    above = [one for one in doc.all(Run) if one.line.start < place.start and may_end_with_cd(one)]
    if not above:
        return False
    from dflint.semantic.directory_changes import final_changes

    ends = [change.run for change in final_changes(doc.tree)]
    return any(one in ends and doc.model.stage_of(one) is stage for one in above)
