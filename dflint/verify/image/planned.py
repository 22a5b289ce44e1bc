"""What the plans of two Dockerfiles say of their images, where nothing has to be built for it.

The files of two images are equal when all operations that make files are. Then only their
configurations can differ, and of what a Dockerfile sets itself the plan knows every value. What
it does not know is what the base image has: a setting is then compared as one that the file sets,
or does not.
"""

from __future__ import annotations

import json
import time
from dataclasses import replace

from dflint.graph.command import Command
from dflint.graph.lower import lower
from dflint.graph.ops import ContextSource, FileOp
from dflint.graph.symbols import is_symbolic
from dflint.verify.difference import input_keys, same_step
from dflint.verify.image.declared import Keys
from dflint.verify.image.removal import (
    ASSUMED,
    LISTS,
    Watch,
    adds_removal,
    allows_removal,
)
from dflint.verify.image.verdict import ABSENT, Difference, ImageVerdict, Level

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from dflint.context.build_context import BuildContext
    from dflint.graph.build_graph import BuildGraph, StagePlan
    from dflint.graph.image_config import ImageConfig
    from dflint.graph.ops import CopyAction
    from dflint.graph.vertex import Vertex
    from dflint.lint.contract import Contract
    from dflint.lint.document import Document

#: The settings of which a key holds all, by their fields in the plan.
_WHOLE = {
    "user": "User", "workdir": "WorkingDir", "shell": "Shell", "stop_signal": "StopSignal",
    "author": "author", "cmd": "Cmd", "entrypoint": "Entrypoint", "healthcheck": "Healthcheck",
    "onbuild": "OnBuild",
}  # fmt: skip
#: Those of which each entry has a key.
_ENTRIES = {"labels": "Labels", "exposed_ports": "ExposedPorts", "volumes": "Volumes", "env": "Env"}


def planned(
    before: Document, after: Document, contract: Contract, context: BuildContext | None = None
) -> ImageVerdict | None:
    """The verdict on a change that takes no build; None where it takes one.

    PROVED and DECLARED hold for every build of the files, over this context where an ADD has
    become a COPY: then the files of the context show that none is an archive. Nothing is said of
    a file that is refused, nor of one of which a warning may end the build.
    """
    begun = time.monotonic()
    if before.problems or after.problems:
        return None
    one, other = lower(before.tree, before.model), lower(after.tree, after.model)
    if not _are_alike(one, other):
        return None
    declared: dict[str, Difference] = {}
    removals: list[tuple[int, int]] = []
    for mine, theirs in zip(one.stages, other.stages, strict=True):
        found_here = _steps_removing(mine, theirs, context)
        if found_here is None:
            return None
        removals += ((mine.index, at) for at in found_here)
        found = _declared(mine.config, theirs.config, contract)
        if found is None:
            return None
        declared |= {f"{each.place} {each.before} {each.after}": each for each in found}
    if removals:
        why = allows_removal(contract)
        if not why or not Watch(one, before.text, context).allows(removals):
            return None
        declared[LISTS] = Difference("path", f"{LISTS}/*", "", "what is there", ABSENT, why)
    return ImageVerdict(
        Level.DECLARED if declared else Level.PROVED,
        declared=tuple(declared.values()),
        assumed=ASSUMED if removals else (),
        seconds=time.monotonic() - begun,
    )


def _are_alike(before: BuildGraph, after: BuildGraph) -> bool:
    """Whether what is said of the whole file, and its stages, are the same."""
    return (
        before.frontend == after.frontend
        and not before.is_strict
        and not after.is_strict
        and before.arguments == after.arguments
        and len(before.stages) == len(after.stages)
        and all(
            (one.name, one.base, one.platform) == (other.name, other.base, other.platform)
            for one, other in zip(before.stages, after.stages, strict=True)
        )
    )


def _steps_removing(
    before: StagePlan, after: StagePlan, context: BuildContext | None
) -> list[int] | None:
    """The steps that remove apt's lists besides; None where others differ, or their order."""
    if len(before.steps) != len(after.steps):
        return None
    found: list[int] = []
    for at, (one, other) in enumerate(zip(before.steps, after.steps, strict=True)):
        if same_step(one, other) or _differs_in_unpacking(one, other, context):
            continue
        if not adds_removal(one, other):
            return None
        found.append(at)
    return found


def _differs_in_unpacking(before: Vertex, after: Vertex, context: BuildContext | None) -> bool:
    """Whether two copies differ in whether they unpack what is no archive."""
    one, other = before.op, after.op
    if not (isinstance(one, FileOp) and isinstance(other, FileOp)):
        return False
    if input_keys(before) != input_keys(after) or one.link != other.link:
        return False
    return len(one.actions) == len(other.actions) and all(
        mine == theirs
        or (mine.differing(theirs) == ["unpack"] and _is_no_archive(mine, before, context))
        for mine, theirs in zip(one.actions, other.actions, strict=True)
    )


def _is_no_archive(action: CopyAction, vertex: Vertex, context: BuildContext | None) -> bool:
    """Whether the source of a copy is sure to be none of what ADD unpacks."""
    from dflint.context.patterns import clean_path

    if action.content is not None:
        return True
    if not isinstance(vertex.inputs[action.input].op, ContextSource):
        return False
    if is_symbolic(action.source) or not {*"*?[\\"}.isdisjoint(action.source):
        return False
    if clean_path("/" + action.source) == "/":
        return True  # the context itself is a directory
    return context is not None and context.holds_archive(action.source) is False


def _declared(
    before: ImageConfig, after: ImageConfig, contract: Contract
) -> list[Difference] | None:
    """The differences of two configurations; None when the contract does not allow them all."""
    if before.arguments != after.arguments:
        return None
    one, other = dict(_settings(before)), dict(_settings(after))
    fields = before.differing(after)
    changed, new = dict(_settings(before, fields)), dict(_settings(after, fields))
    keys = Keys(contract, one, other)
    found: list[Difference] = []
    for key in sorted(changed.keys() | new.keys()):
        difference = Difference("config", key, "", changed.get(key, ABSENT), new.get(key, ABSENT))
        if difference.before == difference.after and key not in _WHOLE.values():
            continue
        why = _allowed(keys, difference)
        if not why:
            return None
        found.append(replace(difference, why=why))
    return found


def _allowed(keys: Keys, one: Difference) -> str:
    """The term of a contract that allows a difference, whatever the base image has."""
    why = keys.allow(one)
    is_of_base = ABSENT in (one.before, "" if one.place == "author" else one.after)
    if keys.is_any(one.place) or not (is_of_base or is_symbolic(one.before + one.after)):
        return why
    return ""


def _settings(
    config: ImageConfig, fields: Collection[str] | None = None
) -> Iterator[tuple[str, str]]:
    """The keys and values that a plan sets, as `read_settings` has them of an image.

    With `fields` those of these alone.
    """
    for field, value in config.fields():
        if fields is not None and field not in fields:
            continue
        if field in _WHOLE and value is not None:
            yield _WHOLE[field], _text(field, value)
        elif field in _ENTRIES:
            pairs = value.pairs() if field == "env" else value.items()  # type: ignore[attr-defined]
            for name, content in pairs:
                yield f"{_ENTRIES[field]}.{name}", "{}" if content is None else content


def _text(field: str, value: object) -> str:
    if isinstance(value, Command):
        return json.dumps(value.arguments)
    if field in ("user", "workdir", "stop_signal", "author"):
        return str(value)
    definition = getattr(value, "definition", value)
    return json.dumps(definition, default=repr)
