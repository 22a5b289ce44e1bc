"""dflint as other programs install it: by pre-commit, and beside a plug-in of another's."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PLUGIN = ROOT / "tests" / "data" / "plugin"


def run(*command, **options):
    return subprocess.run(command, capture_output=True, text=True, timeout=600, **options)


def environment():
    """The environment without what would let the source tree stand in for an installation."""
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    return kept | {"NO_COLOR": "1"}


@pytest.fixture(scope="module")
def repository(tmp_path_factory):
    """The project as a git repository of its own, with what is not committed yet."""
    if shutil.which("git") is None:
        pytest.skip("git is not installed")
    place = tmp_path_factory.mktemp("repository")
    listed = run("git", "ls-files", "-co", "--exclude-standard", cwd=ROOT).stdout.split("\n")
    for name in filter(None, listed):
        if (ROOT / name).is_file():
            (place / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, place / name)
    git = ("git", "-c", "user.name=t", "-c", "user.email=t@example.com")
    run("git", "init", "-q", cwd=place)
    run("git", "add", "-A", cwd=place)
    assert run(*git, "commit", "-qm", "x", cwd=place).returncode == 0
    return place


@pytest.fixture(scope="module")
def installed(tmp_path_factory):
    """A fresh environment with dflint and the example plug-in from a distribution of its own."""
    place = tmp_path_factory.mktemp("environment")
    assert run(sys.executable, "-m", "venv", str(place)).returncode == 0
    programs = place / ("Scripts" if os.name == "nt" else "bin")
    done = run(str(programs / "pip"), "install", "-q", str(ROOT), str(PLUGIN))
    assert done.returncode == 0, done.stderr
    return programs


def test_a_plug_in_of_another_distribution_works(installed, tmp_path):
    (tmp_path / "Dockerfile").write_text("FROM debian:12\nUSER sudo\n")
    dflint = str(installed / "dflint")

    found = run(dflint, "--output-format=concise", ".", cwd=tmp_path, env=environment())
    page = run(dflint, "rule", "acme-no-sudo", env=environment())
    without = run(dflint, "--ignore=acme-no-sudo", ".", cwd=tmp_path, env=environment())

    assert found.stdout == (
        "Dockerfile:2:6: error: the user `sudo` is reserved [acme-no-sudo]\n"
    ), found.stderr
    assert page.stdout.startswith("# acme-no-sudo\n")
    assert without.returncode == 0


def test_a_plug_in_tests_its_rules_with_what_dflint_gives(installed):
    code = (
        "from acme_rules import rules\n"
        "from dflint.testing.examples import check_example, check_rule, examples\n"
        "for rule in rules(): check_rule(rule)\n"
        "for example in examples(rules()): check_example(example)\n"
    )

    done = run(str(installed / "python"), "-c", code, env=environment())

    assert done.returncode == 0, done.stderr


def test_pre_commit_runs_the_hooks(repository, tmp_path):
    pytest.importorskip("pre_commit", reason="pre-commit is not installed")
    project = tmp_path / "project"
    (project / "deploy").mkdir(parents=True)
    (project / "deploy" / "app.dockerfile").write_text("FROM debian:12\nMAINTAINER me\n")
    (project / "Dockerfile-prod").write_text("FROM debian:12\nRUM x\n")
    (project / "Dockerfile.j2").write_text("FROM {{ x }}\nRUM x\n")
    run("git", "init", "-q", cwd=project)
    run("git", "add", "-A", cwd=project)

    done = run(
        sys.executable, "-m", "pre_commit", "try-repo", str(repository), "dflint", "--all-files",
        cwd=project,
        env=environment() | {"PRE_COMMIT_HOME": str(tmp_path / "cache")},
    )  # fmt: skip

    assert "deploy/app.dockerfile:2:1 warning maintainer-deprecated" in done.stdout, done.stdout
    assert "Dockerfile-prod:2:1 error unknown-instruction" in done.stdout
    assert "j2" not in done.stdout
    assert done.returncode == 1
