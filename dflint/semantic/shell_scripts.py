"""Files that a Dockerfile writes without `#!`, which only a shell runs."""

from __future__ import annotations

from dflint.cst.instructions import Add, Copy, Run

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from dflint.cst.dockerfile import Dockerfile
    from dflint.cst.instructions import Instruction
    from dflint.semantic.programs import Program


def is_written_script(tree: Dockerfile, programs: Iterable[Program], path: str) -> bool:
    """Whether a heredoc, `echo`, `printf` or `cat` writes the program of that path, without `#!`.

    A kernel does not run such a file (execve(2), ENOEXEC); a shell then reads it itself.
    """
    name = path.rpartition("/")[2]
    named = [
        one for one in tree.instructions if type(one) in (Add, Copy, Run) and name in one.line.text
    ]
    if not name or not named or any("#!" in one.line.text for one in named):
        return False
    if any(type(one) is not Run and _is_copied_text(one, name) for one in named):
        return True
    texts = (one for one in programs if one.instruction in named)
    return any(
        redirect.target is not None and _name(redirect.target.text) == name
        for program in texts
        for command in program.script.commands_named("echo", "printf", "cat")
        if command.name_value != "cat" or "<<" in command.text
        for redirect in command.redirects
    )


def _is_copied_text(copy: Instruction, name: str) -> bool:
    line = copy.line
    if len(line.bodies) != 1 or _name((copy.reading.arguments or ("",))[-1]) != name:
        return False
    start, end, _ = line.bodies[0]
    return not line.source[start:end].lstrip("\t").startswith("#!")


def _name(path: str) -> str:
    return path.strip("\"'").rpartition("/")[2]
