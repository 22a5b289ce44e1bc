"""What BuildKit's checks say of real files, for the checks whose meaning is taken over."""

from __future__ import annotations

import json
import lzma
from collections import Counter

import pytest

from dflint.lint.document import Document, Settings
from dflint.text.source import Source
from dflint_rules.const_platform import ConstPlatform
from dflint_rules.empty_continuation import EmptyContinuation
from dflint_rules.redundant_platform import RedundantPlatform
from dflint_rules.secret_in_arg_env import SecretInArgEnv

#: Goes by the names alone, as BuildKit does.
SETTINGS = Settings(options={"secret-in-arg-env": {"harmless-values": True}})
RULES = (ConstPlatform, EmptyContinuation, RedundantPlatform, SecretInArgEnv)


def instruction_line(doc, line):
    """The line of the instruction around a line."""
    for instruction in doc.instructions:
        first = doc.lines.line(instruction.line.start)
        if first <= line <= doc.lines.line(max(instruction.line.stop - 1, instruction.line.start)):
            return first
    return line


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.meta.name)
def test_rules_find_what_buildkit_finds_in_real_files(shared, rule):
    wanted = f'"{rule.meta.aliases[0]}"'
    missed, total = [], 0
    with lzma.open(shared / "oracle" / "buildkit-dev.jsonl.xz", "rt") as rows:
        for row in (json.loads(line) for line in rows if wanted in line):
            doc = Document(Source.read(str(shared / "corpus" / "dev" / row["file"])), SETTINGS)
            theirs = Counter(
                instruction_line(doc, one["line"])
                for one in row["warnings"]
                if f'"{one["rule"]}"' == wanted
            )
            ours = Counter(
                instruction_line(doc, doc.lines.line(finding.span.start))
                for finding in rule().check(doc)
            )
            total += sum(theirs.values())
            missed += [(row["file"], line) for line in theirs - ours]

    assert total
    assert missed == []
