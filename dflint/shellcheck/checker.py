"""ShellCheck for whole documents: take them in, and ask later what it said."""

from __future__ import annotations

from dflint.lint.external import External
from dflint.shellcheck.bodies import script_files
from dflint.shellcheck.pool import Pool, processors
from dflint.shellcheck.program import find_program
from dflint.shellcheck.store import MemoryStore

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from dflint.lint.document import Document
    from dflint.lint.finding import Finding
    from dflint.lint.shell_codes import ShellCodes
    from dflint.shellcheck.pool import Answer
    from dflint.shellcheck.script_file import ScriptFile
    from dflint.shellcheck.store import ResultStore

_HINT = (
    "`pip install 'dflint[shellcheck]'` brings it, `--no-shellcheck` or `shellcheck = false` "
    "in the configuration says that it is not wanted"
)


class Ticket:
    """A document whose scripts are being checked."""

    __slots__ = ("_answers", "_codes", "_files", "_pool")

    def __init__(
        self,
        codes: ShellCodes,
        files: Sequence[ScriptFile] = (),
        pool: Pool | None = None,
    ) -> None:
        self._codes = codes
        self._files = files
        self._pool = pool
        self._answers: list[Answer] = []
        if pool is not None:
            self._answers = [pool.submit(file.content) for file in files]

    @property
    def is_done(self) -> bool:
        """Whether everything is known, so that `outcome` does not wait."""
        return all(answer.is_done for answer in self._answers)

    @property
    def is_hopeless(self) -> bool:
        """Whether there is no ShellCheck to read the scripts."""
        return self._pool is None and bool(self._files)

    def outcome(self, waits: bool = True) -> External:
        """What ShellCheck found; without waiting, what is known by now."""
        found: list[Finding] = []
        is_complete = len(self._answers) == len(self._files)
        for file, answer in zip(self._files, self._answers, strict=False):
            if waits and self._pool is not None:
                self._pool.resolve(answer)
            if answer.rows is None:
                is_complete = False
            elif any(self._codes.takes(f"SC{row[5]}") for row in answer.rows):
                from dflint.shellcheck.findings import findings

                found += findings(file, answer.rows, self._codes)
        return External(found, is_complete, self._codes.asks)


class ShellChecker:
    """ShellCheck, for documents that may each want another program.

    `processes` is how many run at once, None for as many as the machine has processors.
    """

    __slots__ = ("_notes", "_pools", "_processes", "_store", "_taken")

    def __init__(self, store: ResultStore | None = None, processes: int | None = None) -> None:
        self._store = MemoryStore() if store is None else store
        self._processes = processes or processors()
        self._pools: dict[str | None, Pool | None] = {}
        self._notes: list[str] = []
        self._taken: set[str] = set()

    def begin(self, doc: Document, codes: ShellCodes, path: str | None = None) -> Ticket:
        """Have the document's scripts checked, by the program at `path` if one is given."""
        files = list(script_files(doc))
        if not files:
            return Ticket(codes)
        pool = self._pool(path)
        if pool is None:
            self._miss(codes, path)
        return Ticket(codes, files, pool)

    def start(self) -> None:
        """Let what was taken in run now: there will be no more for a while."""
        for pool in self._pools.values():
            if pool is not None:
                pool.start()

    def notes(self) -> tuple[str, ...]:
        """What has to be said about the program, each thing the first time that one asks."""
        for pool in self._pools.values():
            if pool is not None:
                self._notes += pool.troubles
        notes = [note for note in dict.fromkeys(self._notes) if note not in self._taken]
        self._notes.clear()
        self._taken.update(notes)
        return tuple(notes)

    def close(self) -> None:
        """End what runs."""
        for pool in self._pools.values():
            if pool is not None:
                pool.close()

    def _pool(self, path: str | None) -> Pool | None:
        if path not in self._pools:
            program = find_program(path)
            pool = None if program is None else Pool(program, self._store, self._processes)
            self._pools[path] = pool
        return self._pools[path]

    def _miss(self, codes: ShellCodes, path: str | None) -> None:
        place = "is not installed" if path is None else f"is not at `{path}`"
        selected = ", although its codes are selected" if codes.is_explicit else ""
        self._notes.append(
            f"ShellCheck {place}: scripts were checked without it{selected}; {_HINT}"
        )
