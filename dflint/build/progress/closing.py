"""What is printed after the last step: warnings, and why the build failed."""

from __future__ import annotations

from dflint.build.progress.events import BuildFailure
from dflint.build.progress.steps import Step, Steps
from dflint.build.progress.words import (
    clock_time,
    failure_line,
    overwritten,
    plain_text,
    source_block,
)
from dflint.errors import BuildError

_RULE = "------"


def warning_lines(steps: Steps) -> list[str]:
    """The warnings of all steps, after one line that counts them."""
    texts = [plain_text(warning.short) for step in steps for warning in step.warnings]
    if not texts:
        return []
    noun = "warning" if len(texts) == 1 else "warnings"
    return ["", f" {len(texts)} {noun} found:", *(f" - {text}" for text in texts)]


def failure_lines(failure: BuildError, steps: Steps, log_lines: int) -> list[str]:
    """Why a build failed: the end of the step's output, its lines in the Dockerfile, the error."""
    lines: list[str] = []
    if isinstance(failure, BuildFailure):
        step = steps.find(failure.vertex)
        if step is not None and step.lines:
            lines += _log_block(step, log_lines)
        if failure.source is not None:
            lines += source_block(failure.source)
    return [*lines, failure_line(str(failure))]


def _log_block(step: Step, count: int) -> list[str]:
    lines = [_RULE, f" > {plain_text(step.vertex.name)}:"]
    for second, text in list(step.lines)[-count:]:
        lines.append(f"{clock_time(second)} {overwritten(text)}")
    return [*lines, _RULE]
