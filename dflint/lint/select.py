"""Which rules run on a file, and with which severity."""

from __future__ import annotations

from collections.abc import Mapping

from dflint.lint.finding import Severity

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from dflint.lint.names import RuleNames
    from dflint.lint.options import OptionSpec
    from dflint.lint.registry import RuleEntry

    Options = tuple[OptionSpec, ...]


class Selection:
    """What a configuration asks for, in its own words.

    `select` None stands for the rules of the `preset`; `ignore` wins over both selects.
    """

    __slots__ = ("extend_select", "ignore", "preset", "select", "severity")

    select: tuple[str, ...] | None
    extend_select: tuple[str, ...]
    ignore: tuple[str, ...]
    severity: Mapping[str, Severity]
    preset: str

    def __init__(
        self,
        select: tuple[str, ...] | None = None,
        extend_select: tuple[str, ...] = (),
        ignore: tuple[str, ...] = (),
        severity: Mapping[str, Severity] | None = None,
        preset: str = "default",
    ) -> None:
        self.select = select
        self.extend_select = extend_select
        self.ignore = ignore
        self.severity = severity or {}
        self.preset = preset


def select_rules(
    entries: Mapping[str, RuleEntry], selection: Selection
) -> list[tuple[RuleEntry, Severity]]:
    """The rules that run and the severity of each, by name.

    A rule that is given a severity without being on by default stays off until it is selected.
    """
    if selection.select is None and not selection.extend_select and not selection.ignore:
        chosen = _preset(entries, selection.preset)
    else:
        names = names_of(entries)
        if selection.select is None:
            chosen = _preset(entries, selection.preset)
        else:
            chosen = _expand(names, selection.select)
        chosen |= _expand(names, selection.extend_select)
        chosen -= _expand(names, selection.ignore)
    return [
        (entries[name], selection.severity.get(name, entries[name].severity))
        for name in sorted(chosen)
    ]


def _preset(entries: Mapping[str, RuleEntry], preset: str) -> set[str]:
    """The names of the rules that a preset takes."""
    if preset == "default":
        return {name for name, entry in entries.items() if entry.default}
    from dflint.lint.presets import takes

    return {name for name, entry in entries.items() if takes(preset, entry)}


def _expand(names: RuleNames, selectors: tuple[str, ...]) -> set[str]:
    return {name for selector in selectors for name in names.expand(selector)}


def names_of(entries: Mapping[str, RuleEntry]) -> RuleNames:
    """What selectors can name, for a set of rules."""
    aliases: dict[str, set[str]] = {}
    categories: dict[str, set[str]] = {}
    for name, entry in entries.items():
        categories.setdefault(entry.category, set()).add(name)
        for alias in entry.aliases:
            aliases.setdefault(alias, set()).add(name)
    from dflint.lint.names import RuleNames

    return RuleNames(
        frozenset(entries),
        {alias: frozenset(found) for alias, found in aliases.items()},
        {category: frozenset(found) for category, found in categories.items()},
        _Options({name: entry for name, entry in entries.items() if entry.has_options}),
    )


class _Options(Mapping[str, "Options"]):
    """The options of each rule that has some; a rule is imported when it is asked for its own."""

    __slots__ = ("_entries",)

    def __init__(self, entries: dict[str, RuleEntry]) -> None:
        self._entries = entries

    def __getitem__(self, name: str) -> Options:
        return self._entries[name].options

    def __iter__(self) -> Iterator[str]:
        return iter(self._entries)

    def __len__(self) -> int:
        return len(self._entries)
