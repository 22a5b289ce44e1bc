"""What the options of `dflint check` change of the configuration; imported where one is given."""

from __future__ import annotations

import os

from dflint.errors import UsageError
from dflint.lint.finding import Severity

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from dflint.cli.options import Arguments
    from dflint.config.schema import Config
    from dflint.lint.names import RuleNames


def override(config: Config, arguments: Arguments) -> Config:
    """A file's configuration under what the command line asks for."""
    wanted, unwanted = arguments.flag("shellcheck"), arguments.flag("no_shellcheck")
    if wanted and unwanted:
        raise UsageError("`--shellcheck` and `--no-shellcheck`: expected one of them")
    if arguments.text("preset") and arguments.many("select") is not None:
        raise UsageError("`--preset` and `--select`: expected one of them")
    threshold = arguments.text("severity_threshold")
    fail_on = arguments.text("fail_on")
    return config.with_overrides(
        select=arguments.many("select"),
        extend_select=arguments.many("extend_select") or (),
        ignore=arguments.many("ignore") or (),
        severity_threshold=Severity[threshold.upper()] if threshold else None,
        fail_on=Severity[fail_on.upper()] if fail_on and fail_on != "never" else None,
        never_fail=fail_on == "never",
        engine=arguments.text("engine"),
        context=arguments.text("context"),
        shellcheck=wanted if wanted or unwanted else None,
        fixable=arguments.many("fixable"),
        unfixable=arguments.many("unfixable") or (),
        unsafe_fixes=arguments.text("unsafe_fixes") is not None,
        preset=arguments.text("preset"),
    )


def check_options(arguments: Arguments, names: Callable[[], RuleNames]) -> None:
    """Raise UsageError for selectors that select nothing, a context that is none, and the like."""
    for key in ("select", "extend_select", "ignore", "fixable", "unfixable"):
        for selector in arguments.many(key) or ():
            problem = names().problem(selector)
            if problem is not None:
                raise UsageError(f"--{key.replace('_', '-')}: {problem}")
    folder = arguments.text("context")
    if folder is not None and not os.path.isdir(folder):
        raise UsageError(f"--context: `{folder}` is no folder")
    if proves(arguments):
        if arguments.flag("verify") and not _fixes(arguments):
            raise UsageError("`--verify` goes with `--fix`, `--fix-only` or `--diff`")
        return
    for key in ("evidence", "build_arg", "build_context", "target"):
        if arguments.values[key] is not None:
            option = "--" + key.replace("_", "-")
            raise UsageError(f"`{option}` goes with `--verify`, or with `--unsafe-fixes=verified`")


def proves(arguments: Arguments) -> bool:
    """Whether builds are to prove fixes."""
    return arguments.flag("verify") or arguments.text("unsafe_fixes") == "verified"


def _fixes(arguments: Arguments) -> bool:
    return any(arguments.flag(key) for key in ("fix", "fix_only", "diff"))
