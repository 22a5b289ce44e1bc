"""The rule `change-shell`."""

from __future__ import annotations

from dflint.cst.instructions import OnBuild, Run
from dflint.lint.rule import Category, Invalid, Meta, Rule, Severity, Valid

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from dflint.lint.document import Document
    from dflint.lint.finding import Finding
    from dflint.semantic.programs import Program
    from dflint.shell.invocation import Argument, Invocation


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

    Dockerfile reference, "SHELL".
    """

    meta = Meta(
        "change-shell", Category.CORRECTNESS, Severity.WARNING, since="0.1", aliases=("DL4005",)
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
        Invalid("FROM a\nRUN ln -sf /bin/bash /bin/sh\n", at="ln -sf /bin/bash /bin/sh"),
        Invalid("FROM a\nRUN rm /bin/sh && \\\n  # new\n  ln -s bash \\\n  /bin/sh\n",
                at="ln -s bash \\\n  /bin/sh"),
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
                )


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
