"""The house is in order: formatter, linter, types, layers, sizes."""

from __future__ import annotations

import ast
import subprocess
import sys
from fnmatch import fnmatch
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
CODE = ("dflint", "rules", "lsp", "tests", "bench")


def run(*command):
    module = [sys.executable, "-m", *command]
    return subprocess.run(module, cwd=ROOT, capture_output=True, text=True)


@pytest.mark.parametrize(
    "command",
    [("ruff", "check", *CODE), ("ruff", "format", "--check", *CODE), ("mypy",)],
    ids=lambda command: "-".join(command[:2]),
)
def test_tool_is_content(command):
    done = run(*command)

    assert done.returncode == 0, done.stdout + done.stderr


def test_imports_keep_to_the_layers():
    code = "import sys; from importlinter.cli import lint_imports; sys.exit(lint_imports())"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True)

    assert done.returncode == 0, done.stdout


def test_every_folder_of_tests_is_run(request):
    tests = ROOT / "tests"
    hidden = [
        str(path.relative_to(ROOT))
        for path in tests.rglob("test_*.py")
        for pattern in request.config.getini("norecursedirs")
        if any(fnmatch(part, pattern) for part in path.relative_to(tests).parts)
    ]

    assert not hidden


def sources():
    for folder in ("dflint", "rules", "lsp"):
        for file in sorted((ROOT / folder).rglob("*.py")):
            if file.name not in ("compiled.py", "_index.py"):
                yield file


def test_no_file_has_more_than_400_lines():
    long = {str(file): lines for file in sources() if (lines := file.read_text().count("\n")) > 400}

    assert long == {}


def test_no_function_has_more_than_60_lines():
    long = []
    for file in sources():
        for node in ast.walk(ast.parse(file.read_text())):
            if isinstance(node, ast.FunctionDef) and (node.end_lineno or 0) - node.lineno >= 60:
                long.append(f"{file}:{node.lineno} {node.name}")

    assert long == []


def test_wheel_holds_the_three_packages_and_nothing_else(tmp_path):
    done = run("pip", "wheel", "--no-deps", "--no-build-isolation", "-q", "-w", str(tmp_path), ".")
    if "No module named 'hatchling'" in done.stderr:
        pytest.skip("hatchling, which builds the wheel, is not installed")
    assert done.returncode == 0, done.stderr

    import zipfile

    (wheel,) = tmp_path.glob("*.whl")
    names = zipfile.ZipFile(wheel).namelist()

    tops = {name.partition("/")[0] for name in names}
    assert {top for top in tops if not top.endswith(".dist-info")} == {
        "dflint", "dflint_rules", "dflint_lsp",
    }  # fmt: skip
    assert "dflint/cst/parser/dockerfile.peg" in names
    assert "dflint/py.typed" in names
