"""What is brought to disk by a process that nobody waits for."""

from __future__ import annotations

import os
import sys
import time

import pytest

from dflint.content import ContentStore, settling
from dflint.content import layers as layers_module
from dflint.content.settling import read_marks, sync_file_system, sync_later
from dflint.errors import BuildError
from dflint.kernel import file_program

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pathlib import Path


def add(store: ContentStore) -> str:
    with store.new_layer() as draft:
        return draft.commit()


@pytest.fixture
def boot(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The boot that stores are opened in; what is in the list is changed for another."""
    now = ["first"]
    monkeypatch.setattr(layers_module, "_boot_id", lambda: now[0])
    return now


def opened(tmp_path: Path) -> ContentStore:
    return ContentStore(str(tmp_path / "store"))


def wait_for(number: int, store: ContentStore) -> None:
    """Wait until so many marks are written."""
    end = time.monotonic() + 60
    while len(read_marks(store.root)) < number:
        assert time.monotonic() < end, "nobody has synced"
        time.sleep(0.01)


def test_what_was_synced_outlives_a_boot(tmp_path: Path, boot: list[str]) -> None:
    store = opened(tmp_path)
    kept = add(store)
    store.settle_soon()
    lost = add(store)
    wait_for(1, store)
    store.close()
    boot[0] = "second"

    again = opened(tmp_path)
    assert again.has_layers((kept,))
    assert not again.has_layers((lost,))
    again.close()
    boot[0] = "third"
    assert opened(tmp_path).has_layers((kept,))


def test_what_was_not_synced_yet_does_not(
    tmp_path: Path, boot: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A power cut before the process has synced; until then everything counts."""
    asked = []
    monkeypatch.setattr(layers_module, "sync_later", lambda *words: asked.append(words) or True)
    store = opened(tmp_path)
    layer = add(store)
    store.settle_soon()
    assert len(asked) == 1
    store.close()
    store = opened(tmp_path)
    assert store.has_layers((layer,))
    store.close()
    boot[0] = "second"

    assert not opened(tmp_path).has_layers((layer,))


def test_the_next_build_has_synced_what_one_before_has_not(
    tmp_path: Path, boot: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(layers_module, "sync_later", lambda *words: True)
        store = opened(tmp_path)
        first = add(store)
        store.settle_soon()
        store.close()
    store = opened(tmp_path)
    second = add(store)
    store.settle_soon()
    wait_for(1, store)
    store.close()
    boot[0] = "second"

    assert opened(tmp_path).has_layers((first, second))


def test_what_is_synced_is_not_synced_again(tmp_path: Path, boot: list[str]) -> None:
    store = opened(tmp_path)
    add(store)
    store.settle_soon()
    wait_for(1, store)
    store.settle_soon()
    store.settle()
    time.sleep(0.1)

    assert len(read_marks(store.root)) == 1
    assert store._database.rows("SELECT DISTINCT boot FROM layers") == [("",)]


@pytest.mark.parametrize("lacks", ["an interpreter", "others"])
def test_where_no_process_can_be_had_the_build_waits(
    tmp_path: Path, boot: list[str], monkeypatch: pytest.MonkeyPatch, lacks: str
) -> None:
    if lacks == "others":
        monkeypatch.setattr(os, "getpid", lambda: 1)
    else:
        monkeypatch.setattr(sys, "executable", str(tmp_path / "nothing"))
    assert not sync_later(str(tmp_path), "mark")
    monkeypatch.undo()
    monkeypatch.setattr(layers_module, "_boot_id", lambda: boot[0])
    monkeypatch.setattr(layers_module, "sync_later", lambda *words: False)
    store = opened(tmp_path)
    layer = add(store)
    store.settle_soon()
    store.close()
    boot[0] = "second"

    assert opened(tmp_path).has_layers((layer,))


def test_a_disk_that_fails_is_said(
    tmp_path: Path, boot: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(folder: str) -> None:
        raise OSError(5, "Input/output error")

    monkeypatch.setattr(layers_module, "sync_file_system", fail)
    store = opened(tmp_path)
    add(store)
    with pytest.raises(BuildError, match="input/output error"):
        store.settle()


def test_marks_do_not_become_ever_more(
    tmp_path: Path, boot: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settling, "_LONG", 100)
    store = opened(tmp_path)
    layers = []
    for number in range(6):
        layers.append(add(store))
        before = read_marks(store.root)
        store.settle_soon()
        end = time.monotonic() + 60
        while read_marks(store.root) <= before and time.monotonic() < end:
            time.sleep(0.01)
        assert len(read_marks(store.root)) <= 3, number
    store.close()
    boot[0] = "second"

    assert opened(tmp_path).has_layers(tuple(layers))


def test_syncing_what_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        sync_file_system(str(tmp_path / "nothing"))
    with pytest.raises(OSError, match="Bad file descriptor"):
        file_program.sync(-1)
    assert not sync_later(str(tmp_path / "nothing"), "mark")
