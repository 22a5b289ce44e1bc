"""The rule API: what a plug-in writes.

A module is one rule is one class; the snake_case module name, the kebab-case `name` and the
PascalCase class agree. A rule is a generator over a `Document`: no state, no I/O, no knowledge
of other rules. Its docstring is its page, its examples are its tests.
"""

from __future__ import annotations

from functools import partial

from dflint.cst.instructions import OnBuild
from dflint.lint.finding import Finding, Related, Severity

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import ClassVar

    from dflint.cst.instructions import Instruction
    from dflint.cst.node import Node
    from dflint.lint.document import Document
    from dflint.lint.finding import FixMaker
    from dflint.lint.options import OptionSpec
    from dflint.text.span import Span

__all__ = ["Category", "Finding", "Invalid", "Meta", "Related", "Rule", "Severity", "Valid"]


class Category:
    """What kind of defect a rule finds: one of the values below.

    No enum, because making one takes longer than importing a rule.
    """

    __slots__ = ("value",)

    SYNTAX: ClassVar[Category]
    CORRECTNESS: ClassVar[Category]
    CACHE: ClassVar[Category]
    SIZE: ClassVar[Category]
    REPRODUCIBILITY: ClassVar[Category]
    SECURITY: ClassVar[Category]
    PORTABILITY: ClassVar[Category]
    DEPRECATION: ClassVar[Category]
    LABELS: ClassVar[Category]
    POLICY: ClassVar[Category]
    STYLE: ClassVar[Category]
    SUPPRESSION: ClassVar[Category]

    def __init__(self, value: str) -> None:
        self.value = value


for _name in Category.__annotations__:
    setattr(Category, _name, Category(_name.lower()))


class Meta:
    """What is known of a rule without running it.

    `aliases` are the ids of the same defect in hadolint and BuildKit; they select and suppress
    the rule. `default` tells whether it is on without being selected. `fix` is empty, or the
    best that a fix of the rule can be: `safe`, `unsafe` or `display`.
    """

    __slots__ = ("aliases", "category", "default", "fix", "name", "options", "severity", "since")

    name: str
    category: Category
    severity: Severity
    since: str
    aliases: tuple[str, ...]
    default: bool
    options: tuple[OptionSpec, ...]
    fix: str

    def __init__(
        self,
        name: str,
        category: Category,
        severity: Severity,
        since: str,
        aliases: tuple[str, ...] = (),
        default: bool = True,
        options: tuple[OptionSpec, ...] = (),
        fix: str = "",
    ) -> None:
        self.name = name
        self.category = category
        self.severity = severity
        self.since = since
        self.aliases = aliases
        self.default = default
        self.options = options
        self.fix = fix


class Valid:
    """An example that the rule has nothing to say about."""

    __slots__ = ("code", "options")

    code: str
    options: dict[str, object]

    def __init__(self, code: str, options: dict[str, object] | None = None) -> None:
        self.code = code
        self.options = options or {}


class Invalid:
    """An example that the rule reports.

    `at` is the text that each finding covers, in source order: a tuple, or one text for one
    finding. `fixed` is what the rule's fixes make of the code, safe and unsafe ones; None where
    it has none for it. `unsafe` tells that one of them is unsafe.
    """

    __slots__ = ("at", "code", "fixed", "options", "unsafe")

    code: str
    at: tuple[str, ...]
    options: dict[str, object]
    fixed: str | None
    unsafe: bool

    def __init__(
        self,
        code: str,
        at: str | tuple[str, ...],
        options: dict[str, object] | None = None,
        fixed: str | None = None,
        unsafe: bool = False,
    ) -> None:
        self.code = code
        self.at = (at,) if isinstance(at, str) else at
        self.options = options or {}
        self.fixed = fixed
        self.unsafe = unsafe


class Rule:
    """The base of every rule.

    Subclasses give `meta`, `on`, `valid`, `invalid` and `check`. The docstring's first line is
    the rule in one sentence, the rest says why, in Markdown.
    """

    meta: ClassVar[Meta]
    #: The instruction classes without one of which the rule has nothing to say; empty for a rule
    #: that is always asked.
    on: ClassVar[tuple[type[Instruction], ...]] = ()
    #: Texts in lower case; the rule has nothing to say of a file that, in lower case, has none
    #: of them. Empty for a rule that no text tells of.
    mentions: ClassVar[tuple[str, ...]] = ()
    #: The quick look of `dflint.lint.occasions` without which the rule has nothing to say; empty
    #: for a rule that none tells of.
    occasion: ClassVar[str] = ""
    #: A Dockerfile as people write it that is reported, and how to write it instead: what the
    #: page begins with. Without them the first of `invalid` and of `valid` stand there.
    bad: ClassVar[str] = ""
    good: ClassVar[str] = ""
    #: Settings as examples have them, by name, under which `bad` is reported and `good` is not.
    given: ClassVar[tuple[tuple[str, object], ...]] = ()
    #: The setting without which the rule has nothing to say, as the configuration calls it;
    #: empty for a rule that needs none.
    needs: ClassVar[str] = ""
    valid: ClassVar[tuple[Valid, ...]] = ()
    invalid: ClassVar[tuple[Invalid, ...]] = ()

    def __init__(self, severity: Severity | None = None) -> None:
        self.severity = self.meta.severity if severity is None else severity

    def check(self, doc: Document) -> Iterator[Finding]:
        """The findings in a document, in any order."""
        raise NotImplementedError

    def text_of(self, doc: Document) -> str:
        """The text without the names of the rule, as comments that silence it have them."""
        text = doc.text
        for name in (*self.meta.aliases, self.meta.name):
            text = text.replace(name, "")
        return text

    def finding(
        self,
        doc: Document,
        where: Node | Span,
        message: str,
        related: tuple[Related, ...] = (),
        fix: FixMaker | None = None,
    ) -> Finding:
        """A finding at a node or a span of `doc`, and what makes the fix for it."""
        if fix is not None and doc.all(OnBuild):
            from dflint.lint.trigger_fixes import with_triggers

            fix = partial(with_triggers, doc, fix)
        return Finding(self.meta.name, self.severity, doc.span(where), message, related, fix)
