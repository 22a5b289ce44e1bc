"""Which rules may have something to say of a document."""

from __future__ import annotations

import pytest

from dflint.cst.instructions import Cmd, Copy
from dflint.lint.document import Document
from dflint.lint.finding import Severity
from dflint.lint.groups import Groups
from dflint.lint.registry import entry_of
from dflint.lint.rule import Category, Meta, Rule
from dflint.text.source import Source


class OfCmd(Rule):
    """A rule that waits for CMD."""

    meta = Meta("of-cmd", Category.STYLE, Severity.INFO, since="1")
    on = (Cmd,)


class OfCopy(Rule):
    """A rule that waits for COPY."""

    meta = Meta("of-copy", Category.STYLE, Severity.INFO, since="1")
    on = (Copy,)


class OfAll(Rule):
    """A rule that waits for nothing."""

    meta = Meta("of-all", Category.STYLE, Severity.INFO, since="1")


@pytest.mark.parametrize("most", [1, 256])
def test_keywords_tell_which_rules_are_asked_however_many_documents_there_were(most, monkeypatch):
    monkeypatch.setattr("dflint.lint.groups._MOST", most)
    groups = Groups([(entry_of(one, "test"), Severity.INFO) for one in (OfCmd, OfCopy, OfAll)])
    lines = ["CMD a\n", "COPY a b\n", "COPY a b\nCMD c\n", "RUN a\n"]
    docs = [Document(Source("Dockerfile", f"FROM a\n{one}".encode())) for one in (*lines, *lines)]
    asked = [
        {entry.name for group in found for entry, _ in group.rules} for found in groups.of_all(docs)
    ]
    wanted = [{"of-cmd"}, {"of-copy"}, {"of-cmd", "of-copy"}, set()]
    assert asked == [one | {"of-all"} for one in (*wanted, *wanted)]
