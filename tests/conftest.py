"""Fixtures that every test can use."""

from __future__ import annotations

import itertools
import os
from pathlib import Path

import pytest

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

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


_numbers = itertools.count()


@pytest.fixture(autouse=True)
def cache_of_its_own(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A place for the result cache of each test, so that none sees what another has left."""
    place = tmp_path_factory.getbasetemp() / f"cache-{next(_numbers)}"
    before = os.environ.get("DFLINT_CACHE_DIR")
    os.environ["DFLINT_CACHE_DIR"] = str(place)
    yield place
    if before is None:
        del os.environ["DFLINT_CACHE_DIR"]
    else:
        os.environ["DFLINT_CACHE_DIR"] = before
