"""A quick proof for changes that put one instruction in the place of another, or join RUNs.

Most fixes do: a RUN gets another command, COPY stands for ADD, LABEL for MAINTAINER. None of these
instructions bears on what the others do, so that the plans can only differ in their places, and
each of them can be held to the declared effects by itself. Where that is in doubt nothing is
proved; then the graphs of both files have to be compared. What is proved here, they agree with, but
that they do not know steps that are replaced beside RUNs that are joined.
"""

from __future__ import annotations

from dflint.cst.instructions import Add, Copy, Env, From, Label, Maintainer, OnBuild, Run
from dflint.graph.image_config import ImageConfig
from dflint.graph.paths import clean_source
from dflint.graph.reading_key import reading_key
from dflint.graph.state import expand
from dflint.graph.variables import Variables
from dflint.lint.fix import Effect
from dflint.semantic.copy_flags import is_git
from dflint.verify.edited import is_written_alike, touched
from dflint.verify.gains import ARCHIVES, text_gains
from dflint.verify.metadata import says_no_less

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from dflint.cst.instructions import Instruction
    from dflint.lint.document import Document
    from dflint.text.span import Span

    Pair = tuple[Instruction, Instruction]

#: What makes a word another one than it is written, but for the escape character.
_MEANING = frozenset("$'\"")
#: The flags that mean the same to ADD and COPY.
_SHARED_FLAGS = ("--chown=", "--chmod=", "--link")
#: With so many scripts that may have comments it is left to the graphs to compare them.
_MOST = 40
#: The instructions that run and copy.
_STEPS = frozenset((Run, Add, Copy))
#: Stands for a step that is of no interest.
_OTHER = object()
_OF_IMAGES = Effect.METADATA | Effect.FILES


def only_replaces(
    before: Document,
    after: Document,
    effects: Effect,
    spans: Sequence[Span],
    new_spans: Sequence[Span],
    lost: Collection[str],
) -> bool:
    """Whether it is certain that a change of a file that is built keeps to its effects.

    The spans are those that were edited in either text, `lost` the words that may be taken away.
    """
    old: Sequence[Instruction] = before.instructions
    if len(old) > len(after.instructions) and Effect.LAYERS in effects:
        from dflint.verify.joined import with_joined

        old = with_joined(before, after)
    if len(old) != len(after.instructions) or before.all(OnBuild):
        # A trigger acts in the place of others.
        return False
    pairs = _replaced(old, after.instructions)
    known_lost = frozenset(lost)
    steps: list[Pair] = []
    has_author = False
    for one, other in pairs:
        if isinstance(one, Maintainer) and isinstance(other, Label):
            has_author = True
        elif _is_step_replaced(one, other, known_lost):
            steps.append((one, other))
        else:
            return False
    if has_author and not (effects & _OF_IMAGES and _keeps_author(before, after, known_lost)):
        return False
    if not steps:
        return True
    ones, others = {one for one, _ in steps}, {other for _, other in steps}
    return (
        Effect.FILES in effects
        and touched(ones, spans) == ones
        and touched(others, new_spans) == others
        and _are_singular(ones, others, old, after.instructions)
    )


def _replaced(before: Sequence[Instruction], after: Sequence[Instruction]) -> list[Pair]:
    """The instructions that are read otherwise, in pairs."""
    pairs = []
    for one, other in zip(before, after, strict=True):
        mine = one.line
        # Most are one text in memory, and have no heredocs: what that costs is a comparison.
        if mine.text is other.line.text and not mine.markers and type(one) is type(other):
            continue
        if not is_written_alike(one, other) and not _is_read_alike(one, other):
            pairs.append((one, other))
    return pairs


def _is_read_alike(one: Instruction, other: Instruction) -> bool:
    """Whether a builder reads the same of both, to the letter where it is a command."""
    mine, theirs = one.reading, other.reading
    if type(one) is not type(other) or one.line.escape != other.line.escape:
        return False
    if reading_key(one, mine, "") == reading_key(other, theirs, ""):
        return True
    # Where no variable is, what ENV and LABEL set is the same whatever comes before.
    if not isinstance(one, (Env, Label)) or "$" in one.line.text or "$" in other.line.text:
        return False
    return _pairs(one) == _pairs(other)


def _pairs(instruction: Instruction) -> list[tuple[str, str]]:
    """The pairs of an ENV or LABEL without variables as a builder understands them."""
    none, escape = Variables(has_base=False), instruction.line.escape
    return [
        (expand(name, none, escape), expand(value, none, escape))
        for name, value in instruction.reading.pairs
    ]


def _is_step_replaced(one: Instruction, other: Instruction, lost: frozenset[str]) -> bool:
    """Whether a step does no less than the one in its place, whatever the state it is done to."""
    mine, theirs = one.reading, other.reading
    if one.line.markers or other.line.markers or mine.flags != theirs.flags:
        return False
    if mine.is_json != theirs.is_json or one.line.escape != other.line.escape:
        return False
    if isinstance(one, Run) and isinstance(other, Run):
        if mine.is_json or not mine.arguments or not theirs.arguments:
            return False
        return text_gains(mine.arguments[0], theirs.arguments[0], lost)
    if not (isinstance(one, Add) and isinstance(other, Copy)):
        return False
    if mine.arguments != theirs.arguments or len(mine.arguments) < 2:
        return False
    return all(flag.startswith(_SHARED_FLAGS) for flag in mine.flags) and all(
        _is_local(source, one.line.escape) and not clean_source(source).lower().endswith(ARCHIVES)
        for source in mine.arguments[:-1]
    )


def _is_local(source: str, escape: str) -> bool:
    """Whether a source of ADD is certainly one of the context."""
    is_remote = is_git(source) or source.startswith(("http://", "https://"))
    return _is_plain(source, escape) and not is_remote


def _is_plain(word: str, escape: str) -> bool:
    return escape not in word and _MEANING.isdisjoint(word)


def _are_singular(
    ones: set[Instruction],
    others: set[Instruction],
    before: Sequence[Instruction],
    after: Sequence[Instruction],
) -> bool:
    """Whether no replaced step does what another step of its stage does in the other file.

    It could be taken for that one when the plans are compared.
    """
    stages, new_stages = _steps(before), _steps(after)
    known: dict[str, str] = {}
    return len(stages) == len(new_stages) and all(
        _differ(steps, new_steps, ones, known) and _differ(new_steps, steps, others, known)
        for steps, new_steps in zip(stages, new_stages, strict=True)
    )


def _steps(instructions: Sequence[Instruction]) -> list[list[Instruction]]:
    """The instructions that run and copy, stage by stage."""
    stages: list[list[Instruction]] = [[]]
    for instruction in instructions:
        kind = type(instruction)
        if kind is From:
            stages.append([])
        elif kind in _STEPS:
            stages[-1].append(instruction)
    return stages


def _differ(
    steps: list[Instruction],
    others: list[Instruction],
    replaced: set[Instruction],
    known: dict[str, str],
) -> bool:
    """Whether each replaced step of a stage differs from all of the other file's but its own.

    `known` are scripts without their blanks.
    """
    own_steps = [(at, step) for at, step in enumerate(steps) if step in replaced]
    if not own_steps:
        return True
    # A script is never what files are.
    kinds = {isinstance(step, Run) for _, step in own_steps}
    marks = [_mark(other, known) if isinstance(other, Run) in kinds else _OTHER for other in others]
    scripts = [mark for mark in marks if isinstance(mark, str)]
    commented = [script for script in scripts if "#" in script]
    for at, step in own_steps:
        own = _mark(step, known)
        if type(own) in marks or marks.count(own) > (marks[at] == own):
            return False
        if isinstance(own, str):
            doubtful = scripts if "#" in own else commented
            if len(doubtful) > _MOST or any(
                _may_be_one(own, script) for script in doubtful if script != own
            ):
                return False
    return True


def _mark(instruction: Instruction, known: dict[str, str]) -> object:
    """What tells a step from others, whatever state they begin with.

    For a script it is that without its blanks, for files their places in the context. The type
    alone stands for what cannot be told.
    """
    reading = instruction.reading
    if isinstance(instruction, Run):
        if reading.is_json:
            return None  # never what a shell does
        if instruction.line.markers:
            return str
        script = "".join(reading.arguments)
        found = known.get(script)
        if found is None:
            found = known[script] = "".join(script.split())
        return found
    words = reading.arguments[:-1]
    if not all(_is_plain(word, instruction.line.escape) for word in words):
        return tuple
    return tuple(clean_source(word) for word in words)


def _may_be_one(script: str, other: str) -> bool:
    """Whether two scripts may be the same to a shell: from the first `#` on it may be a comment."""
    ends = [end for end in (script.find("#"), other.find("#")) if end >= 0]
    return bool(ends) and script[: min(ends)] == other[: min(ends)]


def _keeps_author(before: Document, after: Document, lost: frozenset[str]) -> bool:
    """Whether the images say no less of authors and labels than they did."""
    if any("$" in one.line.text for doc in (before, after) for one in doc.all(Label)):
        return False
    return all(
        says_no_less("labels", one, other, lost)
        for one, other in zip(_labelled(before), _labelled(after), strict=True)
    )


def _labelled(document: Document) -> list[ImageConfig]:
    """What the image of each stage says of its author, and its labels, where no variable is."""
    none = Variables(has_base=False)
    configs: list[ImageConfig] = []
    for stage in document.model.stages:
        base = stage.base
        config = ImageConfig(none, "", "", ()) if base is None else configs[base.index].copy()
        configs.append(config)
        for one in stage.instructions:
            if isinstance(one, Maintainer) and one.reading.arguments:
                config.author = one.reading.arguments[0]
            elif isinstance(one, Label):
                config.labels.update(_pairs(one))
    return configs
