"""Fixes that make one RUN of some that follow one another."""

from __future__ import annotations

from itertools import pairwise

from dflint.lint.contract import SAME_IMAGE
from dflint.lint.edits import has_suppression
from dflint.lint.fix import Applicability, Effect, Fix
from dflint.lint.markup import MARKUP
from dflint.semantic.program_edits import join_behind
from dflint.semantic.refusals import final_refusal
from dflint.shell import composition
from dflint.shell.statements import Construct, Kind
from dflint.text.lazy_pattern import LazyPattern
from dflint.text.span import Span

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from dflint.lint.document import Document
    from dflint.semantic.programs import Program
    from dflint.text.edit import Edit

#: An instruction that somebody has made a comment.
_COMMENTED_OUT = LazyPattern(
    r"#[ \t]*(?:RUN|COPY|ADD|ENV|ARG|USER|WORKDIR|FROM|CMD|ENTRYPOINT|EXPOSE|VOLUME|LABEL)[ \t]+\S"
)


def join(
    doc: Document,
    programs: Sequence[Program],
    title: str,
    lists: bool = False,
    unsafe: bool = False,
) -> Fix | None:
    """The scripts of RUNs, each behind the one before it, with `&&`.

    Unsafe where one but the last may leave something running, which ends with its RUN, and where
    the caller says so. With `lists` each may be several commands that `&&` joins. None where one
    would find the shell, the container or root otherwise than it did, and where an instruction
    that is commented out stands between: amid a RUN it could not be taken in again.
    """
    if final_refusal(doc.problems, doc.text) is not None:  # what nobody builds has no layers
        return None
    edits: list[Edit] = []
    for first, second in pairwise(programs):
        edit = join_behind(first, second) if _suit(doc, first, second, lists) else None
        if edit is None:
            return None
        edits.append(edit)
    firsts = programs[:-1]
    scope = Span(programs[0].instruction.line.start, programs[-1].instruction.line.stop)
    if MARKUP.get().search(doc.text, scope.start, scope.end):
        return None
    is_safe = all(
        composition.leaves_shell(one.script) and composition.leaves_container(one.script)
        for one in firsts
    )
    level = Applicability.SAFE if is_safe and not unsafe else Applicability.UNSAFE
    return Fix(title, edits, level, Effect.LAYERS, scope, contract=SAME_IMAGE)


def _suit(doc: Document, first: Program, second: Program, lists: bool) -> bool:
    """Whether a script may be put behind another one."""
    leaves = composition.leaves_shell(first.script)
    return (
        (leaves or (lists and composition.list_leaves_shell(first.script)))
        and not second.occurrence.is_trigger
        and not first.occurrence.is_trigger
        and not composition.writes_passing_files(first.script)
        and not composition.replaces_shell(first.script)
        and not composition.changes_root(first.script)
        and composition.starts_plainly(first.words)
        and doc.model.environment(first.instruction).get("BASH_ENV") is None
        and not composition.asks_for_more(second.script)
        and not _has_choice(second)
        and not any(one.script.text.lstrip()[:2] == '["' for one in (first, second))  # no array
        and not _heeds_failures(first)
        and all(_may_be_shared(flag) for flag in first.occurrence.reading.flags)
        and not any(has_suppression(doc, one.instruction) for one in (first, second))
        and not _is_parted(second)
    )


def _is_parted(program: Program) -> bool:
    """Whether an instruction that is commented out stands above a RUN."""
    line = program.instruction.line
    above = line.source[line.above : line.start]
    return "#" in above and _COMMENTED_OUT.get().search(above) is not None


def _has_choice(program: Program) -> bool:
    """Whether a part of a script runs if what is put before it has failed: behind `||`."""
    statements = program.script.root.statements
    first = statements[0] if statements else None
    if not isinstance(first, Construct) or first.kind is not Kind.AND_OR:
        return False
    return any(first.operator(at) == "||" for at in range(len(first.statements) - 1))


def _heeds_failures(program: Program) -> bool:
    """Whether `set -e` ends a subshell or group of a script: not where `&&` stands behind it."""
    for command in program.script.commands:
        if "errexit" in program.options_at(command):
            for outer in command.ancestors:
                if outer.kind not in (Kind.SCRIPT, Kind.AND_OR, Kind.PIPELINE):
                    return True
    return False


def _may_be_shared(flag: str) -> bool:
    """Whether two RUNs with a flag are one RUN with it: a mount must not begin empty in each."""
    name, _, value = flag[2:].partition("=")
    if name != "mount":
        return True
    return any(f"type={kind}" in value.split(",") for kind in ("cache", "secret", "ssh"))
