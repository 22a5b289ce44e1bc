"""A file of one stage that builds made two: one that builds, and one with what runs."""

from __future__ import annotations

from dflint.cst.instructions import (
    Add,
    Arg,
    Cmd,
    Copy,
    Entrypoint,
    Env,
    Expose,
    From,
    HealthCheck,
    Label,
    Maintainer,
    Run,
    StopSignal,
    User,
    Volume,
    Workdir,
)
from dflint.lint.contract import SAME_IMAGE
from dflint.lint.edits import extent, has_suppression, is_unfinished, moved_below, newline_of
from dflint.lint.fix import Applicability, Effect, Fix
from dflint.lint.markup import MARKUP
from dflint.semantic.build_steps import brings_sources
from dflint.semantic.parted_build import PartedBuild, parted_build
from dflint.semantic.refusals import final_refusal
from dflint.semantic.started_files import names_file
from dflint.text.edit import Edit
from dflint.text.lazy_pattern import LazyPattern

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from dflint.cst.instructions import Instruction
    from dflint.lint.document import Document

#: What says how the image is run, and has no bearing on the build.
_RUNNING = (Cmd, Entrypoint, Expose, HealthCheck, Label, Maintainer, StopSignal, Volume)
_FIRST = frozenset((Add, Arg, Copy, Env, Run, Workdir, *_RUNNING))
_SECOND = frozenset((Add, Arg, Copy, Env, User, Workdir, *_RUNNING))
#: Variables that only builds have a use for.
_BUILD_ONLY = LazyPattern(
    r"(?:GO(?:PATH|ROOT|BIN|OS|ARCH|ARM|AMD64|PROXY|SUMDB|PRIVATE|FLAGS|111MODULE|CACHE|MODCACHE"
    r"|TOOLCHAIN|EXPERIMENT)|CGO_\w+|CARGO_\w+|RUST(?:FLAGS|UP_\w+)|DEBIAN_FRONTEND|MAVEN_\w+"
    r"|GRADLE_\w+|CC|CXX|C(?:XX|PP)?FLAGS|LDFLAGS|NUGET_\w+|DOTNET_CLI_\w+)"
)
#: Users that every system has.
_USER = LazyPattern(r"\d+(?::\d+)?|root|nobody")
_CERTIFICATES = "/etc/ssl/certs/ca-certificates.crt"


def propose_stages(doc: Document) -> Fix | None:
    """The proposal to build in a stage of its own; None where anything about it is doubtful."""
    model = doc.model
    if len(model.stages) != 1 or model.target or final_refusal(doc.problems, doc.text):
        return None
    if MARKUP.get().search(doc.text) is not None:
        return None
    stage = model.stages[0]
    runs = [one for one in stage.instructions if type(one) is Run]
    if not runs or is_unfinished(runs[-1]):
        return None
    at = stage.instructions.index(runs[-1]) + 1
    first, second = stage.instructions[1:at], stage.instructions[at:]
    if not {type(one) for one in first} <= _FIRST or not {type(one) for one in second} <= _SECOND:
        return None
    build = parted_build(doc.tree, model, doc.all_programs, runs)
    if build is None or not _are_fit(doc, build, first, second):
        return None
    carried = _carried(doc, first, second)
    return None if carried is None else _fix(doc, build, runs[-1], first, carried, second)


def _are_fit(
    doc: Document,
    build: PartedBuild,
    first: Sequence[Instruction],
    second: Sequence[Instruction],
) -> bool:
    """Whether copies bring sources before the build, files after it, and users are known."""
    model = doc.model
    for one in first:
        if isinstance(one, (Add, Copy)) and not brings_sources(model, one, build.results):
            return False
        if isinstance(one, HealthCheck) and not build.is_checked_by(one):
            return False
    for one in second:
        if isinstance(one, (Add, Copy)) and not _is_file_to_run(one, build):
            return False
        if isinstance(one, User) and not _is_known("".join(one.reading.arguments)):
            return False
        if isinstance(one, HealthCheck) and not build.is_checked_by(one):
            return False
    return True


def _is_known(user: str) -> bool:
    return _USER.get().fullmatch(user) is not None


def _is_file_to_run(copy: Instruction, build: PartedBuild) -> bool:
    """Whether a COPY behind the build takes files of the context to a place that stays the same."""
    reading = copy.reading
    if reading.flag("from") or len(reading.arguments) < 2:
        return False
    owner = reading.flag("chown")
    is_placed = reading.arguments[-1].startswith("/") or bool(build.directory)
    return is_placed and (not owner or _is_known(owner))


def _carried(
    doc: Document, first: Sequence[Instruction], second: Sequence[Instruction]
) -> list[Instruction] | None:
    """The ENVs that the second stage needs too; None where it lacks a variable or a file."""
    carried: list[Instruction] = [
        one for one in first if isinstance(one, Env) and not _is_for_build(one)
    ]
    if any(names_file(value) for one in carried for value in one.reading.arguments[1::3]):
        return None
    kept = [one for one in first if one in carried or isinstance(one, _RUNNING)]
    uses: dict[Instruction, set[str]] = {}
    for use in doc.model.uses:
        uses.setdefault(use.instruction, set()).add(use.name)
    known = {"PATH"}
    for one in (*kept, *second):
        if not known.issuperset(uses.get(one, ())):
            return None
        arguments = one.reading.arguments
        if isinstance(one, Env):
            known.update(arguments[::3])
        elif isinstance(one, Arg):
            known.update(argument.partition("=")[0] for argument in arguments)
    return carried


def _is_for_build(env: Instruction) -> bool:
    """Whether an ENV sets only what builds have a use for."""
    return all(map(_BUILD_ONLY.get().fullmatch, env.reading.arguments[::3]))


def _fix(
    doc: Document,
    build: PartedBuild,
    last: Instruction,
    first: Sequence[Instruction],
    carried: Sequence[Instruction],
    second: Sequence[Instruction],
) -> Fix | None:
    from_instruction = doc.model.stages[0].from_instruction
    newline = newline_of(from_instruction)
    is_lower = from_instruction.line.text[:4] == "from"
    words = from_instruction.reading.arguments
    name = words[2] if len(words) == 3 else "build"
    edits = []
    if len(words) == 1:
        end = doc.core(from_instruction).end
        edits.append(Edit.insertion(end, f" {'as' if is_lower else 'AS'} {name}"))
    lines = ["", _from(from_instruction, build.base)]
    if build.directory and not _is_replaced(second):
        lines.append(f"WORKDIR {build.directory}")
    if build.has_certificates:
        lines.append(f"COPY --from={name} {_CERTIFICATES} {_CERTIFICATES}")
    lines.append(f"COPY --from={name} {build.source} {build.target}")
    if is_lower:
        lines = [_lowered(line) for line in lines]
    text = newline.join((*lines, ""))
    for one in first:
        if one in carried:
            text += _whole(doc, one)
        elif isinstance(one, _RUNNING):
            moved = moved_below(doc, one, last)
            if moved is None:
                return None
            edits.append(moved[0])
            text += moved[1].text
    if has_suppression(doc, last) or any(has_suppression(doc, one) for one in carried):
        return None
    stop = last.line.stop
    is_ended = doc.text[stop - 1] == "\n"
    edits.append(Edit.insertion(stop, text if is_ended else newline + text))
    effect = Effect.FILES | Effect.METADATA
    title = "build in a stage of its own, and copy the result into a second"
    return Fix(title, edits, Applicability.DISPLAY, effect, contract=SAME_IMAGE)


def _from(instruction: From, base: str) -> str:
    """FROM with the same flags for another base."""
    return " ".join(("FROM", *instruction.reading.flags, base))


def _is_replaced(second: Sequence[Instruction]) -> bool:
    """Whether an absolute WORKDIR comes before anything that a directory matters to."""
    for one in second:
        if isinstance(one, Workdir):
            return one.reading.arguments[:1] != () and one.reading.arguments[0].startswith("/")
        if isinstance(one, (Add, Copy)) and not one.reading.arguments[-1].startswith("/"):
            return False
    return False


def _lowered(line: str) -> str:
    keyword, blank, rest = line.partition(" ")
    return keyword.lower() + blank + rest


def _whole(doc: Document, instruction: Instruction) -> str:
    """The lines of an instruction, the comments in them included."""
    text = extent(instruction).slice(doc.text)
    return text if text.endswith("\n") else text + newline_of(instruction)
