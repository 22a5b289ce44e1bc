"""A rule's examples as tests: the same for the built-in rules and for anybody's.

import pytest
from dflint.testing.examples import check_example, examples

@pytest.mark.parametrize("example", examples(my_rules()), ids=str)
def test_example(example):
    check_example(example)
"""

from __future__ import annotations

from dflint.context.build_context import BuildContext, IgnoreFile
from dflint.context.context_files import ListedFiles
from dflint.fix.loop import Loop, Wanted
from dflint.lint.document import Document, Settings
from dflint.lint.fix import Applicability
from dflint.lint.registry import entry_of
from dflint.lint.rule import Invalid, Rule, Valid
from dflint.lint.runner import Runner
from dflint.lint.select import Selection, names_of, select_rules
from dflint.text.source import Source
from dflint.verify.plan import PlanVerifier

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from dflint.lint.finding import Finding
    from dflint.lint.fix import Fix


class Example:
    """One example of one rule; its text names both."""

    __slots__ = ("case", "number", "rule")

    def __init__(self, rule: type[Rule], case: Valid | Invalid, number: int) -> None:
        self.rule = rule
        self.case = case
        self.number = number

    def __str__(self) -> str:
        kind = "valid" if isinstance(self.case, Valid) else "invalid"
        return f"{self.rule.meta.name}-{kind}-{self.number}"


def examples(rules: Iterable[type[Rule]]) -> Iterator[Example]:
    """Every example of the rules."""
    for rule in rules:
        for number, valid in enumerate(rule.valid):
            yield Example(rule, valid, number)
        for number, invalid in enumerate(rule.invalid):
            yield Example(rule, invalid, number)


def document_of(case: Valid | Invalid, rule: type[Rule]) -> Document:
    """The document of an example.

    Its options are the rule's; the settings that rules see are given beside them, as
    `dockerignore` the text of the build context's ignore file, and as `files` the texts of the
    files in the context by path, those of `gitignored` being ignored by git.
    """
    options = {spec.name: spec.default for spec in rule.meta.options} | dict(case.options)
    engine = str(options.pop("engine", "buildkit"))
    registries = options.pop("trusted-registries", ())
    assert isinstance(registries, (tuple, list))
    schema = options.pop("label-schema", {})
    assert isinstance(schema, dict)
    strict = bool(options.pop("strict-labels", False))
    ignored = options.pop("dockerignore", None)
    context = context_of_example(options, None if ignored is None else str(ignored))
    rules = {rule.meta.name: options}
    settings = Settings(engine, tuple(registries), rules, schema, strict, context)
    return Document(Source("Dockerfile", case.code.encode("utf-8", "surrogateescape")), settings)


def context_of_example(options: dict[str, object], ignored: str | None) -> BuildContext | None:
    """The build context of an example; takes what tells of files out of the options."""
    listed = options.pop("files", None)
    generated = options.pop("gitignored", ())
    assert isinstance(generated, tuple)
    files = None
    if listed is not None:
        assert isinstance(listed, dict)
        texts = {path: str(text).encode("utf-8") for path, text in listed.items()}
        files = ListedFiles(texts, frozenset(generated))
    if files is None and ignored is None:
        return None
    ignore = None if ignored is None else IgnoreFile(".dockerignore", ignored)
    return BuildContext(lambda: ignore, files)


def check_example(example: Example) -> None:
    """Assert that the rule finds what the example says, where it says."""
    rule, case = example.rule, example.case
    doc = document_of(case, rule)
    assert doc.tree.code == case.code, "the example does not survive parsing"
    findings = findings_of(rule, doc)
    found = tuple(finding.span.slice(doc.text) for finding in findings)
    expected = case.at if isinstance(case, Invalid) else ()
    assert found == expected, f"{rule.meta.name} found {found}, the example says {expected}"
    for finding in findings:
        assert finding.message, "a finding needs a message"
        assert not finding.message.endswith("."), "a message ends without a full stop"
    if isinstance(case, Invalid):
        check_fixes(rule, doc, case)


def check_fixes(rule: type[Rule], doc: Document, case: Invalid) -> None:
    """Assert that the rule's fixes make of the example what it says, and do no harm."""
    offered: list[Fix] = []

    def make(finding: Finding) -> Fix | None:
        fix = finding.fix()
        if fix is not None:
            assert fix.title, "a fix needs a title"
            assert not fix.title.endswith("."), "a title ends without a full stop"
            offered.append(fix)
        return fix

    wanted = Wanted(unsafe=True)
    loop = Loop(make, PlanVerifier(), wanted)
    outcome = loop.run(doc, lambda doc: findings_of(rule, doc))
    fixed = outcome.doc.text if outcome.is_changed else None
    assert not outcome.skipped, f"{rule.meta.name}: {outcome.skipped[0]}"
    assert not outcome.unsettled, f"the fixes of {rule.meta.name} have no end"
    assert fixed == case.fixed, f"{rule.meta.name} makes {fixed!r}, the example says {case.fixed!r}"
    levels = [fix.applicability for fix in offered]
    is_unsafe = Applicability.UNSAFE in levels
    assert is_unsafe == case.unsafe, f"{rule.meta.name}: unsafe={is_unsafe}"
    best = Applicability[rule.meta.fix.upper()] if rule.meta.fix else 0
    assert max(levels, default=0) <= best, f"{rule.meta.name} has better fixes than its meta says"


def check_rule(rule: type[Rule]) -> None:
    """Assert that a rule keeps the conventions: names, docstring, enough examples, bad and good."""
    name = rule.meta.name
    words = name.split("-")
    assert rule.__name__.lower() == "".join(words), f"class {rule.__name__} and name {name} differ"
    assert rule.__module__.rpartition(".")[2] == "_".join(words), f"{rule.__module__} is not {name}"
    text = (rule.__doc__ or "").strip()
    assert text.partition("\n")[0], f"{name} has no first line in its docstring"
    assert len(rule.valid) >= 2, f"{name} needs two valid examples"
    assert len(rule.invalid) >= 2, f"{name} needs two invalid examples"
    assert bool(rule.bad) == bool(rule.good), f"{name} has only one of `bad` and `good`"
    if rule.bad:
        given = dict(rule.given)
        bad, good = (document_of(Valid(code, given), rule) for code in (rule.bad, rule.good))
        assert findings_of(rule, bad), f"{name} does not report its bad example"
        assert not findings_of(rule, good), f"{name} reports its good example"


def findings_of(rule: type[Rule], doc: Document) -> list[Finding]:
    """What the rule finds by itself, in source order."""
    known = {rule.meta.name: entry_of(rule, "examples")}
    selection = Selection(select=(rule.meta.name,))
    runner = Runner(select_rules(known, selection), lambda: names_of(known), reraise=True)
    return runner.run(doc).findings
