"""Sets of rules that are chosen by one word: the key `preset`, the option `--preset`.

A preset is told by what rules say of themselves, so that a rule that is added joins where it
belongs: nothing is listed by name.
"""

from __future__ import annotations

from dflint.lint.finding import Severity

TYPE_CHECKING = False
if TYPE_CHECKING:
    from dflint.lint.registry import RuleEntry

DEFAULT = "default"
"""The preset without which none is chosen."""

PRESETS = {
    DEFAULT: "the rules that are on by default",
    "strict": "all rules but matters of style, policy and caching that are off by default",
    "security": "all rules of the category `security`, also those that are off by default",
    "minimal": "the errors among those that are on by default",
}
"""What each preset takes."""

WITHOUT_SHELLCHECK = frozenset(("minimal", "security"))
"""The presets that take no code of ShellCheck's."""

#: What is off by default in these is a matter of taste, or of how a project works.
_OPTIONAL = frozenset(("style", "policy", "cache"))


def takes(preset: str, entry: RuleEntry) -> bool:
    """Whether a preset takes a rule; ValueError for a preset that does not exist."""
    if preset == DEFAULT:
        return entry.default
    if preset == "minimal":
        return entry.default and entry.severity is Severity.ERROR
    if preset == "security":
        return entry.category == "security"
    if preset == "strict":
        return entry.default or entry.category not in _OPTIONAL
    raise ValueError(f"no preset is called {preset!r}")
