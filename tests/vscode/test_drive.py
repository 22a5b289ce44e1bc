"""The package in VS Code itself, as `vscode-extension/test` drives it.

It needs what `python -m tests.vscode.get FOLDER` gets, which takes minutes and 900 MB.
"""

from __future__ import annotations

import pytest

from tests.vscode.__main__ import main, missing

#: `python -m tests.vscode` tries the others, too: they load the window again and again.
SCENES = ["features", "trust"]
#: What limits of waiting are multiplied by: other tests run at the same time.
PATIENCE = "4"


@pytest.mark.skipif(missing() != "", reason=missing() or "all is there")
def test_in_the_editor(monkeypatch, tmp_path):
    monkeypatch.setenv("PATIENCE", PATIENCE)
    monkeypatch.setenv("SHOTS", str(tmp_path))
    # A window that other tests slow down may lose a key: what fails once is tried once more.
    assert main(SCENES) == 0 or main(SCENES) == 0
