"""What ShellCheck proposes is proposed at its places in the Dockerfile, and never applied."""

from __future__ import annotations

import pytest

from dflint.config.schema import Config
from dflint.engine.session import Session
from dflint.fix.loop import Wanted
from dflint.text.source import Source
from dflint.verify.plan import PlanVerifier

FROM = "FROM scratch\n"


@pytest.fixture
def proposed(shellcheck):
    """The codes of the findings in a text, each with the text after its proposal, or None."""
    session = Session(shellcheck=True, fixes=True)

    def check(text, code):
        report = session.check(Source("Dockerfile", text.encode()), Config(select=(code,)))
        assert report.failure is None
        return [after(text, finding.fix) for finding in report.findings]

    yield check
    session.close()


def after(text, fix):
    """A text with a reported fix made in it."""
    if fix is None:
        return None
    assert fix.applicability == "display"
    starts = [0]
    for line in text.splitlines(keepends=True):
        starts.append(starts[-1] + len(line))
    for edit in sorted(fix.edits, key=lambda one: (one.place.line, one.place.column), reverse=True):
        place = edit.place
        start = starts[place.line - 1] + place.column - 1
        end = starts[place.end_line - 1] + place.end_column - 1
        text = text[:start] + edit.text + text[end:]
    return text


@pytest.mark.parametrize(
    ("body", "code", "mended"),
    [
        ("RUN ls $a\n", "SC2086", 'RUN ls "$a"\n'),
        ("RUN ls \\\n  # c\n  $a \\\n  b\n", "SC2086", 'RUN ls \\\n  # c\n  "$a" \\\n  b\n'),
        ("RUN ls $some\\\nthing\n", "SC2086", 'RUN ls "$some\\\nthing"\n'),
        ("RUN ls $a", "SC2086", 'RUN ls "$a"'),
        ("ONBUILD RUN ls \\\r\n  $a\r\n", "SC2086", 'ONBUILD RUN ls \\\r\n  "$a"\r\n'),
        ("RUN x=`ls \\\n  -l` b\n", "SC2006", "RUN x=$(ls \\\n  -l) b\n"),
        ("RUN <<EOF\nls é $a\nEOF\n", "SC2086", 'RUN <<EOF\nls é "$a"\nEOF\n'),
        ("ENV b=c\nRUN <<EOF\n#!/bin/sh\nls $a $b\nEOF\n", "SC2086",
         'ENV b=c\nRUN <<EOF\n#!/bin/sh\nls "$a" $b\nEOF\n'),
        ("RUN cd /x; ls\n", "SC2164", "RUN cd /x || exit; ls\n"),
        ("RUN <<EOF\ncat <<-X\n\tb\n  X\nEOF\n", "SC1040", "RUN <<EOF\ncat <<-X\n\tb\nX\nEOF\n"),
    ],
)  # fmt: skip
def test_proposals_stand_where_they_belong(proposed, body, code, mended):
    assert proposed(FROM + body, code) == [FROM + mended]


def test_what_is_proposed_is_not_applied(shellcheck):
    session = Session(shellcheck=True, fixes=True)
    source = Source("Dockerfile", (FROM + "RUN ls $a\n").encode())

    config = Config(select=("SC2086",), unsafe_fixes=True)
    report = session.fix(source, config, Wanted(unsafe=True), PlanVerifier())

    session.close()
    assert report.applied == ()
    assert [one.rule for one in report.findings] == ["SC2086"]
