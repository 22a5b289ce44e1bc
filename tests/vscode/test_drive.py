"""The package in VS Code itself, as `vscode-extension/test` drives it."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.vscode import get
from tests.vscode.__main__ import main, missing

FOLDER = Path(__file__).parents[2] / ".cache" / "editor"
#: `python -m tests.vscode` tries the others, too: they load the window again and again.
SCENES = ["features", "trust"]
#: What limits of waiting are multiplied by: other tests run at the same time.
PATIENCE = "4"


@pytest.fixture
def editor(monkeypatch: pytest.MonkeyPatch) -> None:
    """code-server, playwright-core and Chromium: got in CI, elsewhere as the environment says."""
    if os.environ.get("DFLINT_CI"):
        get.get(FOLDER)
        for name, value in get.environment(FOLDER).items():
            monkeypatch.setenv(name, value)
    what = missing()
    if what:
        pytest.skip(what)


def test_in_the_editor(editor, monkeypatch, tmp_path):
    monkeypatch.setenv("PATIENCE", PATIENCE)
    monkeypatch.setenv("SHOTS", str(tmp_path))
    assert main(SCENES) == 0
