"""Checks of open documents: in other threads, the latest version only, ShellCheck second."""

from __future__ import annotations

import asyncio
import time
from concurrent.futures import ThreadPoolExecutor

from dflint.discovery.markup import template_reason
from dflint.engine.session import Session, failure_of, reported
from dflint_lsp.convert import diagnostic

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from lsprotocol import types

    from dflint.config.schema import Config
    from dflint.lint.document import Document
    from dflint.lint.finding import Finding
    from dflint_lsp.documents import DocumentVersion

#: How long typing has to rest before ShellCheck is asked, in seconds.
_REST = 0.35
#: The shortest and the longest time that a check waits for more to be typed.
_SHORTEST, _LONGEST = 0.01, 0.3


class Checked:
    """What was found in one version of a document.

    `findings` and `diagnostics` go in pairs. `doc` is the document that the rules looked at, None
    for a template, of which nothing is said. `failure` is None, or what went wrong with a rule;
    `remarks` is what there is to say once of the machine (ShellCheck is not installed).
    """

    __slots__ = ("diagnostics", "doc", "failure", "findings", "number", "remarks", "session")

    def __init__(self, number: int | None) -> None:
        self.number = number
        self.doc: Document | None = None
        self.findings: list[Finding] = []
        self.diagnostics: list[types.Diagnostic] = []
        self.failure: str | None = None
        self.remarks: tuple[str, ...] = ()
        self.session: Session | None = None


class Checker:
    """A session with a thread of its own, which keeps the last document of each file.

    A version that is checked again is read like the one before it: only what changed is new.
    """

    def __init__(self, shellcheck: bool) -> None:
        self.session = Session(shellcheck=shellcheck)
        self.thread = ThreadPoolExecutor(1, "shellcheck" if shellcheck else "check")
        self._last: dict[str, Document] = {}

    async def check(self, version: DocumentVersion, config: Config) -> Checked:
        """What is found in a version."""
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self.thread, self.check_now, version, config)

    def forget(self, uri: str) -> None:
        """Keep nothing of a document that was closed."""
        self._last.pop(uri, None)

    def close(self) -> None:
        """End the thread, and what the session has running."""
        self.thread.shutdown(wait=False, cancel_futures=True)
        self.session.close()

    def check_now(self, version: DocumentVersion, config: Config) -> Checked:
        """The same, in the thread that asks."""
        checked = Checked(version.number)
        if template_reason(version.text) is not None:
            return checked
        session = self.session
        like = self._last.get(version.uri)
        begun = session.begin(version.source, config, alone=True, like=like)
        result, checked.remarks = session.settle(begun)
        self._last[version.uri] = checked.doc = begun.doc
        checked.findings = reported(begun.config, result.findings)
        checked.failure = failure_of(result)
        entries = session.entries
        checked.diagnostics = [diagnostic(one, version, entries) for one in checked.findings]
        checked.session = session
        return checked


class Checks:
    """The checks of all open documents.

    `current` gives the version of a document that is open, `config` the configuration of a path,
    `publish` is told what was found, in the thread of the event loop, for the latest version only.
    Where `is_pulled` tells that the client asks by itself, our rules look when it does, and
    `publish` is told only of what ShellCheck adds.
    """

    def __init__(
        self,
        current: Callable[[str], DocumentVersion | None],
        config: Callable[[str], Config],
        publish: Callable[[str, Checked], None],
        is_pulled: Callable[[], bool],
    ) -> None:
        self._current = current
        self._config = config
        self._publish = publish
        self._is_pulled = is_pulled
        self._rules = Checker(shellcheck=False)
        self._scripts = Checker(shellcheck=True)
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self._known: dict[str, Checked] = {}
        self._pace: dict[str, float] = {}

    @property
    def session(self) -> Session:
        """The session of our rules; what it checks is checked in its own thread."""
        return self._rules.session

    def start(self, uri: str, at_once: bool = False) -> None:
        """Check the document when typing rests, or at once; an earlier check is dropped."""
        self._drop(uri)
        delay = 0.0 if at_once else self._pace.get(uri, _SHORTEST)
        task = asyncio.get_running_loop().create_task(self._run(uri, delay))
        self._tasks[uri] = task

    def close(self, uri: str) -> None:
        """Forget a document that is closed."""
        self._drop(uri)
        self._known.pop(uri, None)
        self._pace.pop(uri, None)
        self._rules.forget(uri)
        self._scripts.forget(uri)

    def end(self) -> None:
        """End everything."""
        for uri in list(self._tasks):
            self._drop(uri)
        self._rules.close()
        self._scripts.close()

    def last(self, uri: str) -> Checked | None:
        """What is known of the version that is open now, None if nothing is yet."""
        version = self._current(uri)
        known = self._known.get(uri)
        is_current = version is not None and known is not None and known.number == version.number
        return known if is_current else None

    async def of(self, uri: str) -> Checked | None:
        """What is found in the version that is open now, found out if need be."""
        known = self.last(uri)
        version = self._current(uri)
        if known is not None or version is None:
            return known
        checked = await self._rules.check(version, self._config(version.path))
        if self.last(uri) is None and self._is_current(version):
            self._known[uri] = checked
        return checked

    async def in_thread(self, work: Callable[[Session], object]) -> object:
        """Have something done with the session of our rules, in its thread."""
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._rules.thread, work, self._rules.session)

    async def _run(self, uri: str, delay: float) -> None:
        if not self._is_pulled():
            await asyncio.sleep(delay)
            await self._look(uri)
        await asyncio.sleep(_REST)
        version = self._current(uri)
        if version is None or not self._has_scripts(version):
            return
        checked = await self._scripts.check(version, self._config(version.path))
        known = self.last(uri)
        if known is None or checked.remarks or known.diagnostics != checked.diagnostics:
            self._tell(uri, version, checked)

    async def _look(self, uri: str) -> None:
        """Have our rules look at the version that is open, and tell what they find."""
        version = self._current(uri)
        if version is None:
            return
        begun = time.perf_counter()
        checked = await self._rules.check(version, self._config(version.path))
        # A large file is not checked anew with each key.
        took = time.perf_counter() - begun
        self._pace[uri] = min(max(2 * took - 0.02, _SHORTEST), _LONGEST)
        self._tell(uri, version, checked)

    def _has_scripts(self, version: DocumentVersion) -> bool:
        """Whether there may be something for ShellCheck to say."""
        if self._config(version.path).shellcheck is False:
            return False
        known = self.last(version.uri)
        doc = version.document if known is None else known.doc
        return doc is not None and not doc.keywords.isdisjoint(("RUN", "ONBUILD"))

    def _tell(self, uri: str, version: DocumentVersion, checked: Checked) -> None:
        if self._is_current(version):
            self._known[uri] = checked
            self._publish(uri, checked)

    def _is_current(self, version: DocumentVersion) -> bool:
        current = self._current(version.uri)
        return current is not None and current.number == version.number

    def _drop(self, uri: str) -> None:
        task = self._tasks.pop(uri, None)
        if task is not None:
            task.cancel()
