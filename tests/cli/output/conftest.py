import json
import os

import pytest

from dflint.cli.output import OutputContext, RuleInfo, render
from dflint.engine.report import (
    FileReport,
    Place,
    RelatedPlace,
    ReportedEdit,
    ReportedFinding,
    ReportedFix,
)
from dflint.lint.finding import Severity

SCHEMAS = os.path.join(os.path.dirname(__file__), "..", "..", "data", "schemas")

RULES = {
    "cd-in-run": RuleInfo(
        "cd-in-run",
        "a `cd` in a RUN does not reach the next instruction",
        "pitfall",
        Severity.WARNING,
        ("DL3003",),
        "https://example.org/rules/cd-in-run",
    ),
    "unknown-instruction": RuleInfo(
        "unknown-instruction", "an instruction that does not exist", "syntax", Severity.ERROR
    ),
}


@pytest.fixture
def make_context():
    def make(**settings):
        return OutputContext("1.2.3", lambda: RULES, **settings)

    return make


@pytest.fixture
def write(make_context):
    """The whole output in one format, checked to survive any encoding of a terminal or pipe."""

    def write(format_name, reports, **settings):
        text = "".join(render(format_name, reports, make_context(**settings)))
        text.encode("utf-8")
        return text

    return write


@pytest.fixture
def load_schema():
    def load(name):
        with open(os.path.join(SCHEMAS, name), encoding="utf-8") as file:
            return json.load(file)

    return load


@pytest.fixture
def reports():
    """A small run with everything in it that may break an output."""
    web = FileReport(
        "images/web/Dockerfile",
        findings=(
            ReportedFinding(
                "cd-in-run",
                Severity.WARNING,
                Place(4, 5, 4, 12),
                "`cd /app` ends with this RUN; the next instruction starts in `/`",
                "RUN cd /app && make",
                related=(RelatedPlace(Place(1, 1, 1, 12), "the stage starts here"),),
            ),
            ReportedFinding(
                "cd-in-run",
                Severity.WARNING,
                Place(4, 5, 4, 12),
                "a second one with 100% the same line, place: and rule",
                "RUN cd /app && make",
            ),
            ReportedFinding(
                "tab-indent",
                Severity.STYLE,
                Place(5, 3, 5, 7),
                "tabs",
                "\t\tmake\tinstall",
                fix=ReportedFix(
                    "write blanks",
                    "safe",
                    (
                        ReportedEdit(Place(5, 1, 5, 3), "  "),
                        ReportedEdit(Place(5, 7, 5, 8), ""),
                    ),
                ),
            ),
            ReportedFinding(
                "long-layer",
                Severity.INFO,
                Place(6, 1, 9, 1),
                "three lines, with the last newline",
                "RUN a \\",
                fix=ReportedFix(
                    "join [the](lines)", "unsafe", (ReportedEdit(Place(6, 1, 9, 1), "RUN a\r\n"),)
                ),
            ),
            ReportedFinding(
                "sudo",
                Severity.WARNING,
                Place(11, 25, 11, 29),
                "`sudo` after 漢字",
                "RUN echo '👩‍💻 é ﷺ漢字' && sudo y",
                fix=ReportedFix("say who\x1b[2J is meant", "display", ()),
            ),
        ),
        suppressed=(
            ReportedFinding(
                "latest-tag",
                Severity.WARNING,
                Place(1, 6, 1, 12),
                "`alpine` has no tag",
                "FROM alpine",
                suppressed_by="# dflint: ignore=latest-tag it <is> a test",
            ),
        ),
    )
    hostile = FileReport(
        "bad dir/50%;a,b]:\x1b[2J\udcff/Dockerfile",
        findings=(
            ReportedFinding(
                "unknown-instruction",
                Severity.ERROR,
                Place(2, 1, 2, 9),
                "unknown instruction `F\x1b[31mOO`\r\n::error::x ##vso[task.complete]",
                "F\x1b[31mOO bar \u202e hi \udcfe ##vso[task.setvariable variable=a]b",
            ),
            ReportedFinding(
                "unknown-instruction",
                Severity.ERROR,
                Place(3, 4, 3, 4),
                "a<b>&\"c' ]]> \x00 \x0b \ufffe 😀 [click](http://example.org) {0}",
                "FOO",
            ),
        ),
        notes=("holds \x1b[0m template code",),
    )
    return [
        web,
        hostile,
        FileReport("clean/Dockerfile"),
        FileReport("missing", failure="no such file"),
        FileReport("broken", failure="KeyError: 'x'", internal=True),
    ]
