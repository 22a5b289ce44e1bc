"""The rule `gpu-query`."""

from __future__ import annotations

import re

from dflint.cst.instructions import OnBuild, Run
from dflint.lint.rule import Category, Invalid, Meta, Rule, Severity, Valid
from dflint.shell.statements import Kind

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from dflint.lint.document import Document
    from dflint.lint.finding import Finding
    from dflint.shell.invocation import Invocation


_FAILING = re.compile(
    r"assert[ (]++torch\.cuda\.(?:is_available|device_count)|torch\.cuda\.(?:get_device_(?!count)|"
    r"current_device)"
)


class GpuQuery(Rule):
    """A `RUN` asks for a GPU, and a build has none.

    The driver and its tools are mounted into containers when they start; a build gets neither the
    device nor `nvidia-smi`. The call fails, and the build with it.

    Not reported where the script goes on without it (`|| true`, `if`), or asks whether it is
    there.

    Docker documentation, "GPU".
    """

    meta = Meta(
        "gpu-query",
        Category.CORRECTNESS,
        Severity.ERROR,
        since="0.1",
        aliases=("tally/gpu/no-buildtime-gpu-queries",),
    )
    on = (
        Run,
        OnBuild,
    )
    mentions = (
        "-smi",
        "nvidia-debugdump",
        "torch.cuda",
    )
    bad = "FROM nvidia/cuda:12.8.0-runtime-ubuntu24.04\nRUN nvidia-smi\n"
    good = 'FROM nvidia/cuda:12.8.0-runtime-ubuntu24.04\nCMD ["nvidia-smi"]\n'
    valid = (
        Valid("FROM a\nRUN python -c 'import torch; print(torch.cuda.is_available())'\n"),
        Valid("FROM a\nRUN nvidia-smi || true\n"),
        Valid("FROM a\nRUN if nvidia-smi; then b; fi; command -v nvidia-smi\n"),
        Valid("FROM a\nRUN --device=nvidia.com/gpu nvidia-smi\n"),
    )
    invalid = (
        Invalid(
            "FROM a\nRUN python3 -c 'import torch; assert torch.cuda.is_available()'\n",
            at="python3",
        ),
        Invalid("FROM a\nRUN nvidia-smi -L\n", at="nvidia-smi"),
        Invalid("FROM a\nRUN b && /usr/bin/nvidia-smi\n", at="/usr/bin/nvidia-smi"),
    )

    def check(self, doc: Document) -> Iterator[Finding]:
        """Report each."""
        for program in doc.programs:
            calls = program.invocations_of("nvidia-smi", "nvidia-debugdump", "rocm-smi")
            if "torch.cuda" in program.script.text:
                calls += [call for call in program.invocations_of("python") if _asks_torch(call)]
            for call in calls:
                command = call.command
                is_guarded = any(
                    one.kind in (Kind.IF, Kind.CONDITION, Kind.PIPELINE)
                    for one in command.ancestors
                )
                is_guarded |= command.operator_after == "||" or program.caller is not None
                if not is_guarded and program.occurrence.reading.flag("device") is None:
                    yield self.finding(
                        doc,
                        call.span,
                        "a build has no GPU, and this fails here; ask when the container starts",
                    )


def _asks_torch(call: Invocation) -> bool:
    """Whether a program of Python fails without a GPU: by an `assert`, or by what asks for one."""
    return any(_FAILING.search(argument.prefix) for argument in call.arguments)
