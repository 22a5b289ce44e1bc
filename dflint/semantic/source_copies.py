"""What COPY and ADD take of the build context, as far as whole directories go."""

from __future__ import annotations

from dflint.semantic.expansion import expand_argument
from dflint.semantic.install_hints import ROOTS, is_directory, takes_directory
from dflint.semantic.state import join_workdir

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from dflint.cst.instructions import Add, Copy
    from dflint.semantic.model import SemanticModel

#: What stands for a working directory that only the base image knows.
UNKNOWN_DIRECTORY = "/\0"

_MANIFEST_DIRECTORIES = frozenset(("reqs", "deps", "dependencies", "wheelhouse", "wheels", "pip"))


class SourceCopy:
    """A COPY or ADD that takes sources of the build context.

    `at` is the index of the source among the arguments, `destination` the absolute directory
    that it is copied to; `is_root` tells that the source is the whole context.
    """

    __slots__ = ("at", "destination", "instruction", "is_root")

    def __init__(self, instruction: Copy | Add, at: int, destination: str, is_root: bool) -> None:
        self.instruction = instruction
        self.at = at
        self.destination = destination
        self.is_root = is_root

    @property
    def holds_manifests(self) -> bool:
        """Whether the source is by its name a directory of nothing but manifests or packages."""
        source = self.instruction.reading.arguments[self.at].rstrip("/").rpartition("/")[2].lower()
        return "require" in source or source in _MANIFEST_DIRECTORIES

    def context_path(self, path: str) -> str:
        """The name in the build context of a file below the destination."""
        inner = path.removeprefix(self.destination.rstrip("/") + "/")
        if self.is_root:
            return inner
        source = self.instruction.reading.arguments[self.at].strip("/").removeprefix("./")
        return f"{source}/{inner}"


class CopiedSources:
    """What the instructions of a stage have copied from the build context so far."""

    __slots__ = ("_directories", "_names", "_roots")

    def __init__(self) -> None:
        self._roots: dict[str, SourceCopy] = {}
        self._directories: dict[str, SourceCopy] = {}
        self._names: set[str] = set()

    @property
    def has_root(self) -> bool:
        """Whether the whole context was copied."""
        return bool(self._roots)

    def add(self, model: SemanticModel, instruction: Copy | Add) -> None:
        """Take what an instruction copies; the first one counts for a destination."""
        for copy in source_copies(model, instruction):
            known = self._roots if copy.is_root else self._directories
            known.setdefault(copy.destination, copy)
        for source in instruction.reading.arguments[:-1]:
            self._names.add(source.rpartition("/")[2].lower().strip("*"))

    def source_of(self, path: str, names: tuple[str, ...]) -> SourceCopy | None:
        """Find the copy that brings a file along with all sources.

        That is the whole context copied to a directory above it, or a directory copied to where
        the file is, unless a file of one of the names was copied by itself.
        """
        parent = directory = path.rpartition("/")[0]
        while directory:
            if directory in self._roots:
                return self._roots[directory]
            directory = directory.rpartition("/")[0]
        if "/" in self._roots:
            return self._roots["/"]
        copy = self._directories.get(parent)
        if copy is None or copy.holds_manifests or self.has_any(names):
            return None
        return copy

    def has_any(self, names: tuple[str, ...]) -> bool:
        """Whether a file of one of the names was copied by itself."""
        wanted = tuple(name.rpartition("/")[2].lower().strip("*") for name in names)
        return any(name.startswith(wanted) or name.endswith(wanted) for name in self._names)


def source_copies(model: SemanticModel, instruction: Copy | Add) -> Iterator[SourceCopy]:
    """Find the sources of an instruction that are directories of the context, or may well be."""
    if not takes_directory(instruction):
        return
    arguments = instruction.reading.arguments
    state = model.state_before(instruction)
    last = len(arguments) - 1
    target = expand_argument(model, instruction, last, state.env, record=False)
    destination = join_workdir(state.workdir or UNKNOWN_DIRECTORY, target, "linux")
    if destination is None or "$" in target:
        return
    for at, source in enumerate(arguments[:-1]):
        if is_directory(source):
            yield SourceCopy(instruction, at, destination, source in ROOTS)
