"""What one generated build consists of, and how its files are written."""

from __future__ import annotations

import os
import random
from dataclasses import dataclass, field
from typing import TypeVar

_T = TypeVar("_T")

EPOCH = 1_600_000_500
"""SOURCE_DATE_EPOCH of every build: context files are older and younger than it."""


@dataclass(frozen=True)
class ContextFile:
    """A file, directory, link or FIFO of a context; `kind` is f, d, l (symbolic), h (hard) or p."""

    path: str
    kind: str = "f"
    data: bytes = b""
    target: str = ""
    mode: int = 0o644
    mtime_ns: int = 0


@dataclass
class Case:
    """One build. `then` is a Dockerfile that is built on the first one's image, named `first`.

    `features` tells what occurs in it; `@SALT@` in the text stands for a word that every run of
    the case chooses anew.
    """

    name: str
    text: str = ""
    files: list[ContextFile] = field(default_factory=list)
    build_args: dict[str, str] = field(default_factory=dict)
    target: str = ""
    platform: str = ""
    secrets: dict[str, str] = field(default_factory=dict)
    other: list[ContextFile] = field(default_factory=list)
    labels: dict[str, str] = field(default_factory=dict)
    then: str = ""
    features: set[str] = field(default_factory=set)


class Draw:
    """Chances of one case, and the features that they have brought."""

    def __init__(self, seed: int, number: int) -> None:
        self._random = random.Random(f"{seed}/{number}")
        self.features: set[str] = set()
        self._count = 0

    def use(self, feature: str) -> None:
        self.features.add(feature)

    def chance(self, share: float) -> bool:
        return self._random.random() < share

    def number(self, low: int, high: int) -> int:
        return self._random.randint(low, high)

    def pick(self, values: list[_T] | tuple[_T, ...]) -> _T:
        return values[self._random.randrange(len(values))]

    def some(self, values: list[_T] | tuple[_T, ...], low: int, high: int) -> list[_T]:
        count = min(len(values), self.number(low, high))
        return self._random.sample(list(values), count)

    def weighted(self, weights: dict[_T, int]) -> _T:
        return self._random.choices(list(weights), list(weights.values()))[0]

    def new(self, stem: str = "n") -> str:
        """A name that this case has not used."""
        self._count += 1
        return f"{stem}{self._count}"


def write_files(files: list[ContextFile], root: str) -> None:
    """Write a context; what is below a directory stands behind it in the list."""
    os.makedirs(root)
    for one in files:
        _write(one, os.path.join(root, one.path))
    for one in reversed(files):
        if one.kind != "h":
            path = os.path.join(root, one.path)
            os.utime(path, ns=(one.mtime_ns, one.mtime_ns), follow_symlinks=False)


def _write(one: ContextFile, path: str) -> None:
    if one.kind == "d":
        os.makedirs(path, exist_ok=True)
    elif one.kind == "l":
        os.symlink(one.target, path)
    elif one.kind == "h":
        os.link(os.path.join(path[: -len(one.path)], one.target), path)
    elif one.kind == "p":
        os.mkfifo(path)
    else:
        with open(path, "wb") as file:
            file.write(one.data)
    if one.kind in "fdp":
        os.chmod(path, one.mode)
