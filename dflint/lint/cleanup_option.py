"""The option of rules that clean up behind package managers, apart from what makes their fixes."""

from __future__ import annotations

from dflint.lint.options import OptionSpec

#: What the rules offer to do with a cache.
CLEANUP = OptionSpec(
    "cleanup",
    "str",
    "remove",
    "What the fix does: keep the cache out of the layer, or in a cache mount (unsafe).",
    choices=("remove", "cache-mount"),
)
