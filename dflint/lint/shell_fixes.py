"""The SHELL that stands for a program with which several RUNs begin."""

from __future__ import annotations

import re

from dflint.cst.instructions import Cmd, Entrypoint, HealthCheck, OnBuild, Run, Shell
from dflint.cst.writing import json_array
from dflint.lint.contract import SAME_IMAGE, may_set
from dflint.lint.fix import Applicability, Effect, Fix
from dflint.lint.insertions import insertion_above_comments
from dflint.lint.markup import MARKUP
from dflint.lint.windows_steps import launch_of
from dflint.semantic.refusals import final_refusal
from dflint.text.edit import Edit
from dflint.text.lazy_pattern import LazyPattern
from dflint.text.span import Span

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from dflint.cst.instructions import Instruction
    from dflint.lint.document import Document
    from dflint.lint.windows_steps import PowerShellScript

#: What a shell reads, but for an array, and what shells and arrays may hide in.
_IN_SHELL = (Run, Cmd, Entrypoint)
_OTHERS = (HealthCheck, OnBuild, Shell)
#: Scripts that `cmd` and PowerShell read alike: no quotes in quotes, and nothing that `cmd`
#: expands or cuts at; within quotes it cuts nowhere.
_PLAIN = LazyPattern(r"(?![\[<-])[\w \t.,;:/\\=()@{}$!'+*?\[\]-]+", re.ASCII)
_QUOTED = LazyPattern(r"\"(?![ \t]*[\[<-])[\w \t.,;:/\\=()@{}$!'+*?\[\]|&<>-]+(?<!\\)\"", re.ASCII)
_WORDS = LazyPattern(r"[\w. \t-]+", re.ASCII)
#: Blanks, of which only one is left where a script is not one word.
_BLANKS = LazyPattern(r"[ \t]{2}")


def shell_for(doc: Document, scripts: Sequence[PowerShellScript], setting: str) -> Fix | None:
    """PowerShell in SHELL above the first of the RUNs of a stage that begin with it.

    Proposed. None where it does not begin all that a shell reads below, where they begin with
    other options, and where `cmd` reads a script otherwise.
    """
    runs = [script.instruction for script in scripts]
    if not _is_alone(doc, runs):
        return None
    edits: list[Edit] = []
    words: list[str] = []
    for run in runs:
        parted = _parted(doc, run)
        if parted is None:
            return None
        words = words or parted[0]
        if [one.lower() for one in words] != [one.lower() for one in parted[0]]:
            return None
        edits += parted[1]
    text = f"SHELL {json_array([*words, '-Command', setting])}"
    edits.insert(0, insertion_above_comments(runs[0], text))
    effect, contract = Effect.METADATA | Effect.FILES, SAME_IMAGE | may_set("shell")
    return Fix(f"write `{text}`", edits, Applicability.DISPLAY, effect, contract=contract)


def _is_alone(doc: Document, runs: Sequence[Instruction]) -> bool:
    """Whether no shell reads anything else from the first of some RUNs on."""
    stage = doc.model.stage_of(runs[0])
    if stage is None or final_refusal(doc.problems, doc.text) is not None:
        return False
    if MARKUP.get().search(doc.text) or any(stage in one.ancestors() for one in doc.model.stages):
        return False
    return all(
        one in runs or (isinstance(one, _IN_SHELL) and one.reading.is_json)
        for one in stage.instructions
        if isinstance(one, _IN_SHELL + _OTHERS) and one.line.start > runs[0].line.start
    )


def _parted(doc: Document, run: Instruction) -> tuple[list[str], list[Edit]] | None:
    """The program and its options but for `-Command`, and the edits that leave the script alone."""
    span, joined = doc.arguments(run), run.reading.arguments[0]
    source = span.slice(doc.text).rstrip()
    at, end = launch_of(source), launch_of(joined)
    if at is None or end is None or _WORDS.get().fullmatch(source, 0, at) is None:
        return None
    script = joined[end:].strip()
    quoted = _QUOTED.get().fullmatch(script) is not None
    if not quoted and _PLAIN.get().fullmatch(script) is None:
        return None
    if any(_BLANKS.get().search(text) for text in script.split("'")[1::2]):
        return None
    words = source[:at].split()
    if words[-1].lower() in ("-c", "-command"):
        words.pop()
    at += quoted
    at += len(source) - at - len(source[at:].lstrip(" \t"))
    edits = [Edit(Span(span.start, span.start + at), "")]
    if quoted:
        close = span.start + len(source)
        edits.append(Edit(Span(close - 1, close), ""))
    return words, edits
