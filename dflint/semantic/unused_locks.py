"""Installations of dependencies that do not keep to the lock file which the context has."""

from __future__ import annotations

from dflint.cst.instructions import Add, Copy
from dflint.semantic.context_sources import context_sources
from dflint.semantic.context_walk import takes
from dflint.semantic.earlier_text import earlier_instructions, is_mentioned_before

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from dflint.context.build_context import BuildContext
    from dflint.semantic.model import SemanticModel
    from dflint.semantic.programs import Program
    from dflint.semantic.stages import Stage
    from dflint.shell.invocation import Invocation


class Locking:
    """How a program keeps to its lock file.

    `verbs` install; `options` make them keep to the file, as does one of the `settings` in the
    text before. `advice` is what to write, empty for a program that reads the file by itself.
    `takes_names` tells that operands are packages to add, which no lock file has.
    """

    __slots__ = ("advice", "files", "manifest", "options", "settings", "takes_names", "verbs")

    def __init__(
        self,
        files: str,
        manifest: str,
        verbs: tuple[str, ...],
        options: str = "",
        settings: tuple[str, ...] = (),
        advice: str = "",
        takes_names: bool = False,
    ) -> None:
        self.files = files.split()
        self.manifest = manifest
        self.verbs = verbs
        self.options = tuple(options.split())
        self.settings = settings
        self.advice = advice
        self.takes_names = takes_names


_LOCKINGS = {
    "npm": Locking(
        "package-lock.json npm-shrinkwrap.json", "package.json", ("install", "i"),
        advice="npm ci", takes_names=True,
    ),
    "yarn": Locking(
        "yarn.lock", "package.json", ("install", ""),
        "--frozen-lockfile --immutable --pure-lockfile",
        ("YARN_ENABLE_IMMUTABLE_INSTALLS", "ENV CI", "immutable"),
        "yarn install --frozen-lockfile",
    ),
    "pnpm": Locking(
        "pnpm-lock.yaml", "package.json", ("install", "i"), "--frozen-lockfile --offline",
        ("ENV CI", "CI=", "frozen"), "pnpm install --frozen-lockfile", takes_names=True,
    ),
    "bun": Locking(
        "bun.lock bun.lockb", "package.json", ("install", "i"), "--frozen-lockfile",
        ("frozen",), "bun install --frozen-lockfile", takes_names=True,
    ),
    "uv": Locking(
        "uv.lock", "pyproject.toml", ("sync",), "--locked --frozen",
        ("UV_LOCKED", "UV_FROZEN"), "uv sync --locked",
    ),
    "poetry": Locking("poetry.lock", "pyproject.toml", ("install",)),
    "pipenv": Locking(
        "Pipfile.lock", "Pipfile", ("install",), "--deploy --ignore-pipfile",
        ("PIPENV_DEPLOY", "PIPENV_IGNORE_PIPFILE"), "pipenv install --deploy", takes_names=True,
    ),
    "bundle": Locking(
        "Gemfile.lock", "Gemfile", ("install", ""), "--frozen --deployment",
        ("BUNDLE_FROZEN", "BUNDLE_DEPLOYMENT", "frozen", "deployment"),
        "BUNDLE_FROZEN=true bundle install",
    ),
    "composer": Locking(
        "composer.lock", "composer.json", ("update", "u", "upgrade"), "--lock",
        advice="composer install", takes_names=True,
    ),
    "cargo": Locking(
        "Cargo.lock", "Cargo.toml", ("build", "run", "test", "fetch"), "--locked --frozen",
        ("CARGO_NET_OFFLINE",), "cargo build --locked",
    ),
    "go": Locking("go.sum", "go.mod", ("mod", "build")),
}  # fmt: skip


class UnusedLock:
    """A call, the lock file of the context, whether that was copied, and what to write then."""

    __slots__ = ("advice", "call", "is_copied", "path")

    def __init__(self, call: Invocation, path: str, is_copied: bool, advice: str) -> None:
        self.call = call
        self.path = path
        self.is_copied = is_copied
        self.advice = advice


def unused_locks(
    model: SemanticModel, programs: Iterable[Program], text: str, context: BuildContext
) -> Iterator[UnusedLock]:
    """List the installations that do not keep to a lock file which is in the context."""
    for program in programs:
        stage = model.stage_of(program.instruction)
        if stage is None or program.occurrence.is_trigger:
            continue
        for call in program.invocations_of(*_LOCKINGS):
            name = call.tool.name if call.tool is not None else ""
            locking = _LOCKINGS.get(name)
            if locking is not None and _installs(call, locking):
                found = _unused(model, stage, call, locking, text, context)
                if found is not None:
                    yield found


def _installs(call: Invocation, locking: Locking) -> bool:
    if call.verb not in locking.verbs or (locking.takes_names and call.operands):
        return False
    return call.option("-g", "--global", "--help", "--version", *locking.options) is None


def _unused(
    model: SemanticModel,
    stage: Stage,
    call: Invocation,
    locking: Locking,
    text: str,
    context: BuildContext,
) -> UnusedLock | None:
    sources = _sources(model, stage, call)
    if sources is None:
        return None
    folder = _folder(sources, locking.manifest, context)
    if folder is None:
        return None
    for name in locking.files:
        path = f"{folder}/{name}" if folder else name
        if not context.sends(path):
            continue
        if not takes(sources, path):
            if is_mentioned_before(stage, call.whole_span.end, text, (name,)):
                return None
            return UnusedLock(call, path, False, "")
        if not locking.advice or is_mentioned_before(
            stage, call.whole_span.start, text, locking.settings
        ):
            return None
        return UnusedLock(call, path, True, locking.advice)
    return None


def _sources(model: SemanticModel, stage: Stage, call: Invocation) -> list[str] | None:
    """What was copied of the context before a call; None where that is not all known."""
    sources: list[str] = []
    for instruction in earlier_instructions(stage, call.call_span.start):
        if isinstance(instruction, (Copy, Add)):
            if instruction.reading.flag("from") is not None:
                return None  # another stage may have brought it all
            known = [source for source, _ in context_sources(model, instruction)]
            if len(known) < len(instruction.reading.arguments) - 1:
                return None
            sources += known
    return sources


def _folder(sources: list[str], manifest: str, context: BuildContext) -> str | None:
    """The folder of the one manifest that was copied; None where there is none, or several."""
    from dflint.context.patterns import clean_path

    folders = {""}
    for source in sources:
        path = clean_path("/" + source)[1:]
        folders.add(path if context.kind(path) == "directory" else path.rpartition("/")[0])
    found = [
        folder
        for folder in folders
        if context.sends(f"{folder}/{manifest}" if folder else manifest)
        and takes(sources, f"{folder}/{manifest}" if folder else manifest)
    ]
    return found[0] if len(found) == 1 else None
