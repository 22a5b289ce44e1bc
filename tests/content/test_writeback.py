from __future__ import annotations

import threading

from dflint.content import writeback
from dflint.content.writeback import Writeback, sync_file_system


def test_enough_that_is_new_is_written_and_little_is_not(tmp_path, monkeypatch):
    written = threading.Event()
    places = []

    def sync(folder):
        places.append(folder)
        written.set()
        raise OSError("the disk is full")

    monkeypatch.setattr(writeback, "_ENOUGH", 100)
    monkeypatch.setattr(writeback, "sync_file_system", sync)
    made = Writeback(str(tmp_path))
    made.told(99)
    assert not written.wait(0.05)
    for _ in range(2):
        made.told(100)
        assert written.wait(5)
        written.clear()
    made.close()
    made.told(1000)

    assert places == [str(tmp_path)] * 2


def test_closing_ends_what_was_never_begun(tmp_path):
    Writeback(str(tmp_path)).close()
    sync_file_system(str(tmp_path))
