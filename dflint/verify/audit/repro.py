"""What of an image differs from build to build, which instruction makes it, and why."""

from __future__ import annotations

import os
import re
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace

from dflint.build.request import BuildRequest
from dflint.build.session import BuildSession, BuiltImage, runs_again
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
_DAY = 86_400
_EPOCH = re.compile(rb"(?<!\d)1\d{9}(?!\d)")
_RANDOM = re.compile(rb"[0-9A-Fa-f]{8,}|[0-9A-Za-z+/]{12,}")


@dataclass(frozen=True, slots=True)
class Irregularity:
    """One path that two builds do not have in common, or not alike, with its origin and cause."""

    difference: Difference
    origin: Origin
    cause: str

    def __str__(self) -> str:
        return f"{self.difference.place}: {self.cause}, from {self.origin}"

    def plain(self) -> dict[str, object]:
        """It as a JSON object."""
        return {
            **self.difference.plain(),
            "cause": self.cause,
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
        begun = 0.0
        for number, name in enumerate(_NAMES):
            given = (*request.build_args, (_HOSTNAME, name))
            wanted = replace(request, build_args=given)
            if number:
                folder = held.enter_context(tempfile.TemporaryDirectory())
                copied = os.path.join(folder, "context")
                _copy_otherwise(request.context, copied)
                wanted = replace(wanted, context=copied)
                time.sleep(max(0.0, 1.1 - (time.time() - begun)))  # clocks of seconds move on
            with _processors(number):
                session = held.enter_context(BuildSession(wanted))
            begun = time.time()
            images.append(session.build(text, silence(), runs_again()))
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
        cause = _cause(difference, entries)
        found.append(Irregularity(difference, origin, cause))
    differing = {each.difference.place for each in found}
    counts: dict[Origin, int] = {}
    for path, entry in one.manifest.items():
        twin = other.manifest.get(path)
        if twin is not None and path not in differing and entry.time != twin.time:
            origin = _origin((entry, twin), places)
            counts[origin] = counts.get(origin, 0) + 1
    return ReproAudit(tuple(found), tuple(counts.items()))


def _origin(
    entries: tuple[Entry | None, Entry | None], places: list[list[tuple[str, Origin]]]
) -> Origin:
    for entry, layers in zip(entries, places, strict=True):
        for tree, origin in layers:
            if entry is not None and entry.source.startswith(os.fsencode(tree) + b"/"):
                return origin
    return Origin(0, "some step")


def _cause(difference: Difference, entries: tuple[Entry | None, Entry | None]) -> str:
    """Why two builds differ at a path, as far as what is there tells."""
    if difference.field == "name":
        return "a name that is made up"
    one, other = entries
    if one is None or other is None:
        return "it is there in one build only"
    if difference.field != "content":
        return f"its {difference.field or 'kind'} differs"
    if max(one.size, other.size) > _MOST:
        return "its content differs"
    contents = one.content(), other.content()
    return next((name for name, is_it in _CAUSES if is_it(*contents)), "its content differs")


def _has_hostname(one: bytes, other: bytes) -> bool:
    first, second = (name.encode() for name in _NAMES)
    return first in one and second in other


def _is_other_order(one: bytes, other: bytes) -> bool:
    return sorted(one.split()) == sorted(other.split())


def _has_clock(one: bytes, other: bytes) -> bool:
    now = time.time()
    for data in (one, other):
        if any(abs(int(found) - now) < _DAY for found in _EPOCH.findall(data)):
            return True
    words = [time.strftime(form, time.gmtime(now)).encode() for form in _DATES]
    words.append(str(time.gmtime(now).tm_year).encode())
    is_clock = any(word in one and word in other for word in words)
    is_gzip = one[:2] == other[:2] == b"\x1f\x8b" and one[4:8] != other[4:8]
    return is_clock or (is_gzip and one[8:] == other[8:])


def _has_processors(one: bytes, other: bytes) -> bool:
    count = str(len(os.sched_getaffinity(0))).encode()
    return count != b"1" and one.replace(count, b"1", 1) == other


def _is_random(one: bytes, other: bytes) -> bool:
    return bool(set(_RANDOM.findall(one)) ^ set(_RANDOM.findall(other)))


_DATES = ("%b %d", "%Y-%m-%d", "%Y%m%d", "%H:%M")
_CAUSES: tuple[tuple[str, Callable[[bytes, bytes], bool]], ...] = (
    ("the name of the host is in it", _has_hostname),
    ("the order of its words differs", _is_other_order),
    ("the number of processors is in it", _has_processors),
    ("the time of the build is in it", _has_clock),
    ("random letters or digits are in it", _is_random),
)


def told(audit: ReproAudit) -> Iterator[str]:
    """The lines on an audit, for people."""
    yield from map(str, audit.found)
    for origin, count in audit.times:
        yield f"{count} path{'' if count == 1 else 's'} with another time, from {origin}"
