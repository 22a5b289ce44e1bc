"""Whether a change of a Dockerfile changes what would be built.

Both files are lowered to their build graphs, and the graphs are compared: nothing is run. A fix
declares what it may change (`Effect`); everything else has to stay as it is.
"""

from __future__ import annotations

from bisect import bisect_right
from enum import Enum

from dflint.cst.instructions import From
from dflint.fix.verifier import Objection
from dflint.lint.fix import Effect
from dflint.semantic.refusals import final_refusal
from dflint.text.edit import in_order, moved, new_spans
from dflint.text.span import Span
from dflint.verify.replaced import only_replaces

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

    from dflint.cst.problems import SyntaxProblem
    from dflint.graph.build_graph import BuildGraph
    from dflint.lint.document import Document
    from dflint.lint.fix import Fix
    from dflint.verify.difference import Difference
    from dflint.verify.edited import Edited


class Outcome(Enum):
    """What a judge says."""

    #: The same is built.
    SAME = "same"
    #: What is built differs, as it was declared.
    DECLARED = "declared"
    #: What is built differs in a way that was not declared.
    DIFFERENT = "different"


class Verdict:
    """An outcome; for `DIFFERENT` the sentences that say what differs, and where."""

    __slots__ = ("details", "outcome")

    outcome: Outcome
    details: tuple[str, ...]

    def __init__(self, outcome: Outcome, details: tuple[str, ...] = ()) -> None:
        self.outcome = outcome
        self.details = details

    @property
    def is_accepted(self) -> bool:
        """Whether the change is no more than what was declared."""
        return self.outcome is not Outcome.DIFFERENT

    def __repr__(self) -> str:
        return f"Verdict({self.outcome.name}, {self.details!r})"


class _Graphs:
    """The graphs of the last two documents: what became of one fix is what the next begins with."""

    __slots__ = ("_known",)

    def __init__(self) -> None:
        self._known: list[tuple[Document, BuildGraph]] = []

    def of(self, document: Document) -> BuildGraph:
        """What would be built of a document."""
        for known, graph in self._known:
            if known is document:
                return graph
        from dflint.graph.lower import lower

        graph = lower(document.tree, document.model)
        self._known = [*self._known[-1:], (document, graph)]
        return graph


class PlanVerifier:
    """Holds fixes to what they declare; a `dflint.fix.verifier.Verifier`."""

    __slots__ = ("_graphs",)

    def __init__(self) -> None:
        self._graphs = _Graphs()

    def judge(self, before: Document, after: Document, fixes: Sequence[Fix]) -> Objection | None:
        """Tell what the fixes change beyond the effects that they declare together.

        What an unsafe fix makes of the instructions that it edits is left to whoever wanted it.
        """
        effects = Effect.NOTHING
        for fix in fixes:
            effects |= fix.effect
        edits = in_order([edit for fix in fixes for edit in fix.edits])
        lost = [word for fix in fixes for word in fix.lost]
        spans, new = [edit.span for edit in edits], new_spans(edits)
        if _is_proved(before, after, effects, spans, new, lost):
            return None
        free = [edit.span for fix in fixes if not fix.is_safe for edit in fix.edits]
        wholes = _instructions_at(before, free)
        freed = wholes, moved(wholes, edits)
        verdict = judge(before, after, effects, spans, new, lost, freed, self._graphs)
        return None if verdict.is_accepted else Objection(verdict.details)


def judge(
    before: Document,
    after: Document,
    effects: Effect,
    before_spans: Iterable[Span] | None = None,
    after_spans: Iterable[Span] | None = None,
    lost: Collection[str] = (),
    free: tuple[Collection[Span], Collection[Span]] = ((), ()),
    graphs: _Graphs | None = None,
) -> Verdict:
    """Whether a change keeps to the effects that it declares.

    The spans are those that the fix has edited in either text; without them every instruction
    that differs counts as edited. `lost` are words of commands that the fix takes away; `free` the
    spans in either text of instructions that may become anything.
    """
    if before.text == after.text:
        return Verdict(Outcome.SAME)
    was_refused, is_refused = _refusal(before), _refusal(after)
    if is_refused is not None and was_refused is None:
        return Verdict(Outcome.DIFFERENT, (f"the file is refused: {is_refused.reason}",))
    from dflint.verify.difference import differences
    from dflint.verify.edited import Edited
    from dflint.verify.tolerance import Tolerance

    edited = Edited(before, after, before_spans, after_spans, free)
    if was_refused is not None:
        return _judge_readings(before, after, effects, edited)
    if edited.is_nothing and _directives(before) == _directives(after):
        return Verdict(Outcome.SAME)
    graphs = graphs or _Graphs()
    one, other = graphs.of(before), graphs.of(after)
    found = differences(one, other)
    if not found:
        return Verdict(Outcome.SAME)
    remaining = Tolerance(effects, edited, frozenset(lost)).remaining(found, one, other)
    return _verdict(remaining)


def _is_proved(
    before: Document,
    after: Document,
    effects: Effect,
    before_spans: Sequence[Span],
    after_spans: Sequence[Span],
    lost: Collection[str],
) -> bool:
    """Whether it is certain without the graphs that `judge` accepts the change."""
    return (
        _refusal(before) is None
        and _refusal(after) is None
        and _directives(before) == _directives(after)
        and only_replaces(before, after, effects, before_spans, after_spans, lost)
    )


def _instructions_at(document: Document, spans: list[Span]) -> list[Span]:
    """The spans, and the whole instructions that they touch."""
    if not spans:
        return []
    lines = [instruction.line for instruction in document.instructions]
    starts = [line.above for line in lines]
    touched: set[int] = set()
    for span in spans:
        first = max(bisect_right(starts, span.start) - 1, 0)
        touched.update(range(first, bisect_right(starts, span.end)))
    return spans + [Span(lines[at].above, lines[at].stop) for at in sorted(touched)]


def _verdict(remaining: list[Difference]) -> Verdict:
    if not remaining:
        return Verdict(Outcome.DECLARED)
    from dflint.verify.difference import details

    texts = [text for difference in remaining for text in details(difference)]
    return Verdict(Outcome.DIFFERENT, tuple(dict.fromkeys(texts)))


def _refusal(document: Document) -> SyntaxProblem | None:
    """Why a builder refuses the file, whatever arguments it is given; None when it need not."""
    return final_refusal(document.problems, document.text)


def _judge_readings(
    before: Document,
    after: Document,
    declared: Effect,
    edited: Edited,
) -> Verdict:
    """Judge the change of a file that no builder builds: by what is read of each instruction."""
    has_other_directives = _directives(before, False) != _directives(after, False)
    if edited.is_nothing and not has_other_directives:
        return Verdict(Outcome.SAME)
    if has_other_directives and not (edited.is_free or Effect.FILES in declared):
        return Verdict(Outcome.DIFFERENT, ("the parser directives are others",))
    others = edited.others - edited.free_before - edited.free_after
    if Effect.FILES not in declared:
        # What becomes of the image cannot be told; but scripts stay what they are.
        own = (edited.before | edited.after) - edited.free_before - edited.free_after
        open_ones = _DECLARING | _STEPS if Effect.LAYERS in declared else _DECLARING
        if len(before.all(From)) != len(after.all(From)):
            open_ones -= {"from"}
        others = others | {one for one in own if one.reading.keyword not in open_ones}
    if not others:
        return Verdict(Outcome.DECLARED)
    from dflint.verify.difference import place

    order = sorted(others, key=lambda one: one.line.start)
    texts = (f"{place(one)} is read otherwise" for one in order)
    return Verdict(Outcome.DIFFERENT, tuple(dict.fromkeys(texts)))


def _directives(document: Document, with_check: bool = True) -> list[tuple[str, str, bool]]:
    return [
        (one.name.lower(), one.value.strip(), one.is_indented)
        for one in document.tree.directives
        if with_check or one.name.lower() != "check"
    ]


#: The instructions of which a graph alone tells what they do to an image.
_DECLARING = frozenset(
    (
        "label", "maintainer", "cmd", "entrypoint", "healthcheck", "expose", "volume",
        "stopsignal", "env", "from", "copy", "add",
    )
)  # fmt: skip
#: Those that may be grouped otherwise.
_STEPS = frozenset(("run", "workdir"))
