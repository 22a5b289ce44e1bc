"""Builds under kills, full disks and damaged stores, from a seed; says what does not hold.

    python -m tests.conformance.soak --seed S --rounds N [--kills | --full | --damage]

Random Dockerfiles are built by the real command. With `--kills` processes of it are ended by
SIGKILL at random moments - the command itself, the process that starts steps, a step's first
process, an agent -, builds run side by side, beside prunes and with clocks that are wrong; with
`--full` the store lies on a disk that is too small; with `--damage` files of the store are
altered. After each the store has to be whole, or say what is lost and be mended; nothing may be
left running or mounted; the next build has to give the digest that an undisturbed one gives.
Exit status 1 when something does not hold. Needs root.
"""

from __future__ import annotations

import argparse
import os
import random
import shutil
import signal
import subprocess
import tempfile
import time
from collections import Counter
from contextlib import suppress
from pathlib import Path

from dflint.content.store import ContentStore
from tests.conformance.soak_builds import NAME, Place, descendants

_KILLS_OF_ONE = 8
_SPACE = ("no space left", "disk is full", "disk i/o error", "cannot write")


class Soak:
    """The rounds of one run."""

    def __init__(self, place: Place, seed: int) -> None:
        self.place = place
        self.numbers = random.Random(seed)
        self.counts: Counter[str] = Counter()
        self._context: Path | None = None
        self._expected = ""
        self._seconds = 1.0
        self._left = 0

    def kill(self) -> None:
        """A round of kills: one process of one build or of several."""
        self._choose_context()
        numbers, place = self.numbers, self.place
        what = numbers.choice(("one", "one", "one", "cached", "three", "prune", "ssh", "clock"))
        options = [] if what == "cached" else ["--no-cache"]
        words = place.build_words(self._the_context, *options)
        shift = numbers.uniform(-1e8, 1e9) if what == "clock" else 0
        if what == "ssh" and (place.folder / "key").exists():
            words = place.build_words(self._ssh_context(), f"--ssh=default={place.folder}/key")
        builds = [
            place.start(words, shift=shift, seed=n) for n in range(3 if what == "three" else 1)
        ]
        if what == "prune":
            prune = ["buildcache", "prune", *numbers.choice(([], ["--all"]))]
            builds.append(place.start([*prune, f"--store={place.store}"]))
        victim = numbers.choice(builds)
        time.sleep(numbers.uniform(0.02, 0.8) * self._seconds * len(builds))
        self._kill_one(victim)
        for build in builds:
            status, text = place.finish(build)
            if status not in (0, 1, -signal.SIGKILL):
                place.say(f"a build ends with {status}: {text[-500:]}")
            if status == 1 and build is not victim:
                place.say(f"a build beside one that was killed fails: {text[-1500:]}")
        place.check(f"kill of {what}")
        self._left -= 1
        if self._left == 0:
            self._compare("kills")

    def _kill_one(self, build: subprocess.Popen[bytes]) -> None:
        found = descendants(build.pid)
        front, others = found[0], found[1:]
        number = self.numbers.choice([front, *others] if self.numbers.random() < 0.6 else [front])
        place = ("front", "starter", "helper")[min(found.index(number), 2)]
        if build.poll() is not None:
            self.counts["ended before"] += 1
            return
        try:
            os.kill(number, signal.SIGKILL)
        except ProcessLookupError:
            self.counts["ended before"] += 1
            return
        self.counts["kills"] += 1
        self.counts[f"of a {'step or ' if place == 'helper' else ''}{place}"] += 1

    @property
    def _the_context(self) -> Path:
        assert self._context is not None
        return self._context

    def _choose_context(self) -> None:
        """Another Dockerfile now and then, and the digest that it gives undisturbed."""
        if self._left > 0:
            return
        self._context = self.place.new_context(self.numbers)
        self._left = _KILLS_OF_ONE
        clean = self.place.folder / "clean"
        begin = time.monotonic()
        self._expected = self.place.digest(self._the_context, store=clean)
        self._seconds = time.monotonic() - begin
        shutil.rmtree(clean, ignore_errors=True)

    def _compare(self, what: str) -> None:
        """The next build gives what an undisturbed one gives; a prune leaves nothing over."""
        if self.place.digest(self._the_context) != self._expected:
            self.place.say(f"{what}: the next build makes another image")
        if self.numbers.random() < 0.5:
            prune = ["buildcache", "prune", f"--store={self.place.store}"]
            status, text = self.place.run([*prune, *self.numbers.choice(([], ["--all"]))])
            if status:
                self.place.say(f"prune fails: {text}")
            self.place.check(what, is_swept=True)

    def _ssh_context(self) -> Path:
        folder = self.place.folder / "ssh"
        if not folder.exists():
            folder.mkdir()
            text = "FROM busybox\nRUN --mount=type=ssh test -S $SSH_AUTH_SOCK; sleep 1\n"
            (folder / "Dockerfile").write_text(text)
        return folder

    def many(self) -> None:
        """Eight of the same side by side, or beside prunes, and nobody is killed."""
        self._choose_context()
        place = self.place
        words = place.build_words(self._the_context, *self.numbers.choice(([], ["--no-cache"])))
        prune = ["buildcache", "prune", "--all", f"--store={place.store}"]
        runs = [place.start(words) for _ in range(8)] + [place.start(prune) for _ in range(2)]
        for run in runs:
            status, text = place.finish(run)
            if status:
                place.say(f"one of eight side by side fails: {text[-1500:]}")
        place.check("eight side by side")
        self.counts["rounds of eight"] += 1

    def fill(self) -> None:
        """A disk that is full at some point of a build."""
        self._left = 0
        self._choose_context()
        place, numbers = self.place, self.numbers
        mount(place.store, "512m")
        try:
            place.digest(self._the_context)
            used = disk_use(place.store)
        finally:
            unmount(place.store)
        size = max(1, int(used * numbers.uniform(0.02, 1.05)) // 4096) * 4096
        mount(place.store, str(size))
        try:
            self._fill(size)
        finally:
            unmount(place.store)

    def _fill(self, size: int) -> None:
        place = self.place
        out = place.folder / "small"
        extra = self.numbers.choice(
            (
                [],
                [f"--output=type=oci,dest={place.store}/../small/o.tar"],
                [f"--cache-to=type=local,dest={out}/c"],
            )
        )
        mount(out, str(max(65536, size // 4)))
        try:
            status, text = place.run(place.build_words(self._the_context, *extra))
            left = [one for one in os.listdir(out) if one != "c"]
        finally:
            unmount(out)
        if status:
            self.counts["full"] += 1
            if not any(words in text.lower() for words in _SPACE):
                place.say(f"a full disk is not named ({size} bytes): {text[-800:]}")
            if any(not one.startswith("o.tar") for one in left):
                place.say(f"an output is left half written: {left}")
        else:
            self.counts["enough room"] += 1
        place.check_processes("full disk")
        prune = ["buildcache", "prune", "--all", f"--store={place.store}"]
        before = disk_use(place.store)
        filler = place.store / "filler"
        fill_disk(filler)
        status, text = place.run(prune)
        filler.unlink()
        # A disk with no room for the tables has no store, and nothing to prune.
        if status and before > 400_000:
            place.say(f"prune fails on a full disk of {size} bytes, {before} used: {text}")
        remount(place.store, "512m")
        place.check("full disk")
        self._compare("full disk")

    def damage(self) -> None:
        """A file of the store that is not what it was."""
        self._choose_context()
        place, numbers = self.place, self.numbers
        place.digest(self._the_context)
        other = place.folder / "other"
        if not other.exists():
            other.mkdir()
            (other / "Dockerfile").write_text("FROM scratch\nCOPY Dockerfile /whole\n")
            place.run(["build", f"--store={place.store}", "-t", "whole:1", str(other)])
        kind = damage_one(place.store, numbers)
        self.counts["damaged"] += 1
        self.counts[f"damaged {kind}"] += 1
        if numbers.random() < 0.5:
            status, text = place.run(place.build_words(self._the_context))
            if status and "dflint store repair" not in text:
                place.say(f"{kind}: a build does not say how to repair: {text[-800:]}")
        status, text = place.run(["store", "verify", f"--store={place.store}"])
        verified = status
        status, text = place.run(["store", "repair", f"--store={place.store}"])
        if status:
            place.say(f"{kind}: repair fails: {text}")
        if verified and "whole:1" in text and "lost image" in text:
            self.counts["lost both"] += 1
        status, text = place.run(["store", "verify", f"--store={place.store}"])
        if status:
            place.say(f"{kind}: not whole after a repair: {text}")
        place.check(kind)
        self._left -= 1
        self._compare(kind)


def damage_one(store: Path, numbers: random.Random) -> str:
    """Alter a file of a store, or remove it; what was done."""
    kind = numbers.choice(("blob", "blob", "blob", "blob", "tables", "index", "layer"))
    if kind == "layer":
        layers = sorted((store / "layers").iterdir())
        if layers:
            shutil.rmtree(numbers.choice(layers))
        return "layer"
    if kind == "blob":
        path = numbers.choice(sorted((store / "blobs/sha256").iterdir()))
    elif kind == "tables":
        path = store / "dflint.db"
        for suffix in ("-wal", "-shm"):
            (store / f"dflint.db{suffix}").unlink(missing_ok=True)
    else:
        path = store / numbers.choice(("index.json", "oci-layout"))
    way = _alter(path, numbers, is_tables=kind == "tables")
    return f"{kind}, {way}"


def _alter(path: Path, numbers: random.Random, *, is_tables: bool) -> str:
    data = bytearray(path.read_bytes())
    ways = ("cut", "emptied", "zeroed") if is_tables else ("bit", "cut", "emptied", "grown", "gone")
    way = numbers.choice(ways)
    if way == "gone":
        path.unlink()
        return way
    if way == "bit" and data:
        data[numbers.randrange(len(data))] ^= 1 << numbers.randrange(8)
    elif way == "cut":
        del data[numbers.randrange(len(data) or 1) :]
    elif way == "emptied":
        data.clear()
    elif way == "zeroed":
        at = numbers.randrange(len(data) // 4096) * 4096
        data[at : at + 4096] = bytes(4096)
    else:
        data += b"more"
    path.write_bytes(data)
    return way


def mount(path: Path, size: str) -> None:
    """A file system in memory of that size."""
    from dflint.kernel.mounts import mount as mount_kernel

    path.mkdir(parents=True, exist_ok=True)
    mount_kernel("tmpfs", str(path), "tmpfs", 0, f"size={size},mode=755")


def remount(path: Path, size: str) -> None:
    """Give a file system in memory another size."""
    from dflint.kernel.mounts import MS_REMOUNT
    from dflint.kernel.mounts import mount as mount_kernel

    mount_kernel("tmpfs", str(path), "tmpfs", MS_REMOUNT, f"size={size}")


def unmount(path: Path) -> None:
    """Take a file system away, with all in it."""
    from dflint.kernel.mounts import unmount as unmount_kernel

    unmount_kernel(str(path))


def fill_disk(path: Path) -> None:
    """Write a file until the disk is full to its last byte."""
    with open(path, "wb", buffering=0) as file, suppress(OSError):
        while True:
            file.write(bytes(4096))


def disk_use(path: Path) -> int:
    """The bytes that are used on the file system of a path."""
    state = os.statvfs(path)
    return (state.f_blocks - state.f_bfree) * state.f_frsize


def soak(
    folder: Path, seed: int, rounds: int, kinds: tuple[str, ...], seconds: float = 1e9
) -> tuple[Counter[str], list[str]]:
    """So many rounds of each kind in a folder; what was counted, and what is wrong.

    None begins after so many seconds.
    """
    end = time.monotonic() + seconds
    place = Place(folder)
    ContentStore(str(place.store)).close()
    run = Soak(place, seed)
    acts = {"kills": run.kill, "full": run.fill, "damage": run.damage}
    for kind in kinds:
        for number in range(rounds):
            if time.monotonic() > end:
                break
            acts[kind]()
            if kind == "kills" and number % 40 == 39:
                run.many()
    return run.counts, place.problems


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--rounds", type=int, default=20)
    parser.add_argument("--seconds", type=float, default=1e9, help="begin no round after so long")
    for kind in ("kills", "full", "damage"):
        parser.add_argument(f"--{kind}", action="store_true")
    parser.add_argument("--folder", type=Path, help="where to work (default: a new folder)")
    given = parser.parse_args()
    from dflint.kernel.userns import enter_mount_namespace

    enter_mount_namespace()
    kinds = tuple(one for one in ("kills", "full", "damage") if getattr(given, one))
    begin = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="dflint-soak-", dir=given.folder) as folder:
        counts, problems = soak(
            Path(folder), given.seed, given.rounds, kinds or ("kills",), given.seconds
        )
    seconds = time.monotonic() - begin
    print(f"seed {given.seed}, {given.rounds} rounds, {seconds:.0f} s, image {NAME}")
    for name, count in sorted(counts.items()):
        print(f"{count:6} {name}")
    print(f"{len(problems)} things do not hold")
    return 1 if problems else 0


if __name__ == "__main__":
    raise SystemExit(main())
