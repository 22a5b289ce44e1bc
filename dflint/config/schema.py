"""What can be configured: a value with every setting, and the defaults."""

from __future__ import annotations

import os

from dflint.config.patterns import PatternList
from dflint.lint.finding import Severity

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from dflint.lint.options import OptionValue

    Selectors = tuple[str, ...]

ENGINES = ("buildkit", "classic", "buildah")
"""The builders that advice can be meant for."""

LABEL_TYPES = ("text", "url", "semver", "rfc3339", "spdx", "hash", "email")
"""The types that a label's value can be asked to have."""

EXCLUDED_FOLDERS = (".git", ".hg", ".svn", "node_modules", ".venv", ".tox", "__pycache__")
"""The folders that are not looked into, unless `exclude` says otherwise."""


class Config:
    """Every setting that holds for some files. A value: never changed once it is made.

    `path` is the file that it was read from, None without one. `select` None stands for the rules
    of the `preset` (`dflint.lint.presets`). `severity` gives the severity to report for a rule.
    `fail_on` is the least severity that makes a run fail, None if nothing does;
    `severity_threshold` the least that is reported, None for all. Later lists of `exclude` and
    `include` win over earlier ones.
    `shellcheck` tells whether ShellCheck is wanted, None for where it is there; `shellcheck_path`
    where the program is, None for beside the interpreter or on PATH. `rules` holds the options
    that are set, by rule. `context` is the folder of the build context, None where it is not told.
    Fixes are wanted of the rules that `fixable` selects, None for all, but those of `unfixable`;
    `unsafe_fixes` tells whether the unsafe ones are applied too.
    `format` holds what is set of the table of the formatter, by key. What one build of a file is
    given stands in `build_args` by name, `target` (a stage, empty for the last one) and `contexts`
    (names that stand for contexts).
    """

    __slots__ = (
        "build_args",
        "context",
        "contexts",
        "engine",
        "exclude",
        "extend_select",
        "fail_on",
        "fixable",
        "format",
        "ignore",
        "include",
        "label_schema",
        "path",
        "per_file_ignores",
        "preset",
        "rules",
        "select",
        "severity",
        "severity_threshold",
        "shellcheck",
        "shellcheck_path",
        "strict_labels",
        "target",
        "trusted_registries",
        "unfixable",
        "unsafe_fixes",
    )

    DEFAULT_ENGINE = "buildkit"
    DEFAULT_FAIL_ON = Severity.STYLE
    DEFAULT_EXCLUDE = (PatternList.of((name + "/" for name in EXCLUDED_FOLDERS), os.sep),)

    path: str | None
    select: Selectors | None
    extend_select: Selectors
    ignore: Selectors
    severity: Mapping[str, Severity]
    per_file_ignores: tuple[tuple[PatternList, Selectors], ...]
    exclude: tuple[PatternList, ...]
    include: tuple[PatternList, ...]
    fail_on: Severity | None
    severity_threshold: Severity | None
    engine: str
    trusted_registries: tuple[str, ...]
    label_schema: Mapping[str, str]
    strict_labels: bool
    shellcheck: bool | None
    shellcheck_path: str | None
    rules: Mapping[str, Mapping[str, OptionValue]]
    context: str | None
    format: Mapping[str, object]
    fixable: Selectors | None
    unfixable: Selectors
    unsafe_fixes: bool
    preset: str
    build_args: Mapping[str, str]
    target: str
    contexts: tuple[str, ...]

    def __init__(
        self,
        *,
        path: str | None = None,
        select: Selectors | None = None,
        extend_select: Selectors = (),
        ignore: Selectors = (),
        severity: Mapping[str, Severity] | None = None,
        per_file_ignores: tuple[tuple[PatternList, Selectors], ...] = (),
        exclude: tuple[PatternList, ...] = DEFAULT_EXCLUDE,
        include: tuple[PatternList, ...] = (),
        fail_on: Severity | None = DEFAULT_FAIL_ON,
        severity_threshold: Severity | None = None,
        engine: str = DEFAULT_ENGINE,
        trusted_registries: tuple[str, ...] = (),
        label_schema: Mapping[str, str] | None = None,
        strict_labels: bool = False,
        shellcheck: bool | None = None,
        shellcheck_path: str | None = None,
        rules: Mapping[str, Mapping[str, OptionValue]] | None = None,
        context: str | None = None,
        format: Mapping[str, object] | None = None,
        fixable: Selectors | None = None,
        unfixable: Selectors = (),
        unsafe_fixes: bool = False,
        preset: str = "default",
        build_args: Mapping[str, str] | None = None,
        target: str = "",
        contexts: tuple[str, ...] = (),
    ) -> None:
        self.path = path
        self.select = select
        self.extend_select = extend_select
        self.ignore = ignore
        self.severity = severity or {}
        self.per_file_ignores = per_file_ignores
        self.exclude = exclude
        self.include = include
        self.fail_on = fail_on
        self.severity_threshold = severity_threshold
        self.engine = engine
        self.trusted_registries = trusted_registries
        self.label_schema = label_schema or {}
        self.strict_labels = strict_labels
        self.shellcheck = shellcheck
        self.shellcheck_path = shellcheck_path
        self.rules = rules or {}
        self.context = context
        self.format = format or {}
        self.fixable = fixable
        self.unfixable = unfixable
        self.unsafe_fixes = unsafe_fixes
        self.preset = preset
        self.build_args = build_args or {}
        self.target = target
        self.contexts = contexts

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Config) and all(
            getattr(self, name) == getattr(other, name) for name in self.__slots__
        )

    __hash__ = None  # type: ignore[assignment]  # it holds mappings

    def __repr__(self) -> str:
        return f"Config({self.path!r})"

    def with_overrides(
        self,
        *,
        select: Selectors | None = None,
        extend_select: Selectors = (),
        ignore: Selectors = (),
        extend_exclude: tuple[PatternList, ...] = (),
        include: tuple[PatternList, ...] = (),
        fail_on: Severity | None = None,
        never_fail: bool = False,
        severity_threshold: Severity | None = None,
        engine: str | None = None,
        context: str | None = None,
        shellcheck: bool | None = None,
        shellcheck_path: str | None = None,
        fixable: Selectors | None = None,
        unfixable: Selectors = (),
        unsafe_fixes: bool = False,
        preset: str | None = None,
    ) -> Config:
        """This configuration under what a command line asks for.

        `select` starts anew: what the file selects and ignores is put aside, so that exactly
        those rules run; what it says of single files and of severities stays. A `preset` puts aside
        what the file selects, not what it adds and ignores. Everything else adds to the file's
        lists or replaces its value.
        """
        anew = select is not None
        return Config(
            path=self.path,
            select=select if anew or preset is not None else self.select,
            extend_select=extend_select if anew else self.extend_select + extend_select,
            ignore=ignore if anew else self.ignore + ignore,
            severity=self.severity,
            per_file_ignores=self.per_file_ignores,
            exclude=self.exclude + extend_exclude,
            include=self.include + include,
            fail_on=None if never_fail else fail_on or self.fail_on,
            severity_threshold=severity_threshold or self.severity_threshold,
            engine=engine or self.engine,
            trusted_registries=self.trusted_registries,
            label_schema=self.label_schema,
            strict_labels=self.strict_labels,
            shellcheck=self.shellcheck if shellcheck is None else shellcheck,
            shellcheck_path=shellcheck_path or self.shellcheck_path,
            rules=self.rules,
            context=context or self.context,
            format=self.format,
            fixable=self.fixable if fixable is None else fixable,
            unfixable=self.unfixable + unfixable,
            unsafe_fixes=self.unsafe_fixes or unsafe_fixes,
            preset=preset or self.preset,
            build_args=self.build_args,
            target=self.target,
            contexts=self.contexts,
        )

    def for_build(
        self,
        context: str | None,
        build_args: Mapping[str, str],
        target: str,
        contexts: tuple[str, ...],
    ) -> Config:
        """This configuration for one build of a file; `context` None leaves the context open."""
        config = self.with_overrides(context=context)
        config.build_args = build_args
        config.target = target
        config.contexts = contexts
        return config

    def ignored_for(self, path: str) -> Selectors:
        """The selectors that `per-file-ignores` gives for the file at `path`."""
        if not self.per_file_ignores:
            return ()
        folder, name = os.path.split(path)
        place = os.path.join(os.path.realpath(folder), name)
        found: list[str] = []
        for patterns, selectors in self.per_file_ignores:
            if patterns.covers(place):
                found += selectors
        return tuple(found)

    def excludes(self, path: str, *, folder: bool = False) -> bool:
        """Whether the entry at the absolute `path` is not to be looked at.

        The folders above it are taken to have been asked about before.
        """
        return _last_verdict(self.exclude, path, folder=folder)

    def includes(self, path: str) -> bool:
        """Whether the file at the absolute `path` is to be taken for a Dockerfile by its name."""
        return _last_verdict(self.include, path, folder=False)


def _last_verdict(lists: Iterable[PatternList], path: str, *, folder: bool) -> bool:
    """What the last list says that says anything."""
    for patterns in reversed(tuple(lists)):
        verdict = patterns.verdict(patterns.relative(path), folder=folder)
        if verdict is not None:
            return verdict
    return False
