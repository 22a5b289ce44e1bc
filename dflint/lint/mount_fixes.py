"""Fixes that keep what package managers fetch in cache mounts."""

from __future__ import annotations

from dflint.cst.instructions import Cmd, Entrypoint
from dflint.lint.apt_mounts import DIRECTORY as APT
from dflint.lint.apt_mounts import HOOK, AptMounts
from dflint.lint.apt_mounts import MOUNT as APT_MOUNT
from dflint.lint.contract import Contract
from dflint.lint.edits import extent
from dflint.lint.fix import Applicability, Effect, Fix
from dflint.lint.rpm_mounts import rpm_mount
from dflint.semantic.filled_caches import (
    are_filled_by_install,
    are_without_net,
    is_filled_before,
    names_of_store,
)
from dflint.semantic.mounted_caches import (
    cache_of,
    is_in_mount,
    is_touched,
    line_of,
    mounted_caches,
)
from dflint.semantic.shipped_stages import shipped_stages
from dflint.semantic.taken_files import are_taken_elsewhere
from dflint.semantic.unseen_calls import are_named_later
from dflint.text.edit import Edit
from dflint.text.lazy_pattern import LazyPattern

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from dflint.cst.instructions import Instruction
    from dflint.lint.apt_mounts import AptMount
    from dflint.lint.document import Document
    from dflint.lint.rpm_mounts import RpmMount
    from dflint.semantic.mounted_caches import Keep, MountedCache
    from dflint.semantic.programs import Program
    from dflint.shell.invocation import Invocation

#: A frontend that does not know mounts.
_FRONTEND = LazyPattern(
    r"(?im)^#[ \t]*syntax[ \t]*=[ \t]*\S*docker/dockerfile:1\.[01](?:\.\d+)?\s*$"
)
#: What wants to find in an image, or in its stage, what was fetched before.
_WITHOUT_NET = LazyPattern(
    r"--(?:prefer-)?offline\b|--no-restore\b|--no-build\b|--frozen\b(?!-)|GOPROXY=off|GOFLAGS=\S*-mod=mod"
    r"|CARGO_NET_OFFLINE|--network=none|\bmvnw?\b[^;&|\n]*?[ \t]-\w*o\b|--build-cache\b"
)
#: What a container may begin with to build or test with its tools, or to let people do so.
_BEGINNING = LazyPattern(
    r"\b(?:ba|da|a|z)?sh\b|\b(?:go|cargo|mvnw?|gradlew?|make|air|reflex|just|task|mage|nodemon|gin"
    r"|realize|modd|CompileDaemon|fresh|watchexec|entr|run|test|watch|dotnet)\b"
)
#: What may call any of the tools.
_BUILDING = frozenset((
    "make", "cmake", "ninja", "mage", "task", "just", "bazel", "gotestsum", "golangci-lint", "tox",
    "goreleaser", "staticcheck", "dep", "glide", "wire", "mockgen", "buf", "xgo", "promu", "trunk",
    "wasm-pack", "maturin", "cross",
))  # fmt: skip


class Mounts:
    """The cache mounts that the RUNs of a document can have."""

    __slots__ = ("_apt", "_doc", "_fixes", "_lines", "_offline", "_runs", "_wanted")

    def __init__(self, doc: Document) -> None:
        self._doc = doc
        self._runs: dict[Instruction, list[Program]] = {}
        for program in doc.programs:
            self._runs.setdefault(program.instruction, []).append(program)
        self._apt = AptMounts(doc, list(self._runs.values()))
        self._wanted: dict[Instruction, list[MountedCache]] = {}
        self._lines: dict[int, frozenset[int]] = {}
        self._offline: dict[tuple[int, tuple[str, ...]], bool] = {}
        self._fixes: dict[Instruction, Fix | None] = {}

    def fix(self, run: Program) -> Fix | None:
        """Cache mounts for all that the tools of a RUN keep.

        Unsafe: it takes BuildKit, other builds see what this one left there, and nothing of it is
        in the image. What later RUNs want to find again gets the same mounts there. A proposal
        only where it is not certain that the tools keep things there, or that nobody else wants
        them.
        """
        instruction = run.instruction
        if instruction not in self._fixes:
            self._fixes[instruction] = self._made(run) if takes_mounts(self._doc) else None
        return self._fixes[instruction]

    def _made(self, run: Program) -> Fix | None:
        doc = self._doc
        caches = self._free(run)
        certain = [cache for cache in caches if cache.is_certain]
        stores = [cache for cache in certain if cache.keep.is_store]
        more = self._elsewhere(run, stores) if stores else []
        if stores and (more is None or self._is_wanted_later(run)):
            tools = {tool for cache in stores for tool in cache.keep.tools}
            certain = [cache for cache in certain if tools.isdisjoint(cache.keep.tools)]
            more = []
        packages = self._apt.of(run)
        if packages is not None and _is_taken(doc, run, APT):
            packages = None
        if packages is not None and packages.is_alone:
            if not certain:
                return _fix(run, caches, [], packages, Applicability.DISPLAY)
            packages = None
        rpm = rpm_mount(doc, self._runs[run.instruction])
        if rpm is not None and _is_taken(doc, run, rpm.path):
            rpm = None
        is_certain = bool(certain) or packages is not None or rpm is not None
        chosen = certain if is_certain else caches
        if not chosen and packages is None and rpm is None:
            return None
        level = Applicability.UNSAFE if is_certain else Applicability.DISPLAY
        made = _fix(run, chosen, more or [], packages, level, rpm)
        return self._with_others(made, packages.others) if packages is not None else made

    def _with_others(self, made: Fix, others: Sequence[Program]) -> Fix:
        """A fix with the mounts of other RUNs in it.

        A fix of another rule could keep such a RUN from its mount in this pass and for good.
        """
        edits, contract = list(made.edits), made.contract
        for other in others:
            fix = self.fix(other)
            at = other.occurrence.keyword.end
            if fix is not None and fix.applicability is Applicability.UNSAFE:
                edits += [edit for edit in fix.edits if edit.span.start == at]
                if contract is not None and fix.contract is not None:
                    contract |= fix.contract
        return Fix(
            made.title, edits, made.applicability, made.effect, made.scope, contract=contract
        )

    def _of(self, instruction: Instruction) -> list[MountedCache]:
        """The caches of a RUN that no mount of it has yet."""
        found = self._wanted.get(instruction)
        if found is None:
            programs = self._runs[instruction]
            caches = mounted_caches(programs, self._doc.model)
            found = [cache for cache in caches if not is_in_mount(programs[0], cache.path)]
            self._wanted[instruction] = found
        return found

    def _free(self, run: Program) -> list[MountedCache]:
        """Those that nobody else fills, takes or needs."""
        caches = self._of(run.instruction)
        if not caches:
            return []
        return [
            one
            for one in caches
            if not is_taken(self._doc, run, one) and not self._is_wanted_offline(run, one.keep)
        ]

    def _is_wanted_offline(self, run: Program, keep: Keep) -> bool:
        key = run.stage_number, keep.tools
        if key not in self._offline:
            self._offline[key] = are_without_net(keep, self._line_of(run))
        return self._offline[key]

    def _line_of(self, run: Program) -> Iterator[Program]:
        """The programs of all RUNs that leave something to one, or find what it leaves; its own."""
        number = run.stage_number
        line = self._lines.get(number)
        if line is None:
            line = self._lines[number] = line_of(number, self._doc.model)
        return (one for one in self._doc.programs if one.stage_number in line)

    def _others(self, run: Program) -> Iterator[Program]:
        """The programs of other RUNs that leave something to one, or find what it leaves."""
        for program in self._line_of(run):
            if program.instruction is not run.instruction:
                yield program

    def _elsewhere(self, run: Program, stores: list[MountedCache]) -> list[Edit] | None:
        """The mounts of other RUNs that want what this one fetched; None if one gets none."""
        edits: dict[Instruction, Edit] = {}
        tools = tuple({tool for cache in stores for tool in cache.keep.tools})
        for other in self._others(run):
            if other.instruction in edits or not other.runs_any(tools):
                continue
            caches = self._free(other)
            places = {cache.path for cache in caches if cache.is_certain}
            for cache in stores:
                is_used = any(map(cache.keep.is_used_by, other.invocations_of(*cache.keep.tools)))
                if is_used and cache.path not in places and not is_in_mount(other, cache.path):
                    return None
            if caches:
                end = other.occurrence.keyword.end
                edits[other.instruction] = Edit.insertion(end, _mounts(caches))
        return list(edits.values())

    def _is_wanted_later(self, run: Program) -> bool:
        """Whether what was fetched may be wanted without a mount: by a script, or at the start."""
        doc = self._doc
        if "mvn" in doc.text and are_filled_by_install(self._line_of(run)):
            return True
        if _WITHOUT_NET.get().search(doc.text) is not None:
            return True
        if doc.runs.have_hidden_script_after(run):
            return True
        for other in self._others(run):
            names = [one.program for one in other.script.commands]
            if not other.is_readable or not _BUILDING.isdisjoint(names):
                return True
        starts = _starts(doc, run)
        if not starts:
            return run.stage_number in shipped_stages(doc.model)
        return any(_BEGINNING.get().search(text) is not None for text in starts)


def add_mount(
    doc: Document, run: Program, call: Invocation, keep: Keep, is_certain: bool = True
) -> Fix | None:
    """The mount for one thing that a call keeps."""
    if not takes_mounts(doc):
        return None
    cache = cache_of(keep, run, call, doc.model)
    if cache is None or is_in_mount(run, cache.path) or is_taken(doc, run, cache):
        return None
    programs = [one for one in doc.programs if one.instruction is run.instruction]
    if is_touched(programs, cache.path) or are_without_net(keep, doc.programs):
        return None
    is_certain = is_certain and cache.is_certain
    level = Applicability.UNSAFE if is_certain else Applicability.DISPLAY
    return _fix(run, [cache], [], None, level)


def takes_mounts(doc: Document) -> bool:
    """Whether the builder knows mounts: not one of the first frontends, which a file may name."""
    return doc.settings.engine == "buildkit" and (
        "syntax" not in doc.text or _FRONTEND.get().search(doc.text) is None
    )


def is_taken(doc: Document, run: Program, cache: MountedCache) -> bool:
    """Whether another stage takes a cache, or an earlier step or a later RUN names it."""
    if cache.keep.is_leftover:
        texts = [one.instruction.line.text for one in doc.model.references]
        return (
            cache.path in "\n".join(texts)
            or _is_named_later(doc, run, cache.path)
            or is_filled_before(run, cache.path, doc.model)
        )
    more = names_of_store(cache.keep, cache.path) if cache.keep.is_store else ()
    return _is_taken(doc, run, cache.path, *more)


def _is_taken(doc: Document, run: Program, path: str, *more: str) -> bool:
    names = (path, path.replace("/root/", "~/", 1))
    return (
        are_taken_elsewhere(run, names, doc.model)
        or _is_named_later(doc, run, *names, *more)
        or is_filled_before(run, path, doc.model, is_store=bool(more))
    )


def _is_named_later(doc: Document, run: Program, *names: str) -> bool:
    return are_named_later(run, run.instruction.line.stop, names, doc.runs)


def _fix(
    run: Program,
    caches: list[MountedCache],
    edits: list[Edit],
    packages: AptMount | None,
    level: Applicability,
    rpm: RpmMount | None = None,
) -> Fix:
    paths = [cache.path for cache in caches]
    text = _mounts(caches)
    if packages is not None:
        paths.append(APT)
        text = APT_MOUNT + text
        edits = [*edits, *packages.edits]
    if rpm is not None:
        paths.append(rpm.path)
        text = f" --mount=type=cache,target={rpm.path},sharing=locked{text}"
        edits = [*edits, *rpm.edits]
    edits = [*edits, Edit.insertion(run.occurrence.keyword.end, text)]
    patterns = tuple(f"{path}/**" for path in paths)
    # The place of a mount stays as a directory.
    contract = Contract(gone=(*patterns, HOOK) if packages is not None else patterns, new=patterns)
    title = "keep what is fetched in a mount"
    return Fix(title, edits, level, Effect.FILES, extent(run.instruction), contract=contract)


def _mounts(caches: Iterable[MountedCache]) -> str:
    return "".join([f" --mount=type=cache,target={cache.path}" for cache in caches])


def _starts(doc: Document, run: Program) -> list[str]:
    """How containers begin of the images that a RUN has a part in."""
    found = []
    for stage in doc.model.stages:
        line = (stage, *stage.ancestors())
        if any(one.index == run.stage_number for one in line):
            for one in line:
                kinds = (Cmd, Entrypoint)
                found += [
                    it.line.text.partition(" ")[2] for it in one.instructions if type(it) in kinds
                ]
    return found
