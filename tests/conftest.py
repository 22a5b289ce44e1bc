"""Fixtures that every test can use."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent


def shared_folder() -> Path | None:
    """The folder of shared material beside the checkout, when it is there."""
    place = Path(os.environ.get("DFLINT_SHARED", ROOT.parent / "shared"))
    return place if (place / "corpus").is_dir() else None


@pytest.fixture(scope="session")
def shared() -> Path:
    """The shared material; skips when this machine has none."""
    place = shared_folder()
    if place is None:
        pytest.skip("the corpus and the recorded results of other tools are not on this machine")
    return place
