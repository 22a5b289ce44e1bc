"""What of an image differs from build to build, which instruction makes it, and why."""

from __future__ import annotations

import os
import shutil
import stat
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace

from dflint.build.request import BuildRequest
from dflint.build.session import BuildSession, BuiltImage, runs_again
from dflint.lint.document import Document
from dflint.text.source import Source
from dflint.verify.audit.causes import (
    MADE_UP,
    ONE_ONLY,
    UNKNOWN,
    Cause,
    cause_of,
    host_values,
    lists_names,
)
from dflint.verify.audit.origins import Origin, origins
from dflint.verify.image.compare import ImageState, differences
from dflint.verify.image.manifest import Entry
from dflint.verify.image.noise import Noise
from dflint.verify.image.verdict import Difference
from dflint.verify.image.verifier import silence

#: The build argument that names the host of steps.
_HOSTNAME = "BUILDKIT_SANDBOX_HOSTNAME"
_NAMES = ("dflint-one", "dflint-two")
#: Content is looked at up to so many bytes.
_MOST = 4 << 20


@dataclass(frozen=True, slots=True)
class Irregularity:
    """One path that two builds do not have in common, or not alike, with its origin and cause.

    `advice` is what to do about it, if something is known. What two hosts would not have in common
    is one, too.
    """

    difference: Difference
    origin: Origin
    cause: str
    advice: str = ""

    def __str__(self) -> str:
        advice = f"; {self.advice}" if self.advice else ""
        return f"{self.difference.place}: {self.cause}, from {self.origin}{advice}"

    def plain(self) -> dict[str, object]:
        """It as a JSON object."""
        return {
            **self.difference.plain(),
            "cause": self.cause,
            "advice": self.advice,
            "line": self.origin.line,
            "instruction": self.origin.text,
        }


@dataclass(frozen=True, slots=True)
class ReproAudit:
    """What differs; `times` are how many paths differ in their time alone, by instruction."""

    found: tuple[Irregularity, ...]
    times: tuple[tuple[Origin, int], ...]


def audit_repro(request: BuildRequest, text: str) -> ReproAudit:
    """Build twice, at other times, on hosts of other names, with other processors and orders.

    Raises BuildError when it does not build, or not each time.
    """
    with ExitStack() as held:
        images = []
        ended = 0.0
        for number, name in enumerate(_NAMES):
            given = (*request.build_args, (_HOSTNAME, name))
            wanted = replace(request, build_args=given)
            if number:
                folder = held.enter_context(tempfile.TemporaryDirectory())
                copied = os.path.join(folder, "context")
                _copy_otherwise(request.context, copied)
                wanted = replace(wanted, context=copied)
                time.sleep(max(0.0, 1.1 - (time.time() - ended)))  # clocks of seconds move on
            with _processors(number):
                session = held.enter_context(BuildSession(wanted))
            images.append(session.build(text, silence(), runs_again()))
            ended = time.time()
        return _compared(images, text)


def _copy_otherwise(source: str, target: str) -> None:
    """Copy a context so that directories list their entries in another order."""
    os.mkdir(target)
    for entry in sorted(os.scandir(source), key=lambda one: one.name, reverse=True):
        path = os.path.join(target, entry.name)
        if entry.is_dir(follow_symlinks=False):
            _copy_otherwise(entry.path, path)
        elif entry.is_symlink() or entry.is_file(follow_symlinks=False):
            shutil.copy2(entry.path, path, follow_symlinks=False)
    shutil.copystat(source, target)


@contextmanager
def _processors(number: int) -> Iterator[None]:
    """Leave one processor for the steps of the second build, where there are more."""
    usual = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {min(usual)} if number else usual)
    try:
        yield
    finally:
        os.sched_setaffinity(0, usual)


def _compared(images: Sequence[BuiltImage], text: str) -> ReproAudit:
    states = [ImageState.of(one) for one in images]
    noise = Noise(states)
    one, other = noise.samples
    places = [list(zip(each.trees, origins(each, text), strict=True)) for each in images]
    found = []
    for difference in (*noise.names, *differences(one, other)):
        if difference.kind != "path":
            continue
        place = difference.place
        if difference.field == "name":  # which stands for all names of that form
            place = next((path for path in one.manifest if path.startswith(place)), place)
        entries = (one.manifest.get(place), other.manifest.get(place))
        origin = _origin(entries, places)
        cause = _cause(difference, entries, _command(text, origin))
        found.append(Irregularity(difference, origin, cause.text, cause.advice))
    found += _of_host(images, text, {each.difference.place for each in found})
    differing = {each.difference.place for each in found}
    counts: dict[Origin, int] = {}
    for path, entry in one.manifest.items():
        twin = other.manifest.get(path)
        if twin is not None and path not in differing and entry.time != twin.time:
            origin = _origin((entry, twin), places)
            counts[origin] = counts.get(origin, 0) + 1
    return ReproAudit(tuple(found), tuple(counts.items()))


def _command(text: str, origin: Origin) -> str:
    """The instruction that begins on the line of an origin, without its keyword."""
    for instruction in Document(
        Source("Dockerfile", text.encode("utf-8", "surrogateescape"))
    ).instructions:
        if text.count("\n", 0, instruction.line.start) + 1 == origin.line:
            return instruction.line.text
    return ""


def _origin(
    entries: tuple[Entry | None, Entry | None], places: list[list[tuple[str, Origin]]]
) -> Origin:
    for entry, layers in zip(entries, places, strict=True):
        for tree, origin in layers:
            if entry is not None and entry.source.startswith(os.fsencode(tree) + b"/"):
                return origin
    return Origin(0, "some step")


def _cause(
    difference: Difference, entries: tuple[Entry | None, Entry | None], command: str
) -> Cause:
    """Why two builds differ at a path, as far as what is there, and what made it, tells."""
    if difference.field == "name":
        return MADE_UP
    one, other = entries
    if one is None or other is None:
        return ONE_ONLY
    if difference.field != "content":
        return Cause(f"its {difference.field or 'kind'} differs")
    if max(one.size, other.size) > _MOST:
        return UNKNOWN
    return cause_of(difference.place, command, one.content(), other.content(), _NAMES)


def _of_host(images: Sequence[BuiltImage], text: str, known: set[str]) -> Iterator[Irregularity]:
    """The files of both builds in which something of this host stands."""
    values = list(host_values())
    last = images[-1]
    own = [pair for pair in zip(last.trees, origins(last, text), strict=True) if pair[1].line]
    files = [(origin, tree, place) for tree, origin in own for place in _files(tree)]
    names = {os.fsencode(part) for _, _, place in files for part in place.split("/")}
    for origin, tree, place in files:
        path = tree + place
        if place in known or os.path.getsize(path) > _MOST:
            continue
        with open(path, "rb") as file:
            data = file.read()
        cause = next((one.cause for one in values if one.value in data), None)
        cause = cause or lists_names(_command(text, origin), data, names)
        if cause is not None:
            difference = Difference("path", place, "content", "", "", "another host")
            yield Irregularity(difference, origin, cause.text, cause.advice)


def _files(tree: str) -> Iterator[str]:
    """The regular files of a layer, by their paths in the image."""
    for folder, _, names in os.walk(tree):
        for name in sorted(names):
            path = os.path.join(folder, name)
            if stat.S_ISREG(os.lstat(path).st_mode):
                yield path[len(tree) :]


def told(audit: ReproAudit) -> Iterator[str]:
    """The lines on an audit, for people."""
    yield from map(str, audit.found)
    for origin, count in audit.times:
        yield f"{count} path{'' if count == 1 else 's'} with another time, from {origin}"
