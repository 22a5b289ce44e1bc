"""What is known of programs: their verbs, which options take a value, what they leave behind.

Facts from the programs' own manuals, kept as tables: `system_tools`, `language_tools` and
`common_tools`. A row becomes a `Tool` when somebody asks for its program. Its keys: `install`,
`update`, `upgrade`, `remove`, `clean` (the verbs that do so), `others` (verbs that do something
else), `valued` (options that take the next word as their value), `assume_yes`, `quiet`,
`no_cache` (options), `caches` (directories that it fills), `pin` (what stands between a package
and its version), `single_dashed` (long options begin with one dash).
"""

from __future__ import annotations

#: Programs that are called otherwise, or do what another one does.
ALIASES = {
    "tdnf": "dnf",
    "dnf5": "dnf",
    "dnf-3": "dnf",
    "yum-deprecated": "yum",
    "mamba": "conda",
    "micromamba": "conda",
    "pip-3": "pip",
    "bundler": "bundle",
    "composer.phar": "composer",
    "mvnw": "mvn",
    "gradlew": "gradle",
    "yarnpkg": "yarn",
    "nodejs": "node",
    "gtar": "tar",
    "bsdtar": "tar",
    "gunzip": "gzip",
}


class Tool:
    """A program and how it is called.

    `actions` tells for each verb what it does: `install`, `update` (of lists), `upgrade`,
    `remove`, `clean` or, for all other verbs, itself. `valued` are the options that take the next
    word as their value. `assume_yes`, `quiet` and `no_cache` are the options that answer all
    questions, say less, and keep no cache. `caches` are directories that it fills, absolute or
    below `~`. `pin` is what stands between a package and its version.
    """

    __slots__ = (
        "actions",
        "assume_yes",
        "caches",
        "has_verbs",
        "is_single_dashed",
        "name",
        "no_cache",
        "pin",
        "quiet",
        "valued",
        "verbs",
    )

    name: str
    verbs: dict[str, str]
    actions: frozenset[str]
    has_verbs: bool
    valued: frozenset[str]
    assume_yes: tuple[str, ...]
    quiet: tuple[str, ...]
    no_cache: tuple[str, ...]
    caches: tuple[str, ...]
    pin: str
    is_single_dashed: bool

    def __init__(self, name: str, row: dict[str, str]) -> None:
        get = row.get
        self.name = name
        self.verbs = {}
        for action in _ACTIONS:
            for verb in get(action, "").split():
                self.verbs[verb] = action
        for verb in get("others", "").split():
            self.verbs[verb] = verb
        self.has_verbs = bool(self.verbs)
        self.actions = frozenset(self.verbs.values())
        self.valued = frozenset(get("valued", "").split())
        self.assume_yes = tuple(get("assume_yes", "").split())
        self.quiet = tuple(get("quiet", "").split())
        self.no_cache = tuple(get("no_cache", "").split())
        self.caches = tuple(get("caches", "").split())
        self.pin = get("pin", "")
        self.is_single_dashed = "single_dashed" in row

    def __repr__(self) -> str:
        return f"Tool({self.name!r})"


_ACTIONS = ("install", "update", "upgrade", "remove", "clean")


def find_tool(program: str) -> Tool | None:
    """The tool that a program's name stands for: `pip` for `pip3.11`; None for an unknown one."""
    try:
        return _known[program]
    except KeyError:
        tool = _known[program] = _read(program)
        return tool


# What was looked up already; a table's row is read once.
_known: dict[str, Tool | None] = {}


def _read(program: str) -> Tool | None:
    name = ALIASES.get(program, program)
    row = _row(name)
    if row is None:
        base = name.rstrip("0123456789.")
        if base == name or base not in ("pip", "python", "pypy", "gem", "bundle"):
            return None
        name = base
        row = _row(name)
    if row is None:
        return None
    return Tool(name, row) if name == program else find_tool(name)


# The tables of tools, once they are imported.
_tables: list[dict[str, dict[str, str]]] = []


def _row(name: str) -> dict[str, str] | None:
    if not _tables:
        from dflint.shell.common_tools import COMMON
        from dflint.shell.language_tools import LANGUAGE
        from dflint.shell.system_tools import SYSTEM

        _tables.extend((SYSTEM, LANGUAGE, COMMON))
    for table in _tables:
        if name in table:
            return table[name]
    return None
