"""What a stage builds that its container starts, and which image is enough to run it."""

from __future__ import annotations

from dflint.cst.instructions import Env, Workdir
from dflint.semantic.build_results import COMPILERS, is_build, results_of
from dflint.semantic.build_steps import only_builds
from dflint.semantic.installed_packages import installed_packages
from dflint.semantic.known_images import repository_of
from dflint.semantic.runtime_bases import runtime_base, tool_of
from dflint.semantic.settable import is_settable
from dflint.semantic.started_files import started_file, starts
from dflint.semantic.started_programs import started_programs
from dflint.semantic.state import join_workdir
from dflint.shell.tools import find_tool
from dflint.text.lazy_pattern import LazyPattern

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from dflint.cst.dockerfile import Dockerfile
    from dflint.cst.instructions import Instruction
    from dflint.semantic.build_results import Results
    from dflint.semantic.model import SemanticModel
    from dflint.semantic.programs import Program
    from dflint.semantic.started_files import Start

_PLAIN = LazyPattern(r"[\w./@+-]+")
_NAME = LazyPattern(r"[\w.-]+")
#: Where a shell looks for programs in every image, and where tools install theirs.
_ON_PATH = ("/usr/local/bin", "/usr/local/sbin", "/usr/bin", "/usr/sbin", "/bin", "/sbin")
_INSTALLED = {"go": "/go/bin", "cargo": "/usr/local/cargo/bin"}
_SYSTEM = frozenset(("ash", "bash", "cat", "echo", "env", "ls", "make", "perl", "rustc", "sh",
                     "sleep", "tail", "top", "true", "yes"))  # fmt: skip
#: Variables that let tools write elsewhere, or for another machine.
_ELSEWHERE = frozenset(("GOBIN", "GOOS", "GOARCH", "CARGO_TARGET_DIR", "CARGO_INSTALL_ROOT",
                        "CARGO_HOME", "CARGO_BUILD_TARGET", "PATH"))  # fmt: skip
#: For each tool its programs, and the packages that they come in.
_BY_PACKAGE = {
    "go": (("go",), ("go", "golang", "golang-go")),
    "cargo": (("cargo",), ("cargo", "rust")),
    "cc": (COMPILERS, ("build-base", "build-essential", "clang", "g++", "gcc", "gcc-c++")),
}
_RUNNERS = {"mvn": "java", "gradle": "java", "dotnet": "dotnet"}


class PartedBuild:
    """What goes from the stage that builds to the one that runs.

    `source` is copied to `target` in an image on `base`; `directory` is the WORKDIR at the end of
    the build, empty if none was set. `has_certificates` tells that there are some which the other
    image lacks.
    """

    __slots__ = (
        "_model",
        "_tree",
        "base",
        "directory",
        "has_certificates",
        "results",
        "source",
        "start",
        "target",
    )

    def __init__(
        self,
        tree: Dockerfile,
        model: SemanticModel,
        start: Start,
        base: str,
        directory: str,
        results: Results,
    ) -> None:
        self._tree = tree
        self._model = model
        self.start = start
        self.base = base
        self.directory = directory
        self.results = results
        self.has_certificates = False
        self.source = ""
        self.target = ""

    def is_checked_by(self, check: Instruction) -> bool:
        """Whether a HEALTHCHECK runs nothing but the program itself, or is none."""
        arguments = check.reading.arguments
        if arguments[:1] == ("NONE",):
            return True
        if check.reading.is_json:
            return arguments[1:2] == (self.start.path,)
        return any(
            one.instruction is check and starts(one, self.start)
            for one in started_programs(self._tree, lambda: self._model)
        )


def parted_build(
    tree: Dockerfile,
    model: SemanticModel,
    programs: Iterable[Program],
    runs: Sequence[Instruction],
) -> PartedBuild | None:
    """What a file with one stage builds in some RUNs and starts; None where it is not certain."""
    own = [one for one in programs if one.is_readable]
    if {one.instruction for one in own} != set(runs) or any(one.is_exec_form for one in own):
        return None
    stage = model.stages[0]
    written = stage.from_instruction.reading.arguments[0]
    tool = tool_of(written) or _installed_tool(own)
    results = results_of(own, tool) if tool else None
    start = started_file(tree, model)
    if results is None or results.last is None or start is None or results.count > 1:
        return None
    base = runtime_base(written) if tool_of(written) else _same_base(written, own)
    directory = _directory(model, runs[-1])
    if not base or directory is None or start.runner != _RUNNERS.get(tool, ""):
        return None
    found = PartedBuild(tree, model, start, base, directory, results)
    found.has_certificates = _brings_certificates(written, base, own)
    is_found = _find(found, model, tool, bool(tool_of(written)))
    return found if is_found and only_builds(own, results) else None


def _installed_tool(programs: Sequence[Program]) -> str:
    """The tool that the file installs and builds something with."""
    packages = {package.value for _, package in installed_packages(programs)}
    for tool, (names, holders) in _BY_PACKAGE.items():
        if packages.isdisjoint(holders):
            continue
        for program in programs:
            if any(is_build(call, tool) for call in program.invocations_of(*names)):
                return tool
    return ""


def _brings_certificates(written: str, base: str, programs: Sequence[Program]) -> bool:
    """Whether certificates are installed that the other image lacks; the images of SDKs have some.

    Where they are is known of Debian and Ubuntu; Alpine itself has some.
    """
    if written != base:
        return base.rpartition("/")[2].startswith("debian:")
    packages = {package.value for _, package in installed_packages(programs)}
    return "ca-certificates" in packages and repository_of(base) in ("debian", "ubuntu")


def _same_base(written: str, programs: Sequence[Program]) -> str:
    """The base itself, unless it lacks a library that programs in C++ need."""
    needs_more = any(one.invocations_of("g++", "c++", "clang++", "cargo") for one in programs)
    return "" if needs_more and repository_of(written) == "alpine" else written


def _directory(model: SemanticModel, last: Instruction) -> str | None:
    """The WORKDIR that holds at the last RUN; empty without one, None if it is not certain."""
    state = model.state_before(last)
    if state.os_family == "windows":
        return None
    if not state.workdir_set:
        return ""
    places = [one for one in model.stages[0].instructions if isinstance(one, Workdir)]
    if any(is_settable(model, one, "".join(one.reading.arguments)) for one in places):
        return None
    first = model.state_after(places[0]).workdir if places else None
    if first is None:
        return None
    is_plain = state.workdir is not None and _PLAIN.get().fullmatch(state.workdir) is not None
    return state.workdir if is_plain else None


def _find(found: PartedBuild, model: SemanticModel, tool: str, is_sdk: bool) -> bool:
    """Set what is copied; whether what is started was built."""
    start, results = found.start, found.results
    names = {
        name
        for one in model.stages[0].instructions
        if isinstance(one, Env)
        for name in one.reading.arguments[::3]
    }
    if names & _ELSEWHERE or "GOPATH" in names:
        return False
    path: str | None = start.path
    if "/" in start.path or start.runner:
        after = model.state_after(model.stages[0].instructions[-1])
        is_placed = start.path.startswith("/") or after.workdir_set
        path = join_workdir(after.workdir, start.path, "linux") if is_placed else None
        found.source = found.target = path or ""
    elif _NAME.get().fullmatch(start.path) is not None:
        found.source, found.target = _on_path(start.path, results, tool if is_sdk else "")
    if not found.source or _PLAIN.get().fullmatch(found.source) is None:
        return False
    if not results.has(found.source):
        return False
    if results.folder and start.runner == "dotnet":
        found.source = found.target = results.folder
    return True


def _on_path(name: str, results: Results, tool: str) -> tuple[str, str]:
    """Where a program without a directory is, and where it has to be in an image without tools."""
    for folder in _ON_PATH:
        path = f"{folder}/{name}"
        if results.has(path):
            return path, path
    folder = _INSTALLED.get(tool, "")
    if folder and name not in _SYSTEM and find_tool(name) is None:
        path = f"{folder}/{name}"
        if results.has(path):
            return path, f"/usr/local/bin/{name}"
    return "", ""
