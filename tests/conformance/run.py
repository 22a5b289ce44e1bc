"""Puts rows of expected results to dflint: prints every difference and a count, exits 1 on any.

    python tests/conformance/run.py [--corpus DIR] FILE…

A FILE holds rows in one of these formats, as JSON lines (plain, .gz or .xz) or one JSON object:

- unit rows of BuildKit: {"suite", "name", "input"…, "expected"}; of its checks {"suite":
  "lint-check" or "lint-doc-example", "dockerfile", "attrs", "expected": {"warnings"… or "label"}}
- what a rule, by any of its names, says: {"rule", "dockerfile", "expect": "hit" or "clean"}, with
  "count", "name", "options" (of the rule), "config" (in our configuration's keys), "dockerignore"
- what BuildKit reads in real files: {"file", "ast", "parse", "instr", "lint", "escape"}; the files
  are looked for in --corpus, beside FILE, and in `corpus/*` of the folders above it; a row may
  carry its text itself, as "dockerfile"
- verdicts: {name: {"bk": {…the same…}}}
- step lists of the classic builder: {"dockerfile", "steps", "steps_total"}
"""

from __future__ import annotations

import argparse
import gzip
import json
import lzma
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))

import unit_git
import unit_ignore
import unit_lint
import unit_parser
import unit_shell
import unit_values

from dflint.config.schema import Config
from dflint.cst.instructions import UnknownInstruction
from dflint.cst.parser.build import parse
from dflint.engine.builder_view import builder_view
from dflint.engine.report import FileReport
from dflint.engine.session import Session
from dflint.lint.document import Document
from dflint.lint.names import is_buildkit_check
from dflint.text.source import Source

SHELL = ("shell-word", "shell-words", "shell-match")
VALUES = ("expose", "run-device")


def rows_of(path: Path) -> list[dict]:
    """The rows of a file, whatever its packing."""
    opener = {".gz": gzip.open, ".xz": lzma.open}.get(path.suffix, open)
    with opener(path, "rt", encoding="utf-8") as stream:
        text = stream.read()
    lines = [line for line in text.splitlines() if line.strip()]
    try:
        return [json.loads(line) for line in lines]
    except ValueError:
        whole = json.loads(text)
    if isinstance(whole, list):
        return whole
    return [{**value.get("bk", value), "file": name} for name, value in whole.items()]


def included(expected: object, found: object) -> bool:
    """Whether what is expected is there; dicts may have more."""
    if isinstance(expected, dict):
        return isinstance(found, dict) and all(
            key in found and included(value, found[key]) for key, value in expected.items()
        )
    return expected == found


def check_unit(row: dict) -> str | None:
    suite = row["suite"]
    if suite in unit_lint.SUITES:
        return unit_lint.run_row(row, report_of)
    if suite in unit_parser.SUITES:
        found = unit_parser.run_row(row)
    elif suite in unit_git.SUITES:
        found = unit_git.run_row(row)
    elif suite in unit_ignore.SUITES:
        found = unit_ignore.run_row(row)
    elif suite in SHELL:
        found = unit_shell.run_row(row)
    elif suite in VALUES:
        found = unit_values.run_row(row)
    else:
        return "skip"
    expected = dict(row["expected"])
    error = expected.get("error")
    if isinstance(error, str) and not expected.get("exact"):
        told = found.get("error") if isinstance(found, dict) else None
        if isinstance(told, str) and (error in told or told in error):
            expected["error"] = told
    expected.pop("exact", None)
    return None if included(expected, found) else f"expected {expected}, found {found}"


def text_of(row: dict, path: Path, corpus: Path | None) -> bytes | None:
    for key in ("dockerfile", "text", "input"):
        if isinstance(row.get(key), str):
            return row[key].encode("utf-8", "surrogateescape")
    places = [corpus] if corpus else []
    places.append(path.parent)
    for above in path.resolve().parents:
        places += sorted((above / "corpus").glob("*")) if (above / "corpus").is_dir() else []
    for place in places:
        file = place / row["file"]
        if file.is_file():
            return file.read_bytes()
    return None


def check_reading(row: dict, path: Path, corpus: Path | None) -> str | None:
    data = text_of(row, path, corpus)
    if data is None:
        return "skip"
    doc = Document(Source("Dockerfile", data))
    view = builder_view(doc)
    refused = [row[key] for key in ("parse", "instr", "lint") if row.get(key)]
    errors = [error["message"] for error in view["errors"]] + failing_checks(doc)
    if bool(refused) != bool(errors):
        return f"BuildKit {'refuses: ' + refused[0] if refused else 'accepts'}, dflint: {errors}"
    if row.get("parse") or "ast" not in row:
        return None
    if row.get("escape", "\\") != view["escape"]:
        return f"escape: BuildKit {row.get('escape')}, dflint {view['escape']}"
    return compare_instructions(doc, view["instructions"], row["ast"])


def failing_checks(doc: Document) -> list[str]:
    """The checks that fail the build under `check=error=true`."""
    check = doc.tree.directive("check")
    if check is None or "error=true" not in check.value.replace(" ", "").lower():
        return []
    from dflint.lint.finding import Severity

    report = Session().check(doc.source, Config())
    entries = Session().entries
    return [
        finding.rule
        for finding in report.findings
        if finding.severity is Severity.ERROR
        and any(map(is_buildkit_check, entries[finding.rule].aliases))
    ]


def report_of(row: dict, config: Config) -> FileReport:
    """Our report of a row's Dockerfile, in a folder with its `dockerignore` if it has one."""
    data = row["dockerfile"].encode("utf-8", "surrogateescape")
    with tempfile.TemporaryDirectory() as folder:
        source = Source("Dockerfile", data)
        if row.get("dockerignore") is not None:
            (Path(folder) / ".dockerignore").write_text(row["dockerignore"])
            source = Source(str(Path(folder) / "Dockerfile"), data)
        session = Session(shellcheck=str(row.get("rule", "")).startswith("SC"))
        try:
            return session.check(source, config)
        finally:
            session.close()


def compare_instructions(doc: Document, ours: list[dict], theirs: list[dict]) -> str | None:
    if len(ours) != len(theirs):
        return f"{len(theirs)} instructions, dflint has {len(ours)}"
    for node, mine, other in zip(doc.instructions, ours, theirs, strict=True):
        expected = {
            "keyword": other["c"].lower(),
            "start_line": other["s"],
            "end_line": other["e"],
            "flags": other.get("f", []),
            "json": bool(other.get("t", {}).get("json")),
            "arguments": other.get("a", []),
            "heredocs": [
                {"name": h["Name"], "content": h["Content"], "expand": h["Expand"],
                 "chomp": h["Chomp"]}
                for h in other.get("h", [])
            ],
            "onbuild": trigger_of(other.get("sub")),
        }  # fmt: skip
        if isinstance(node, UnknownInstruction):
            expected["arguments"] = []
        if mine != expected:
            return f"expected {expected}, found {mine}"
    return None


def trigger_of(sub: dict | None) -> dict | None:
    if sub is None:
        return None
    arguments = sub.get("a", [])
    return {
        "keyword": sub["c"].lower(),
        "flags": sub.get("f", []),
        "json": bool(sub.get("t", {}).get("json")),
        "arguments": [] if arguments == [""] else arguments,
        "onbuild": trigger_of(sub.get("sub")),
    }


def check_steps(row: dict) -> str | None:
    tree = parse(row["dockerfile"])
    ours = [node.line.text for node in tree.instructions]
    steps = row["steps"]
    total = row.get("steps_total")
    if total is None:
        return None
    if total != len(ours):
        return f"{total} steps, dflint has {len(ours)}"
    if not any(ours[at : at + len(steps)] == steps for at in range(len(ours) + 1)):
        return f"steps {steps} are not among {ours}"
    return None


def check_row(row: dict, path: Path, corpus: Path | None) -> str | None:
    """What differs, None when nothing does, `skip` when the row is not for this program."""
    if "suite" in row:
        return check_unit(row)
    if "rule" in row and "expect" in row:
        return unit_lint.rule_row(row, report_of)
    if "steps" in row:
        return check_steps(row)
    if "file" in row:
        return check_reading(row, path, corpus)
    return "skip"


def run(paths: list[Path], corpus: Path | None, out=sys.stdout) -> int:
    differences = 0
    for path in paths:
        total = skipped = 0
        for at, row in enumerate(rows_of(path)):
            found = check_row(row, path, corpus)
            if found == "skip":
                skipped += 1
                continue
            total += 1
            if found is not None:
                differences += 1
                name = row.get("name") or row.get("file") or row.get("id") or at
                print(f"{path.name}: {name}: {found}", file=out)
        print(f"{path.name}: {total} rows, {skipped} not for this program", file=out)
    print(f"{differences} differences", file=out)
    return 1 if differences else 0


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--corpus", type=Path)
    parser.add_argument("files", nargs="+", type=Path)
    arguments = parser.parse_args()
    raise SystemExit(run(arguments.files, arguments.corpus))
