"""Checks of open documents: in other threads, the latest version only, ShellCheck second."""

from __future__ import annotations

import asyncio
import time
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from dflint.discovery.markup import template_reason
from dflint.engine.reporting import failure_of, reported
from dflint.engine.session import Session
from dflint_lsp.convert import diagnostic

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from lsprotocol import types

    from dflint.config.schema import Config
    from dflint.lint.document import Document
    from dflint.lint.finding import Finding
    from dflint_lsp.documents import DocumentVersion

    Builds = tuple[DocumentVersion, list[Config]]

_Made = TypeVar("_Made")

#: How long typing has to rest before ShellCheck is asked, in seconds.
_REST = 0.35
#: The shortest and the longest time that a check waits for more to be typed.
_SHORTEST, _LONGEST = 0.01, 0.3


class Found:
    """What was found in one Dockerfile, which begins at `begin` in its document.

    `findings` and `diagnostics` go in pairs. `doc` is the document that the rules looked at, None
    for a template, of which nothing is said. `failure` is None, or what went wrong with a rule;
    `remarks` is what there is to say once of the machine (ShellCheck is not installed).
    """

    __slots__ = ("begin", "diagnostics", "doc", "failure", "findings", "remarks")

    def __init__(self, begin: int) -> None:
        self.begin = begin
        self.doc: Document | None = None
        self.findings: list[Finding] = []
        self.diagnostics: list[types.Diagnostic] = []
        self.failure: str | None = None
        self.remarks: tuple[str, ...] = ()


class Checked:
    """What was found in one version of a document: in each of its Dockerfiles."""

    __slots__ = ("number", "parts")

    def __init__(self, number: int | None, parts: list[Found]) -> None:
        self.number = number
        self.parts = parts

    @property
    def diagnostics(self) -> list[types.Diagnostic]:
        """All that was found, in the order of the Dockerfiles."""
        return [one for part in self.parts for one in part.diagnostics]

    def within(self, version: DocumentVersion) -> Found:
        """What was found in one of the Dockerfiles; nothing where it was not looked at."""
        parts = (part for part in self.parts if part.begin == version.begin)
        return next(parts, Found(version.begin))


class Checker:
    """A session with a thread of its own, which keeps the last document of each file.

    A version that is checked again is read like the one before it: only what changed is new.
    """

    def __init__(self, shellcheck: bool) -> None:
        self.session = Session(shellcheck=shellcheck)
        self.thread = ThreadPoolExecutor(1, "shellcheck" if shellcheck else "check")
        self._last: dict[str, list[Document | None]] = {}

    async def check(self, version: DocumentVersion, builds: Sequence[Builds]) -> Checked:
        """What is found in the Dockerfiles of a version, each with the configurations it has."""
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self.thread, self.check_now, version, builds)

    def forget(self, uri: str) -> None:
        """Keep nothing of a document that was closed."""
        self._last.pop(uri, None)

    def close(self) -> None:
        """End the thread, and what the session has running."""
        self.thread.shutdown(wait=False, cancel_futures=True)
        self.session.close()

    def check_now(self, version: DocumentVersion, builds: Sequence[Builds]) -> Checked:
        """The same, in the thread that asks."""
        like = self._last.get(version.uri, [])
        parts = [
            self._found(one, configs, like[index] if index < len(like) else None)
            for index, (one, configs) in enumerate(builds)
        ]
        self._last[version.uri] = [part.doc for part in parts]
        return Checked(version.number, parts)

    def _found(
        self, version: DocumentVersion, configs: list[Config], like: Document | None
    ) -> Found:
        """What is found in one Dockerfile, of all its builds, each finding once."""
        found = Found(version.begin)
        if template_reason(version.text) is not None:
            return found
        known: dict[object, Finding] = {}
        remarks: list[str] = []
        for config in configs:
            begun = self.session.begin(version.source, config, alone=True, like=like)
            result, told = self.session.settle(begun)
            remarks += told
            found.doc = like = begun.doc
            found.failure = found.failure or failure_of(result)
            for one in reported(begun.config, result.findings):
                known.setdefault((one.span, one.rule, one.message), one)
        found.remarks = tuple(dict.fromkeys(remarks))
        found.findings = list(known.values())
        entries = self.session.entries
        found.diagnostics = [diagnostic(one, version, entries) for one in found.findings]
        return found


class Checks:
    """The checks of all open documents.

    `current` gives the version of a document that is open, `configs` the configurations of a
    Dockerfile: one, or one for each build of it that is known.
    `publish` is told what was found, in the thread of the event loop, for the latest version only.
    Where `is_pulled` tells that the client asks by itself, our rules look when it does, and
    `publish` is told only of what ShellCheck adds.
    """

    def __init__(
        self,
        current: Callable[[str], DocumentVersion | None],
        configs: Callable[[DocumentVersion], list[Config]],
        publish: Callable[[str, Checked], None],
        is_pulled: Callable[[], bool],
    ) -> None:
        self._current = current
        self._configs = configs
        self._publish = publish
        self._is_pulled = is_pulled
        self._rules = Checker(shellcheck=False)
        self._scripts = Checker(shellcheck=True)
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self._known: dict[str, Checked] = {}
        self._told: dict[str, Checked] = {}
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
        self._told.pop(uri, None)
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
        checked = await self._rules.check(version, self._builds(version))
        if self.last(uri) is None and self._is_current(version):
            self._known[uri] = checked
        return checked

    async def as_saved(self, uri: str) -> Checked | None:
        """What was found when the document was opened or saved last, whatever was typed since."""
        if uri not in self._told:
            checked = await self.of(uri)
            if checked is None or self._current(uri) is None:
                return None
            self._told.setdefault(uri, checked)
        return self._told[uri]

    def forget_saved(self, uri: str) -> None:
        """Have the version that is open now count as the saved one."""
        self._told.pop(uri, None)

    async def in_thread(self, work: Callable[[Session], _Made]) -> _Made:
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
        checked = await self._scripts.check(version, self._builds(version))
        known = self.last(uri)
        has_remarks = any(part.remarks for part in checked.parts)
        if known is None or has_remarks or known.diagnostics != checked.diagnostics:
            self._tell(uri, version, checked)

    async def _look(self, uri: str) -> None:
        """Have our rules look at the version that is open, and tell what they find."""
        version = self._current(uri)
        if version is None:
            return
        begun = time.perf_counter()
        checked = await self._rules.check(version, self._builds(version))
        # A large file is not checked anew with each key.
        took = time.perf_counter() - begun
        self._pace[uri] = min(max(2 * took - 0.02, _SHORTEST), _LONGEST)
        self._tell(uri, version, checked)

    def _has_scripts(self, version: DocumentVersion) -> bool:
        """Whether there may be something for ShellCheck to say."""
        known = self.last(version.uri)
        for one, configs in self._builds(version):
            doc = one.document if known is None else known.within(one).doc
            if doc is None or doc.keywords.isdisjoint(("RUN", "ONBUILD")):
                continue
            if any(config.shellcheck is not False for config in configs):
                return True
        return False

    def _builds(self, version: DocumentVersion) -> list[Builds]:
        return [(one, self._configs(one)) for one in version.dockerfiles]

    def _tell(self, uri: str, version: DocumentVersion, checked: Checked) -> None:
        if self._is_current(version):
            self._known[uri] = self._told[uri] = checked
            self._publish(uri, checked)

    def _is_current(self, version: DocumentVersion) -> bool:
        current = self._current(version.uri)
        return current is not None and current.number == version.number

    def _drop(self, uri: str) -> None:
        task = self._tasks.pop(uri, None)
        if task is not None:
            task.cancel()
