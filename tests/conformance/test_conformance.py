"""Recorded results of BuildKit and of the classic builder, and a second parser at hand."""

from __future__ import annotations

import io
import json
import lzma
import sys
from pathlib import Path

import dockerfile
import pytest

from dflint.engine.builder_view import builder_view
from dflint.lint.document import Document
from dflint.text.source import Source

sys.path.insert(0, str(Path(__file__).parent))
import run

UNITS = (
    "directives", "expose", "flags", "git_ref", "heredoc", "ignore_match", "instructions",
    "json_array", "parser_ast", "parser_misc", "shell",
)  # fmt: skip


def check(*files):
    out = io.StringIO()
    status = run.run(list(files), None, out)
    assert status == 0, out.getvalue()[-3000:]
    return out.getvalue()


@pytest.mark.parametrize("name", UNITS)
def test_unit_rows_of_buildkit(shared, name):
    assert " 0 not for this program" in check(
        shared / "oracle" / "buildkit-units-dev" / f"{name}.jsonl"
    )


def test_what_buildkit_reads_in_real_files(shared):
    assert "5514 rows" in check(shared / "oracle" / "buildkit-dev.jsonl.xz")


def test_verdicts_on_hostile_files(shared):
    assert "291 rows" in check(shared / "oracle" / "hostile.json")


def test_steps_of_the_classic_builder(shared):
    check(shared / "oracle" / "classic-builder-steps-dev.jsonl.gz")


def test_a_difference_is_told_and_fails(tmp_path):
    row = {"suite": "parser-words", "name": "x", "input": "a b", "expected": {"words": ["a"]}}
    file = tmp_path / "rows.jsonl"
    file.write_text(json.dumps(row) + "\n")
    out = io.StringIO()

    assert run.run([file], None, out) == 1
    assert "rows.jsonl: x: expected" in out.getvalue()


def older(commands):
    """What PyPI `dockerfile`, BuildKit's parser of an older version, reads."""
    return [
        {
            "keyword": one.cmd.lower(),
            "flags": list(one.flags),
            "json": one.json,
            "arguments": list(one.value),
        }
        for one in commands
    ]


EXAMPLES = (
    "FROM a\n",
    "FROM --platform=linux/amd64 a AS b\nRUN x \\\n  # c\n\n  y\n",
    'FROM a\nCMD ["a", "b\\n"]\nENTRYPOINT [ \'a\' ]\n',
    "# escape=`\nFROM a\nRUN x `\n y\nWORKDIR C:\\a\\\n",
    'FROM a\nENV A=1 B="x y" C=\'z\\\'\nENV D e f\nLABEL "a b"=c\n',
    'FROM a\nCOPY --from=b --chown=1:1 x y /z/\nADD ["a b", "/c"]\n',
    "FROM a\nARG A=1 B\nEXPOSE 80 90/udp\nVOLUME /a /b\nUSER a:b\nSTOPSIGNAL 9\n",
    'FROM a\nHEALTHCHECK --interval=3s CMD curl x\nSHELL ["a", "-c"]\n',
    "FROM a\r\nRUN a \\\r\n  b\r\n",
)


@pytest.mark.parametrize("text", EXAMPLES)
def test_an_older_parser_reads_the_same(text):
    view = builder_view(Document(Source("Dockerfile", text.encode())))

    ours = [
        {key: one[key] for key in ("keyword", "flags", "json", "arguments")}
        for one in view["instructions"]
    ]
    for one in ours:
        if one["keyword"] in ("env", "label"):  # it does not tell the separators
            del one["arguments"][2::3]
    assert ours == older(dockerfile.parse_string(text))


def test_an_older_parser_accepts_what_this_one_accepts(shared):
    """Its few differences are of the kinds in which BuildKit has changed since."""
    refused = {name for name, verdict in _older_verdicts(shared).items() if verdict.get("error")}
    ours = set()
    for row in run.rows_of(shared / "oracle" / "buildkit-dev.jsonl.xz"):
        name = row["file"]
        source = Source(name, (shared / "corpus" / "dev" / name).read_bytes())
        kinds = {problem.kind for problem in Document(source).problems}
        if kinds & PARSER_KINDS:
            ours.add(name)

    assert len(refused ^ ours) <= 12, sorted(refused ^ ours)


PARSER_KINDS = {
    "duplicate-directive", "invalid-escape-directive", "line-too-long", "unterminated-heredoc",
    "empty-dockerfile", "json-array-not-strings", "malformed-pair",
}  # fmt: skip


def _older_verdicts(shared):
    with lzma.open(shared / "oracle" / "gobind-dev.json.xz", "rt") as stream:
        files = json.load(stream)["files"]
    return {name: {"error": not verdict["ok"]} for name, verdict in files.items()}
