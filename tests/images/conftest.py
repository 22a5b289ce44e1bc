from __future__ import annotations

import pytest

from dflint.cli.main import main
from dflint.content import ContentStore
from tests.images.made import put_image, whole


@pytest.fixture
def store(tmp_path, monkeypatch):
    """A store of three images: `old:1`, which is `old:2` too, and `new:latest`."""
    place = str(tmp_path / "store")
    monkeypatch.setenv("DFLINT_STORE", place)
    monkeypatch.setattr("dflint.cli.build.enter_namespace", lambda: None)
    store = ContentStore(place)
    base = {"a": "x" * 1000}
    old = put_image(store, base, labels={"who": "me"})
    new = put_image(store, base, {"b": "y" * 500}, created="2024-02-02T03:04:05.5Z")
    store.tag(whole("old:1"), old)
    store.tag(whole("old:2"), old)
    store.tag(whole("new:latest"), new)
    yield store
    store.close()


@pytest.fixture
def dflint(capsys):
    """Runs a command line: its exit status, standard output and error."""

    def run(*words):
        capsys.readouterr()
        status = main(words)
        done = capsys.readouterr()
        return status, done.out, done.err

    return run
