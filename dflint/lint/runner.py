"""Runs rules over a document."""

from __future__ import annotations

from functools import partial

from dflint.lint.finding import Finding, Severity
from dflint.lint.groups import ON_PROBLEM, Groups
from dflint.lint.occasions import occasion_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from dflint.lint.document import Document
    from dflint.lint.external import External
    from dflint.lint.fix import Fix
    from dflint.lint.groups import Group
    from dflint.lint.names import RuleNames
    from dflint.lint.registry import RuleEntry
    from dflint.lint.rule import Rule
    from dflint.lint.suppress import Suppression, Suppressions

    # A document, rules that are asked of it, and where their findings go.
    Portion = tuple[Document, list[Group], "Result"]
    # Rules that may have something to say of a document, and the names of those that said it.
    Left = tuple[list[Group], frozenset[str]]

#: The rule that reports suppressions which silence nothing.
UNUSED = "unused-suppression"
#: The rule that reports suppressions, and that none of them silences.
BANNED = "inline-ignore-banned"


class Crash:
    """A rule that raised: a bug of the rule, which costs its findings and nobody else's."""

    __slots__ = ("error", "rule")

    rule: str
    error: Exception

    def __init__(self, rule: str, error: Exception) -> None:
        self.rule = rule
        self.error = error

    def __str__(self) -> str:
        kind = type(self.error).__name__
        return f"rule `{self.rule}` crashed ({kind}: {self.error}); this is a bug of the rule"


class Result:
    """What the rules say of a document: findings by place, what was suppressed, who crashed."""

    __slots__ = ("crashes", "findings", "suppressed")

    findings: list[Finding]
    suppressed: list[tuple[Finding, Suppression]]
    crashes: list[Crash]

    def __init__(self) -> None:
        self.findings = []
        self.suppressed = []
        self.crashes = []


class Runner:
    """A set of rules, loaded as documents need them."""

    __slots__ = (
        "_buildkit_checks",
        "_groups",
        "_instances",
        "_mending",
        "_names",
        "_rules",
        "_running",
        "_unused_severity",
        "reraise",
    )

    def __init__(
        self,
        rules: Sequence[tuple[RuleEntry, Severity]],
        names: Callable[[], RuleNames],
        reraise: bool = False,
    ) -> None:
        self._rules = [(entry, severity) for entry, severity in rules if entry.name != UNUSED]
        self._unused_severity = next((level for one, level in rules if one.name == UNUSED), None)
        self._buildkit_checks: frozenset[str] | None = None
        self._groups = Groups(self._rules)
        self._names = names
        self._instances: dict[str, Rule] = {}
        self._mending: dict[bool, frozenset[str]] = {}
        self._running = frozenset(entry.name for entry, _ in self._rules)
        self.reraise = reraise

    def run(self, doc: Document) -> Result:
        """What the rules find in a document, suppressions applied."""
        return self.settle(doc, self.ask(doc))

    def ask(self, doc: Document) -> Result:
        """What the rules find in a document, before suppressions."""
        return self.ask_all((doc,))[0]

    def ask_all(self, docs: Sequence[Document]) -> list[Result]:
        """As `ask` of each, a rule after the other.

        What a rule runs stays in the processor's caches, which is a tenth of the time.
        """
        results = [Result() for _ in docs]
        self._ask_portions(list(zip(docs, self._groups.of_all(docs), results, strict=True)))
        return results

    def ask_some(
        self, docs: Sequence[Document], names: frozenset[str]
    ) -> list[tuple[Result, Left]]:
        """As `ask_all`, but only of the rules with these names; and what is left to be asked.

        That is done with `ask_left`.
        """
        portions: list[Portion] = []
        left: list[tuple[Result, Left]] = []
        for doc, asked in zip(docs, self._groups.of_all(docs), strict=True):
            result = Result()
            portions.append((doc, self._groups.named(asked, names), result))
            left.append((result, (asked, names)))
        self._ask_portions(portions)
        return left

    def ask_left(self, left: Iterable[tuple[Document, Left, Result]]) -> None:
        """Add to results what the rules find that were left out."""
        named = self._groups.named
        self._ask_portions(
            [
                (doc, named(asked, names, others=True), result)
                for doc, (asked, names), result in left
            ]
        )

    def _ask_portions(self, portions: Sequence[Portion]) -> None:
        """Add to results what rules find in documents, a rule after the other."""
        by_group: dict[Group, list[tuple[Document, Result]]] = {}
        for doc, asked, result in portions:
            pair = doc, result
            for group in asked:
                if group in by_group:
                    by_group[group].append(pair)
                else:
                    by_group[group] = [pair]
        for group, pairs in by_group.items():
            # Several rules of a group may wait for the same occasion.
            given = {"": pairs}
            for entry, severity in group.rules:
                occasion = entry.occasion
                if occasion not in given:
                    is_given = occasion_of(occasion, entry.mentions)
                    given[occasion] = [pair for pair in pairs if is_given(pair[0])]
                self._ask_rule(entry, severity, given[occasion])

    def mending(self, unsafe: bool) -> frozenset[str]:
        """The names of the rules of which a safe fix, or also an unsafe one, can be expected."""
        known = self._mending.get(unsafe)
        if known is None:
            best = ("safe", "unsafe") if unsafe else ("safe",)
            names = (entry.name for entry, _ in self._rules if entry.fix in best)
            known = self._mending[unsafe] = frozenset((*names, UNUSED))
        return known

    def _ask_rule(
        self, entry: RuleEntry, severity: Severity, pairs: Sequence[tuple[Document, Result]]
    ) -> None:
        if entry.needs:
            pairs = [pair for pair in pairs if pair[0].settings.gives(entry.needs)]
        if not pairs:
            return
        rule = self._instances.get(entry.name)
        if rule is None:
            rule = self._instances[entry.name] = entry.load()(severity)
        check = rule.check
        for doc, result in pairs:
            try:
                result.findings.extend(check(doc))
            except Exception as error:  # a rule may fail, the others still report
                if self.reraise:
                    raise
                result.crashes.append(Crash(entry.name, error))

    def fix(self, finding: Finding) -> Fix | str | None:
        """What mends a finding; the text is why making it failed, which is a bug of the rule."""
        try:
            return finding.fix()
        except Exception as error:  # a rule may fail, the others still mend
            if self.reraise:
                raise
            return str(Crash(finding.rule, error))

    def settle(self, doc: Document, asked: Result, external: External | None = None) -> Result:
        """What stands of the findings in a document, those of another program among them.

        `asked` stays as it is, and can be settled again when more is known.
        """
        result = Result()
        result.crashes = asked.crashes
        found = asked.findings if external is None else [*asked.findings, *external.findings]
        self._suppress(doc, found, result, external)
        result.findings.sort(key=_place)
        # In which order rules are asked also follows from the documents that are asked with it.
        result.suppressed.sort(key=lambda pair: _place(pair[0]))
        return result

    def _suppress(
        self, doc: Document, found: list[Finding], result: Result, external: External | None
    ) -> None:
        if not doc.may_suppress:
            result.findings = list(found)
            return
        from dflint.lint.suppress import Suppressions

        suppressions = Suppressions(doc.tree, doc.text, self._names(), self._checks())
        for finding in found:
            suppression = None if finding.rule == BANNED else suppressions.suppresses(finding)
            if suppression is None:
                result.findings.append(finding)
            else:
                result.suppressed.append((finding, suppression))
        if suppressions.fail_on_findings:
            self._raise_severity(result.findings)
        if self._unused_severity is not None:
            result.findings += self._unused(doc.text, suppressions, self._unused_severity, external)

    def _checks(self) -> frozenset[str]:
        """The rules that are checks of BuildKit's: what it refuses cannot be skipped."""
        if self._buildkit_checks is None:
            from dflint.lint.names import is_buildkit_check

            self._buildkit_checks = frozenset(
                entry.name
                for entry, _ in self._rules
                if entry.keywords != ON_PROBLEM and any(map(is_buildkit_check, entry.aliases))
            )
        return self._buildkit_checks

    def _raise_severity(self, findings: list[Finding]) -> None:
        """`check=error=true`: what BuildKit's checks find fails the build."""
        checks = self._checks()
        for finding in findings:
            if finding.rule in checks:
                finding.severity = Severity.ERROR

    def _unused(
        self, text: str, suppressions: Suppressions, severity: Severity, external: External | None
    ) -> list[Finding]:
        findings = []
        knows_all = external is None or external.is_complete
        names = self._names()
        running = self._running
        for suppression in suppressions.all:
            if suppression.tool != "dflint":
                continue
            if not suppression.names and not suppression.used and knows_all:
                message = "this suppression silences nothing: remove it"
                make = partial(_without_comment, text, suppression)
                findings.append(Finding(UNUSED, severity, suppression.span, message, (), make))
            for at, (name, span) in enumerate(
                zip(suppression.names, suppression.spans, strict=True)
            ):
                problem = names.problem(name)
                if problem is not None:
                    findings.append(Finding(UNUSED, severity, span, problem))
                elif name not in suppression.used and self._is_idle(name, running, external):
                    message = f"`{name}` reports nothing here: remove it from the suppression"
                    # Where only some of what the name stands for was asked, others may be silenced.
                    is_certain = names.expand(name) <= running
                    make = partial(_without_name, text, suppression, at, is_certain)
                    findings.append(Finding(UNUSED, severity, span, message, (), make))
        return findings

    def _is_idle(self, name: str, running: frozenset[str], external: External | None) -> bool:
        """Whether all that a name stands for was asked, as far as anything of it was."""
        if external is not None and external.asks(name):
            return external.is_complete
        return not running.isdisjoint(self._names().expand(name))


def _without_name(text: str, suppression: Suppression, at: int, is_certain: bool) -> Fix | None:
    from dflint.lint.suppression_fixes import without_name

    return without_name(text, suppression, at, is_certain)


def _without_comment(text: str, suppression: Suppression) -> Fix | None:
    """Never certain: it speaks of all rules, those that were not asked too."""
    from dflint.lint.suppression_fixes import without_comment

    return without_comment(text, suppression, is_certain=False)


def _place(finding: Finding) -> tuple[int, int, str]:
    return finding.span.start, finding.span.end, finding.rule
