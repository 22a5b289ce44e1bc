"""Has another builder build before and after, and says whether they are one image."""

from __future__ import annotations

import time
from dataclasses import replace

from dflint.builders.session import EngineSession
from dflint.errors import BuildError
from dflint.lint.contract import SAME_IMAGE, Contract
from dflint.verify.image.compare import ImageState
from dflint.verify.image.noise import Noise
from dflint.verify.image.verdict import Difference, ImageVerdict, Level
from dflint.verify.image.verifier import MOST_AGAIN, Trial


class EngineVerifier:
    """Compares Dockerfiles of one context by what another builder makes of them."""

    def __init__(self, session: EngineSession) -> None:
        self._session = session
        self._builds = 0

    def compare(self, before: str, after: str, contract: Contract = SAME_IMAGE) -> ImageVerdict:
        """Whether two texts build the same image but for what the contract allows."""
        begun = time.monotonic()
        self._builds = 0
        verdict = self._compare(before, after, contract)
        return replace(verdict, builds=self._builds, seconds=time.monotonic() - begun)

    def _compare(self, before: str, after: str, contract: Contract) -> ImageVerdict:
        old = self._build(before)
        if isinstance(old, BuildError):
            return ImageVerdict(Level.UNVERIFIED, reason=f"before does not build: {old}")
        new = self._build(after)
        if isinstance(new, BuildError):
            return self._of_failure(before, new)
        trial, samples = Trial(new, contract), [old]
        verdict = trial.against_each(samples)
        for _ in range(MOST_AGAIN):
            if verdict.is_certain:
                break
            again = self._build(before, is_fresh=True)
            if isinstance(again, BuildError):
                reason = f"before does not build every time: {again}"
                return ImageVerdict(Level.UNVERIFIED, reason=reason)
            samples.append(again)
            noise = Noise(samples)
            verdict = trial.against_each(samples[-1:], noise)
            if noise.is_nothing:
                break
        return verdict

    def _of_failure(self, before: str, error: BuildError) -> ImageVerdict:
        """What an `after` that does not build means: nothing, where `before` does not either."""
        again = self._build(before, is_fresh=True)
        if isinstance(again, BuildError):
            reason = f"neither builds any more: {again}"
            return ImageVerdict(Level.UNVERIFIED, reason=reason)
        difference = Difference("build", "the file", "", "built", f"no longer builds: {error}")
        return ImageVerdict(Level.DIFFERENT, (difference,))

    def _build(self, text: str, *, is_fresh: bool = False) -> ImageState | BuildError:
        self._builds += 1
        try:
            return ImageState.of_taken(self._session.build(text, is_fresh=is_fresh))
        except BuildError as error:
            return error
