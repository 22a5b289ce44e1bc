"""Which configuration file holds for which checked file."""

from __future__ import annotations

import os

from dflint.config.schema import Config

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Container

    from dflint.lint.names import RuleNames

NAMES = ("dflint.toml", ".dflint.toml", "pyproject.toml")
"""The names of configuration files, in the order in which a folder is asked for them."""


class ConfigFinder:
    """Finds the configuration of each file: the nearest one above it wins, none is merged.

    A `pyproject.toml` counts only with a table `tool.dflint`. `file` is the one configuration file
    to use for everything; with `isolated` none is looked for. `known` gives the names that
    selectors are checked against and is only called when a configuration has some. `adjust` makes
    of each configuration what is used, which is how a command line overrides it.

    Answers are kept per folder. Raises ConfigError when a file that counts is wrong.
    """

    __slots__ = ("_adjust", "_default", "_file", "_folders", "_known")

    def __init__(
        self,
        known: Callable[[], RuleNames] | None = None,
        *,
        file: str | None = None,
        isolated: bool = False,
        adjust: Callable[[Config], Config] | None = None,
    ) -> None:
        self._known = known
        self._adjust = adjust
        self._folders: dict[str, Config] = {}
        self._file = file
        self._default: Config | None = self._adjusted(Config()) if isolated else None

    def for_file(self, path: str) -> Config:
        """The configuration that holds for the file at `path`, which need not exist."""
        folder = os.path.dirname(path)
        config = self._folders.get(folder)
        if config is None:
            config = self._folders[folder] = self.for_folder(os.path.realpath(folder))
        return config

    def for_folder(self, folder: str, names: Container[str] | None = None) -> Config:
        """The configuration that holds for the files right in `folder`, a real path.

        `names` are the names in the folder when they are known anyway.
        """
        if self._default is not None:
            return self._default
        if self._file is not None:
            self._default = self._load(self._file)
            return self._default
        below: list[str] = []
        at = folder
        config = self._folders.get(at)
        while config is None:
            below.append(at)
            config = self._config_in(at, names if at == folder else None)
            if config is None:
                parent = os.path.dirname(at)
                config = self._adjusted(Config()) if parent == at else self._folders.get(parent)
                at = parent
        for place in below:
            self._folders[place] = config
        return config

    def _config_in(self, folder: str, names: Container[str] | None) -> Config | None:
        """The configuration that the folder itself holds."""
        for name in NAMES:
            path = os.path.join(folder, name)
            there = os.access(path, os.F_OK) if names is None else name in names
            if there and os.path.isfile(path):
                if name == "pyproject.toml" and not _has_table(path):
                    continue
                return self._load(path)
        return None

    def _load(self, path: str) -> Config:
        from dflint.config.load import load_config

        return self._adjusted(load_config(path, self._known))

    def _adjusted(self, config: Config) -> Config:
        return config if self._adjust is None else self._adjust(config)


def _has_table(path: str) -> bool:
    """Whether a `pyproject.toml` has our table; one without our name is not even parsed."""
    from dflint.config.load import read_text, table_of

    text = read_text(path)
    return "dflint" in text and table_of(path, text) is not None
