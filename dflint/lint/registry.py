"""Which rules there are: the entry-point group `dflint.rules`, built-in rules included.

Distributions are found by reading `entry_points.txt` files; `importlib.metadata` takes longer
than checking a file does. A plug-in module gives its rules through `rules()`. It may also
have `index()`, rows from which a rule is known without being imported: see `dflint.lint.index`.
"""

from __future__ import annotations

import os
import sys

from dflint.errors import PluginError
from dflint.lint.finding import Severity

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from types import ModuleType

    from dflint.lint.options import OptionSpec
    from dflint.lint.rule import Rule

GROUP = "dflint.rules"
#: The version of the rule API; a plug-in module states the one it was written for.
API_VERSION = 1
#: More of an `entry_points.txt`, in bytes, is not read.
_LONGEST = 1 << 20


class RuleEntry:
    """A rule as it is known before it is imported.

    `keywords` are those of the instructions without one of which it has nothing to say, and
    `mentions` the texts; empty for a rule that is always asked. `occasion` is the name of a quick
    look (`dflint.lint.occasions`) and `needs` that of a setting, without which it has nothing to
    say either; empty without one. `has_options` tells whether it declares
    any. `fix` is the best that a fix of it can be, empty without one.
    """

    __slots__ = (
        "_load",
        "aliases",
        "category",
        "default",
        "distribution",
        "fix",
        "has_options",
        "keywords",
        "mentions",
        "name",
        "needs",
        "occasion",
        "severity",
        "summary",
    )

    def __init__(
        self,
        name: str,
        category: str,
        severity: int,
        default: bool,
        aliases: tuple[str, ...],
        keywords: tuple[str, ...],
        mentions: tuple[str, ...],
        occasion: str,
        needs: str,
        has_options: bool,
        fix: str,
        summary: str,
        distribution: str,
        load: Callable[[], type[Rule]],
    ) -> None:
        self.name = name
        self.category = category
        self.severity = Severity(severity)
        self.default = default
        self.aliases = aliases
        self.keywords = keywords
        self.mentions = mentions
        self.occasion = occasion
        self.needs = needs
        self.has_options = has_options
        self.fix = fix
        self.summary = summary
        self.distribution = distribution
        self._load = load

    def load(self) -> type[Rule]:
        """The rule's class; PluginError when its module does not import."""
        return self._load()

    @property
    def options(self) -> tuple[OptionSpec, ...]:
        """The options that the rule declares."""
        return self.load().meta.options if self.has_options else ()


def find_rules(plugins: Iterable[tuple[str, str]] | None = None) -> dict[str, RuleEntry]:
    """Every rule by name, from the `plugins`: those of `sys.path` if none are given.

    Raises PluginError, naming the distribution, for a plug-in that does not load, that was
    written for another API, or that takes the name of another rule.
    """
    entries: dict[str, RuleEntry] = {}
    if plugins is None:
        plugins = find_plugins(find_distributions(sys.path))
    for distribution, module in sorted(plugins):
        for entry in _entries(distribution, module):
            other = entries.get(entry.name)
            if other is not None:
                raise PluginError(
                    distribution,
                    f"its rule `{entry.name}` has the name of one of `{other.distribution}`",
                )
            entries[entry.name] = entry
    return entries


def find_distributions(path: Iterable[str]) -> list[str]:
    """The folders in which the distributions on `path` are described."""
    return [
        os.path.join(folder, name)
        for folder in path
        for name in _names_in(folder)
        if name.endswith((".dist-info", ".egg-info"))
    ]


def find_plugins(distributions: Iterable[str]) -> Iterator[tuple[str, str]]:
    """The distributions with an entry point of the group, and the modules named there."""
    seen = set()
    for place in distributions:
        distribution = os.path.basename(place).rpartition(".")[0].partition("-")[0]
        if distribution in seen:
            continue
        modules = _modules(os.path.join(place, "entry_points.txt"))
        if modules:
            seen.add(distribution)
            for module in modules:
                yield distribution, module


def _names_in(folder: str) -> list[str]:
    try:
        return os.listdir(folder or ".")
    except OSError:
        return []


def _modules(file: str) -> list[str]:
    try:
        descriptor = os.open(file, os.O_RDONLY)
    except OSError:
        return []
    try:
        data = os.read(descriptor, _LONGEST)
    finally:
        os.close(descriptor)
    if GROUP.encode() not in data:
        return []
    modules = []
    section = ""
    for line in data.decode("utf-8", "replace").splitlines():
        line = line.strip()
        if line.startswith("["):
            section = line.strip("[] ")
        elif section == GROUP and "=" in line:
            modules.append(line.partition("=")[2].partition(":")[0].strip())
    return modules


def _entries(distribution: str, module: str) -> Iterator[RuleEntry]:
    plugin = _import(distribution, module)
    version = getattr(plugin, "API_VERSION", None)
    if version != API_VERSION:
        raise PluginError(
            distribution, f"`{module}` is for rule API {version}, this dflint has {API_VERSION}"
        )
    rows = getattr(plugin, "index", None)
    if rows is not None:
        for row in rows():
            load = _loader(distribution, module, row[0])
            yield RuleEntry(*row, distribution, load)  # type: ignore[call-arg]  # twelve in a row
        return
    if not callable(getattr(plugin, "rules", None)):
        raise PluginError(distribution, f"`{module}` has no function `rules`")
    for rule in plugin.rules():
        entry = entry_of(rule, distribution)
        _check_occasion(entry)
        yield entry


def _check_occasion(entry: RuleEntry) -> None:
    from dflint.lint.occasions import is_known

    if entry.occasion and not is_known(entry.occasion):
        raise PluginError(entry.distribution, f"its rule `{entry.name}` has no known `occasion`")


def entry_of(rule: type[Rule], distribution: str) -> RuleEntry:
    """The entry of a rule that is imported already."""
    meta = rule.meta
    return RuleEntry(
        meta.name,
        meta.category.value,
        meta.severity,
        meta.default,
        meta.aliases,
        _keywords(rule),
        rule.mentions,
        rule.occasion,
        rule.needs,
        bool(meta.options),
        meta.fix,
        summary_of(rule),
        distribution,
        lambda: rule,
    )


def _keywords(rule: type[Rule]) -> tuple[str, ...]:
    from dflint.lint.problem_rule import ON_PROBLEM, ProblemRule

    if issubclass(rule, ProblemRule):
        return (ON_PROBLEM,)
    return tuple(sorted(kind.KEYWORD or kind.__name__ for kind in rule.on))


def summary_of(rule: type[Rule]) -> str:
    """The first line of a rule's docstring without its full stop."""
    return (rule.__doc__ or "").strip().partition("\n")[0].rstrip(".")


def _loader(distribution: str, module: str, name: str) -> Callable[[], type[Rule]]:
    def load() -> type[Rule]:
        found = _import(distribution, f"{module}.{name.replace('-', '_')}")
        rule: type[Rule] = getattr(found, name.title().replace("-", ""))
        return rule

    return load


def _import(distribution: str, module: str) -> ModuleType:
    try:
        # `importlib` takes a millisecond to import; this is what its `import_module` does.
        __import__(module)
        return sys.modules[module]
    except ImportError as error:
        raise PluginError(distribution, f"`{module}` does not import: {error}") from error
