"""Our modules are found quickly, and are the same modules as Python would find."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import dflint

PACKAGE = Path(str(dflint.__file__)).parent
FACTS = """
import sys
from dflint import quick_imports
if {quick}:
    quick_imports.install()
import dflint.text.span, dflint.errors
for module in (dflint.text, dflint.text.span, dflint.errors):
    spec = module.__spec__
    print(module.__file__, module.__cached__, getattr(module, "__path__", None), module.__package__,
          spec.origin, spec.cached, spec.parent, spec.submodule_search_locations, spec.has_location)
print(type(dflint.text.span.__loader__).__name__)
print(dflint.text.span.Span.__init__.__code__.co_filename)
print(dflint.text.span.__loader__.get_source("dflint.text.span")[:20])
"""


def copied(tmp_path):
    """A copy of what is imported here, that a test may change."""
    to = tmp_path / "dflint"
    for name in ("__init__.py", "errors.py", "quick_imports.py", "text/__init__.py",
                 "text/span.py"):  # fmt: skip
        (to / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(PACKAGE / name, to / name)
    return to


def facts(folder, quick, *options):
    environment = {k: v for k, v in os.environ.items() if not k.startswith("PYTHON")}
    done = subprocess.run(
        [sys.executable, *options, "-c", FACTS.format(quick=quick)],
        capture_output=True,
        text=True,
        cwd=folder,
        env=environment,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


def loader_of(lines):
    return next(line for line in lines if line.endswith("Loader"))


def test_a_module_is_what_python_would_make_of_it(tmp_path):
    copied(tmp_path)
    usual = facts(tmp_path, False)
    quick = facts(tmp_path, True)

    assert loader_of(usual) == "SourceFileLoader"
    assert loader_of(quick) == "QuickLoader"
    assert [line for line in quick if "Loader" not in line] == [
        line for line in usual if "Loader" not in line
    ]


def test_without_compiled_forms_python_finds_the_modules(tmp_path):
    copied(tmp_path)
    first = facts(tmp_path, True)

    assert loader_of(first) == "SourceFileLoader"
    assert (tmp_path / "dflint/text/__pycache__").is_dir()


def test_a_changed_source_is_what_counts(tmp_path):
    package = copied(tmp_path)
    facts(tmp_path, True)
    source = package / "text/span.py"
    source.write_text(source.read_text().replace('"""', '"""Changed: ', 1))
    lines = facts(tmp_path, True)

    assert loader_of(lines) == "SourceFileLoader"
    assert lines[-1].startswith('"""Changed: ')
    assert loader_of(facts(tmp_path, True)) == "QuickLoader"


def test_a_source_of_another_time_is_what_counts(tmp_path):
    package = copied(tmp_path)
    facts(tmp_path, True)
    os.utime(package / "text/span.py", (1, 1))

    assert loader_of(facts(tmp_path, True)) == "SourceFileLoader"


def test_forms_that_are_held_against_the_source_are_left_to_python(tmp_path):
    package = copied(tmp_path)
    subprocess.run(
        [sys.executable, "-m", "compileall", "-q", "--invalidation-mode", "checked-hash", package],
        check=True,
    )

    assert loader_of(facts(tmp_path, True)) == "SourceFileLoader"


def test_optimised_code_is_left_to_python(tmp_path):
    copied(tmp_path)
    facts(tmp_path, True, "-O")

    assert loader_of(facts(tmp_path, True, "-O")) == "SourceFileLoader"


def test_a_moved_package_names_its_new_place(tmp_path):
    copied(tmp_path / "before")
    facts(tmp_path / "before", True)
    shutil.move(tmp_path / "before", tmp_path / "behind")
    lines = facts(tmp_path / "behind", True)

    assert loader_of(lines) == "QuickLoader"
    assert f"{tmp_path}/before" not in "".join(lines)


def test_the_command_uses_it(tmp_path):
    (tmp_path / "Dockerfile").write_text("FROM debian:12\nRUN ls\n")
    code = (
        "import os, sys; from dflint.cli import main; sys.argv[1:] = ['check', '--no-cache'];"
        " os._exit = lambda status: None; main.run();"
        " print(type(sys.modules['dflint.lint.document'].__loader__).__name__)"
    )
    environment = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
    for _ in range(2):
        done = subprocess.run(
            [sys.executable, "-c", f"import sys; sys.path[:0] = {sys.path!r}; {code}"],
            capture_output=True,
            text=True,
            cwd=tmp_path,
            env=environment,
        )

    assert done.stdout.splitlines()[-1] == "QuickLoader", done.stderr
