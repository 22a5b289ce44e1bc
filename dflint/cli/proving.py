"""`dflint check --fix --verify`: fixes that are kept only where they are proved."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from dataclasses import dataclass

from dflint.build.request import BuildRequest
from dflint.build.session import BuildSession
from dflint.cli import build_values as values
from dflint.cli.build import enter_namespace
from dflint.cli.evidence_files import write_evidence
from dflint.cli.options import Arguments
from dflint.engine.context import context_of
from dflint.engine.report import FixedFile
from dflint.errors import UnsupportedError
from dflint.fix.outcome import Applied, Outcome
from dflint.lint.document import Document
from dflint.lint.fix import Fix
from dflint.text.edit import apply_edits
from dflint.text.source import Source
from dflint.verify.image.evidence import Proof, Statement, described, statement
from dflint.verify.image.fixes import FixVerifier
from dflint.verify.image.proof import is_proved
from dflint.verify.image.verdict import ImageVerdict, Level
from dflint.verify.image.verifier import ImageVerifier


class Proving:
    """The builds of one run that verifies fixes.

    Made before other threads start, as the process goes where mounts can be made then. Where that
    cannot be, only what plans prove is proved.
    """

    def __init__(self, arguments: Arguments) -> None:
        self._only_unsafe = not arguments.flag("verify")
        self._request = _request(arguments)
        self._held = contextlib.ExitStack()
        self._problem: UnsupportedError | None = None
        self._session: BuildSession | None = None
        self._current: FixVerifier | None = None
        self._place = arguments.text("evidence")
        is_sarif = arguments.text("output_format") == "sarif"
        self._wants_evidence = self._place is not None or is_sarif
        self._kept: list[tuple[FixedFile, tuple[Statement, ...]]] = []
        try:
            enter_namespace()
            self._session = self._held.enter_context(BuildSession(self._request))
        except UnsupportedError as error:
            self._problem = error

    def close(self) -> None:
        """End the builds, and write the evidence."""
        self._held.close()
        if self._place is not None:
            write_evidence(self._place, self._kept)

    def verifier(self, source: Source, context: str | None) -> FixVerifier:
        """The verifier for the fixes of one file, whose context is its folder unless it is told."""
        folder = context or os.path.dirname(source.path) or "."
        request = BuildRequest(
            context=folder,
            dockerfile=source.path,
            build_args=self._request.build_args,
            target=self._request.target,
            named_contexts=self._request.named_contexts,
            store=self._request.store,
        )
        made: list[ImageVerifier] = []

        def images() -> ImageVerifier:
            if self._session is None:
                raise self._problem or UnsupportedError("nothing can be built here")
            if not made:
                made.append(ImageVerifier(self._session, request=request))
            return made[0]

        self._current = FixVerifier(images, self._only_unsafe, context_of(source, folder))
        return self._current

    def sentence(self, outcome: Outcome) -> str:
        """How the fixes of the file that was judged last were proved."""
        assert self._current is not None
        counts: dict[str, int] = {}
        for one in _passes(outcome, self._current):
            counts[one.how] = counts.get(one.how, 0) + len(one.fixes)
        return "fixes verified: " + ", ".join(f"{count} {how}" for how, count in counts.items())

    def evidence(self, outcome: Outcome) -> tuple[Statement, ...]:
        """The statements on the fixes of the file that was judged last, if somebody wants them."""
        if not self._wants_evidence or self._current is None:
            return ()
        return tuple(self._statements(outcome, self._current))

    def keep(self, report: FixedFile) -> None:
        """Keep the statements on a file for whoever is to get them."""
        if report.evidence:
            self._kept.append((report, report.evidence))

    def _statements(self, outcome: Outcome, verifier: FixVerifier) -> Iterator[Statement]:
        path = outcome.doc.source.path
        for one in _passes(outcome, verifier):
            if one.verdict is None:
                continue
            proof = Proof(path, one.before, one.after, one.verdict, "dflint", self._values())
            for at, (fix, applied) in enumerate(zip(one.fixes, one.applied, strict=True)):
                others = (*one.applied[:at], *one.applied[at + 1 :])
                fixed = described(fix, applied.rule, applied.line)
                if _is_proved_alone(one.before, fix):
                    fixed["alone"] = Level.PROVED.value
                rules = tuple(other.rule for other in others)
                yield statement(proof, self._session, fixed, rules)

    def _values(self) -> dict[str, object]:
        return {"arguments": dict(self._request.build_args), "target": self._request.target}


def _is_proved_alone(text: str, fix: Fix) -> bool:
    """Whether a fix, made without the others of its pass, leaves the plan as it is."""
    data = apply_edits(text, fix.edits).encode("utf-8", "surrogateescape")
    before = Source("Dockerfile", text.encode("utf-8", "surrogateescape"))
    return is_proved(Document(before), Document(Source("Dockerfile", data)))


@dataclass(frozen=True, slots=True)
class _Pass:
    """Fixes that were made together: the text before and after them, and the verdict on it."""

    before: str
    after: str
    fixes: list[Fix]
    applied: list[Applied]
    verdict: ImageVerdict | None

    @property
    def how(self) -> str:
        """How they were proved."""
        if self.verdict is None:
            return "by their effect alone"
        if self.verdict.is_planned:
            return "by their plan"
        return f"by building ({self.verdict.level.value})"


def _passes(outcome: Outcome, verifier: FixVerifier) -> Iterator[_Pass]:
    texts = [*(before.text for before, _ in outcome.passes), outcome.doc.text]
    applied = iter(outcome.applied)
    for (_, fixes), before, after in zip(outcome.passes, texts, texts[1:], strict=False):
        verdict = verifier.verdicts.get((before, after))
        yield _Pass(before, after, fixes, [next(applied) for _ in fixes], verdict)


def _request(arguments: Arguments) -> BuildRequest:
    """What all builds of the run have in common."""
    places = arguments.many("build_context") or ()
    return BuildRequest(
        context=".",
        build_args=values.read_build_args(arguments.many("build_arg") or (), os.environ),
        target=arguments.text("target") or "",
        named_contexts=tuple(map(values.read_context, places)),
        store=values.default_store(os.environ),
    )
