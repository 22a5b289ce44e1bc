"""Which configuration file holds for which file."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from dflint.config.find import ConfigFinder
from dflint.errors import ConfigError


def write(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return path


def engine(finder: ConfigFinder, path: Path) -> str:
    return finder.for_file(os.fspath(path)).engine


def test_nearest_configuration_wins_and_none_is_merged(tmp_path: Path) -> None:
    write(tmp_path / "dflint.toml", 'engine = "classic"\nignore = ["x"]')
    write(tmp_path / "a" / "b" / ".dflint.toml", 'engine = "buildah"')
    finder = ConfigFinder()

    assert engine(finder, tmp_path / "a" / "Dockerfile") == "classic"
    assert engine(finder, tmp_path / "a" / "b" / "c" / "d" / "Dockerfile") == "buildah"
    assert finder.for_file(os.fspath(tmp_path / "a" / "b" / "Dockerfile")).ignore == ()


def test_own_file_comes_in_front_of_pyproject(tmp_path: Path) -> None:
    write(tmp_path / "pyproject.toml", '[tool.dflint]\nengine = "classic"')
    write(tmp_path / "a" / "pyproject.toml", '[tool.dflint]\nengine = "classic"')
    write(tmp_path / "a" / ".dflint.toml", 'engine = "buildah"')

    assert engine(ConfigFinder(), tmp_path / "Dockerfile") == "classic"
    assert engine(ConfigFinder(), tmp_path / "a" / "Dockerfile") == "buildah"


@pytest.mark.parametrize("text", ["[project]", "# dflint", "[tool]\ndflint-x = 1", "] no TOML ["])
def test_pyproject_without_the_table_does_not_count(tmp_path: Path, text: str) -> None:
    write(tmp_path / "dflint.toml", 'engine = "classic"')
    write(tmp_path / "a" / "pyproject.toml", text)

    assert engine(ConfigFinder(), tmp_path / "a" / "Dockerfile") == "classic"


def test_folder_with_the_name_of_a_configuration_does_not_count(tmp_path: Path) -> None:
    write(tmp_path / "dflint.toml", 'engine = "classic"')
    (tmp_path / "a" / "dflint.toml").mkdir(parents=True)

    assert engine(ConfigFinder(), tmp_path / "a" / "Dockerfile") == "classic"


def test_relative_path_is_found_from_the_working_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path / "dflint.toml", 'engine = "classic"')
    (tmp_path / "a").mkdir()
    monkeypatch.chdir(tmp_path / "a")

    assert ConfigFinder().for_file("Dockerfile").engine == "classic"
    assert ConfigFinder().for_file("../Dockerfile").engine == "classic"


def test_named_file_holds_for_everything(tmp_path: Path) -> None:
    write(tmp_path / "dflint.toml", 'engine = "classic"')
    named = write(tmp_path / "x" / "other.toml", 'engine = "buildah"')
    finder = ConfigFinder(file=os.fspath(named))

    assert engine(finder, tmp_path / "Dockerfile") == "buildah"
    assert finder.for_folder("/").engine == "buildah"


def test_isolated_finder_looks_for_nothing(tmp_path: Path) -> None:
    write(tmp_path / "dflint.toml", "] no TOML [")

    assert engine(ConfigFinder(isolated=True), tmp_path / "Dockerfile") == "buildkit"


def test_adjustment_reaches_every_configuration(tmp_path: Path) -> None:
    write(tmp_path / "a" / "dflint.toml", 'ignore = ["x"]')
    for finder in (
        ConfigFinder(adjust=lambda config: config.with_overrides(ignore=("y",))),
        ConfigFinder(isolated=True, adjust=lambda config: config.with_overrides(ignore=("y",))),
    ):
        assert finder.for_file(os.fspath(tmp_path / "Dockerfile")).ignore[-1:] == ("y",)
        assert finder.for_file(os.fspath(tmp_path / "a" / "Dockerfile")).ignore[-1:] == ("y",)


def test_wrong_configuration_is_an_error(tmp_path: Path) -> None:
    write(tmp_path / "dflint.toml", "engine = 1")

    with pytest.raises(ConfigError, match="engine"):
        ConfigFinder().for_file(os.fspath(tmp_path / "Dockerfile"))


def test_finding_nothing_imports_nothing_dear(tmp_path: Path) -> None:
    program = (
        "import sys\n"
        "from dflint.config.find import ConfigFinder\n"
        "ConfigFinder().for_file('Dockerfile')\n"
        "dear = 'tomli difflib typing dataclasses pathlib json dflint.config.load'.split()\n"
        "print([name for name in dear if name in sys.modules])\n"
    )
    root = Path(__file__).resolve().parents[2]
    done = subprocess.run(
        (sys.executable, "-S", "-c", program),
        cwd=tmp_path,
        env={"PYTHONPATH": os.fspath(root)},
        capture_output=True,
        text=True,
        check=True,
    )

    assert done.stdout == "[]\n"
