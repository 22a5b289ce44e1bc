"""Which directories a RUN can have in cache mounts: where its package managers keep things.

Facts from their manuals. What is the installation itself (`node_modules`, the gems of an image) is
in no mount.
"""

from __future__ import annotations

from dflint.semantic.cache_removal import last_removal
from dflint.semantic.image_users import is_run_by_root
from dflint.semantic.known_images import OFFICIAL, repository_of
from dflint.semantic.mount_options import parse_mount
from dflint.semantic.path_patterns import covers
from dflint.semantic.tool_settings import source_of
from dflint.text.contains import contains_any
from dflint.text.lazy_pattern import LazyPattern

TYPE_CHECKING = False
if TYPE_CHECKING:
    from dflint.semantic.model import SemanticModel
    from dflint.semantic.programs import Program
    from dflint.shell.invocation import Invocation


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split(".") if part)


class Keep:
    """A directory that a tool keeps things in, for the next time.

    `places` say where it is, the first that holds: `NAME/rest` with a variable that is set, or a
    path, `~` for the home. `images` are images whose own settings place it elsewhere. `is_store`
    tells that the tool wants there what it fetched before: modules, a local repository. `off` are
    options and variables without which it is used, `elsewhere` options that name another
    directory. `since` is an image with the version since which its tools keep things there.
    `is_leftover` tells that it lies in something that people copy, and that nobody misses it there.
    """

    __slots__ = (
        "elsewhere", "images", "is_leftover", "is_store", "off", "places", "since", "tools",
        "verbs",
    )  # fmt: skip

    def __init__(
        self,
        tools: str,
        places: str,
        images: str = "",
        off: str = "",
        elsewhere: str = "",
        verbs: str = "",
        is_store: bool = False,
        since: str = "",
        is_leftover: bool = False,
    ) -> None:
        self.tools = tuple(tools.split(","))
        self.places = tuple(places.split())
        pairs = (pair.partition("=") for pair in images.split())
        self.images = {name: path for name, _, path in pairs}
        self.off = tuple(off.split())
        self.elsewhere = tuple(elsewhere.split())
        self.verbs = frozenset(verbs.split())
        self.is_store = is_store
        image, _, version = since.partition("=")
        self.since = (image, _numbers(version))
        self.is_leftover = is_leftover

    def is_used_by(self, call: Invocation) -> bool:
        """Whether a call of one of its tools may fetch, or want what was fetched."""
        verb = call.verb
        if self.verbs:
            return verb in self.verbs
        first = call.arguments[0].prefix if call.arguments else ""
        return verb not in _IDLE and first not in _IDLE


#: Verbs with which Go fetches or compiles.
_GO = "build run test install get list vet generate tool"
_CARGO = (
    "add b bench build c check chef clippy d doc fetch fix generate-lockfile install metadata"
    " package publish r run rustc t test tree update vendor"
)
#: The archives of gems, beside the gems themselves; only there if nothing says otherwise.
BUNDLE = Keep(
    "bundle", "-", "ruby=/usr/local/bundle/cache", verbs="install update", is_leftover=True,
    off="--path --deployment --standalone --system --local BUNDLE_PATH BUNDLE_DEPLOYMENT GEM_HOME",
)  # fmt: skip
#: The headers of Node, for what is compiled.
NODE_GYP = Keep(
    "npm,yarn,pnpm,node-gyp", "npm_config_devdir XDG_CACHE_HOME/node-gyp ~/.cache/node-gyp",
    since="node=12",
)  # fmt: skip
KEEPS = (
    Keep("pip", "PIP_CACHE_DIR XDG_CACHE_HOME/pip ~/.cache/pip",
         off="--no-cache-dir --no-cache --no-index --dry-run PIP_NO_CACHE_DIR",
         elsewhere="--cache-dir"),
    Keep("uv,uv pip", "UV_CACHE_DIR XDG_CACHE_HOME/uv ~/.cache/uv",
         off="--no-cache --no-cache-dir -n UV_NO_CACHE", elsewhere="--cache-dir"),
    Keep("npm", "NPM_CONFIG_CACHE npm_config_cache ~/.npm", off="npx", elsewhere="--cache"),
    Keep("yarn", "YARN_CACHE_FOLDER XDG_CACHE_HOME/yarn /usr/local/share/.cache/yarn",
         elsewhere="--cache-folder"),
    Keep("pnpm", "PNPM_HOME/store XDG_DATA_HOME/pnpm/store ~/.local/share/pnpm/store",
         off="-g --global", elsewhere="--store-dir"),
    Keep("bun", "BUN_INSTALL_CACHE_DIR BUN_INSTALL/install/cache ~/.bun/install/cache",
         off="--no-cache -g --global", elsewhere="--cache-dir"),
    Keep("go", "GOMODCACHE GOPATH/pkg/mod ~/go/pkg/mod", "golang=/go/pkg/mod",
         verbs=f"{_GO} mod", is_store=True, since="golang=1.11"),
    Keep("go", "GOCACHE XDG_CACHE_HOME/go-build ~/.cache/go-build", verbs=_GO, since="golang=1.10"),
    Keep("cargo", "CARGO_HOME/registry ~/.cargo/registry", "rust=/usr/local/cargo/registry",
         verbs=_CARGO, is_store=True),
    Keep("cargo", "CARGO_HOME/git/db ~/.cargo/git/db", "rust=/usr/local/cargo/git/db",
         verbs=_CARGO, is_store=True),
    Keep("composer", "COMPOSER_CACHE_DIR COMPOSER_HOME/cache ~/.composer/cache",
         "composer=/tmp/cache", off="--no-cache"),
    Keep("mvn", "~/.m2/repository", is_store=True),
    Keep("gradle", "GRADLE_USER_HOME/caches ~/.gradle/caches",
         "gradle=/home/gradle/.gradle/caches", elsewhere="-g --gradle-user-home", is_store=True),
    BUNDLE,
    Keep("dotnet", "NUGET_PACKAGES ~/.nuget/packages", elsewhere="--packages", is_store=True),
)  # fmt: skip
TOOLS = tuple(dict.fromkeys(tool for keep in KEEPS for tool in keep.tools))

#: What empties a cache, or says that another directory, or none, is wanted.
_EMPTYING = LazyPattern(
    r"\bcache[ \t]+(?:clean|clear|purge|prune|remove|rm)\b|clear-?cache\b|\bcomposer[ \t]+cc\b"
    r"|\bstore[ \t]+prune\b|\bgo[ \t]+clean\b|\bnuget[ \t]+locals\b|\bpm[ \t]+cache[ \t]+rm\b"
)
_VERSION = LazyPattern(r"\d++(?:\.\d++)*+")
_PLACING = LazyPattern(r"(?<![A-Z_])HOME=|XDG_\w++=|LINK_MODE=")
#: What has Bundler install elsewhere, or work with the archives later.
_BUNDLE = LazyPattern(
    r"\bbundler?[ \t]+config\b[^;&|\n]*?\b(?:path|deployment|system)\b|\bBUNDLE_(?:PATH|DEPLOYMENT)"
    r"|\bbundler?[ \t]+(?:cache|package|pack|pristine)\b|\bgem[ \t]+pristine\b|GEM_HOME"
)
#: A path that may stand in a mount, without anything that a builder or a table would read.
_PATH = LazyPattern(r"/[\w./@+-]++")
_OTHERS = ("/app", "/etc", "/home", "/opt", "/root", "/src", "/srv", "/tmp", "/usr", "/var")
#: A substitution that asks a tool where it keeps things.
_ASKING = LazyPattern(
    r"(?:\$\(|`)[^)`]*\b(?:npm|yarn|pnpm|bun|pip3?|uv|gem|bundle|go|composer|dotnet|mvn|gradle)\b"
)
# What works on the files that it is given, or on all below.
_TOUCHING = frozenset((
    "rm", "rmdir", "mv", "cp", "find", "chown", "chmod", "chgrp", "rsync", "tar", "ln", "trap",
    "du", "install", "setfacl",
))  # fmt: skip
#: Verbs of tools that fetch and keep nothing.
_IDLE = frozenset(
    ("version", "--version", "-v", "-V", "env", "config", "help", "fmt", "set", "cache")
)


class MountedCache:
    """A directory that a RUN can have in a mount.

    `is_certain` tells that its tool keeps things there for sure.
    """

    __slots__ = ("is_certain", "keep", "path")

    def __init__(self, keep: Keep, path: str, is_certain: bool) -> None:
        self.keep = keep
        self.path = path
        self.is_certain = is_certain


def mounted_caches(programs: list[Program], model: SemanticModel) -> list[MountedCache]:
    """The caches of the tools that a RUN calls, `programs` being all of it.

    None of a tool that is told to keep nothing, or whose cache the RUN removes or works with.
    """
    found: dict[str, MountedCache] = {}
    for keep in KEEPS:
        for program in programs:
            for call in program.invocations_of(*keep.tools):
                if not keep.is_used_by(call):
                    continue
                cache = cache_of(keep, program, call, model)
                if cache is not None and not is_touched(programs, cache.path):
                    found.setdefault(cache.path, cache)
    return list(found.values())


def cache_of(
    keep: Keep, program: Program, call: Invocation, model: SemanticModel
) -> MountedCache | None:
    """Where a call keeps things; None where it does not, or where that cannot be a mount."""
    options = [one for one in keep.off if one.startswith("-")]
    if call.option(*options, *keep.elsewhere) is not None or _is_kept_off(keep, program, call):
        return None
    is_root = is_run_by_root(program, model)
    if is_root is False or _changes_user(call):
        return None  # a mount is root's
    if keep.tools[0] == "uv" and _links_to_cache(program, call):
        return None
    if keep is BUNDLE and _BUNDLE.get().search(source_of(model.tree)) is not None:
        return None
    found = _place_of(keep, program, call)
    if found is None or not _is_path(found[0]):
        return None
    is_certain = bool(is_root) and found[1] and _is_classic(keep, program, call, model)
    return MountedCache(keep, found[0], is_certain)


def _links_to_cache(program: Program, call: Invocation) -> bool:
    """Whether uv installs links that lead into its cache."""
    option = call.option("--link-mode")
    value = program.variables.value("UV_LINK_MODE", call.command.start)
    return (value if option is None else option.value) == "symlink"


def _place_of(keep: Keep, program: Program, call: Invocation) -> tuple[str, bool] | None:
    """Where a call keeps things, and whether that is certain; None where that is not known."""
    start = call.command.start
    for place in keep.places[:-1]:
        name, slash, rest = place.partition("/")
        value = program.variables.value(name, start)
        if value is None and name in program.script.text:
            return None
        if value:
            return f"{value.rstrip('/')}{slash}{rest}", True
    repository = repository_of(program.base_image)
    name = repository.rpartition("/")[2]
    if name == keep.since[0] and version_of(program.base_image) < keep.since[1]:
        return None
    own = keep.images.get(name)
    if own is not None:
        return own, repository == name
    # Another image may have settings of its own.
    is_certain = not keep.images or (repository in OFFICIAL and "composer" not in keep.tools)
    home = program.variables.value("HOME", start) or "/root"
    return keep.places[-1].replace("~", home.rstrip("/")), is_certain


def version_of(image: str) -> tuple[int, ...]:
    """The version that a tag begins with; without one it is a late one."""
    found = _VERSION.get().match(image.rpartition(":")[2].removeprefix("centos"))
    return _numbers(found[0]) if found is not None else (99,)


def _is_classic(keep: Keep, program: Program, call: Invocation, model: SemanticModel) -> bool:
    """Whether Yarn is one that keeps things there: later ones do not."""
    if keep.tools != ("yarn",):
        return True
    from dflint.semantic.yarn_versions import is_classic_yarn

    return is_classic_yarn(model, program, call)


def _is_path(path: str) -> bool:
    """Whether a path can stand in a mount, and is nobody's but the cache's."""
    return _PATH.get().fullmatch(path) is not None and ".." not in path and path not in _OTHERS


def _is_kept_off(keep: Keep, program: Program, call: Invocation) -> bool:
    """Whether a variable says that nothing is to be kept, or the script does."""
    text = program.script.text
    for name in keep.off:
        if not name.startswith("-") and (
            name in text or program.variables.value(name, call.command.start)
        ):
            return True
    return _EMPTYING.get().search(text) is not None or _PLACING.get().search(text) is not None


def _changes_user(call: Invocation) -> bool:
    """Whether a command runs as another user, or with variables that only it has."""
    words = [word.value or "" for word in call.command.leading_words]
    return any(
        word in ("su", "gosu", "su-exec", "runuser", "-u") or "HOME" in word for word in words
    )


def is_touched(programs: list[Program], path: str) -> bool:
    """Whether the RUN does something with a directory, so that a mount there is in its way."""
    if last_removal(programs, (path,)) >= 0:
        return True
    for program in programs:
        for command in program.script.commands:
            if command.program not in _TOUCHING:
                continue
            for argument in program.expand(command.arguments):
                text = argument.value if argument.value is not None else argument.prefix
                if "HOME" in argument.word.text or (
                    argument.value is None and _may_be(argument.word.text, path, program)
                ):
                    return True
                if covers(text, path) or text.startswith(path):
                    return True
                if text.startswith("~") and covers(f"/root{text[1:]}", path):
                    return True
    return False


def _may_be(text: str, path: str, program: Program) -> bool:
    """Whether a word with an expansion may be a directory, which a tool or the RUN names."""
    if _ASKING.get().search(text) is not None or "CACHE" in text:
        return True
    if "GOPATH" in text and path.endswith("/pkg/mod"):
        return True
    return contains_any(program.script.text, (path, f"~/{path.removeprefix('/root/')}"))


def is_in_mount(program: Program, path: str) -> bool:
    """Whether a mount of a RUN is, or holds, or lies in a directory."""
    for text in program.occurrence.reading.flag_values("mount"):
        target = parse_mount(text).target
        if "$" in target or covers(target, path) or target.startswith(f"{path}/"):
            return True
    return False


def line_of(number: int, model: SemanticModel) -> frozenset[int]:
    """A stage, by its number, with those that it is built on and those that are built on it."""
    if number < 0:
        return frozenset()
    found = {number, *(one.index for one in model.stages[number].ancestors())}
    for stage in model.stages[number + 1 :]:
        if any(up.index == number for up in stage.ancestors()):
            found.add(stage.index)
    return frozenset(found)
