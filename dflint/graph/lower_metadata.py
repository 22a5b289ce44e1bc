"""The instructions that change the image's configuration, or the state of the stage."""

from __future__ import annotations

from dflint.graph.command import exec_command, shell_command
from dflint.graph.image_config import HealthCheck
from dflint.graph.ops import MakeDirectory
from dflint.graph.state import expand
from dflint.semantic.duration import Duration, parse_duration
from dflint.semantic.expand import evaluate_words
from dflint.semantic.ports import Ports, parse_expose

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from dflint.cst.instructions import Instruction
    from dflint.cst.reading import Reading
    from dflint.graph.command import Command
    from dflint.graph.lowering import Lowering
    from dflint.graph.state import StageState
    from dflint.graph.variables import Variables


def declare(
    lowering: Lowering,
    variables: Variables,
    outer: Variables | None,
    instruction: Instruction,
    reading: Reading,
) -> tuple[Variables, list[tuple[str, str | None]]]:
    """The variables behind an ARG, and its names with their defaults.

    A name without a default has that of the ARG before the first FROM (`outer`), or keeps the
    value that it has.
    """
    declared: list[tuple[str, str | None]] = []
    for word in reading.arguments:
        name, equals, written = word.partition("=")
        default = None
        if equals:
            default = expand(written, variables, instruction.line.escape)
            value = lowering.argument(name, default)
        else:
            value = outer.find(name) if outer is not None else None
            if value is None:
                value = lowering.argument(name, variables.find(name))
        declared.append((name, default))
        if value is not None:
            variables = variables.set(name, value, False)
    return variables, declared


def _arg(lowering: Lowering, state: StageState, instruction: Instruction, reading: Reading) -> None:
    state.variables, declared = declare(
        lowering, state.variables, lowering.globals, instruction, reading
    )
    state.config.arguments = (*state.config.arguments, *declared)


def _env(lowering: Lowering, state: StageState, instruction: Instruction, reading: Reading) -> None:
    del lowering
    pairs = [
        (state.expand(name, instruction), state.expand(value, instruction))
        for name, value in reading.pairs
    ]
    for name, value in pairs:
        state.variables = state.variables.set(name, value, True)
        state.config.env = state.config.env.set(name, value, True)


def _label(
    lowering: Lowering, state: StageState, instruction: Instruction, reading: Reading
) -> None:
    del lowering
    for name, value in reading.pairs:
        label = state.expand(name, instruction)
        state.config.labels[label] = state.expand(value, instruction)


def _workdir(
    lowering: Lowering, state: StageState, instruction: Instruction, reading: Reading
) -> None:
    del lowering
    path = state.expand(reading.arguments[0], instruction)
    # An absolute path stays as it is written, with a slash at its end for one.
    if not path.startswith("/") or state.os_family == "windows":
        path = state.path(path)
    state.config.workdir = path
    if path != "/":
        state.add(MakeDirectory(path, state.config.user), (), instruction)


def _user(
    lowering: Lowering, state: StageState, instruction: Instruction, reading: Reading
) -> None:
    del lowering
    state.config.user = state.expand(reading.arguments[0], instruction)


def _shell(
    lowering: Lowering, state: StageState, instruction: Instruction, reading: Reading
) -> None:
    del lowering, instruction
    if reading.is_json:
        state.config.shell = reading.arguments


def _cmd(lowering: Lowering, state: StageState, instruction: Instruction, reading: Reading) -> None:
    del lowering, instruction
    state.config.cmd = _command(state, reading)
    state.has_own_cmd = True


def _entrypoint(
    lowering: Lowering, state: StageState, instruction: Instruction, reading: Reading
) -> None:
    del lowering, instruction
    state.config.entrypoint = _command(state, reading)
    if not state.has_own_cmd:
        state.config.cmd = ()


def _command(state: StageState, reading: Reading) -> Command:
    if reading.is_json:
        return exec_command(reading.arguments)
    # Without a word it is an empty script.
    return shell_command(reading.arguments[0] if reading.arguments else "", state)


def _healthcheck(
    lowering: Lowering, state: StageState, instruction: Instruction, reading: Reading
) -> None:
    del lowering, instruction
    kind, *command = reading.arguments
    times = tuple(
        _nanoseconds(reading.flag(name) or "")
        for name in ("interval", "timeout", "start-period", "start-interval")
    )
    retries = reading.flag("retries") or "0"
    digits = retries.lstrip("+").lstrip("0") or "0"
    number = int(digits) if digits.isascii() and digits.isdigit() and len(digits) < 11 else -1
    if kind.upper() == "NONE":
        state.config.healthcheck = HealthCheck("NONE", None, (0, 0, 0, 0, 0))
    elif reading.is_json:
        check = HealthCheck("CMD", exec_command(tuple(command)), (*times, number))
        state.config.healthcheck = check
    elif command:
        check = HealthCheck("CMD-SHELL", shell_command(command[0], state), (*times, number))
        state.config.healthcheck = check


def _nanoseconds(text: str) -> int:
    duration = parse_duration(text) if text else Duration(0)
    return duration.nanoseconds if isinstance(duration, Duration) else -1


def _expose(
    lowering: Lowering, state: StageState, instruction: Instruction, reading: Reading
) -> None:
    del lowering
    for written in reading.arguments:
        expansion = evaluate_words(written, state.variables.get, instruction.line.escape)
        words = expansion.words if expansion.error is None else (written,)
        for word in words:
            ports = parse_expose(word)
            names = ports.names if isinstance(ports, Ports) else (_lower_protocol(word),)
            state.config.exposed_ports.update(dict.fromkeys(names))


def _lower_protocol(port: str) -> str:
    """A port that only a build knows: case makes no difference to its protocol."""
    number, slash, protocol = port.rpartition("/")
    is_known = protocol.lower() in ("tcp", "udp", "sctp")
    return number + slash + protocol.lower() if is_known else port


def _volume(
    lowering: Lowering, state: StageState, instruction: Instruction, reading: Reading
) -> None:
    del lowering
    for word in reading.arguments:
        state.config.volumes[state.expand(word, instruction)] = None


def _stop_signal(
    lowering: Lowering, state: StageState, instruction: Instruction, reading: Reading
) -> None:
    del lowering
    state.config.stop_signal = state.expand(reading.arguments[0], instruction)


def _maintainer(
    lowering: Lowering, state: StageState, instruction: Instruction, reading: Reading
) -> None:
    del lowering, instruction
    state.config.author = reading.arguments[0]


#: What each of these instructions does, by its keyword.
METADATA: dict[str, Callable[[Lowering, StageState, Instruction, Reading], None]] = {
    "arg": _arg,
    "env": _env,
    "label": _label,
    "workdir": _workdir,
    "user": _user,
    "shell": _shell,
    "cmd": _cmd,
    "entrypoint": _entrypoint,
    "healthcheck": _healthcheck,
    "expose": _expose,
    "volume": _volume,
    "stopsignal": _stop_signal,
    "maintainer": _maintainer,
}
