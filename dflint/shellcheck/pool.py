"""Scripts in, answers out: each different script is checked once, many in one process."""

from __future__ import annotations

import marshal
import os
from collections import deque

from dflint.shellcheck.batch import FORM, OPTIONS, Batch, BatchError, Rows, version_of
from dflint.shellcheck.store import MemoryStore

TYPE_CHECKING = False
if TYPE_CHECKING:
    from dflint.shellcheck.program import Program
    from dflint.shellcheck.store import ResultStore

#: How many scripts a process gets at most, and how many are worth another process.
MOST_SCRIPTS = 96
FEWEST_SCRIPTS = 16
#: How long a process may take, in seconds: with many scripts, and with one that spoilt a batch.
BATCH_SECONDS = 60.0
SCRIPT_SECONDS = 10.0
#: After so many single scripts without an answer, none in between, the program is given up.
_MOST_FAILURES = 3


class Answer:
    """What ShellCheck says of a script: `rows` once it `is_done`, None if it failed."""

    __slots__ = ("is_done", "rows")

    rows: Rows | None
    is_done: bool

    def __init__(self) -> None:
        self.rows = None
        self.is_done = False

    def set(self, rows: Rows | None) -> None:
        """Give it the result."""
        self.rows = rows
        self.is_done = True


class Pool:
    """The processes of one program. `troubles` says what went wrong, each thing once."""

    __slots__ = (
        "_failures",
        "_is_broken",
        "_open",
        "_processes",
        "_program",
        "_queue",
        "_running",
        "_seconds",
        "_store",
        "troubles",
    )

    def __init__(
        self,
        program: Program,
        store: ResultStore,
        processes: int,
        seconds: tuple[float, float] = (BATCH_SECONDS, SCRIPT_SECONDS),
    ) -> None:
        self._program = program
        self._store = store
        self._processes = processes
        self._seconds = seconds
        self._open: dict[bytes, Answer] = {}
        self._queue: dict[bytes, str] = {}
        self._running: deque[Batch] = deque()
        self._is_broken = False
        self._failures = 0
        self.troubles: list[str] = []

    def submit(self, script: str) -> Answer:
        """Have a script checked, in time; the answer is there at once where it is known."""
        key = self._key(script)
        answer = self._open.get(key)
        if answer is not None:
            return answer
        answer = Answer()
        kept = self._store.get(key)
        known = None if kept is None else _unpacked(kept)
        if known is not None:
            answer.set(known)
        elif self._is_broken:
            answer.set(None)
        else:
            self._open[key] = answer
            self._queue[key] = script
            if len(self._queue) >= MOST_SCRIPTS:
                self._start_some(MOST_SCRIPTS)
        return answer

    def _key(self, script: str) -> bytes:
        """What a result is kept under: a digest where it is kept for later runs."""
        decisive = f"{self._program.identity}\n{' '.join(OPTIONS)} {FORM}\n{script}"
        data = decisive.encode("utf-8", "replace")
        if isinstance(self._store, MemoryStore):
            return data
        from _blake2 import blake2b  # `hashlib` loads OpenSSL

        return blake2b(data, digest_size=16).digest()

    def start(self) -> None:
        """Start what is waiting, as far as there are processes for it."""
        self._start_some(1)

    def resolve(self, answer: Answer) -> None:
        """Wait for an answer."""
        while not answer.is_done:
            self._start_some(1)
            if self._running:
                self._collect(self._running.popleft())

    def close(self) -> None:
        """End all processes and remove their files; what is open stays without an answer."""
        while self._running:
            self._running.pop().discard()
        self._give_up()

    def _start_some(self, fewest: int) -> None:
        """Start processes while there are so many scripts for one, and a process is free."""
        while len(self._queue) >= fewest and not self._is_broken:
            free = self._processes - len(self._running)
            if free < 1 and self._running[0].is_done():
                self._collect(self._running.popleft())
                continue
            if free < 1:
                return
            share = -(-len(self._queue) // free)
            self._launch(min(max(share, FEWEST_SCRIPTS), MOST_SCRIPTS))

    def _launch(self, count: int) -> None:
        keys = list(self._queue)[:count]
        scripts = [self._queue.pop(key) for key in keys]
        try:
            self._running.append(Batch(self._program.path, keys, scripts, self._seconds[0]))
        except OSError as error:
            self._break((error.strerror or str(error)).lower())

    def _collect(self, batch: Batch) -> None:
        """Take a batch's answers; of one that failed, those that the scripts give singly."""
        try:
            answers = batch.answers()
        except BatchError as error:
            if not error.is_about_a_script:
                self._break(str(error))
            elif len(batch.keys) == 1:
                self._fail(batch.keys[0], error)
            else:
                self._retry(batch)
            return
        self._failures = 0
        self._store.put_many(
            (key, _packed(rows)) for key, rows in zip(batch.keys, answers, strict=True)
        )
        for key, rows in zip(batch.keys, answers, strict=True):
            self._open.pop(key).set(rows)

    def _retry(self, batch: Batch) -> None:
        for key, script in zip(batch.keys, batch.scripts, strict=True):
            if self._is_broken:
                return
            try:
                self._collect(Batch(self._program.path, [key], [script], self._seconds[1]))
            except OSError as error:
                self._break((error.strerror or str(error)).lower())

    def _fail(self, key: bytes, error: BatchError) -> None:
        self._failures += 1
        self._open.pop(key).set(None)
        self._tell(f"{error}; there are scripts without its findings")
        if self._failures >= _MOST_FAILURES:
            self._give_up()

    def _break(self, reason: str) -> None:
        version = version_of(self._program.path)
        if version is not None and version < (0, 7):
            found = ".".join(map(str, version))
            reason = f"it is version {found}, and at least 0.7 is needed"
        self._tell(f"{reason}; its findings are missing")
        self._give_up()

    def _tell(self, trouble: str) -> None:
        trouble = f"ShellCheck (`{self._program.path}`) failed: {trouble}"
        if trouble not in self.troubles:
            self.troubles.append(trouble)

    def _give_up(self) -> None:
        self._is_broken = True
        self._queue.clear()
        while self._running:
            self._running.pop().discard()
        for answer in self._open.values():
            answer.set(None)
        self._open.clear()


def processors() -> int:
    """How many processes can run at once."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _packed(rows: Rows) -> bytes:
    return marshal.dumps(rows, 4)


def _unpacked(data: bytes) -> Rows | None:
    """The rows that are packed in a kept value; None when it is damaged."""
    try:
        rows: Rows = marshal.loads(data)
    except (ValueError, EOFError, TypeError):
        return None
    return rows
