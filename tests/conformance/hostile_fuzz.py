"""Alters archives and image layouts at random, and takes them: refused or taken, and no escape.

    python -m tests.conformance.hostile_fuzz --seconds N --seed S

Each is taken as a layer, by ADD, as a context, and as images to load. What is raised besides
BuildError, and any change outside, is printed with the number that makes it again, and so is what
fills the disk: all is done on one of 256 MiB, in memory, of which each may use a quarter. Exit
status 1 when there was any. Needs root.
"""

from __future__ import annotations

import argparse
import collections
import gzip
import json
import random
import shutil
import tempfile
import time
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from dflint.content import ContentStore
from dflint.content.files import remove_tree
from dflint.content.load import load_path
from dflint.errors import BuildError
from dflint.kernel.userns import enter_mount_namespace
from tests.conformance.soak import disk_use, mount, unmount
from tests.content.worker import put_image
from tests.layer.hostile import archives
from tests.layer.test_hostile_archives import MOST, WAYS, listed


def alter(data: bytes, numbers: random.Random, others: list[bytes]) -> bytes:
    """Some bytes changed, cut out, doubled, or taken from another."""
    changed = bytearray(data)
    for _ in range(numbers.randrange(1, 6)):
        at = numbers.randrange(len(changed) + 1)
        block = at // 512 * 512
        way = numbers.randrange(7)
        if way == 0 and changed:
            changed[at % len(changed)] = numbers.randrange(256)
        elif way == 1:
            del changed[at : at + numbers.choice((1, 7, 512))]
        elif way == 2:
            changed[at:at] = numbers.choice((b"../", b"/", b"\0", b"9" * 8, b"\xff" * 8))
        elif way == 3:
            changed[block:block] = changed[block : block + 512 * numbers.randrange(1, 4)]
        elif way == 4:
            other = numbers.choice(others)
            changed[block : block + 512] = other[: 512 * numbers.randrange(1, 5)]
        elif way == 5:
            changed[at : at + 12] = numbers.choice((b"77777777777\0", b"\x80" + bytes(11)))
        else:
            _mend_checksum(changed, block)
    _mend_checksum(changed, 0)
    data = bytes(changed)
    return gzip.compress(data, 1) if numbers.random() < 0.1 else data


def _mend_checksum(data: bytearray, at: int) -> None:
    """Let a header count again."""
    if len(data) >= at + 512:
        data[at + 148 : at + 156] = b" " * 8
        data[at + 148 : at + 156] = b"%06o\0 " % sum(data[at : at + 512])


def alter_layout(root: Path, numbers: random.Random) -> None:
    """Change members or bytes of the documents of a layout."""
    files = [root / "index.json", root / "oci-layout", *sorted((root / "blobs/sha256").iterdir())]
    for _ in range(numbers.randrange(1, 4)):
        path = numbers.choice(files)
        data = path.read_bytes()
        try:
            document = json.loads(data)
        except ValueError:
            document = None
        if isinstance(document, dict) and document and numbers.random() < 0.8:
            _alter_value(document, numbers)
            data = json.dumps(document).encode()
        else:
            data = alter(data, numbers, [b"{", b"null", b"[" * 20_000])
        path.write_bytes(data)


def _alter_value(value: object, numbers: random.Random) -> None:
    strange = (
        None, True, -1, 1 << 70, 1e308, "", "../../etc/passwd", "sha256:" + "0" * 64, [], {},
        [[[]]], {"a": {}}, "x" * 100_000, "\ud800", "sha512:zz", "application/x",
    )  # fmt: skip
    while isinstance(value, (dict, list)) and value:
        keys = list(value) if isinstance(value, dict) else list(range(len(value)))
        key = numbers.choice(keys)
        below = value[key]  # type: ignore[call-overload]
        if not isinstance(below, (dict, list)) or not below or numbers.random() < 0.3:
            value[key] = numbers.choice(strange)  # type: ignore[call-overload]
            return
        value = below


class Fuzzing:
    """One run; `wrong` are the lines on what was not as it should be."""

    def __init__(self, folder: Path, seed: int) -> None:
        self.seed = seed
        self.counts: collections.Counter[str] = collections.Counter()
        self.wrong: list[str] = []
        self._folder = folder
        self._outside = folder / "outside"
        self._outside.mkdir()
        (self._outside / "canary").write_text("untouched")
        self._before = listed(self._outside)
        self._archives = list(archives(str(self._outside / "canary")).values())
        store = ContentStore(str(folder / "layout"))
        for name in ("a:1", "b:1"):
            store.tag(name, put_image(store, name))
        store.close()

    def one(self, number: int) -> None:
        """The nth input, by one of the ways."""
        numbers = random.Random(self.seed * 1_000_003 + number)
        place = self._folder / "place"
        place.mkdir()
        try:
            self._take(numbers, place)
            self.counts["taken"] += 1
        except BuildError:
            self.counts["refused"] += 1
        except BaseException as error:
            if isinstance(error, KeyboardInterrupt):
                raise
            text = "".join(traceback.format_exception(error)[-3:])
            self.wrong.append(f"number {number}: {text}")
        finally:
            size = disk_use(self._folder)
            remove_tree(str(place))
        if size >= MOST:
            self.wrong.append(f"number {number}: {size} bytes on disk")
        if listed(self._outside) != self._before:
            self.wrong.append(f"number {number}: something outside has changed")

    def _take(self, numbers: random.Random, place: Path) -> None:
        if numbers.random() < 0.3:
            layout = place / "layout"
            shutil.copytree(self._folder / "layout", layout)
            alter_layout(layout, numbers)
            store = ContentStore(str(place / "store"))
            try:
                load_path(store, str(layout))
            finally:
                store.close()
            return
        data = alter(numbers.choice(self._archives), numbers, self._archives)
        numbers.choice(WAYS)(data, place)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--number", type=int, help="only this one")
    given = parser.parse_args()
    end = time.monotonic() + given.seconds
    enter_mount_namespace()
    with tempfile.TemporaryDirectory(prefix="dflint-fuzz-") as folder, _disk(Path(folder)):
        run = Fuzzing(Path(folder), given.seed)
        if given.number is not None:
            run.one(given.number)
        number = 0
        while given.number is None and time.monotonic() < end:
            run.one(number)
            number += 1
    for line in run.wrong[:20]:
        print(line)
    print(f"seed {given.seed}: {dict(run.counts)}, {len(run.wrong)} wrong")
    return 1 if run.wrong else 0


@contextmanager
def _disk(folder: Path) -> Iterator[None]:
    """A small file system in memory, in this process alone."""
    mount(folder, "256m")
    try:
        yield
    finally:
        unmount(folder)


if __name__ == "__main__":
    raise SystemExit(main())
