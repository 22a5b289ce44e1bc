"""Configuration files of package managers: those of base images, those that a file brings."""

from __future__ import annotations

from dflint.cst.instructions import Add, Copy
from dflint.cst.reading import place_span
from dflint.text.contains import contains_any

TYPE_CHECKING = False
if TYPE_CHECKING:
    from dflint.cst.dockerfile import Dockerfile
    from dflint.semantic.programs import Program
    from dflint.text.lazy_pattern import LazyPattern

#: Images whose configuration has apt say yes to its questions: CircleCI's.
ANSWERING_IMAGES = ("circleci/", "cimg/")
#: Images whose configuration has apt leave out what packages recommend.
FRUGAL_IMAGES = ("bitnami/minideb:", "r-base:", "rocker/r-base:", "rocker/drd:")
_FILES = ("apt.conf", "yum.conf", "dnf.conf")


def source_of(tree: Dockerfile) -> str:
    """The text that a tree was parsed from, without putting its pieces together again."""
    return tree.instructions[0].line.source if tree.instructions else tree.code


def settled_from(tree: Dockerfile, setting: LazyPattern, mark: str) -> int:
    """The offset from which on a configuration file may say what `setting` finds.

    It is shown the text in lower case, and all that it finds has `mark` in it. Where a file of that
    kind is copied, nobody knows what is in it.
    """
    text = source_of(tree)
    lower = text.lower()
    found = setting.get().search(lower) if mark in lower else None
    offsets = [len(text)]
    if found is not None:  # there are letters that are two in lower case
        offsets.append(found.start() if len(lower) == len(text) else 0)
    for instruction in tree.instructions:
        kind = type(instruction)
        if kind is Copy or kind is Add:
            line = instruction.line.text
            if contains_any(line, _FILES):
                offsets.append(place_span(instruction, (0, len(line))).start)
    return min(offsets)


def is_built_on(program: Program, images: tuple[str, ...]) -> bool:
    """Whether the stage of a program is built on one of some images, named by their beginnings."""
    return f"{program.base_image}:".startswith(images)
