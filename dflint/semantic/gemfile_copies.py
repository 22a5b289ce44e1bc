"""Copies of a Gemfile for `bundle install`, which a copy of all sources below writes over."""

from __future__ import annotations

from dflint.cst.instructions import Add, Copy, Run
from dflint.semantic.expansion import expand_argument
from dflint.semantic.run_scripts import run_script
from dflint.semantic.source_copies import source_copies
from dflint.semantic.stage_shell import stage_shells
from dflint.semantic.state import join_workdir
from dflint.shell.packages import SYSTEM_MANAGERS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from dflint.cst.instructions import Instruction
    from dflint.semantic.model import SemanticModel
    from dflint.semantic.programs import Program

#: The files that Bundler reads, by their names in COPY.
_FILES = {
    "Gemfile": ("Gemfile",),
    "Gemfile.lock": ("Gemfile.lock",),
    "Gemfile*": ("Gemfile", "Gemfile.lock"),
    "Gemfile.*": ("Gemfile.lock",),
    "Gemfile.lock*": ("Gemfile.lock",),
    ".ruby-version": (".ruby-version",),
    ".tool-versions": (".tool-versions",),
}
#: Flags of COPY that decide nothing but to whom the files belong, and in which layer they are.
_PLAIN_FLAGS = ("--chown=", "--chmod=", "--link")
#: Programs that have no use for a Gemfile, and leave it alone.
_STRANGERS = frozenset((
    "npm", "yarn", "pnpm", "corepack", "gem", "mkdir", "groupadd", "useradd", "addgroup", "adduser",
    "echo", "set", "export", "curl", "wget", "pip", "pip3",
))  # fmt: skip


class GemfileCopies:
    """The instructions that copy a Gemfile and its lock for the RUN below, and for nothing else.

    `sources` tell for each name, in the order of the copies, the file in the build context;
    `is_exact` that none of them is guessed from a wildcard. `below` is the copy that writes over
    them.
    """

    __slots__ = ("below", "copies", "is_exact", "sources")

    def __init__(
        self,
        copies: tuple[Instruction, ...],
        sources: dict[str, str],
        is_exact: bool,
        below: Instruction,
    ) -> None:
        self.copies = copies
        self.sources = sources
        self.is_exact = is_exact
        self.below = below


def gemfile_copies(model: SemanticModel, program: Program, directory: str) -> GemfileCopies | None:
    """Those of the directory that a RUN installs in, right above it but for settings.

    None where nothing below copies the same files to the same place before anybody else may want
    them, and where the directory may come of the copies.
    """
    stage = model.stage_of(program.instruction)
    if stage is None:
        return None
    at = stage.instructions.index(program.instruction)
    copies: list[Instruction] = []
    sources: dict[str, str] = {}
    is_exact = True
    for one in reversed(stage.instructions[:at]):
        if isinstance(one, Run) and not _is_strange(model, one):
            break
        if not isinstance(one, (Copy, Add)):
            continue
        found = _sources(model, one, directory)
        if found:
            copies.insert(0, one)
            sources = {**dict(found), **sources}
            is_exact = is_exact and "*" not in one.line.text
        elif found is None:
            break
    if "Gemfile" not in sources:
        return None
    below = _written_over(model, stage.instructions[at + 1 :], directory, sources)
    return None if below is None else GemfileCopies(tuple(copies), sources, is_exact, below)


def _sources(
    model: SemanticModel, copy: Copy | Add, directory: str
) -> list[tuple[str, str]] | None:
    """The files of a Gemfile that a copy brings to a directory, each with its source.

    Empty where it brings other files alone; None where it brings both, or nobody knows.
    """
    reading = copy.reading
    words = reading.arguments
    if len(words) < 2 or copy.line.markers or reading.flag("from") is not None:
        return None
    names = [word.rpartition("/")[2] for word in words[:-1]]
    if not any(name.startswith("Gemfile") or "*" in name for name in names):
        above = directory.rstrip("/") + "/"
        brought = (one.destination.rstrip("/") + "/" for one in source_copies(model, copy))
        return None if any(map(above.startswith, brought)) else []
    if not all(flag.startswith(_PLAIN_FLAGS) for flag in reading.flags):
        return None
    state = model.state_before(copy)
    target = expand_argument(model, copy, len(words) - 1, state.env, record=False)
    path = join_workdir(state.workdir, target, "linux")
    if path is None or "$" in target:
        return None
    if len(names) == 1 and path == f"{directory.rstrip('/')}/{names[0]}":
        path = directory
    if path != directory:
        return None
    found: list[tuple[str, str]] = []
    for name, word in zip(names, words, strict=False):
        folder = word.removesuffix(name).lstrip("/").removeprefix("./")
        files = _FILES.get(name)
        if files is None or "$" in word or ".." in folder or "*" in folder or ":" in folder:
            return None
        found += [(file, folder + file) for file in files]
    return found


def _written_over(
    model: SemanticModel,
    steps: tuple[Instruction, ...],
    directory: str,
    sources: dict[str, str],
) -> Instruction | None:
    """The copy that brings the same files once more, before a RUN that may want them."""
    for step in steps:
        if isinstance(step, Run) and not _is_strange(model, step):
            break
        if not isinstance(step, (Copy, Add)) or step.reading.flag("exclude") is not None:
            continue
        for copy in source_copies(model, step):
            paths = {f"{directory.rstrip('/')}/{name}": source for name, source in sources.items()}
            inside = copy.destination.rstrip("/") + "/"
            if all(
                path.startswith(inside) and copy.context_path(path) == source
                for path, source in paths.items()
            ):
                return step
    return None


def _is_strange(model: SemanticModel, run: Run) -> bool:
    """Whether no command of a RUN has a use for a Gemfile."""
    script = run_script(run, stage_shells(model.tree)[run])
    if script is None or "Gemfile" in run.line.text:
        return False
    return all(
        command.program in _STRANGERS or command.program in SYSTEM_MANAGERS
        for command in script.commands
    )
