"""The entry point: reads the command line, runs the verb, turns errors into words."""

from __future__ import annotations

import _signal  # type: ignore[import-not-found]  # `signal` takes longer to import
import gc
import os
import sys

from dflint import quick_imports
from dflint.cli.options import BUILD_VERBS, Arguments, read_arguments
from dflint.errors import ConfigError, DflintError, InternalError, PluginError, UsageError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import NoReturn

CLEAN, FINDINGS, USAGE, INTERNAL = 0, 1, 2, 3
_INTERRUPTED = 130


def main(argv: Sequence[str]) -> int:
    """Run a command line and return its exit status."""
    try:
        if argv and argv[0] in BUILD_VERBS:
            return _dispatch_build(argv[0], argv[1:])
        arguments = read_arguments(argv)
        if arguments is None:
            from dflint.cli.usage import explain

            explain(argv)
        return _dispatch(arguments)
    except (UsageError, ConfigError, PluginError) as error:
        sys.stderr.write(f"dflint: {error}\n")
        return USAGE
    except InternalError as error:
        sys.stderr.write(f"dflint: internal error: {error}\n")
        return INTERNAL
    except DflintError as error:
        sys.stderr.write(f"dflint: {error}\n")
        return USAGE


def _dispatch(arguments: Arguments) -> int:
    name = arguments.verb.name
    if name == "check":
        from dflint.cli.check import check

        return check(arguments)
    if name == "format":
        from dflint.cli.format import format_files

        return format_files(arguments)
    if name == "tree":
        from dflint.cli.tree import tree

        return tree(arguments)
    if name == "config":
        from dflint.cli.configuration import configuration

        return configuration(arguments)
    if name == "cache":
        from dflint.cli.cache import cache

        return cache(arguments)
    from dflint.cli.rules import list_rules, show_rule

    return show_rule(arguments) if name == "rule" else list_rules(arguments)


def _dispatch_build(name: str, words: Sequence[str]) -> int:
    """Run a verb that reads its own words: the function of its name in the module of its name."""
    from importlib import import_module

    status: int = getattr(import_module(f"dflint.cli.{name}"), name)(words)
    return status


def run() -> NoReturn:
    """The `dflint` command."""
    # A check leaves no cycles behind; looking for them takes a twentieth of a short run.
    gc.disable()
    quick_imports.install()
    try:
        if _signal.getsignal(_signal.SIGINT) is _signal.SIG_DFL:  # see `dflint.__main__`
            _signal.signal(_signal.SIGINT, _signal.default_int_handler)
        status = main(sys.argv[1:])
        sys.stdout.flush()
    except BrokenPipeError:
        # The reader has gone, as `head` does; what is still buffered must not fail at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        status = CLEAN
    except KeyboardInterrupt:
        # A second one ends the process at once.
        _signal.signal(_signal.SIGINT, _signal.SIG_DFL)
        status = _INTERRUPTED
    sys.stderr.flush()
    # Taking the interpreter apart, object by object, takes longer than some files do.
    os._exit(status)
