"""What an image's history says of each instruction, in BuildKit's words."""

from __future__ import annotations

from dataclasses import dataclass

from dflint.graph.ops import ExecOp
from dflint.semantic.expand import evaluate_words
from dflint.semantic.ports import Ports, parse_expose
from dflint.text.go_quote import go_quote

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from dflint.cst.instructions import Instruction
    from dflint.cst.reading import Reading
    from dflint.graph.built_state import BuiltState
    from dflint.graph.command import Command
    from dflint.graph.vertex import Vertex
    from dflint.text.span import Span

    Text = Callable[["BuiltState", Instruction, Reading], str]


@dataclass(frozen=True, slots=True)
class HistoryEntry:
    """One entry: its `created_by`, and the vertex whose layer it is, None for an empty layer.

    `span` is where its instruction stands in the Dockerfile; for a trigger it is that of the FROM.
    """

    created_by: str
    vertex: Vertex | None
    span: Span | None = None


def text_before(state: BuiltState, instruction: Instruction, reading: Reading) -> str:
    """The text of an instruction that the state before it gives; empty for others."""
    text = _BEFORE.get(reading.keyword)
    return "" if text is None else text(state, instruction, reading)


def text_after(state: BuiltState, instruction: Instruction, reading: Reading) -> str:
    """The text of an instruction that the state behind it gives; empty for others."""
    text = _AFTER.get(reading.keyword)
    return "" if text is None else text(state, instruction, reading)


def _pairs(state: BuiltState, instruction: Instruction, reading: Reading) -> str:
    pairs = [
        f"{state.expand(name, instruction)}={state.expand(value, instruction)}"
        for name, value in reading.pairs
    ]
    return " ".join([reading.keyword.upper(), *pairs])


def _copy(state: BuiltState, instruction: Instruction, reading: Reading) -> str:
    from dflint.cst.parser.heredoc_words import heredoc_of
    from dflint.graph.lower_copy import is_on

    words = [reading.keyword.upper()]
    if is_on(reading, "parents"):
        words.append("--parents")
    for name in ("chown", "chmod"):
        value = state.expand(reading.flag(name) or "", instruction)
        if value:
            words.append(f"--{name}={value}")
    heredocs = []
    markers = list(instruction.line.markers) if not reading.is_json else []
    for word in reading.arguments[:-1]:
        marker = heredoc_of(word) if markers and "<<" in word else None
        if marker is not None:
            heredocs.append(f"<<{marker.name}")
        else:
            words.append(state.expand(word, instruction))
    return " ".join([*words, *heredocs, state.expand(reading.arguments[-1], instruction)])


def _expose(state: BuiltState, instruction: Instruction, reading: Reading) -> str:
    # The words are sorted as they are written; a port that is named twice is there twice.
    names: list[str] = []
    for written in sorted(reading.arguments):
        found = evaluate_words(written, state.variables.get, instruction.line.escape)
        for word in found.words:
            ports = parse_expose(word)
            names += ports.names if isinstance(ports, Ports) else ()
    return f"EXPOSE [{' '.join(names)}]"


def _volume(state: BuiltState, instruction: Instruction, reading: Reading) -> str:
    words = [state.expand(word, instruction) for word in reading.arguments]
    return f"VOLUME [{' '.join(words)}]"


def _word(state: BuiltState, instruction: Instruction, reading: Reading) -> str:
    return f"{reading.keyword.upper()} {state.expand(reading.arguments[0], instruction)}"


def _arg(state: BuiltState, instruction: Instruction, reading: Reading) -> str:
    del instruction
    lowering = state.lowering
    words = ["ARG"]
    for word in reading.arguments:
        name, equals, _ = word.partition("=")
        is_given = equals or name in lowering.build.arguments or lowering.globals.find(name)
        if is_given or lowering.globals.find(name) is not None:
            name += f"={state.variables.find(name) or ''}"
        words.append(name)
    return " ".join(words)


def _run(state: BuiltState, instruction: Instruction, reading: Reading) -> str:
    del instruction, reading
    op = state.last.op
    assert isinstance(op, ExecOp)
    words = list(op.command.arguments)
    if state.arguments:
        values = [f"{name}={state.variables.find(name) or ''}" for name in state.arguments]
        words = [f"|{len(values)}", *values, *words]
    return " ".join(["RUN", *words])


def _workdir(state: BuiltState, instruction: Instruction, reading: Reading) -> str:
    del instruction, reading
    return f"WORKDIR {state.config.workdir}"


def _shell(state: BuiltState, instruction: Instruction, reading: Reading) -> str:
    del instruction, reading
    return f"SHELL [{' '.join(state.config.shell)}]"


def _command(state: BuiltState, instruction: Instruction, reading: Reading) -> str:
    del instruction
    found = state.config.cmd if reading.keyword == "cmd" else state.config.entrypoint
    return f"{reading.keyword.upper()} {quoted(found.arguments if found else ())}"


def quoted(words: Iterable[str]) -> str:
    """Words as Go prints a slice of them with `%q`."""
    return f"[{' '.join(go_quote(word) for word in words)}]"


def _healthcheck(state: BuiltState, instruction: Instruction, reading: Reading) -> str:
    del instruction, reading
    check = state.config.healthcheck
    assert check is not None
    times = (
        ("Interval", check.interval),
        ("Timeout", check.timeout),
        ("StartPeriod", check.start_period),
        ("StartInterval", check.start_interval),
    )
    written = " ".join(f"{name}:{go_duration(time)}" for name, time in times)
    test = " ".join(test_of(check.kind, check.command))
    return f"HEALTHCHECK {{Test:[{test}] {written} Retries:{check.retries}}}"


def test_of(kind: str, command: Command | None) -> list[str]:
    """A health check's `Test`: its kind and the words of its command, or the text for a shell."""
    words = [] if command is None else list(command.arguments)
    return [kind, *(words[-1:] if kind == "CMD-SHELL" else words)]


def go_duration(nanoseconds: int) -> str:
    """A length of time as Go prints it: `1m30s`, `1.5s`, `250ms`."""
    if not nanoseconds:
        return "0s"
    sign = "-" if nanoseconds < 0 else ""
    rest = abs(nanoseconds)
    if rest < 1_000_000_000:
        for unit, size in (("ms", 1_000_000), ("µs", 1_000), ("ns", 1)):
            if rest >= size:
                return sign + _decimal(rest, size) + unit
    minutes, seconds = divmod(rest, 60_000_000_000)
    hours, minutes = divmod(minutes, 60)
    text = _decimal(seconds, 1_000_000_000) + "s"
    if hours or minutes:
        text = f"{minutes}m{text}"
    return sign + (f"{hours}h{text}" if hours else text)


def _decimal(value: int, unit: int) -> str:
    whole, part = divmod(value, unit)
    digits = f"{part:0{len(str(unit)) - 1}d}".rstrip("0") if part else ""
    return f"{whole}.{digits}" if digits else str(whole)


def _maintainer(state: BuiltState, instruction: Instruction, reading: Reading) -> str:
    del state, instruction
    return f"MAINTAINER {reading.arguments[0]}"


_BEFORE: dict[str, Text] = {
    "env": _pairs,
    "label": _pairs,
    "copy": _copy,
    "add": _copy,
    "expose": _expose,
    "volume": _volume,
    "user": _word,
    "stopsignal": _word,
    "maintainer": _maintainer,
}
_AFTER: dict[str, Text] = {
    "arg": _arg,
    "run": _run,
    "workdir": _workdir,
    "shell": _shell,
    "cmd": _command,
    "entrypoint": _command,
    "healthcheck": _healthcheck,
}
