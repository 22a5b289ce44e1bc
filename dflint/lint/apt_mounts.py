"""A cache mount for the packages that apt-get fetches, and what keeps them there.

Official images of Debian and Ubuntu remove packages when they are installed, by a hook in
`docker-clean`. Lists are not in the mount: a RUN may need those of another one.
"""

from __future__ import annotations

from dflint.semantic.image_users import is_run_by_root
from dflint.semantic.mounted_caches import is_in_mount, is_touched, line_of
from dflint.semantic.shipped_stages import shipped_stages
from dflint.shell.statements import Construct, Kind
from dflint.text.edit import Edit
from dflint.text.lazy_pattern import LazyPattern

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from dflint.lint.document import Document
    from dflint.semantic.model import SemanticModel
    from dflint.semantic.programs import Program
    from dflint.shell.invocation import Invocation
    from dflint.shell.statements import Statement

DIRECTORY = "/var/cache/apt"
HOOK = "/etc/apt/apt.conf.d/docker-clean"
MOUNT = f" --mount=type=cache,target={DIRECTORY},sharing=locked"
_VERBS = frozenset((
    "update", "install", "upgrade", "build-dep", "dselect-upgrade", "full-upgrade", "download",
))  # fmt: skip
#: What has apt keep nothing, keep it elsewhere, or keep it for the image.
_OTHERWISE = LazyPattern(
    r"\b(?:apt|aptitude|apt-get)\b[^;&|\n]*?\b(?:auto|dist)?clean\b|Dir::|Keep-Downloaded"
    r"|download-only|--print-uris|\bdpkg\b[^;&|\n]*?/var/cache"
)


class AptMount:
    """The mount for the packages of a RUN.

    `edits` take away the hook, and give mounts to later RUNs that only update; none where another
    RUN does. `is_alone` tells that without the hook packages, or what apt makes of its lists, may
    stay in the image, from a RUN that has no mount; so may they from `others`, which are to get
    their mounts together with this one.
    """

    __slots__ = ("edits", "is_alone", "others")

    def __init__(self, edits: list[Edit], is_alone: bool, others: Sequence[Program] = ()) -> None:
        self.edits = edits
        self.is_alone = is_alone
        self.others = others


class AptMounts:
    """The mounts for packages that the RUNs of a document can have; `runs` are their programs."""

    __slots__ = ("_can_mount", "_doc", "_firsts", "_later", "_places", "_runs")

    def __init__(self, doc: Document, runs: Sequence[list[Program]]) -> None:
        self._doc = doc
        self._runs = [run for run in runs if any(map(_calls, run))]
        self._can_mount = [_can_mount(run, doc.model) for run in self._runs]
        self._places = {one[0].instruction: at for at, one in enumerate(self._runs)}
        #: By stage: the first RUN that takes away the hook, or can.
        self._firsts: dict[int, list[Program] | None] = {}
        self._later: dict[int, tuple[list[Edit], list[Program]] | None] = {}

    def of(self, run: Program) -> AptMount | None:
        """The mount that a RUN can have; None where it is of no use, or not certain."""
        own = self._places.get(run.instruction)
        if own is None or not self._can_mount[own]:
            return None
        number = run.stage_number
        if number not in self._firsts:
            self._firsts[number] = self._first(number)
        first = self._firsts[number]
        if first is None or first[0].instruction.line.start > run.instruction.line.start:
            return None
        if "docker-clean" in _text(first):
            return AptMount([], False)
        start = first[0].instruction.line.start
        if start not in self._later:
            self._later[start] = self._mounts_later(first[0])
        later, removal = self._later[start], _removal(first)
        if first[0].instruction is run.instruction and removal is not None:
            edits, others = later or ([], [])
            return AptMount([removal, *edits], later is None, others)
        return AptMount([], later is None)

    def _first(self, number: int) -> list[Program] | None:
        """The first RUN of a stage, or of what it is built on, without the hook behind it."""
        stage = self._doc.model.stages[number]
        line = (number, *(one.index for one in stage.ancestors()))
        for run, can_mount in zip(self._runs, self._can_mount, strict=True):
            if run[0].stage_number in line and (
                "docker-clean" in _text(run)
                or (can_mount and not _only_updates(run) and _removal(run) is not None)
            ):
                return run
        return None

    def _mounts_later(self, first: Program) -> tuple[list[Edit], list[Program]] | None:
        """The mounts of later RUNs that only update, and later RUNs that get more.

        None where one that calls apt gets none.
        """
        doc = self._doc
        if first.stage_number not in shipped_stages(doc.model):
            return [], []
        if doc.runs.have_hidden_script_after(first):
            return None
        line = line_of(first.stage_number, doc.model)
        edits: list[Edit] = []
        others: list[Program] = []
        for run, can_mount in zip(self._runs, self._can_mount, strict=True):
            other = run[0]
            is_later = other.instruction.line.start > first.instruction.line.start
            if not is_later or other.stage_number not in line or is_in_mount(other, DIRECTORY):
                continue
            if not can_mount and _OTHERWISE.get().search(_text(run)) is None:
                return None
            if can_mount and _only_updates(run):
                edits.append(Edit.insertion(other.occurrence.keyword.end, MOUNT))
            elif can_mount:
                others.append(other)
        return edits, others


def _text(parts: list[Program]) -> str:
    return parts[0].script.text


def _calls(program: Program) -> list[Invocation]:
    calls = program.invocations_of("apt-get", "apt", "aptitude")
    return [call for call in calls if call.action in _VERBS or call.verb in _VERBS]


def _only_updates(parts: list[Program]) -> bool:
    return all(call.action == "update" for program in parts for call in _calls(program))


def _can_mount(parts: list[Program], model: SemanticModel) -> bool:
    """Whether root calls apt-get there, and nothing is in the way of the mount.

    `apt` keeps no packages.
    """
    run = parts[0]
    calls = [call for program in parts for call in _calls(program)]
    if not any(call.name == "apt-get" for call in calls) or is_in_mount(run, DIRECTORY):
        return False
    if not is_run_by_root(run, model) or "sudo" in _text(parts):
        return False
    if any(call.option("-d", "--download-only") is not None for call in calls):
        return False
    return _OTHERWISE.get().search(_text(parts)) is None and not is_touched(parts, DIRECTORY)


def _removal(parts: list[Program]) -> Edit | None:
    """The removal of the hook, in front of the first statement of a RUN that calls apt."""
    run = parts[0]
    if run.is_exec_form or run.instruction.line.markers or not run.is_readable:
        return None
    calls = [call for program in parts for call in program.invocations_of("apt-get", "apt")]
    first = min(call.command.span.start for call in calls)
    for statement in run.script.root.statements:
        if not statement.span.start <= first < statement.span.end:
            continue
        inner: Statement = statement
        if isinstance(statement, Construct) and statement.kind is Kind.AND_OR:
            inner = next(one for one in statement.statements if first < one.span.end)
            if inner.index and statement.operator(inner.index - 1) != "&&":
                return None
        if statement.operator_after == "&":
            return None
        is_alone = inner is statement and statement.operator_after == ";"
        return Edit.insertion(inner.span.start, _before(run, inner, is_alone))
    return None


def _before(run: Program, statement: Statement, is_alone: bool) -> str:
    """The removal as it stands before a statement: on a line of its own where that has one."""
    line, start = run.instruction.line, statement.span.start
    begin = line.source.rfind("\n", 0, start) + 1
    indent = line.source[begin:start]
    newline = "\r\n" if line.source[begin - 2 : begin] == "\r\n" else "\n"
    command = f"rm -f {HOOK}"
    if begin > line.start and not indent.strip(" \t"):
        return f"{command}{';' if is_alone else ' &&'} {line.escape}{newline}{indent}"
    if begin > line.start and indent.strip(" \t") == "&&":
        return f"{command} {line.escape}{newline}{indent}"
    return f"{command} && "
