"""Who needs the package index of apk that a RUN leaves, and where apk can do without."""

from __future__ import annotations

from dflint.semantic.unseen_calls import are_called_unseen, is_called_at_start, is_called_unseen
from dflint.text.lazy_pattern import LazyPattern

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from dflint.cst.dockerfile import Dockerfile
    from dflint.semantic.later_runs import Runs
    from dflint.semantic.package_caches import Leftover
    from dflint.semantic.programs import Program
    from dflint.shell.invocation import Invocation

# `--no-cache` came with Alpine 3.3 (apk-tools 2.6.5).
_OLD = LazyPattern(r"alpine(?:[:-]|linux:)v?(?:2\.|3\.[0-2](?![0-9]))")
_CALL = LazyPattern(r"apk(?:(?<![\w./-]apk)|(?<=/sbin/apk)(?<![\w./-]/sbin/apk))(?![\w./-])")
_UPDATING = ("-U", "--update", "--update-cache", "--cache-max-age")
_READING = ("install", "upgrade", "fetch", "search", "policy", "list", "dot", "version", "fix")


def has_no_cache_option(program: Program) -> bool:
    """Whether a program's apk is so old that it lacks `--no-cache`."""
    return _OLD.get().search(program.base_image) is not None


def is_index_needed(leftover: Leftover, programs: Iterable[Program], runs: Runs) -> bool:
    """Whether a call, of the same RUN or a later one, needs the index that some calls leave.

    So may one that is not seen, such as that of a wrapper.
    """
    first = leftover.programs[0]
    if is_called_unseen(first, leftover.programs, _CALL, "apk"):
        return True
    if are_called_unseen(first, programs, runs, _CALL, "apk"):
        return True
    own = [id(call) for call in leftover.calls]
    for program in leftover.programs:
        for call in program.invocations_of("apk"):
            if id(call) not in own and _needs_index(call):
                return True
    return runs.want_after(first, _needs_index, _updates, "apk")


def is_index_needed_at_start(tree: Dockerfile) -> bool:
    """Whether a container installs when it starts, from an index that it does not fetch."""
    return is_called_at_start(tree, _CALL, "update", "-U", "--no-cache")


def _needs_index(call: Invocation) -> bool:
    return call.action in _READING and call.option("--no-cache", *_UPDATING) is None


def _updates(call: Invocation) -> bool:
    return call.action == "update" or call.option(*_UPDATING) is not None
