"""The names by which rules are selected, and what a selector takes."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from dflint.lint.options import OptionSpec

EVERYTHING = "ALL"
"""The selector that takes every rule."""

SHELL = "shell"
"""The category that all of ShellCheck's codes are in."""


class RuleNames:
    """What selectors can name.

    `aliases` gives the rules for each name that other tools use (`DL4000`,
    `MultipleInstructionsDisallowed`, which is three of ours); `categories` the rules of each
    category. `options` gives the options that a rule declares; a rule that declares none may be
    left out.
    """

    __slots__ = ("aliases", "categories", "names", "options")

    names: frozenset[str]
    aliases: Mapping[str, frozenset[str]]
    categories: Mapping[str, frozenset[str]]
    options: Mapping[str, tuple[OptionSpec, ...]]

    def __init__(
        self,
        names: frozenset[str],
        aliases: Mapping[str, frozenset[str]],
        categories: Mapping[str, frozenset[str]],
        options: Mapping[str, tuple[OptionSpec, ...]],
    ) -> None:
        self.names = names
        self.aliases = aliases
        self.categories = categories
        self.options = options

    def rules(self, name: str) -> frozenset[str]:
        """The rules that `name` or the alias `name` stands for; none if it names no rule."""
        if name in self.names:
            return frozenset((name,))
        found = self.aliases.get(name)
        if found is None:
            found = self.aliases.get(bare_id(name), frozenset())
        return found

    def expand(self, selector: str) -> frozenset[str]:
        """The rules that a selector takes; none for one that names nothing.

        A selector is a rule's name or alias, a category, `ALL`, or the beginning of names or
        aliases with `*` at its end.
        """
        if selector == EVERYTHING:
            return self.names
        if selector.endswith("*"):
            start = selector[:-1]
            found = {name for name in self.names if name.startswith(start)}
            for alias, rules in self.aliases.items():
                if alias.startswith(start):
                    found |= rules
            return frozenset(found)
        if selector in self.categories:
            return self.categories[selector]
        return self.rules(selector)

    def problem(self, selector: str) -> str | None:
        """Why the selector takes nothing, with the nearest name; None if it takes something.

        Codes of ShellCheck (`SC2086`, `SC*`) and their category always pass: they are no rules
        of ours.
        """
        if self.expand(selector) or selector == SHELL or is_shellcheck_code(selector):
            return None
        if selector.endswith("*"):
            return f"no rule's name or alias starts with `{selector[:-1]}`"
        known = [*self.names, *self.aliases, *self.categories, SHELL, EVERYTHING]
        return f"unknown rule `{selector}`{suggestion(selector, known)}"


#: What other tools put before ids that are not, or not only, theirs: tally, trivy, SonarQube.
_PREFIXES = ("buildkit/", "hadolint/", "AVD-", "docker:")


def bare_id(name: str) -> str:
    """An id of another tool without what that tool puts before it: `DS-0002` for `AVD-DS-0002`."""
    for prefix in _PREFIXES:
        if name.startswith(prefix):
            return name[len(prefix) :]
    return name


def is_buildkit_check(alias: str) -> bool:
    """Whether an alias is the name of a check of BuildKit's, by its form: `UndefinedVar`."""
    return alias[:1].isupper() and alias.isalpha()


def is_shellcheck_code(selector: str) -> bool:
    """Whether the selector is one of ShellCheck's codes, or the beginning of some with `*`."""
    digits = selector[2:].removesuffix("*")
    if not selector.startswith("SC") or not (digits == "" or digits.isdecimal()):
        return False
    return len(digits) == 4 or (len(digits) < 4 and selector.endswith("*"))


def takes_code(selector: str, code: str) -> bool:
    """Whether the selector takes a code of ShellCheck's, given as `SC2086`."""
    if selector.endswith("*"):
        return code.startswith(selector[:-1])
    return selector in (code, SHELL, EVERYTHING)


def takes_codes(selector: str) -> bool:
    """Whether the selector takes any code of ShellCheck's."""
    return selector in (SHELL, EVERYTHING) or is_shellcheck_code(selector)


def suggestion(name: str, known: list[str]) -> str:
    """`; did you mean …` with the nearest known name; empty if nothing is near."""
    import difflib

    folded = {candidate.lower(): candidate for candidate in sorted(known)}
    near = difflib.get_close_matches(name.lower(), folded, n=1, cutoff=0.6)
    return f"; did you mean `{folded[near[0]]}`?" if near else ""
