"""What the soak runs: the real command over one store, and what must hold afterwards."""

from __future__ import annotations

import contextlib
import json
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

from tests.conformance.generated import generate

ROOT = Path(__file__).resolve().parents[2]
NAME = "soak:1"
# The clock of a process that is wrong, and leaps.
_SHIFTED = """
import random, sys, time
real, leaps = time.time, random.Random({seed})
time.time = lambda: max(0.0, real() + {shift} + leaps.uniform(-5e6, 5e6))
from dflint.__main__ import run
sys.argv = ["dflint", *sys.argv[1:]]
run()
"""


class Place:
    """A folder of the soak: a base image, a store, contexts. `problems` collects what is wrong."""

    def __init__(self, folder: Path, store: Path | None = None) -> None:
        self.folder = folder
        self.store = store or folder / "store"
        self.out = folder / "out"
        self.problems: list[str] = []
        self._count = 0
        self._make_base()

    def _make_base(self) -> None:
        from dflint.testing.images import busybox_root, write_layout

        self.layout = self.folder / "layout"
        if not self.layout.exists():
            root = busybox_root(str(self.folder / "root"), str(ROOT / ".cache" / "busybox"))
            write_layout(root, str(self.layout))
            (self.folder / "secret").write_text("not to be seen\n")
            key = ("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(self.folder / "key"))
            with contextlib.suppress(OSError):
                subprocess.run(key, check=False)

    def new_context(self, numbers: random.Random) -> Path:
        """A context with a Dockerfile that no round has had."""
        self._count += 1
        folder = self.folder / f"context-{self._count}"
        generate(numbers, folder)
        return folder

    def say(self, problem: str) -> None:
        """Take note of something that is wrong."""
        self.problems.append(problem)
        print(f"WRONG: {problem}", flush=True)

    def build_words(self, context: Path, *options: str, store: Path | None = None) -> list[str]:
        """The words of a build that gives the same digest each time."""
        return [
            "build", "--progress=plain", f"--store={store or self.store}",
            f"--build-context=busybox=oci-layout://{self.layout}",
            f"--output=type=image,name={NAME},rewrite-timestamp=true",
            f"--secret=id=s,src={self.folder}/secret", *options, str(context),
        ]  # fmt: skip

    def start(
        self, words: list[str], *, shift: float = 0, seed: int = 0
    ) -> subprocess.Popen[bytes]:
        """Start dflint; with a `shift` in seconds its clock is wrong."""
        code = _SHIFTED.format(seed=seed, shift=shift)
        command = ["-c", code] if shift else ["-m", "dflint"]
        environment = {
            **os.environ,
            "PYTHONPATH": os.pathsep.join([str(ROOT), str(ROOT / "rules")]),
            "SOURCE_DATE_EPOCH": "1700000000",
            "TMPDIR": str(self.folder),
            "NO_COLOR": "1",
        }
        return subprocess.Popen(
            [sys.executable, *command, *words],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            env=environment,
            start_new_session=True,
        )

    def run(self, words: list[str], **options: float) -> tuple[int, str]:
        """Run dflint to its end; its status and all that it wrote."""
        running = self.start(words, **options)  # type: ignore[arg-type]
        return self.finish(running)

    def finish(self, running: subprocess.Popen[bytes], seconds: float = 120) -> tuple[int, str]:
        """Wait for a run; one that hangs is a problem."""
        try:
            said, _ = running.communicate(timeout=seconds)
        except subprocess.TimeoutExpired:
            self.say(f"a run hangs: {running.args!r:.300}")
            os.killpg(running.pid, signal.SIGKILL)
            said, _ = running.communicate()
        text = said.decode(errors="replace")
        if "Traceback" in text:
            self.say(f"a traceback: {text[-1500:]}")
        if "not to be seen" in text:
            self.say("a secret is in the log")
        return running.returncode, text

    def digest(self, context: Path, *options: str, store: Path | None = None) -> str:
        """Build, which has to succeed; the digest of the image, empty when it does not."""
        file = self.folder / "metadata.json"
        file.unlink(missing_ok=True)
        words = self.build_words(context, f"--metadata-file={file}", *options, store=store)
        status, text = self.run(words)
        if status:
            self.say(f"the next build fails with {status}: {text[-1500:]}")
            return ""
        return str(json.loads(file.read_text())["containerimage.digest"])

    def check(self, what: str, *, is_swept: bool = False) -> None:
        """What holds after every round: the store is whole, and nothing is left."""
        from dflint.content.store import ContentStore

        self.check_processes(what)
        store = ContentStore(str(self.store))
        try:
            for problem in store.verify():
                self.say(f"{what}: the store is not whole: {problem}")
            if is_swept:
                for line in store.leftovers().lines():
                    self.say(f"{what}: {line} after a prune")
        finally:
            store.close()

    def check_processes(self, what: str) -> None:
        """No process and no mount of the soak may be left."""
        end = time.monotonic() + 15
        while (found := left_behind(self.folder)) and time.monotonic() < end:
            time.sleep(0.02)
        for number, words in found:
            self.say(f"{what}: process {number} is left: {words}")
        with open("/proc/self/mountinfo") as file:
            mounts = [line for line in file if f"{self.store}/" in line]
        for line in mounts:
            self.say(f"{what}: still mounted: {line.strip()}")


def left_behind(folder: Path) -> list[tuple[int, str]]:
    """The processes that know of a folder by their words, variables or mounts, but for our own."""
    wanted = os.fsencode(folder)
    found = []
    own = {os.getpid(), os.getppid()}
    for number in filter(str.isdigit, os.listdir("/proc")):
        if int(number) in own:
            continue
        for file in ("cmdline", "environ", "cgroup"):
            with contextlib.suppress(OSError):
                data = Path(f"/proc/{number}/{file}").read_bytes()
                if wanted in data and _is_ours(int(number)):
                    words = Path(f"/proc/{number}/cmdline").read_bytes().replace(b"\0", b" ")
                    found.append((int(number), words.decode(errors="replace")[:200]))
                    break
    return found


def _is_ours(number: int) -> bool:
    """Whether a process is neither the soak itself nor one that it was started by."""
    ancestor = os.getpid()
    while ancestor > 1:
        if ancestor == number:
            return False
        ancestor = parent_of(ancestor)
    return True


def parent_of(number: int) -> int:
    """The number of a process's parent; 0 when it has ended."""
    try:
        text = Path(f"/proc/{number}/stat").read_text()
    except OSError:
        return 0
    return int(text.rpartition(")")[2].split()[1])


def descendants(number: int) -> list[int]:
    """The processes below one, and itself first."""
    below: dict[int, list[int]] = {}
    for name in filter(str.isdigit, os.listdir("/proc")):
        below.setdefault(parent_of(int(name)), []).append(int(name))
    found = [number]
    for one in found:
        found += below.get(one, [])
    return found
