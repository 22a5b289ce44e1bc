"""What BuildKit refuses in a single instruction that its parser has read."""

from __future__ import annotations

from dflint.cst.instructions import BadInstruction, Instruction, UnknownInstruction
from dflint.cst.problems import SyntaxProblem
from dflint.cst.reading import Reading, place_span
from dflint.text.lazy_pattern import LazyPattern

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

_STAGE_NAME = LazyPattern(r"[a-z][a-z0-9-_.]*+\Z")
_AT_LEAST_ONE = frozenset(
    ("env", "label", "onbuild", "healthcheck", "expose", "volume", "arg", "shell")
)
#: What takes any arguments, and is fine without flags.
WITHOUT_LAWS = frozenset(("run", "cmd", "entrypoint"))
#: Those whose flags BuildKit does not look at.
_ANY_FLAGS = frozenset(("arg", "stopsignal"))
_EXACTLY_ONE = frozenset(("maintainer", "workdir", "user", "stopsignal"))


class Refusal:
    """Why BuildKit refuses an instruction; `place` is in the joined text."""

    __slots__ = ("found", "kind", "place", "reason")

    kind: str
    reason: str
    place: tuple[int, int]
    found: str

    def __init__(self, kind: str, reason: str, place: tuple[int, int], found: str = "") -> None:
        self.kind = kind
        self.reason = reason
        self.place = place
        self.found = found


def instruction_problem(instruction: Instruction, reading: Reading) -> SyntaxProblem | None:
    """The first thing that BuildKit refuses in an instruction, or None.

    What the parser itself refuses (see `dflint.cst.problems`) is not told again.
    """
    if reading.is_lawful or type(instruction) is BadInstruction:
        return None
    refusal = refusal_of(instruction, reading)
    if refusal is None:
        reading.is_lawful = True
        return None
    span = place_span(instruction, refusal.place)
    return SyntaxProblem(refusal.kind, span, refusal.reason, refusal.found)


def refusal_of(instruction: Instruction, reading: Reading) -> Refusal | None:
    """As `instruction_problem`, with the place in the joined text."""
    head = reading.head
    name = reading.keyword
    if type(instruction) is UnknownInstruction:
        keyword = instruction.line.text[: head.keyword_end]
        reason = f"unknown instruction: {keyword}"
        return Refusal("unknown-instruction", reason, (0, head.keyword_end), keyword)
    lack = _lack_of_arguments(name, reading)
    if lack:
        return Refusal("missing-arguments", f"{name.upper()} {lack}", (0, head.keyword_end))
    special = _BEFORE_FLAGS.get(name)
    refusal = special(reading) if special is not None else None
    if refusal is not None:
        return refusal
    if name == "healthcheck" and reading.arguments[0].upper() == "NONE":
        return None
    if reading.flags and name not in _ANY_FLAGS:
        from dflint.semantic.flags import FLAGS, check_flags

        _, problem = check_flags(reading.flags, FLAGS.get(name, {}))
        if problem is not None:
            begin, end = head.flags[problem.at]
            if problem.kind == "unknown-flag":
                equals = instruction.line.text.find("=", begin, end)
                end = equals if equals >= 0 else end
            return Refusal(problem.kind, problem.reason, (begin, end), problem.name)
    check = _CHECKS.get(name)
    return check(reading, instruction) if check is not None else None


def _lack_of_arguments(name: str, reading: Reading) -> str:
    """What an instruction requires that it does not have, empty for enough arguments."""
    count = len(reading.arguments)
    if name == "onbuild":
        count = 1 if reading.trigger is not None and reading.trigger.keyword else 0
    if not count and name in _AT_LEAST_ONE:
        return "requires at least one argument"
    if count != 1 and name in _EXACTLY_ONE:
        return "requires exactly one argument"
    if count < 2 and name in ("add", "copy"):
        return (
            "requires at least two arguments, but only one was provided. "
            "Destination could not be determined"
        )
    return ""


def _check_from(reading: Reading) -> Refusal | None:
    words = reading.arguments
    if len(words) == 3 and words[1].lower() == "as":
        if _STAGE_NAME.get().match(words[2].lower()) is None:
            reason = (
                f'invalid name for build stage: "{words[2]}", '
                "name can't start with a number or contain symbols"
            )
            return Refusal("invalid-stage-name", reason, reading.places[2], words[2])
        return None
    if len(words) == 1:
        return None
    places = reading.places
    place = (0, reading.head.keyword_end)
    if words:
        has_name = len(words) > 3 and words[1].lower() == "as"
        place = (places[3 if has_name else 1][0], places[-1][1])
    reason = "FROM requires either one or three arguments"
    return Refusal("malformed-from", reason, place, " ".join(words))


def _check_onbuild(reading: Reading) -> Refusal | None:
    trigger = reading.trigger
    assert trigger is not None
    upper = trigger.keyword.upper()
    place = (reading.head.arguments, trigger.head.keyword_end)
    if upper == "ONBUILD":
        reason = "Chaining ONBUILD via `ONBUILD ONBUILD` isn't allowed"
        return Refusal("forbidden-trigger", reason, place, upper)
    if upper in ("MAINTAINER", "FROM"):
        reason = f"{upper} isn't allowed as an ONBUILD trigger"
        return Refusal("forbidden-trigger", reason, place, upper)
    return None


def _check_health_none(reading: Reading) -> Refusal | None:
    if reading.arguments[0].upper() == "NONE" and len(reading.arguments) > 1:
        place = (reading.places[1][0], reading.places[-1][1])
        reason = "HEALTHCHECK NONE takes no arguments"
        return Refusal("malformed-healthcheck", reason, place)
    return None


_BEFORE_FLAGS: dict[str, Callable[[Reading], Refusal | None]] = {
    "from": _check_from,
    "healthcheck": _check_health_none,
}


def _check_pairs(reading: Reading, instruction: Instruction) -> Refusal | None:
    del instruction
    for at in range(0, len(reading.arguments), 3):
        if not reading.arguments[at]:
            reason = f"{reading.keyword.upper()} names can not be blank"
            place = (reading.places[at][0], reading.places[at + 1][1])
            return Refusal("blank-name", reason, place)
    return None


def _check_arg(reading: Reading, instruction: Instruction) -> Refusal | None:
    del instruction
    for word, place in zip(reading.arguments, reading.places, strict=True):
        if word.startswith("="):
            return Refusal("blank-name", "ARG names can not be blank", place)
    return None


def _check_copy(reading: Reading, instruction: Instruction) -> Refusal | None:
    if not instruction.line.markers:
        return None
    from dflint.cst.parser.heredoc_words import heredoc_of

    try:
        heredoc = heredoc_of(reading.arguments[-1])
    except ValueError:
        heredoc = None
    if heredoc is None:
        return None
    reason = f"{reading.keyword.upper()} cannot accept a heredoc as a destination"
    return Refusal("heredoc-destination", reason, reading.places[-1])


def _check_trigger(reading: Reading, instruction: Instruction) -> Refusal | None:
    del instruction
    return _check_onbuild(reading)


def _check_run(reading: Reading, instruction: Instruction) -> Refusal | None:
    del instruction
    network = reading.flag("network")
    if network is not None and network not in ("default", "none", "host"):
        reason = f'invalid network mode "{network}"'
        return Refusal("invalid-flag-value", reason, _flag_place(reading, "network"), network)
    security = reading.flag("security")
    if security is not None and security not in ("insecure", "sandbox"):
        reason = f'security mode "{security}" is not valid'
        return Refusal("invalid-flag-value", reason, _flag_place(reading, "security"), security)
    return _check_mounts(reading)


def _check_mounts(reading: Reading) -> Refusal | None:
    for flag, place in zip(reading.flags, reading.head.flags, strict=False):
        name, _, value = flag[2:].partition("=")
        if name != "mount" or (value and "$" not in value and '"' not in value):
            continue
        from dflint.semantic.mount_options import mount_syntax_reason

        reason = mount_syntax_reason(value)
        if reason is not None:
            return Refusal("invalid-mount", reason, place, value)
    return None


def _flag_place(reading: Reading, name: str) -> tuple[int, int]:
    for flag, place in zip(reading.flags, reading.head.flags, strict=False):
        if flag[2:].partition("=")[0] == name:
            return place
    return reading.head.flags[0]


def _check_health(reading: Reading, instruction: Instruction) -> Refusal | None:
    del instruction
    kind = reading.arguments[0]
    if kind.upper() != "CMD":
        reason = f'Unknown type "{kind.upper()}" in HEALTHCHECK (try CMD)'
        return Refusal("malformed-healthcheck", reason, reading.places[0], kind)
    if len(reading.arguments) < 2:
        reason = "Missing command after HEALTHCHECK CMD"
        return Refusal("malformed-healthcheck", reason, reading.places[0], kind)
    for name in ("interval", "timeout", "start-period", "start-interval"):
        value = reading.flag(name)
        reason = _duration_reason(name, value) if value else ""
        if reason:
            return Refusal("invalid-flag-value", reason, _flag_place(reading, name), value or "")
    retries = reading.flag("retries")
    reason = _retries_reason(retries) if retries else ""
    if reason:
        return Refusal("invalid-flag-value", reason, _flag_place(reading, "retries"), retries or "")
    return None


def _duration_reason(name: str, value: str) -> str:
    from dflint.semantic.duration import Duration, parse_duration

    duration = parse_duration(value)
    if not isinstance(duration, Duration):
        return duration.message
    if duration.nanoseconds and duration.nanoseconds < 1_000_000:
        return f'Interval "{name}" cannot be less than 1ms'
    return ""


def _retries_reason(value: str) -> str:
    digits = value[1:] if value[:1] in ("+", "-") else value
    if not (digits.isascii() and digits.isdigit()):
        return f'strconv.ParseInt: parsing "{value}": invalid syntax'
    number = int(value[:12])
    if not -(2**31) <= number < 2**31 or len(digits) > 11:
        return f'strconv.ParseInt: parsing "{value}": value out of range'
    return f"--retries cannot be negative ({number})" if number < 0 else ""


def _check_shell(reading: Reading, instruction: Instruction) -> Refusal | None:
    if reading.is_json:
        return None
    line = instruction.line
    reason = f"SHELL requires the arguments to be in JSON form: {line.text}"
    return Refusal("shell-not-json", reason, reading.places[0])


_CHECKS: dict[str, Callable[[Reading, Instruction], Refusal | None]] = {
    "env": _check_pairs,
    "label": _check_pairs,
    "arg": _check_arg,
    "copy": _check_copy,
    "add": _check_copy,
    "onbuild": _check_trigger,
    "run": _check_run,
    "healthcheck": _check_health,
    "shell": _check_shell,
}
