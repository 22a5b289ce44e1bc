"""Builds before and after, and says whether they are one image."""

from __future__ import annotations

import contextlib
import os
import re
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

from dflint.build.progress.events import BuildFailure
from dflint.build.progress.progress import Progress
from dflint.build.request import BuildRequest
from dflint.build.session import BuildSession, BuiltImage, runs_again
from dflint.build.solver import StepError
from dflint.errors import BuildError
from dflint.graph.ops import ExecOp
from dflint.graph.refused import RefusedError
from dflint.graph.vertex import Vertex
from dflint.lint.contract import SAME_IMAGE, Contract
from dflint.verify.image.compare import ImageState, changed_times, differences, is_certain
from dflint.verify.image.declared import split
from dflint.verify.image.manifest import read_manifest
from dflint.verify.image.noise import Noise
from dflint.verify.image.verdict import Difference, ImageVerdict, Level


class _Silent:
    """A printer that shows nothing."""

    interval = 0.0

    def update(self, event: object) -> None:
        """Take no note."""

    def tick(self, now: float) -> None:
        """Show nothing."""

    def close(self, failure: BuildError | None) -> None:
        """Say nothing."""


def silence() -> Progress:
    """The progress of a build that nobody watches."""
    return Progress(_Silent())


class ImageVerifier:
    """Compares Dockerfiles of one context by what they build.

    `progress` makes what each build tells its steps to; `request` is that of the builds, the
    session's by default. Builds of a text are kept, so that several changes of it cost little; one
    of `before` is repeated, without the cache of its RUNs, only where what it made differs from
    what the change makes.
    """

    def __init__(
        self,
        session: BuildSession,
        progress: Callable[[], Progress] = silence,
        request: BuildRequest | None = None,
    ) -> None:
        self.session = session
        self._request = request
        self._progress = progress
        self._first: dict[str, BuiltImage | BuildError] = {}
        self._samples: dict[str, list[ImageState]] = {}
        self._builds = 0
        self._begun = time.time()

    def compare(self, before: str, after: str, contract: Contract = SAME_IMAGE) -> ImageVerdict:
        """Whether two texts build the same image but for what the contract allows."""
        begun, count = time.monotonic(), self._builds
        verdict = self._compare(before, after, contract)
        seconds = time.monotonic() - begun
        return replace(verdict, builds=self._builds - count, seconds=seconds)

    def _compare(self, before: str, after: str, contract: Contract) -> ImageVerdict:
        old = self._once(before)
        if isinstance(old, BuildError):
            return ImageVerdict(Level.UNVERIFIED, reason=f"before does not build: {_told(old)}")
        with contextlib.ExitStack() as held:
            ahead = self._begin_again(before, old, after, held)
            new = self._once(after)
            if isinstance(new, BuildError):
                return replace(self._of_failure(before, new), before=old)
            samples = self._samples.setdefault(before, [])
            if not samples:
                samples.append(ImageState.of(old))
            trial = Trial(ImageState.of(new), contract)
            verdict = trial.against_each(samples)
            if verdict.is_certain:
                return replace(verdict, before=old, after=new)
            again = None if ahead is None else ahead()
        if self._is_old(new, old):
            # What an earlier day has made differs from today's by more than the change.
            new = self._build(after, runs_again(old.vertices & new.vertices))
            if isinstance(new, BuildError):
                return replace(self._of_failure(before, new), before=old)
            self._first[after] = new
            trial = Trial(ImageState.of(new), contract)
            verdict = trial.against_each(samples)
        shared = old.vertices & new.vertices
        if verdict.is_certain:
            return replace(verdict, before=old, after=new)
        if again is None and self._is_nothing_new(before, old, shared, verdict):
            return replace(verdict, before=old, after=new)
        verdict = self._try(before, shared, trial, again)
        return replace(verdict, before=old, after=new)

    def _is_nothing_new(
        self, before: str, old: BuiltImage, shared: frozenset[str], verdict: ImageVerdict
    ) -> bool:
        """Whether the steps that made what differs make the same when they are run again.

        Those behind the last of them need not be run for that. False where it does not save a step,
        or cannot be told so.
        """
        state = self._samples[before][0]
        vertices = old.built.makers()
        last = -1
        for one in verdict.differences:
            entry = state.manifest.get(one.place)
            if entry is None or one.kind != "path":
                return False
            last = max(last, next(
                at for at, tree in enumerate(old.trees)
                if entry.source.startswith(os.fsencode(tree) + b"/")
            ))  # fmt: skip
        end = vertices[last] if 0 <= last < len(old.trees) - 1 else None
        if end is None:
            return False
        self._builds += 1
        try:
            trees = self.session.trees_until(
                before, self._progress(), end, runs_again(shared), self._request
            )
        except BuildError:
            return False
        first = state.with_manifest(read_manifest(old.trees[: last + 1]))
        return Noise(
            [first, replace(first, manifest=read_manifest(trees), layers=trees)]
        ).is_nothing

    def _begin_again(
        self, before: str, old: BuiltImage, after: str, held: contextlib.ExitStack
    ) -> Callable[[], BuiltImage | BuildError] | None:
        """Build `before` again, while `after` is built, where that is sure to be wanted.

        Waits for the build when it is called; the end of `held` ends it.
        """
        if after in self._first or len(self._samples.get(before, ())) > 1 or _PROCESSORS < 2:
            return None
        try:
            wanted = self.session.vertices(after, silence(), self._request)
        except BuildError:
            return None
        shared = old.vertices & wanted
        steps = [one for one in old.built.graph.reachable() if one.digest not in shared]
        texts = [one.op.command.text for one in steps if isinstance(one.op, ExecOp)]
        if not any(map(_NOISY.search, texts)):
            return None
        pool, cancel = ThreadPoolExecutor(1), threading.Event()
        held.callback(pool.shutdown)
        held.callback(cancel.set)
        return pool.submit(self._build, before, runs_again(shared), cancel).result

    def _is_old(self, new: BuiltImage, old: BuiltImage) -> bool:
        """Whether a layer that only one image has was made before this verifier was."""
        pairs = zip(new.layers, new.times, strict=True)
        return any(time < self._begun for layer, time in pairs if layer not in old.layers)

    def _try(
        self,
        before: str,
        shared: frozenset[str],
        trial: Trial,
        again: BuiltImage | BuildError | None,
    ) -> ImageVerdict:
        """Compare with other builds of `before`, until nothing new is seen of them.

        The first of them may be there. The others are made after `after` was, and an earlier one is
        there, so that what only the clock has changed differs between them, too.
        """
        samples = self._samples[before]
        is_ahead = again is not None
        for at in range(MOST_AGAIN + is_ahead):
            if at or again is None:
                again = self._again(before, shared)
            if isinstance(again, BuildError):
                reason = f"before does not build every time: {_told(again)}"
                return ImageVerdict(Level.UNVERIFIED, reason=reason)
            samples.append(ImageState.of(again))
            noise = Noise(samples[-MOST_AGAIN - 1 :])
            verdict = trial.against_each(samples[-1:], noise)
            is_known = noise.is_nothing and not (is_ahead and at == 0)
            if is_known or verdict.is_certain:
                break
        return verdict

    def _once(self, text: str) -> BuiltImage | BuildError:
        """The image of a text, with what the cache has of it."""
        found = self._first.get(text)
        if found is None:
            found = self._first[text] = self._build(text)
        return found

    def _again(self, text: str, shared: frozenset[str]) -> BuiltImage | BuildError:
        """The image of a text whose RUNs are run again, but for steps that both sides share."""
        return self._build(text, runs_again(shared))

    def _build(
        self,
        text: str,
        is_fresh: Callable[[Vertex], bool] | None = None,
        cancel: threading.Event | None = None,
    ) -> BuiltImage | BuildError:
        self._builds += 1
        progress = self._progress()
        failure: BuildError | None = None
        try:
            return self.session.build(text, progress, is_fresh, self._request, cancel)
        except BuildError as error:
            failure = error
            return error
        finally:
            progress.close(failure)

    def _of_failure(self, before: str, error: BuildError) -> ImageVerdict:
        """What an `after` that does not build means: nothing, where that is not its own fault."""
        cause = error.__cause__
        is_own = isinstance(error, BuildFailure) and not (
            (isinstance(cause, StepError) and not cause.vertex.inputs) or _is_from_without(cause)
        )
        if not is_own:
            return ImageVerdict(Level.UNVERIFIED, reason=f"after cannot be built: {_told(error)}")
        if isinstance(cause, StepError) and isinstance(cause.vertex.op, ExecOp):
            # It may be the network, or a disk that is full.
            again = self._again(before, frozenset())
            if isinstance(again, BuildError):
                reason = f"neither builds any more: {_told(again)}"
                return ImageVerdict(Level.UNVERIFIED, reason=reason)
        assert isinstance(error, BuildFailure)
        line = f"line {error.source.first}" if error.source else "the file"
        text = f"no longer builds: {error.message}"
        return ImageVerdict(Level.DIFFERENT, (Difference("build", line, "", "built", text),))


def _is_from_without(cause: BaseException | None) -> bool:
    """Whether a file is refused for what is not in it: an image that cannot be had."""
    return isinstance(cause, RefusedError) and isinstance(cause.__cause__, BuildError)


_PROCESSORS = os.cpu_count() or 1
#: What makes other files each time that it is run, more often than not.
_NOISY = re.compile(
    r"\b(?:date|RANDOM|u?random|uuid|mktemp|apt(?:-get)?|apk|dnf|yum|zypper|pip3?|npm|yarn|pnpm|gem"
    r"|git|make|cmake|go|cargo|mvn|gradle|python3?|openssl|ssh-keygen|useradd|ldconfig)\b|\$\$"
)
#: How often `before` is built again at most, to learn what differs by itself.
MOST_AGAIN = 2


class Trial:
    """One image that others are held against."""

    def __init__(self, after: ImageState, contract: Contract) -> None:
        self._after = after
        self._contract = contract

    def against_each(self, samples: list[ImageState], noise: Noise | None = None) -> ImageVerdict:
        """The verdict against the sample that it is most like, the latest first."""
        found: ImageVerdict | None = None
        for sample in reversed(samples):
            verdict = self._against(sample, noise)
            if verdict.is_accepted:
                return verdict
            found = found or verdict
        assert found is not None
        return found

    def _against(self, before: ImageState, noise: Noise | None) -> ImageVerdict:
        after = self._after
        if noise is not None:
            before, after = noise.canonical(before), noise.canonical(after)
        remaining = differences(before, after)
        masked: list[Difference] = []
        if noise is not None:
            reasons = [noise.explain(one, after) for one in remaining]
            pairs = list(zip(remaining, reasons, strict=True))
            masked = [*noise.names, *(replace(one, why=why) for one, why in pairs if why)]
            remaining = [one for one, why in pairs if not why]
        remaining, declared = split(remaining, before, after, self._contract)
        times = changed_times(before, after)
        if remaining:
            level = Level.DIFFERENT
        elif declared:
            level = Level.DECLARED
        else:
            level = _equal(before, after, bool(masked))
        return ImageVerdict(
            level, tuple(remaining), tuple(declared), tuple(masked), times,
            is_certain=not remaining or any(is_certain(one, before, after) for one in remaining),
        )  # fmt: skip


def _equal(before: ImageState, after: ImageState, has_noise: bool) -> Level:
    """How equal two images are that have the same files and configuration."""
    if before.layers == after.layers and before.history == after.history:
        return Level.IDENTICAL
    is_alike = len(before.layers) == len(after.layers) and before.history == after.history
    return Level.BUT_TIMES if is_alike and not has_noise else Level.EQUAL


def _told(error: BuildError) -> str:
    """An error in one line, with the line of the Dockerfile if it has one."""
    text = " ".join(str(error).split())
    if isinstance(error, BuildFailure) and error.source is not None and error.source.first:
        return f"line {error.source.first}: {text}"
    return text
