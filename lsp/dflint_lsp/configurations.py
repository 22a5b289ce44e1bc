"""Which configuration holds for which document: the nearest file, under the editor's settings."""

from __future__ import annotations

import os

from dflint.config.find import NAMES, ConfigFinder
from dflint.config.schema import Config
from dflint.errors import ConfigError
from dflint.format.editorconfig import NAME as EDITORCONFIG
from dflint.format.editorconfig import EditorConfigs
from dflint.format.options import FormatOptions, options_from

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from dflint.lint.names import RuleNames
    from dflint_lsp.documents import DocumentVersion
    from dflint_lsp.settings import Settings

WATCHED = (*NAMES, EDITORCONFIG, ".dockerignore", "*.dockerignore")
"""The names of the files on which findings and layout depend besides the document."""


class Configurations:
    """The configurations of documents, read anew when `forget` says that something changed.

    Where a configuration is wrong the defaults hold, and `problem` says what is wrong, once.
    """

    def __init__(self, names: Callable[[], RuleNames]) -> None:
        self._names = names
        self._settings: Settings | None = None
        self._finder = ConfigFinder(names)
        self._editor = EditorConfigs()
        self._fallback = Config()
        self._builds: dict[object, list[Config]] = {}
        self._told: set[str] = set()
        self._untold: list[str] = []

    def use(self, settings: Settings) -> None:
        """Put an editor's settings over all configurations."""
        self._settings = settings
        self.forget()

    def forget(self) -> None:
        """Read all files again when they are next asked for."""
        settings = self._settings
        path = None if settings is None else settings.text("configuration") or None
        self._finder = ConfigFinder(
            self._names,
            file=None if path is None else os.path.expanduser(path),
            adjust=self._adjusted,
        )
        self._editor = EditorConfigs()
        self._fallback = self._adjusted(Config())
        self._builds.clear()
        self._told.clear()

    def for_path(self, path: str) -> Config:
        """The configuration for the document at a path."""
        try:
            return self._finder.for_file(path)
        except ConfigError as error:
            self._tell(str(error))
            return self._fallback

    def for_builds(self, version: DocumentVersion) -> list[Config]:
        """The configurations for a Dockerfile: one, or one for each build of it that is known."""
        key = (version.path, version.builds)
        known = self._builds.get(key)
        if known is None:
            if len(self._builds) >= _MOST_BUILDS:
                self._builds.clear()
            known = self._builds[key] = version.configured(self.for_path(version.path))
        return known

    def format_options(self, path: str, client: Mapping[str, object]) -> FormatOptions:
        """How the document at a path is laid out; files win over what the client asks for."""
        settings = self.for_path(path).format
        return options_from(client, self._editor.settings_for(path), settings)

    def problems(self) -> list[str]:
        """What is wrong with configurations and was not told yet."""
        problems, self._untold = self._untold, []
        return problems

    def _tell(self, problem: str) -> None:
        if problem not in self._told:
            self._told.add(problem)
            self._untold.append(problem)

    def _adjusted(self, config: Config) -> Config:
        settings = self._settings
        if settings is None:
            return config
        lists = {name: self._selectors(settings, name) for name in _LISTS}
        return config.with_overrides(
            select=lists["select"] or None,
            extend_select=lists["extendSelect"],
            ignore=lists["ignore"],
            shellcheck=None if settings.flag("shellcheck.enable") else False,
            shellcheck_path=os.path.expanduser(settings.text("shellcheck.path")) or None,
        )

    def _selectors(self, settings: Settings, name: str) -> tuple[str, ...]:
        """The selectors of a setting that select something; the others are told of."""
        known: list[str] = []
        for selector in settings.texts(name):
            problem = self._names().problem(selector)
            if problem is None:
                known.append(selector)
            else:
                self._tell(f"dflint.{name}: {problem}")
        return tuple(known)


_LISTS = ("select", "extendSelect", "ignore")
#: So many builds are remembered with their configurations.
_MOST_BUILDS = 32
