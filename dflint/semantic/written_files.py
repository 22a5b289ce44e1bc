"""Files that a script writes with `echo`, `printf` or `cat`, and does nothing else.

Such a script can be a `COPY <<EOF`.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from dflint.semantic.programs import Program
    from dflint.shell.commands import Command

_WRITERS = ("echo", "printf", "cat")


def written_file(program: Program) -> Command | None:
    """The first command of a script that makes one file, and perhaps its directory and mode.

    None for other scripts, for what reads another file, and for a file in a mount.
    """
    if _is_tee(program):
        return program.script.commands[0]
    target = ""
    first = None
    for at, command in enumerate(program.script.commands):
        name = command.name_value
        if name in _WRITERS:
            written = _target(program, command, is_first=first is None)
            if not written or (target and written != target):
                return None
            target, first = written, first or command
        elif not (name == "mkdir" and at == 0) and not (name == "chmod" and first is not None):
            return None
    if first is None or not _is_list(program) or _is_mounted(program, target):
        return None
    changed = {
        program.value(word)
        for command in program.script.commands
        if command.name_value == "chmod"
        for word in list(command.operands)[1:]
    }
    return first if changed <= {target} else None


def _is_tee(program: Program) -> bool:
    """Whether all there is is a text that `tee` writes to one file."""
    commands = program.script.commands
    if len(commands) != 2 or len(program.script.pipelines) != 1 or len(program.script.steps) != 1:
        return False
    writer, tee = commands
    operands = list(tee.operands)
    if writer.name_value not in _WRITERS or writer.redirects or tee.name_value != "tee":
        return False
    is_text = writer.name_value != "cat" and writer.find_option("-n") is None
    path = program.value(operands[0]) if len(operands) == 1 else None
    return is_text and bool(path) and tee.find_option("-a") is None


def _target(program: Program, command: Command, *, is_first: bool) -> str:
    """The path that a command's output goes to; empty where it goes elsewhere too."""
    heredocs = [one for one in command.redirects if one.operator.startswith("<<")]
    outputs = [one for one in command.redirects if one not in heredocs]
    if len(outputs) != 1 or outputs[0].descriptor not in (None, 1, "1"):
        return ""
    if command.name_value == "cat":
        if not heredocs or list(command.operands):
            return ""
    elif heredocs or command.find_option("-n") is not None:
        return ""
    operators = (">", ">|") if is_first else (">>",)
    word = outputs[0].target
    if outputs[0].operator not in operators or word is None:
        return ""
    path = program.value(word) or ""
    return "" if path.startswith(("/dev/", "/proc/", "/sys/")) else path


def _is_list(program: Program) -> bool:
    """Whether the commands stand one after another, each joined by `&&`, `;` or a line end."""
    steps = program.script.steps
    commands = program.script.commands
    return tuple(steps) == commands and all(
        step.operator_before not in ("||", "&", "|") for step in steps
    )


def _is_mounted(program: Program, path: str) -> bool:
    for mount in program.occurrence.reading.flag_values("mount"):
        for option in mount.split(","):
            key, _, value = option.partition("=")
            if key in ("target", "dst", "destination") and path.startswith(value):
                return True
    return False
