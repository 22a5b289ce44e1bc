"""Packages that are installed in whatever version is the newest when the image is built."""

from __future__ import annotations

from dflint.cst.instructions import Add, Copy
from dflint.semantic.copied_packages import is_copied_package
from dflint.semantic.tool_settings import source_of
from dflint.shell.package_names import READERS, is_latest_go, is_remote_go, is_unpinned_module

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from dflint.cst.dockerfile import Dockerfile
    from dflint.semantic.model import SemanticModel
    from dflint.semantic.programs import Program
    from dflint.shell.invocation import Argument, Invocation

# Verbs that install by name from repositories.
_VERBS = {
    "apt-get": ("install",),
    "apt": ("install",),
    "aptitude": ("install",),
    "apk": ("add",),
    "yum": ("install",),
    "dnf": ("install", "in"),
    "microdnf": ("install",),
    "zypper": ("install", "in"),
    "pip": ("install",),
    "uv pip": ("install",),
    "pipx": ("install",),
    "npm": ("install", "i", "in", "ins", "inst", "insta", "instal", "add"),
    "gem": ("install", "i"),
}
# Options that tell the versions, or that something else than packages is named.
_DECIDED = {
    "zypper": ("-t", "--type"),
    "pip": ("-c", "--constraint", "--no-index"),
    "uv pip": ("-c", "--constraint", "--constraints", "--no-index"),
    "gem": ("-v", "--version", "-g", "--file", "-l", "--local"),
}
# What brings a go.mod, or packages for GOPATH.
_SOURCES = ("git clone", "go get", "go mod init", "git init", "svn ", "type=bind")


def unpinned_packages(
    programs: Iterable[Program], *tools: str
) -> Iterator[tuple[Invocation, Argument]]:
    """The operands of installations that name a package without a version, each word once.

    Nothing is said of what only a run can tell.
    """
    for program in programs:
        for call in program.invocations_of(*tools):
            seen: set[int] = set()
            for argument in _unpinned(call):
                if argument.word.start not in seen:
                    seen.add(argument.word.start)
                    yield call, argument


def _unpinned(call: Invocation) -> Iterator[Argument]:
    name = call.tool.name if call.tool is not None else ""
    reader = READERS[name]
    operands = call.operands
    if call.verb == "module" and operands and operands[0].value in ("install", "enable"):
        operands, reader = operands[1:], is_unpinned_module
    elif call.verb not in _VERBS[name] or call.option(*_DECIDED.get(name, ())) is not None:
        return
    if name == "gem":
        # What follows is for the build of extensions.
        ends = [one.word.start for one in call.arguments if one.value == "--"]
        operands = [one for one in operands if not ends or one.word.start < ends[0]]
    for operand in operands:
        if operand.value and reader(operand.value):
            yield operand


def unpinned_go_packages(
    programs: Iterable[Program], tree: Dockerfile, model: Callable[[], SemanticModel]
) -> Iterator[tuple[Invocation, Argument]]:
    """The packages that go fetches in their newest version, or without being told one.

    In a module `go install path` and `go run path` take the version of go.mod. They are named
    only where nothing brings one: no COPY, no clone, no `go get`, no mount.
    What COPY or ADD puts below GOPATH, `go get` without `-u` leaves as it is.
    """
    sources: int | None = None
    for program in programs:
        for call in program.invocations_of("go"):
            if call.verb not in ("install", "get", "run"):
                continue
            if sources is None:
                sources = _sources_from(tree)
            start = call.command.span.start
            has_mode = call.option("-mod") is not None
            operands = call.operands[:1] if call.verb == "run" else call.operands
            for operand in operands:
                text = operand.value or ""
                is_plain = is_remote_go(text) and "@" not in text and not has_mode
                if is_plain and call.verb == "get" and start > sources:
                    is_plain = call.option("-u") is not None or not is_copied_package(
                        model(), text, start
                    )
                elif is_plain and call.verb != "get":
                    is_plain = start <= sources
                if is_plain or is_latest_go(text):
                    yield call, operand


def _sources_from(tree: Dockerfile) -> int:
    """The offset from which on there may be a go.mod, or packages for GOPATH."""
    text = source_of(tree)
    offsets = [at for at in map(text.find, _SOURCES) if at >= 0]
    offsets += [
        instruction.line.start
        for instruction in tree.instructions
        if isinstance(instruction, (Copy, Add))
    ]
    return min(offsets, default=len(text))
