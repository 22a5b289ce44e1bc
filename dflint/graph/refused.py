"""What BuildKit refuses while it turns the instructions of one build into steps."""

from __future__ import annotations

from dflint.cst.reading import Reading
from dflint.errors import BuildError
from dflint.semantic.expand import evaluate_word, evaluate_words
from dflint.text.go_quote import go_quote
from dflint.text.span import Span

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from dflint.cst.instructions import Instruction
    from dflint.graph.built_state import BuiltState
    from dflint.semantic.expand_values import ExpansionError


class RefusedError(BuildError):
    """The file cannot be built: BuildKit's words, and where in the source, None for nowhere."""

    def __init__(self, message: str, span: Span | None = None) -> None:
        self.message = message
        self.span = span
        super().__init__(message)


def refused(message: str, instruction: Instruction) -> RefusedError:
    """The refusal of a whole instruction."""
    return RefusedError(message, instruction_span(instruction))


def instruction_span(instruction: Instruction) -> Span:
    """The span of an instruction with its heredocs, without the line end behind it."""
    line = instruction.line
    end = line.bodies[-1][2] if line.bodies else line.end
    if line.source[end - 1 : end] == "\n":
        end -= 1
    return Span(line.start, max(line.start, end))


def unexpanded(word: str, error: ExpansionError, instruction: Instruction) -> RefusedError:
    """The refusal of a word that cannot be expanded."""
    return refused(f"failed to process {go_quote(word)}: {error.message}", instruction)


def check_instruction(state: BuiltState, instruction: Instruction, reading: Reading) -> None:
    """Raise RefusedError for what is wrong with an instruction, given the values of this build."""
    check = _CHECKS.get(reading.keyword)
    if check is not None:
        check(state, instruction, reading)


def _arg(state: BuiltState, instruction: Instruction, reading: Reading) -> None:
    escape = instruction.line.escape
    for word in reading.arguments:
        name, _, written = word.partition("=")
        if name in state.lowering.build.arguments:
            continue  # its default is not read
        expansion = evaluate_word(written, state.variables.get, escape)
        if expansion.error is not None:
            raise unexpanded(written, expansion.error, instruction)


def _expose(state: BuiltState, instruction: Instruction, reading: Reading) -> None:
    from dflint.semantic.ports import PortProblem, parse_expose

    for written in reading.arguments:
        expansion = evaluate_words(written, state.variables.get, instruction.line.escape)
        if expansion.error is not None:
            raise unexpanded(written, expansion.error, instruction)
        for word in expansion.words:
            ports = parse_expose(word)
            if isinstance(ports, PortProblem):
                raise refused(ports.message, instruction)


def _stop_signal(state: BuiltState, instruction: Instruction, reading: Reading) -> None:
    from dflint.semantic.signals import is_signal

    value = state.expand(reading.arguments[0], instruction)
    if not is_signal(value):
        raise refused(f"invalid signal: {value}", instruction)


def _volume(state: BuiltState, instruction: Instruction, reading: Reading) -> None:
    for word in reading.arguments:
        if not state.expand(word, instruction).strip():
            raise refused("VOLUME specified can not be an empty string", instruction)


def _run(state: BuiltState, instruction: Instruction, reading: Reading) -> None:
    from dflint.semantic.mount_options import parse_mount

    def expand(text: str) -> str:
        return state.expand(text, instruction)

    if reading.is_json and not reading.arguments:
        reason = "failed to marshal LLB definition: arguments are required"
        raise refused(reason, instruction)
    for value in reading.flag_values("mount"):
        mount = parse_mount(value, expand, state.config.workdir or "/")
        if mount.problem is not None:
            raise refused(mount.problem, instruction)
        if mount.type in ("secret", "ssh") and mount.target == "/":
            raise refused(f"invalid mount type {mount.type.upper()} for /", instruction)
    entitlements = state.lowering.build.entitlements
    if reading.flag("network") == "host" and "network.host" not in entitlements:
        raise refused("network.host is not allowed", instruction)
    if reading.flag("security") == "insecure" and "security.insecure" not in entitlements:
        raise refused("security.insecure is not allowed", instruction)


def _copy(state: BuiltState, instruction: Instruction, reading: Reading) -> None:
    from dflint.semantic.copy_flags import copy_flag_problem

    expanded = Reading(reading.keyword, reading.head)
    expanded.arguments = tuple(state.expand(word, instruction) for word in reading.arguments)
    flags = []
    for flag in reading.flags:
        name, equals, value = flag.partition("=")
        flags.append(name + equals + state.expand(value, instruction))
    expanded.flags = tuple(flags)
    found = copy_flag_problem(expanded)
    if found is not None:
        raise refused(found[1], instruction)
    line = instruction.line
    for marker, (start, end, _) in zip(line.markers, line.bodies, strict=True):
        if marker.expand and "$" in line.source[start:end]:
            body = line.source[start:end]
            expansion = evaluate_word(body, state.variables.get, line.escape, skip_quotes=True)
            if expansion.error is not None:
                raise unexpanded(body, expansion.error, instruction)


_CHECKS: dict[str, Callable[[BuiltState, Instruction, Reading], None]] = {
    "arg": _arg,
    "expose": _expose,
    "stopsignal": _stop_signal,
    "volume": _volume,
    "run": _run,
    "copy": _copy,
    "add": _copy,
}
