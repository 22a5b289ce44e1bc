from __future__ import annotations

import os
import shutil
import tempfile

import pytest

from dflint.content import ContentStore

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture
def store(tmp_path) -> Iterator[ContentStore]:
    """An empty store."""
    store = ContentStore(str(tmp_path / "store"))
    yield store
    store.close()


@pytest.fixture
def fast_path(tmp_path) -> Iterator[str]:
    """A folder in memory where there is one, for what syncs a lot."""
    memory = "/dev/shm"
    if not os.access(memory, os.W_OK):
        yield str(tmp_path)
        return
    place = tempfile.mkdtemp(dir=memory)
    yield place
    shutil.rmtree(place, ignore_errors=True)
