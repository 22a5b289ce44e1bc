"""What `/bin/sh` is at each place of a Dockerfile, by images, package managers and links."""

from __future__ import annotations

import sys

from dflint.shellcheck.system_shell import BASH, MANAGERS, SH, shell_of_managers, system_shell
from dflint.text.lazy_pattern import LazyPattern

TYPE_CHECKING = False
if TYPE_CHECKING:
    from dflint.lint.document import Document
    from dflint.semantic.occurrences import Occurrence

#: A RUN that puts bash in the place of `/bin/sh`, for the RUNs behind it.
_RELINKED = LazyPattern(r"\bln[ \t]+-s[a-z]*+[ \t]+(?:/bin/)?bash[ \t]+/bin/sh(?![\w/.-])")


class SystemShells:
    """The shells of the stages of one document, each told once; ONBUILD's images have its base."""

    __slots__ = ("_doc", "_relinked", "_shells")

    def __init__(self, doc: Document) -> None:
        self._doc = doc
        own = _managers(doc)
        links = _links(doc)
        #: For each stage: its shell, and from which instruction on it is bash.
        self._shells: list[str] = []
        self._relinked: list[int] = []
        managers: list[frozenset[str]] = []
        images: list[str] = []
        for stage in doc.model.stages:
            base = None if stage.base is None else stage.base.index
            images.append(stage.image if base is None else images[base])
            names = own.get(stage.index, frozenset())
            managers.append(names if base is None else names | managers[base])
            known = system_shell(images[-1])
            self._shells.append(known if known != SH else shell_of_managers(managers[-1]))
            link = links.get(stage.index, sys.maxsize)
            self._relinked.append(link if base is None else min(link, self._relinked[base]))

    def of(self, occurrence: Occurrence) -> str:
        """What `/bin/sh` is where the instruction stands."""
        model = self._doc.model
        stage = model.stage_of(occurrence.instruction)
        if stage is None:
            return SH
        if self._relinked[stage.index] < model.order(occurrence.instruction):
            return BASH
        return self._shells[stage.index]


def _managers(doc: Document) -> dict[int, frozenset[str]]:
    """The package managers that each stage uses."""
    found: dict[int, set[str]] = {}
    for program in doc.programs:
        if not program.mentions(*MANAGERS):
            continue
        names = found.setdefault(program.stage_number, set())
        names.update(name for name in MANAGERS if program.invocations_of(name))
    return {number: frozenset(names) for number, names in found.items()}


def _links(doc: Document) -> dict[int, int]:
    """For each stage the first instruction that puts bash in the place of `/bin/sh`."""
    found: dict[int, int] = {}
    if "/bin/sh" not in doc.text:
        return found
    for program in doc.programs:
        if program.parent is None and _RELINKED.get().search(program.script.text):
            found.setdefault(program.stage_number, doc.model.order(program.instruction))
    return found
