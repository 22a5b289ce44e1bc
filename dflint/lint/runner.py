"""Runs rules over a document."""

from __future__ import annotations

from functools import partial

from dflint.lint.finding import Finding, Severity
from dflint.lint.occasions import is_given
from dflint.text.contains import contains_any

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Sequence

    from dflint.lint.document import Document
    from dflint.lint.external import External
    from dflint.lint.fix import Fix
    from dflint.lint.names import RuleNames
    from dflint.lint.occurring import Occurring
    from dflint.lint.registry import RuleEntry
    from dflint.lint.rule import Rule
    from dflint.lint.suppress import Suppression, Suppressions
    from dflint.text.search import TextSearch

    Asked = list[tuple[RuleEntry, Severity]]
    # A document, rules that are asked of it, and where their findings go.
    Portion = tuple[Document, Asked, "Result"]
    # Rules by the keywords, and then by the texts, without which they have nothing to say.
    Groups = list[tuple[tuple[str, ...], list[tuple[tuple[str, ...], Asked]]]]

#: The keywords of a rule that is asked where a builder refuses something: see ProblemRule.
_ON_PROBLEM = ("problem",)
#: One of these stands in every comment that silences rules, but in parser directives.
_SUPPRESSING = ("ignore", "shellcheck", "skip=")
#: After so many documents it pays to make ready for looking for all texts at once.
_FEW = 8
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
        "_on_problems",
        "_rules",
        "_search",
        "_seen",
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
        self._on_problems = {
            entry.name: (entry, level) for entry, level in rules if entry.keywords == _ON_PROBLEM
        }
        self._buildkit_checks: frozenset[str] | None = None
        self._groups: Groups | None = None
        self._search: TextSearch | None = None
        self._seen = 0
        self._names = names
        self._instances: dict[str, Rule] = {}
        self._mending: dict[bool, frozenset[str]] = {}
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
        self.ask_portions(list(zip(docs, self._asked_of(docs), results, strict=True)))
        return results

    def ask_some(
        self, docs: Sequence[Document], names: Collection[str]
    ) -> list[tuple[Result, Asked]]:
        """As `ask_all`, but only of the rules with these names; and the rules that were left out.

        The findings of those are added with `ask_portions`.
        """
        portions: list[Portion] = []
        left: list[tuple[Result, Asked]] = []
        for doc, asked in zip(docs, self._asked_of(docs), strict=True):
            some: Asked = []
            others: Asked = []
            for one in asked:
                (some if one[0].name in names else others).append(one)
            result = Result()
            portions.append((doc, some, result))
            left.append((result, others))
        self.ask_portions(portions)
        return left

    def ask_portions(self, portions: Sequence[Portion]) -> None:
        """Add to results what some rules find in documents, a rule after the other."""
        by_rule: dict[str, tuple[RuleEntry, Severity, list[tuple[Document, Result]]]] = {}
        for doc, asked, result in portions:
            for entry, severity in asked:
                known = by_rule.get(entry.name)
                if known is None:
                    by_rule[entry.name] = (entry, severity, [(doc, result)])
                else:
                    known[2].append((doc, result))
        for entry, severity, documents in by_rule.values():
            for doc, result in documents:
                self._ask_rule(entry, severity, doc, result)

    def mending(self, unsafe: bool) -> frozenset[str]:
        """The names of the rules of which a safe fix, or also an unsafe one, can be expected."""
        known = self._mending.get(unsafe)
        if known is None:
            best = ("safe", "unsafe") if unsafe else ("safe",)
            names = (entry.name for entry, _ in self._rules if entry.fix in best)
            known = self._mending[unsafe] = frozenset((*names, UNUSED))
        return known

    def _ask_rule(
        self, entry: RuleEntry, severity: Severity, doc: Document, result: Result
    ) -> None:
        if entry.occasion and not is_given(entry.occasion, doc, entry.mentions):
            return
        if entry.needs and not doc.settings.gives(entry.needs):
            return
        rule = self._instances.get(entry.name)
        if rule is None:
            rule = self._instances[entry.name] = entry.load()(severity)
        try:
            result.findings.extend(rule.check(doc))
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

    def _asked_of(self, docs: Sequence[Document]) -> list[Asked]:
        if self._on_problems:
            for doc in docs:
                doc.problems  # noqa: B018 - it is kept, and wanted below
        return [self._asked(doc) for doc in docs]

    def _asked(self, doc: Document) -> Asked:
        """The rules that may have something to say of a document."""
        present = doc.keywords
        if self._groups is None:
            self._groups = _grouped(self._rules)
        occurring = doc.occurring
        search = self._search_for(occurring)
        lacks = occurring.none_of if search is None else occurring.all_of(search).isdisjoint
        asked: Asked = []
        for keywords, groups in self._groups:
            if keywords and present.isdisjoint(keywords):
                continue
            for mentions, rules in groups:
                if not mentions or not lacks(mentions):
                    asked += rules
        if self._on_problems and doc.problems:
            broken = sorted(doc.problem_kinds & self._on_problems.keys())
            asked += [self._on_problems[kind] for kind in broken]
        return asked

    def _search_for(self, occurring: Occurring) -> TextSearch | None:
        """What looks for all that rules wait for at once, where there is enough to look through."""
        if self._search is not None:
            return self._search if occurring.is_unasked else None
        if not occurring.is_fresh:
            return None
        self._seen += 1
        if self._seen == _FEW:
            from dflint.text.search import TextSearch

            groups = self._groups or ()
            texts = {one for _, same in groups for mentions, _ in same for one in mentions}
            self._search = TextSearch.of(texts)
        return self._search

    def _suppress(
        self, doc: Document, found: list[Finding], result: Result, external: External | None
    ) -> None:
        if not may_suppress(doc):
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
                if entry.keywords != _ON_PROBLEM and any(map(is_buildkit_check, entry.aliases))
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
        running = {entry.name for entry, _ in self._rules}
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

    def _is_idle(self, name: str, running: set[str], external: External | None) -> bool:
        """Whether all that a name stands for was asked, as far as anything of it was."""
        if external is not None and external.asks(name):
            return external.is_complete
        return not running.isdisjoint(self._names().expand(name))


def may_suppress(doc: Document) -> bool:
    """Whether anything in a document may silence findings; a quick look."""
    return bool(doc.tree.directives) or contains_any(doc.text, _SUPPRESSING)


def _without_name(text: str, suppression: Suppression, at: int, is_certain: bool) -> Fix | None:
    from dflint.lint.suppression_fixes import without_name

    return without_name(text, suppression, at, is_certain)


def _without_comment(text: str, suppression: Suppression) -> Fix | None:
    """Never certain: it speaks of all rules, those that were not asked too."""
    from dflint.lint.suppression_fixes import without_comment

    return without_comment(text, suppression, is_certain=False)


def _grouped(rules: Sequence[tuple[RuleEntry, Severity]]) -> Groups:
    groups: dict[tuple[str, ...], dict[tuple[str, ...], Asked]] = {}
    for one in rules:
        entry = one[0]
        if entry.keywords != _ON_PROBLEM:
            groups.setdefault(entry.keywords, {}).setdefault(entry.mentions, []).append(one)
    return [(keywords, list(same.items())) for keywords, same in groups.items()]


def _place(finding: Finding) -> tuple[int, int, str]:
    return finding.span.start, finding.span.end, finding.rule
