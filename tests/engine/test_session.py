"""A session begins several sources before it finishes the first."""

from __future__ import annotations

import pytest

from dflint.config.schema import Config
from dflint.engine.session import TOGETHER, Session
from dflint.text.source import Source

CONFIGS = (Config(), Config(select=("apt-no-yes",)), Config(preset="strict"))


def sources(count):
    for at in range(count):
        text = f"FROM debian:{at}\nRUN apt-get install curl{at}\nfrom scratch\nCMD a{at}\n"
        yield Source(f"{at}/Dockerfile", text.encode()), CONFIGS[at % len(CONFIGS)]


def said(report):
    return [(one.rule, one.place.line, one.message) for one in report.findings]


@pytest.mark.parametrize("count", [1, TOGETHER - 1, TOGETHER, 2 * TOGETHER + 3])
def test_each_report_is_that_of_the_source_alone(count):
    session = Session()
    begun = [session.begin(source, config) for source, config in sources(count)]
    # Not in the order in which they were begun.
    found = {one.doc.source.path: said(session.finish(one)) for one in reversed(begun)}
    for source, config in sources(count):
        assert found[source.path] == said(Session().check(source, config)) != []


def test_rules_are_asked_before_all_is_begun():
    session = Session()
    begun = [session.begin(source, config) for source, config in sources(TOGETHER)]
    assert all(one.asked is not None for one in begun)


def test_what_waits_for_others_is_not_done():
    session = Session()
    begun = [session.begin(source, config) for source, config in sources(TOGETHER - 1)]
    assert not any(one.is_done for one in begun)
    session.finish(begun[0])
    assert all(one.is_done for one in begun)


SILENCED = """FROM debian:12
# dflint: ignore
RUN apt-get install curl
# dflint: ignore
MAINTAINER me
# dflint: ignore
ENV a b
"""


def test_what_is_silenced_is_told_in_the_order_of_the_text():
    """Rules are asked in another order when the first file of several needs other ones."""
    texts = ("FROM debian:12\nENV a b\n", "FROM debian:12\nMAINTAINER me\n", SILENCED)
    session = Session()
    begun = [session.begin(Source("Dockerfile", text.encode()), Config()) for text in texts]
    reports = [session.finish(one) for one in begun]
    alone = session.check(Source("Dockerfile", SILENCED.encode()), Config())

    def silenced(report):
        return [(one.place.line, one.rule) for one in report.suppressed]

    assert silenced(reports[2]) == silenced(alone) == sorted(silenced(alone))
    assert {line for line, _ in silenced(alone)} == {3, 5, 7}
