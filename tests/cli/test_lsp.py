from __future__ import annotations

import pytest

from dflint import __version__
from dflint.cli import lsp
from dflint.cli.main import main


def test_without_pygls_it_says_what_to_install(monkeypatch, capfd):
    monkeypatch.setattr(lsp, "find_spec", lambda name: None)
    assert main(["lsp"]) == 2
    assert "pip install 'dflint[lsp]'" in capfd.readouterr().err


def test_its_version_is_said_if_it_can_serve(monkeypatch, capfd):
    assert main(["lsp", "--version"]) == 0
    assert capfd.readouterr().out == f"dflint {__version__}\n"

    monkeypatch.setattr(lsp, "find_spec", lambda name: None)
    assert main(["lsp", "--version"]) == 2
    assert capfd.readouterr().out == ""


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--tcp", "x"], "expected a port or HOST:PORT, found `x`"),
        (["--tcp"], "`--tcp` needs a value"),
        (["--log-level=loud"], "expected debug, info, warning, error, found `loud`"),
        (["--nosuch"], "unknown option `--nosuch`"),
    ],
)
def test_what_cannot_be_read_is_told(words, said, capfd):
    assert main(["lsp", *words]) == 2
    assert said in capfd.readouterr().err
