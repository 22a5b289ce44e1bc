"""Whatever is in a file, a path or a message: the output stays well-formed and harmless."""

import json
import re
import xml.etree.ElementTree as ElementTree

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dflint.cli.output import FORMATS, OutputContext, RuleInfo, render
from dflint.engine.report import FileReport, Place, RelatedPlace, ReportedFinding
from dflint.lint.finding import Severity

COMMANDS = ["::error::", "##vso[a]", "##[group]", "\x1b[31m", "]]>", "%", ";", ","]
CONTROLS = ["\r", "\n", "\t", "\0", "\x85", "\u202e", "\u2028", "\ufffe", "\udc80", "\ud800"]
NASTY = st.sampled_from([*COMMANDS, *CONTROLS, "👩\u200d💻", "e\u0301", "漢"])
TEXT = st.lists(st.one_of(NASTY, st.text(st.characters(), max_size=8)), max_size=6).map("".join)
NUMBER = st.integers(1, 60)


@st.composite
def places(draw):
    line, column = draw(NUMBER), draw(NUMBER)
    if draw(st.booleans()):
        return Place(line, column, line, column + draw(st.integers(0, 20)))
    return Place(line, column, line + draw(NUMBER), draw(NUMBER))


def findings(suppressed_by):
    return st.builds(
        ReportedFinding,
        rule=TEXT,
        severity=st.sampled_from(Severity),
        place=places(),
        message=TEXT,
        source_line=TEXT,
        related=st.lists(st.builds(RelatedPlace, places(), TEXT), max_size=1).map(tuple),
        suppressed_by=suppressed_by,
    )


REPORTS = st.lists(
    st.builds(
        FileReport,
        path=TEXT,
        findings=st.lists(findings(st.none()), max_size=3).map(tuple),
        suppressed=st.lists(findings(TEXT), max_size=1).map(tuple),
        notes=st.lists(TEXT, max_size=1).map(tuple),
        failure=st.none() | TEXT,
        internal=st.booleans(),
    ),
    max_size=2,
)
RULES = st.dictionaries(
    TEXT,
    st.builds(RuleInfo, TEXT, TEXT, TEXT, st.sampled_from(Severity), st.tuples(TEXT)),
    max_size=2,
)


def write(format_name, reports, rules=None, **settings):
    context = OutputContext("1.2.3", lambda: rules or {}, **settings)
    text = "".join(render(format_name, reports, context))
    text.encode("utf-8")
    return text


def rules_of(reports):
    return {
        finding.rule: RuleInfo(
            finding.rule, finding.message, finding.rule, finding.severity, (finding.message,)
        )
        for report in reports
        for finding in report.findings
    }


def count(reports):
    return sum(len(report.findings) + (report.failure is not None) for report in reports)


@pytest.mark.parametrize("format_name", FORMATS)
@settings(max_examples=60, deadline=None)
@given(reports=REPORTS, width=st.sampled_from([0, 1, 40, 80]), shown=st.booleans())
def test_nothing_reaches_the_terminal_that_could_drive_it(format_name, reports, width, shown):
    text = write(format_name, reports, rules_of(reports), width=width, show_suppressed=shown)

    assert [line for line in text.split("\n") if not line.isprintable()] == []


@pytest.mark.parametrize("format_name", ["text", "concise"])
@settings(max_examples=100, deadline=None)
@given(reports=REPORTS, width=st.sampled_from([0, 40]), color=st.booleans())
def test_no_line_is_a_command_of_a_pipeline(format_name, reports, width, color):
    text = write(format_name, reports, width=width, color=color, show_suppressed=True)

    assert "##[" not in text
    assert "##vso[" not in text
    assert [line for line in text.splitlines() if line.lstrip().startswith("::")] == []


@settings(max_examples=100, deadline=None)
@given(reports=REPORTS)
def test_concise_has_a_line_per_finding(reports):
    notes = sum(len(report.notes) for report in reports)

    assert len(write("concise", reports).splitlines()) == count(reports) + notes


@settings(max_examples=100, deadline=None)
@given(reports=REPORTS)
def test_github_has_a_command_per_finding(reports):
    notes = sum(len(report.notes) for report in reports)
    lines = write("github", reports).splitlines()

    assert len(lines) == count(reports) + notes
    for line in lines:
        assert re.fullmatch(
            r"::(error|warning|notice) file=[^,:]*(,(line|col|endLine|endColumn)=[0-9]+)*"
            r",title=[^,:]*::.*",
            line,
        )
        assert not re.search("%(?!25|3A|2C)", line)


@settings(max_examples=100, deadline=None)
@given(reports=REPORTS)
def test_azure_has_a_command_per_finding(reports):
    lines = write("azure", reports).splitlines()

    assert len(lines) == count(reports)
    for line in lines:
        assert re.fullmatch(
            r"##vso\[task\.logissue type=(error|warning);sourcepath=[^;\]]*;"
            r"(linenumber=[0-9]+;columnnumber=[0-9]+;)?code=[^;\]]*;\].*",
            line,
        )
        assert not re.search("%(?!AZP25|3B|5D)", line)


@settings(max_examples=100, deadline=None)
@given(reports=REPORTS, shown=st.booleans())
def test_junit_and_checkstyle_are_xml(reports, shown):
    junit = ElementTree.fromstring(write("junit", reports, show_suppressed=shown))
    checkstyle = ElementTree.fromstring(write("checkstyle", reports, show_suppressed=shown))

    found = sum(len(report.findings) for report in reports)
    assert len(junit.findall("testsuite/testcase/failure")) == found
    assert len(checkstyle.findall("file")) == len(reports)


@pytest.mark.parametrize(
    ("format_name", "schema"),
    [
        ("json", "dflint-report.schema.json"),
        ("sarif", "sarif-2.1.0-rtm.5.json"),
        ("rdjson", "rdjson.schema.json"),
    ],
)
def test_any_text_gives_a_document_that_keeps_to_its_schema(format_name, schema, load_schema):
    document = load_schema(schema)
    validator = jsonschema.validators.validator_for(document)(document)

    @settings(max_examples=60, deadline=None)
    @given(reports=REPORTS, rules=RULES, shown=st.booleans())
    def check(reports, rules, shown):
        text = write(format_name, reports, {**rules_of(reports), **rules}, show_suppressed=shown)
        document = json.loads(text)
        validator.validate(document)
        json.dumps(document, ensure_ascii=False).encode("utf-8")  # no lone surrogate in it

    check()


@settings(max_examples=100, deadline=None)
@given(reports=REPORTS)
def test_gitlab_fingerprints_differ_within_a_report(reports):
    reports = list({report.path: report for report in reports}.values())
    issues = json.loads(write("gitlab", reports))

    assert len({issue["fingerprint"] for issue in issues}) == len(issues) == count(reports)
