"""The tools that measure accuracy count right."""

from __future__ import annotations

import argparse
import json
import lzma
import sys

import pytest

from bench import accuracy, fragments
from dflint.engine.session import Session

TEXT = """# above
FROM debian
RUN cd /a && \\
  make

CMD npm start
COPY <<E /x
cd
E
"""


@pytest.fixture
def folder(tmp_path):
    place = tmp_path / "files"
    place.mkdir()
    (place / "a.Dockerfile").write_text(TEXT)
    (place / "b.Dockerfile").write_text("FROM debian\n")
    (place / "notes.txt").write_text("FROM debian\n")
    return place


def record_of(tmp_path, files, **others):
    path = tmp_path / "record.json.xz"
    with lzma.open(path, "wt") as stream:
        json.dump({"files": files, **others}, stream)
    return path


def run(monkeypatch, capsys, program, *argv):
    monkeypatch.setattr(sys, "argv", ["x", *map(str, argv)])
    assert program.main() == 0
    return capsys.readouterr().out


def found(code, line, message="theirs"):
    return [code, "warning", line, 1, message]


def test_line_belongs_to_the_instruction_it_stands_in(folder):
    checked = accuracy.Checked(folder / "a.Dockerfile", Session(), accuracy.Config(select=()))

    units = [checked.unit(line, "instruction") for line in range(1, 10)]
    assert units == [0, 1, 2, 2, 2, 3, 4, 4, 4]
    assert [checked.unit(line, "line") for line in (1, 9)] == [1, 9]
    assert [checked.unit(line, "file") for line in (1, 9)] == [0, 0]
    assert checked.extent(4) == (3, 4)
    assert checked.excerpt(8) == "     7 | COPY <<E /x\n>    8 | cd\n     9 | E"


def test_agreement_is_counted_per_instruction(tmp_path, folder, monkeypatch, capsys):
    files = {
        "a.Dockerfile": [
            *(found("DL3006", 2), found("DL3003", 4), found("DL3003", 3)),
            *(found("DL3007", 2), found("DL9999", 2)),
        ]
    }

    out = run(monkeypatch, capsys, accuracy, folder, "--oracle", record_of(tmp_path, files))

    rows = {line.split()[0]: line.split() for line in out.splitlines() if line}
    assert out.startswith("2 files, 0 left out because hadolint refuses them\n")
    assert rows["DL3006"][-7:] == ["1", "2", "1", "1", "0", "50.0%", "100.0%"]
    assert rows["DL3003"][-7:] == ["1", "1", "1", "0", "0", "100.0%", "100.0%"]
    assert rows["DL3007"][-7:] == ["1", "0", "0", "0", "1", "-", "0.0%"]
    assert rows["all"][-7:] == ["3", "3", "2", "1", "1", "66.7%", "66.7%"]
    assert "DL9999" not in rows
    assert "DL3025" not in rows  # the record knows no such check


def test_files_that_the_other_tool_refuses_are_left_out(tmp_path, folder, monkeypatch, capsys):
    record = record_of(
        tmp_path, {"a.Dockerfile": [found("hadolint/DL3006", 2)]}, failed_alone={"b.Dockerfile": {}}
    )

    out = run(
        monkeypatch, capsys, accuracy, folder, "--oracle", record, "--tool", "tally", "--markdown"
    )

    assert "2 files, 1 left out because tally refuses them\n" in out
    assert "| DL3006 | untagged-image (off) | 1 | 1 | 1 | 0 | 0 | 100.0% | 100.0% |\n" in out


def test_records_tell_what_the_tool_refuses():
    warning = {"rule": "X", "line": 1, "msg": "m"}

    hadolint = accuracy.linter_record({"files": {"a": [found("DL1000", 1)], "b": []}})
    buildkit = accuracy.buildkit_record(
        [{"file": "a", "warnings": [warning]}, {"file": "b", "lint": "e"}]
    )

    assert hadolint.refused == {"a"}
    assert buildkit.refused == {"b"}
    assert buildkit.findings == {"a": {("X", 1, "m")}, "b": set()}


def test_what_hadolint_prints_is_a_record(tmp_path):
    finding = {"code": "DL3006", "level": "warning", "line": 1, "column": 2, "message": "m"}
    (tmp_path / "x.json").write_text(json.dumps([finding | {"file": "some/where/a.Dockerfile"}]))

    record = accuracy.read_record(tmp_path / "x.json", "hadolint")

    assert record.findings == {"a.Dockerfile": {("DL3006", 1, "m")}}


def test_differences_are_printed_from_both_sides(tmp_path, folder, monkeypatch, capsys):
    record = record_of(tmp_path, {"a.Dockerfile": [found("DL3003", 6)]})

    out = run(monkeypatch, capsys, accuracy, folder, "--oracle", record, "--differences", "DL3003")

    assert "DL3003: 0 in common, 1 only ours, 1 only theirs\n" in out
    assert "== only ours  a.Dockerfile:3\n   dflint: `cd` holds" in out
    assert ">    3 | RUN cd /a && \\\n     4 |   make\n" in out
    assert "== only theirs  a.Dockerfile:6\n   hadolint: theirs\n>    6 | CMD npm start\n" in out


def test_findings_are_drawn_with_their_lines(folder, monkeypatch, capsys):
    out = run(monkeypatch, capsys, accuracy, folder, "--findings", "DL3006", "--context", "1")

    assert out.startswith("2 findings in 2 of 2 files; seed 1\n")
    assert "     1 | # above\n>    2 | FROM debian\n     3 | RUN cd /a && \\\n" in out


def test_sample_is_the_same_for_a_seed_and_may_be_spread():
    items = [(file, text) for file in "abcdefgh" for text in "xyz"]

    def draw(seed, spread):
        arguments = argparse.Namespace(seed=seed, sample=5, spread=spread)
        return accuracy.sample(items, arguments, lambda item: item[::-1])

    assert draw(1, False) == draw(1, False) != draw(2, False)
    assert len(draw(1, False)) == 5
    spread = draw(1, True)
    assert len({file for file, _ in spread}) == len(set(spread)) == 5
    assert {text for _, text in spread[:3]} == set("xyz")


def test_a_spread_sample_takes_alike_items_where_there_are_no_others():
    arguments = argparse.Namespace(seed=1, sample=30, spread=True)

    assert sorted(accuracy.sample(list("aab"), arguments, lambda it: (it,))) == ["a", "a", "b"]
    assert accuracy.sample([], arguments, lambda it: (it,)) == []


@pytest.mark.parametrize(
    ("text", "trigger"),
    [
        ("RUN x", "ONBUILD RUN x"),
        ("# c\nRUN x \\\n y\n", "# c\nONBUILD RUN x \\\n y\n"),
        ("FROM a\n", None),
        ("ONBUILD RUN x\n", None),
        ("MAINTAINER a\n", None),
        ("RUN a\nRUN b\n", None),
        ("FOO a\n", None),
        ("", None),
    ],
)
def test_single_instructions_are_put_behind_onbuild(text, trigger):
    assert fragments.behind_onbuild(text) == trigger


def test_fragments_show_where_hadolint_and_dflint_differ(tmp_path, monkeypatch, capsys):
    program = tmp_path / "hadolint"
    program.write_text(
        f"#!{sys.executable}\n"
        "import json, sys\n"
        "found = []\n"
        "for file in sys.argv[4:]:\n"
        "    text = open(file).read()\n"
        "    assert 'crash' not in text\n"
        "    found += [{'file': file, 'code': 'DL3006'}] if 'debian' in text else []\n"
        "    found += [{'file': file, 'code': 'DL1000'}] if 'refuse' in text else []\n"
        "print(json.dumps(found))\n"
    )
    program.chmod(0o755)
    rows = tmp_path / "rows.jsonl"
    texts = ("FROM debian", "RUN echo debian", "RUN x", "RUN crash", "RUN refuse")
    rows.write_text("".join(json.dumps({"rule": "DL3006", "dockerfile": t}) + "\n" for t in texts))

    out = run(monkeypatch, capsys, fragments, rows, "--onbuild", "--hadolint", program)

    assert "== only hadolint  DL3006\n   | ONBUILD RUN echo debian\n" in out
    assert "9 fragments, 4 of them refused by hadolint\n" in out
    assert "3 agree (60.0%): 1 hit, 2 clean, 0 only dflint, 2 only hadolint\n" in out
