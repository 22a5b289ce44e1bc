"""Kills `dflint check --fix` at random moments and looks at what is left.

    python bench/interrupted.py FOLDER... [--kills N] [--files N] [--seed N]

The Dockerfiles in the folders are copied, each with a keyword in lower case put at its end and
`apt-get install` without `-y`, so that there is something to fix in all of them. Every run is
ended by SIGKILL somewhere between its start and its end. A file then has its old or its new
bytes, nothing in between, and what a killed run leaves beside it is nothing that a later run
checks. Exit status 1 if that is not so.
"""

from __future__ import annotations

import argparse
import contextlib
import operator
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

COMMAND = (
    sys.executable, "-m", "dflint", "check", "--fix-only", "--no-shellcheck", "--no-config",
    "--no-cache", "--select=instruction-casing,apt-no-yes", "--quiet",
)  # fmt: skip
TAIL = b"\nrun apt-get install something\n"


class Tree:
    """A folder of Dockerfiles as they were and as fixes make them."""

    def __init__(self, files: list[Path], place: Path) -> None:
        self.place = place
        self.old: dict[str, bytes] = {}
        for number, file in enumerate(files):
            self.old[f"{number}.Dockerfile"] = file.read_bytes() + TAIL
        self.reset()
        begin = time.perf_counter()
        self.start().wait()
        self.seconds = time.perf_counter() - begin
        self.new = {name: (place / name).read_bytes() for name in self.old}

    def reset(self) -> None:
        """Put the old files in place, and nothing else."""
        shutil.rmtree(self.place, ignore_errors=True)
        self.place.mkdir()
        for name, data in self.old.items():
            (self.place / name).write_bytes(data)

    def start(self) -> subprocess.Popen[bytes]:
        """A run over all files, in a process group of its own."""
        command = [*COMMAND, f"--jobs={random.choice('12')}", str(self.place)]
        return subprocess.Popen(
            command, stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL, start_new_session=True
        )

    def kill_after(self, after: float) -> tuple[int, int, list[str]]:
        """How many files are new after a run was killed, how many others are there, what is wrong.

        The files stay as they are, as they would for somebody who starts again.
        """
        process = self.start()
        time.sleep(after)
        self.kill(process)
        return self.left()

    def kill_amid(self, files: int) -> tuple[int, int, list[str]]:
        """The same, once so many files have been replaced, which no slow machine can miss."""
        before = {name: (self.place / name).stat().st_ino for name in self.old}
        process = self.start()
        while process.poll() is None:
            now = [(self.place / name).stat().st_ino for name in before]
            if sum(map(operator.ne, now, before.values())) >= files:
                break
        self.kill(process)
        return self.left()

    def kill(self, process: subprocess.Popen[bytes]) -> None:
        """End a run and all that it started."""
        with contextlib.suppress(ProcessLookupError):  # it may have ended
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()

    def left(self) -> tuple[int, int, list[str]]:
        """What is found after a run: see `kill_after`."""
        wrong = []
        fixed = 0
        for name, old in self.old.items():
            data = (self.place / name).read_bytes()
            fixed += data == self.new[name] != old
            if data not in (old, self.new[name]):
                wrong.append(name)
        others = sorted(set(os.listdir(self.place)) - set(self.old))
        wrong += [name for name in others if not is_ours(name)]
        wrong += sorted(set(map(os.path.basename, self.found())) - set(self.old))
        return fixed, len(others), wrong

    def found(self) -> list[str]:
        """What a later run would check."""
        from dflint.config.find import ConfigFinder
        from dflint.discovery.walk import discover

        finder = ConfigFinder(isolated=True)
        return [found.path for found in discover([str(self.place)], finder)]


def is_ours(name: str) -> bool:
    """Whether a file is one that a killed run may leave."""
    return name.startswith(".") and ".dflint-" in name and name.endswith(".tmp")


def interrupt(tree: Tree, kills: int) -> tuple[int, int, list[str]]:
    """Kill so many runs; how many ended amid their files, how many files were left, what is wrong.

    Half of them are killed at a random moment, most while they write, which is towards their end;
    the others once a random number of files is new.
    """
    amid = left = 0
    wrong: list[str] = []
    for number in range(kills):
        tree.reset()
        if number % 2:
            fixed, others, bad = tree.kill_amid(random.randint(1, len(tree.old) // 2))
        else:
            fixed, others, bad = tree.kill_after(random.uniform(0.1, 1.05) * tree.seconds)
        amid += 0 < fixed < len(tree.old)
        left += others
        wrong += bad
    return amid, left, wrong


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("folders", nargs="+", type=Path)
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--files", type=int, default=60)
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    random.seed(arguments.seed)
    files = sorted(
        file
        for folder in arguments.folders
        for file in folder.rglob("*ockerfile*")
        if file.is_file() and b"<<" not in file.read_bytes()
    )
    files = random.sample(files, min(arguments.files, len(files)))
    with tempfile.TemporaryDirectory() as place:
        tree = Tree(files, Path(place) / "tree")
        changed = sum(tree.new[name] != old for name, old in tree.old.items())
        print(f"{len(files)} files, {changed} of them with fixes, {tree.seconds:.2f} s a run")
        amid, left, wrong = interrupt(tree, arguments.kills)
    print(f"{arguments.kills} runs killed, {amid} amid their files, {left} temporary files left")
    print(f"{len(wrong)} files wrong {wrong[:9]}")
    return 1 if wrong else 0


if __name__ == "__main__":
    raise SystemExit(main())
