"""Builds beside prunes over one store: counts what is lost that somebody uses.

    python -m tests.conformance.store_rounds --rounds 200 [--first N] [--seconds N]

In each round the command builds an image on a base of the store, while other processes prune,
move a tag and save an image without pause. What they may remove differs from round to round:

0. images without a name, and all of the build cache: every name has to stay, and be whole;
1. all images and all of the build cache: builds have to succeed, what has a name has to be whole;
2. what is removed by name or id: only the image that is removed may go.

A loss is a build or a save that fails, a name that is gone, an image that is not whole, or a
difference between what `system df` says and what `du` counts after everything was pruned. Building
needs root. The exit status is 1 when anything was lost.
"""

from __future__ import annotations

import argparse
import io
import multiprocessing
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from dflint.content.catalog import NoImageError, find_image, read_catalog
from dflint.content.load import load_path
from dflint.content.store import ContentStore
from dflint.errors import BuildError
from dflint.images import disk
from dflint.images.filters import Filters
from dflint.images.naming import hold, prune_images, remove_image, tag_image
from dflint.images.saving import Saving
from dflint.testing.images import busybox_root, write_layout

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

BASE = "docker.io/library/base:1"
KEPT = tuple(f"kept:{number}" for number in range(3))
GOING, MOVING = "going:1", "moving:1"
TEXT = """\
FROM base:1
COPY . /context
RUN echo {number} >/number; cat /context/f* >/all
LABEL round={number}
"""
KINDS = 3


def pruner(store: ContentStore, kind: int) -> None:
    """Remove what a round of a kind may remove."""
    if kind < 2:
        prune_images(store, Filters(), takes_all=kind == 1)
        store.prune(everything=True)
    else:
        try:
            remove_image(store, GOING, is_forced=True)
        except NoImageError:
            store.prune()


def mover(store: ContentStore, kind: int) -> None:
    """Have a tag stand for one image after the other; those without a name may be gone by then."""
    for name in KEPT:
        try:
            tag_image(store, name, "docker.io/library/" + MOVING)
        except BuildError:
            if kind != 1:
                raise


def saver(store: ContentStore, kind: int) -> None:
    """Save an image; where images with names go, it may be gone before it was chosen."""
    with store.lease():
        saving = Saving(store, True, None)
        try:
            saving.add([KEPT[0]])
        except BuildError:
            if kind != 1:
                raise
            return
        saving.write(io.BytesIO())


def without_pause(work: Callable[[ContentStore, int], None], root: str, kind: int, stop, losses):
    """Do something over and over until `stop` is set; what fails is a loss."""
    store = ContentStore(root)
    try:
        while not stop.is_set():
            work(store, kind)
    except BuildError as error:
        losses.put(f"{work.__name__}: {error}")
    finally:
        store.close()


class Rounds:
    """The rounds over one store."""

    def __init__(self, root: str, folder: str) -> None:
        self.root = root
        self.losses: list[str] = []
        self._context = Path(folder, "context")
        self._layout = os.path.join(folder, "layout")
        write_layout(busybox_root(os.path.join(folder, "root"), folder), self._layout)
        self._context.mkdir()
        for number in range(20):
            (self._context / f"f{number}").write_text(str(number) * 2000)

    def run(self, number: int) -> None:
        """One round; its losses are told at once."""
        kind = number % KINDS
        self._prepare()
        before = len(self.losses)
        stop, losses = multiprocessing.Event(), multiprocessing.Queue()
        others = [
            multiprocessing.Process(target=without_pause, args=(one, self.root, kind, stop, losses))
            for one in (pruner, mover, saver)
        ]
        for one in others:
            one.start()
        name = f"made:{number}"
        self._build(number, [] if number % 2 else ["-t", name], kind == 1)
        stop.set()
        while any(one.is_alive() for one in others) or not losses.empty():
            while not losses.empty():
                self.losses.append(losses.get())
            time.sleep(0.01)
        names = [*KEPT, MOVING, *([] if number % 2 else [name])]
        self._look(names if kind != 1 else [])
        for loss in self.losses[before:]:
            print(f"round {number}: {loss}", flush=True)

    def _prepare(self) -> None:
        """Have the base and the kept images there."""
        store = ContentStore(self.root)
        there = {name for name, _ in store.tags()}
        with store.lease():
            if BASE not in there:
                load_path(store, self._layout, (BASE,))
        store.close()
        for name in (*KEPT, GOING):
            if f"docker.io/library/{name}" not in there:
                self._build(name, ["-t", name])

    def _build(self, number: object, options: list[str], has_context: bool = False) -> None:
        """Build; with the base from a folder where its name may go."""
        if has_context:
            options = [*options, f"--build-context=base:1=oci-layout://{self._layout}"]
        (self._context / "Dockerfile").write_text(TEXT.format(number=number))
        done = subprocess.run(
            [sys.executable, "-m", "dflint", "build", "--store", self.root, "--store-limit", "0",
             "--progress=plain", *options, str(self._context)],
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        if done.returncode:
            self.losses.append(f"build {number}: {done.stderr[-500:]}")

    def _look(self, names: list[str]) -> None:
        """See that all names are there, and all images whole."""
        store = ContentStore(self.root)
        images = read_catalog(store)
        for name in names:
            try:
                find_image(images, name)
            except BuildError as error:
                self.losses.append(f"{name}: {error}")
        with store.lease():
            for image in images:
                try:
                    hold(store, image)
                except BuildError as error:
                    self.losses.append(f"{image.names}: {error}")
        self.losses += store.verify()
        store.close()

    def empty(self) -> str:
        """Prune everything, and compare what is left with what is said of it."""
        store = ContentStore(self.root)
        prune_images(store, Filters(), takes_all=True)
        store.prune(everything=True)
        store.compact()
        found = disk.measure(store)
        done = subprocess.run(["du", "-s", "--block-size=1", self.root], capture_output=True)
        counted = int(done.stdout.split()[0])
        rest = found.total - found.sizes[disk.METADATA]
        if counted != found.total or rest:
            self.losses.append(f"said {found.total} bytes, {rest} of them data; du: {counted}")
        return f"{counted} bytes left, all of them metadata" if not rest else f"{rest} bytes left"


def main() -> int:
    """Run the rounds, and print the number of losses."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--rounds", type=int, default=200)
    parser.add_argument("--first", type=int, default=0, help="the number of the first round")
    parser.add_argument("--seconds", type=float, default=3600, help="begin no round after so many")
    parser.add_argument("--store", help="a folder for the store (default: a new one)")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        rounds = Rounds(given.store or os.path.join(folder, "store"), folder)
        start = time.monotonic()
        done = 0
        while done < given.rounds and time.monotonic() - start < given.seconds:
            rounds.run(given.first + done)
            done += 1
        left = rounds.empty()
    seconds = time.monotonic() - start
    print(f"{done} rounds in {seconds:.0f} s, {len(rounds.losses)} losses; {left}")
    return 1 if rounds.losses else 0


if __name__ == "__main__":
    sys.exit(main())
