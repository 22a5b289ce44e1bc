"""What BuildKit refuses when it turns a file that it can read into a build.

Every stage is asked, as `docker build --check` does, whether or not the final one needs it.
"""

from __future__ import annotations

from dflint.cst.instructions import (
    Add,
    Copy,
    Expose,
    From,
    Instruction,
    Run,
    StopSignal,
    Volume,
)
from dflint.cst.problems import SyntaxProblem
from dflint.cst.reading import place_span
from dflint.oci.reference import ReferenceProblem, parse_reference
from dflint.semantic.expansion import expand_argument
from dflint.semantic.stages import ReferenceKind
from dflint.text.lazy_pattern import LazyPattern

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from dflint.cst.dockerfile import Dockerfile
    from dflint.semantic.model import SemanticModel
    from dflint.semantic.stages import Stage, StageReference
    from dflint.text.span import Span

    Check = Callable[[SemanticModel, Instruction], Iterator[SyntaxProblem]]
    Checks = dict[type[Instruction], Check]

_NEGATIVE = LazyPattern(r"-0*+[1-9][0-9]*+\Z")


def conversion_problems(tree: Dockerfile, model: SemanticModel) -> Iterator[SyntaxProblem]:
    """Why BuildKit would refuse to build the file, in no particular order."""
    for failure in model.failures:
        reason = f"failed to process {quote(failure.word)}: {failure.reason}"
        yield SyntaxProblem("failed-expansion", failure.span, reason, failure.word)
    failed = [failure.instruction for failure in model.failures] if model.failures else ()
    for stage in model.stages:
        if stage.from_instruction not in failed:
            problem = _base_problem(stage)
            if problem is not None:
                yield problem
        reading = stage.from_instruction.reading
        if reading.flags and len(reading.arguments) in (1, 3):
            yield from _platform_problems(stage)
    # Those before the first FROM too: what is wrong with them stays wrong below it.
    for instruction in tree.instructions:
        kind = type(instruction)
        check = _FLAG_CHECKS.get(kind) if instruction.reading.flags else _CHECKS.get(kind)
        if check is not None:
            yield from check(model, instruction)
    yield from _reference_problems(model)
    if tree.directives:
        yield from _check_directive(tree)


def quote(word: str) -> str:
    """A word as Go prints it with `%q`."""
    from dflint.semantic.expand import quote as go_quote

    return go_quote(word)


def _base_problem(stage: Stage) -> SyntaxProblem | None:
    words = stage.from_instruction.reading.arguments
    if len(words) != 1 and not (len(words) == 3 and words[1].lower() == "as"):
        return None
    kind = reason = ""
    if not stage.image:
        kind, reason = "blank-base-name", f"base name ({words[0]}) should not be blank"
    elif stage.base is None and stage.image != "scratch":
        reference = parse_reference(stage.image)
        if isinstance(reference, ReferenceProblem):
            kind = "invalid-image-reference"
            reason = f"failed to parse stage name {quote(stage.image)}: {reference.message}"
    if not kind:
        return None
    span = place_span(stage.from_instruction, stage.from_instruction.reading.places[0])
    return SyntaxProblem(kind, span, reason, stage.image or words[0])


def _platform_problems(stage: Stage) -> Iterator[SyntaxProblem]:
    written = stage.from_instruction.reading.flag("platform")
    if not written:
        return
    span = _flag_span(stage.from_instruction, "platform")
    if not stage.platform:
        reason = f"empty platform value from expression {written}"
        yield SyntaxProblem("invalid-platform", span, reason, written)
        return
    from dflint.oci.platform import PlatformProblem, parse_platform

    platform = parse_platform(stage.platform)
    if isinstance(platform, PlatformProblem):
        reason = f"failed to parse platform {stage.platform}: {platform.message}"
        yield SyntaxProblem("invalid-platform", span, reason, stage.platform)


def _flag_span(instruction: Instruction, name: str, nth: int = 0) -> Span:
    reading = instruction.reading
    found = [
        place
        for flag, place in zip(reading.flags, reading.head.flags, strict=False)
        if flag[2:].partition("=")[0] == name
    ]
    return place_span(instruction, found[nth] if nth < len(found) else (0, 0))


def _expose(model: SemanticModel, instruction: Instruction) -> Iterator[SyntaxProblem]:
    if all([_is_short_number(word) for word in instruction.reading.arguments]):
        return
    from dflint.semantic.exposed_ports import exposed_words
    from dflint.semantic.ports import PortProblem, parse_expose

    for place, word in exposed_words(model, instruction):
        ports = parse_expose(word)
        if isinstance(ports, PortProblem):
            span = place_span(instruction, place)
            yield SyntaxProblem("invalid-port", span, ports.message, word)


def _is_short_number(word: str) -> bool:
    """Whether a word of EXPOSE is what nearly all are: a number that is a port for certain."""
    return len(word) <= 4 and word.isascii() and word.isdigit()


def _stop_signal(model: SemanticModel, instruction: Instruction) -> Iterator[SyntaxProblem]:
    from dflint.semantic.signals import is_signal

    if not instruction.reading.arguments:
        return
    value = expand_argument(model, instruction, 0, model.environment(instruction), False)
    if not is_signal(value):
        span = place_span(instruction, instruction.reading.places[0])
        yield SyntaxProblem("invalid-signal", span, f"invalid signal: {value}", value)


def _volume(model: SemanticModel, instruction: Instruction) -> Iterator[SyntaxProblem]:
    environment = model.environment(instruction)
    for at, place in enumerate(instruction.reading.places):
        value = expand_argument(model, instruction, at, environment, False)
        if not value.strip():
            reason = "VOLUME specified can not be an empty string"
            yield SyntaxProblem("empty-volume", place_span(instruction, place), reason)


def _run(model: SemanticModel, instruction: Instruction) -> Iterator[SyntaxProblem]:
    values = instruction.reading.flag_values("mount")
    if not values:
        return
    from dflint.semantic.mount_options import parse_mount

    workdir = model.state_before(instruction).workdir or _own_directory(model, instruction)
    for nth, value in enumerate(values):
        problem = parse_mount(value, workdir=workdir).problem
        # What BuildKit refuses before it expands the values, or whatever they are.
        certain = ("'from' doesn't", "unexpected key", "invalid field")
        if problem is not None and ("$" not in value or problem.startswith(certain)):
            span = _flag_span(instruction, "mount", nth)
            yield SyntaxProblem("invalid-mount", span, problem, value)


def _own_directory(model: SemanticModel, instruction: Instruction) -> str | None:
    """The directory that a stage begins in; None where its image may set one."""
    from dflint.semantic.known_images import working_directory

    stage = model.stage_of(instruction)
    if stage is None or model.state_before(instruction).workdir_set:
        return "/" if stage is None else None
    first = (stage.ancestors() or [stage])[-1]
    return working_directory(first.image)


def _copy(model: SemanticModel, instruction: Instruction) -> Iterator[SyntaxProblem]:
    del model
    if not any([flag.startswith(("--chmod", "--checksum")) for flag in instruction.reading.flags]):
        return
    from dflint.semantic.copy_flags import copy_flag_problem

    found = copy_flag_problem(instruction.reading)
    if found is not None:
        name, reason, value = found
        span = _flag_span(instruction, name)
        yield SyntaxProblem("invalid-flag-value", span, reason, value)


_CHECKS: Checks = {Expose: _expose, StopSignal: _stop_signal, Volume: _volume}
#: The same for instructions with flags.
_FLAG_CHECKS: Checks = {**_CHECKS, Run: _run, Copy: _copy, Add: _copy}


def _reference_problems(model: SemanticModel) -> Iterator[SyntaxProblem]:
    for reference in model.references:
        if type(reference.instruction) is From:
            continue
        problem = reference_reason(reference)
        if problem is not None:
            kind, reason = problem
            yield SyntaxProblem(kind, reference.span, reason, reference.text)


def reference_reason(reference: StageReference) -> tuple[str, str] | None:
    """The kind and BuildKit's words for a `from` that can mean nothing; None for a good one."""
    if reference.kind is ReferenceKind.NO_SUCH_INDEX:
        return "unknown-copy-from", f"invalid stage index {reference.text}"
    if reference.kind is ReferenceKind.SELF:
        title = reference.user.name or str(reference.user.index)
        return "copy-from-self", f"circular dependency detected on stage: {title}"
    if reference.kind is ReferenceKind.LATER and reference.stage is not None:
        later = reference.stage.name or str(reference.stage.index)
        user = reference.user.name or str(reference.user.index)
        reason = (
            f'cannot copy from stage "{later}", '
            f'it needs to be defined before current stage "{user}"'
        )
        return "copy-from-later-stage", reason
    is_copy = isinstance(reference.instruction, Copy)
    if is_copy and reference.text[:1] == "-" and _NEGATIVE.get().match(reference.text):
        return "unknown-copy-from", f"invalid stage index {reference.text}"
    if is_copy and "$" in reference.text:
        reason = (
            "variable expansion is not supported for --from, define a new stage with FROM "
            "using ARG from global scope as a workaround"
        )
        return "variable-in-copy-from", reason
    if reference.kind is ReferenceKind.IMAGE and "$" not in reference.text:
        image = parse_reference(reference.text)
        if isinstance(image, ReferenceProblem):
            reason = f"failed to parse stage name {quote(reference.text)}: {image.message}"
            return "invalid-image-reference", reason
    return None


def _check_directive(tree: Dockerfile) -> Iterator[SyntaxProblem]:
    directive = tree.directive("check")
    if directive is None:
        return
    from dflint.text.span import Span

    at = len(tree.bom)
    for other in tree.directives:
        if other is directive:
            break
        at += len(other.code)
    at += len(directive.marker + directive.name + directive.equals)
    # BuildKit takes the value up to the first blank.
    value = directive.value.split(None, 1)[0]
    begin = at
    for option in value.split(";"):
        key, equals, setting = option.partition("=")
        span = Span(begin, begin + len(option))
        begin += len(option) + 1
        reason = ""
        if not equals or key not in ("skip", "error", "experimental"):
            reason = f'invalid check option "{key}"'
        elif key == "error" and setting not in _BOOLEANS:
            reason = (
                f'failed to parse check option "{option}": strconv.ParseBool: '
                f'parsing "{setting}": invalid syntax'
            )
        if reason:
            reason = f"failed to parse check options: {reason}"
            yield SyntaxProblem("invalid-check-directive", span, reason, option)


#: What Go's `strconv.ParseBool` takes.
_BOOLEANS = frozenset(
    ("1", "t", "T", "true", "TRUE", "True", "0", "f", "F", "false", "FALSE", "False")
)
