"""The rule `change-shell`."""

from __future__ import annotations

from functools import partial

from dflint.cst.instructions import OnBuild, Run
from dflint.lint.rule import Category, Invalid, Meta, Rule, Severity, Valid
from dflint.text.span import Span

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from dflint.lint.document import Document
    from dflint.lint.finding import Finding
    from dflint.lint.fix import Fix
    from dflint.semantic.programs import Program
    from dflint.shell.invocation import Argument, Invocation
    from dflint.shell.statements import Statement
    from dflint.text.edit import Edit


class ChangeShell(Rule):
    """`/bin/sh` is replaced by a link to another shell, where `SHELL` would do.

    What the link changes is the system: every script with `#!/bin/sh`, those of packages and
    those that run in the container among them, is read by another shell, until an upgrade of the
    package that `/bin/sh` belongs to puts its own back. And the next reader of the Dockerfile
    does not see which shell reads `RUN`. `SHELL ["/bin/bash", "-c"]` says it, for this image's
    instructions alone.

    All forms of `ln` are seen, also `-t /bin` and a relative name after `cd /bin`. A link to
    `busybox`, which makes a shell where there was none, is not reported, and neither is one that
    only points to `/bin/sh`.

    The fix writes `SHELL` for a `RUN` that does nothing else, or before or after one that does it
    first or last. It is unsafe: scripts are then read
    by the shell that they are written for, and what is started in the container finds it unchanged.

    Dockerfile reference, "SHELL".
    """

    meta = Meta(
        "change-shell",
        Category.CORRECTNESS,
        Severity.WARNING,
        since="0.1",
        aliases=(
            "DL4005",
            "Changing_Default_Shell_Using_SHELL_Command",
            "use-shell-instruction",
        ),
        fix="unsafe",
    )
    on = (Run, OnBuild)
    mentions = ("ln ", "ln\t", "ln\\", 'ln"')
    bad = (
        "FROM debian:12-slim\n"
        "RUN ln -sf /bin/bash /bin/sh\n"
        'RUN source /etc/os-release && echo "$ID" > /etc/distribution\n'
    )
    good = (
        "FROM debian:12-slim\n"
        'SHELL ["/bin/bash", "-c"]\n'
        'RUN source /etc/os-release && echo "$ID" > /etc/distribution\n'
    )
    valid = (
        Valid('FROM a\nSHELL ["/bin/bash", "-c"]\nRUN ln -s /bin/sh /opt/sh && ls -l /bin/sh\n'),
        Valid("FROM a\nRUN ln -sf /bin/busybox /bin/sh; ln -s /bin/bash /bin/sh.old\n"),
        Valid("FROM a\nWORKDIR /opt\nRUN ln -sf bash sh\n"),
    )
    invalid = (
        Invalid('FROM a\nSHELL ["/bin/sh", "-ec"]\nRUN ln -sf bash /bin/sh\nFROM a\n'
                'SHELL ["/bin/bash", "-o", "pipefail", "-c"]\nRUN ln -sf bash /bin/sh\n',
                at=("ln -sf bash /bin/sh",) * 2, unsafe=True,
                fixed='FROM a\nSHELL ["/bin/sh", "-ec"]\nSHELL ["/bin/bash", "-ec"]\nFROM a\n'
                'SHELL ["/bin/bash", "-o", "pipefail", "-c"]\nRUN ln -sf bash /bin/sh\n'),
        Invalid("FROM a\nRUN ln -sf /bin/bash /bin/sh\n", at="ln -sf /bin/bash /bin/sh",
                fixed='FROM a\nSHELL ["/bin/bash", "-c"]\n', unsafe=True),
        Invalid("FROM a\n# b\nrun rm -f /bin/sh && \\\n  # new\n  ln -s bash \\\n  /bin/sh\n",
                at="ln -s bash \\\n  /bin/sh", unsafe=True,
                fixed='FROM a\n# b\n# new\nshell ["/bin/bash", "-c"]\n'),
        Invalid("FROM a\nRUN --mount=type=cache,target=/x ln -sf bash /bin/sh\nRUN "
                "x; ln -sf bash /bin/sh\nRUN x && ln -sf bash /bin/sh && y\n",
                at=("ln -sf bash /bin/sh", "ln -sf bash /bin/sh", "ln -sf bash /bin/sh")),
        Invalid("FROM a\nRUN rm /bin/sh && ln -s bash /bin/sh && \\\n  x\n", unsafe=True,
                at="ln -s bash /bin/sh", fixed='FROM a\nSHELL ["/bin/bash", "-c"]\nRUN x\n'),
        Invalid("FROM a\nRUN x > y \\\n  && ln -sf bash /bin/sh\nRUN z", unsafe=True,
                at="ln -sf bash /bin/sh",
                fixed='FROM a\nRUN x > y\nSHELL ["/bin/bash", "-c"]\nRUN z'),
        Invalid("FROM a\nRUN x && \\\n  # c\n  ln -sf bash /bin/sh\n", at="ln -sf bash /bin/sh"),
        Invalid("FROM a\nONBUILD RUN sudo ln -sfT zsh /usr/bin/sh\n", at="ln -sfT zsh /usr/bin/sh"),
        Invalid("FROM a\nRUN cd /bin && ln -sf bash sh\n", at="ln -sf bash sh"),
    )  # fmt: skip

    def check(self, doc: Document) -> Iterator[Finding]:
        """The links that end at `/bin/sh`."""
        for program in doc.programs:
            for call in program.invocations_of("ln"):
                source = _new_shell(program, call)
                if source is None or "busybox" in source:
                    continue
                shell = source if source.startswith("/") else f"/bin/{source.rpartition('/')[2]}"
                yield self.finding(
                    doc,
                    call.whole_span,
                    "every script with `#!/bin/sh` in the image gets another shell by this; for "
                    f'RUN alone write `SHELL ["{shell}", "-c"]`',
                    fix=partial(_fix, doc, program, shell),
                )


def _fix(doc: Document, program: Program, shell: str) -> Fix | None:
    from dflint.cst.writing import json_array
    from dflint.lint.edits import has_suppression, replacement
    from dflint.lint.fixing import Applicability, Effect, Fix, may_set

    instruction = program.instruction
    # What SHELL says of `/bin/sh` holds for the other, too; another shell is no matter of links.
    words = program.words or ("/bin/sh", "-c")
    array = json_array((shell, *words[1:])) if words[0] in ("sh", *_SHELLS) else None
    if program.occurrence.is_trigger or program.parent is not None or array is None:
        return None
    if instruction.line.markers or has_suppression(doc, instruction):
        return None
    steps = program.script.steps
    mine = _steps_of_change(program, steps)
    keyword = "shell" if instruction.line.text.startswith("run") else "SHELL"
    edits: list[Edit] | None
    if len(mine) < len(steps):
        edits = _cut_out(program, steps, mine, f"{keyword} {array}")
    elif mine and not instruction.reading.flags:
        edits = [replacement(doc, instruction, f"{keyword} {array}")]
    else:
        edits = None
    if edits is None:
        return None
    scope, effect = doc.core(instruction), Effect.METADATA | Effect.FILES
    level, title = Applicability.UNSAFE, "choose the shell with SHELL"
    return Fix(title, edits, level, effect, scope, contract=may_set("shell"))


def _steps_of_change(program: Program, steps: tuple[Statement, ...]) -> list[int]:
    """The steps that put a link at `/bin/sh`, or make room for it; none without the one link."""
    found: list[int] = []
    links = 0
    for call in program.invocations:
        operands = call.operands
        if not operands:
            continue
        # Of a link by a relative name a `cd` is a part, which may be there for others.
        is_link = call.name == "ln" and (operands[-1].value or "").startswith("/")
        is_link = is_link and _new_shell(program, call) is not None
        count = {"rm": 1, "mv": 2}.get(call.name or "")
        is_removal = operands[0].value in _SHELLS and len(operands) == count
        if is_link or is_removal:
            links += is_link
            found += [at for at, step in enumerate(steps) if step is call.command]
    return found if links == 1 else []


def _cut_out(
    program: Program, steps: tuple[Statement, ...], mine: list[int], text: str
) -> list[Edit] | None:
    """The steps taken out of the beginning or the end of a list, with SHELL on that side of it."""
    from dflint.lint.edits import comments_in, insertion_above, insertion_below
    from dflint.text.edit import Edit

    if not mine or mine != list(range(mine[0], mine[-1] + 1)):
        return None
    instruction = program.instruction
    first, last = mine[0], mine[-1]
    if first == 0 and last + 1 < len(steps):
        joined, span = steps[: last + 2], Span(steps[0].span.start, steps[last + 1].span.start)
        edit = insertion_above(instruction, text)
    elif first > 0 and last + 1 == len(steps):
        joined, span = steps[first - 1 :], Span(steps[first - 1].span.end, steps[last].span.end)
        edit = insertion_below(instruction, text)
    else:
        return None
    is_plain = all(step.operator_after == "&&" for step in joined[:-1])
    if not is_plain or comments_in(instruction, span):
        return None
    return [edit, Edit(span, "")]


_SHELLS = ("/bin/sh", "/usr/bin/sh")


def _new_shell(program: Program, call: Invocation) -> str | None:
    """What `/bin/sh` is linked to; None when another link is made."""
    operands = call.operands
    directory = call.option("-t", "--target-directory")
    if directory is not None:
        sources, target = operands, directory.given
    else:
        sources, target = operands[:-1], operands[-1] if operands else None
    if not sources or target is None or target.value is None:
        return None
    path = _absolute(program, call, target)
    for source in sources:
        value = source.value or ""
        if path in _SHELLS and len(sources) == 1 and directory is None:
            return value or "bash"
        if f"{path}/{value.rpartition('/')[2]}" in _SHELLS and value not in _SHELLS:
            return value
    return None


def _absolute(program: Program, call: Invocation, target: Argument) -> str | None:
    """The path of an operand; None when only a run can tell the directory."""
    value = target.value or ""
    if value.startswith("/"):
        return value.rstrip("/")
    from dflint.semantic.state import join_workdir

    return join_workdir(program.directory_at(call.command), value, "linux")
