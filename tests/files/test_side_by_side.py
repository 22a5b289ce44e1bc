"""Files of one directory are copied on several processors: what comes out is the same."""

from __future__ import annotations

import os
import threading

import pytest

from dflint.errors import BuildError
from dflint.files import Copy, SourceTree, copier, copy

COUNT = 60


@pytest.fixture
def place(tmp_path, monkeypatch):
    monkeypatch.setattr(copier.os, "cpu_count", lambda: 4)
    (tmp_path / "context" / "d").mkdir(parents=True)
    (tmp_path / "root").mkdir()
    for number in range(COUNT):
        file = tmp_path / "context" / "d" / f"f{number}"
        file.write_text(str(number) * number)
        file.chmod(0o600 + number % 8)
        os.utime(file, (number, number))
    return tmp_path


def run(place, source="d", target="/d", **options):
    with SourceTree(str(place / "context"), is_context=True) as tree:
        wanted = Copy(source, target, owner=f"{os.getuid()}:{os.getgid()}", **options)
        copy(tree, wanted, str(place / "root"))


def test_all_of_them_with_their_modes_and_times(place):
    (place / "root" / "d").mkdir()
    (place / "root" / "d" / "f3").symlink_to("/nowhere")  # is replaced
    os.link(place / "context" / "d" / "f5", place / "context" / "d" / "linked")
    os.utime(place / "context" / "d", (7, 7))
    run(place)

    made = place / "root" / "d"
    assert sorted(os.listdir(made)) == sorted(os.listdir(place / "context" / "d"))
    for number in range(COUNT):
        found = made / f"f{number}"
        assert not found.is_symlink()
        assert found.read_text() == str(number) * number
        assert (found.stat().st_mode & 0o777, found.stat().st_mtime) == (0o600 + number % 8, number)
    assert (made / "linked").samefile(made / "f5")
    assert made.stat().st_mtime == 7


def test_several_threads_do_it(place, monkeypatch):
    threads = set()
    copy_data = copier.copy_data
    met = threading.Barrier(4, timeout=20)

    def noticing(*words):
        if threading.get_ident() not in threads:
            threads.add(threading.get_ident())
            met.wait()  # till there are four
        return copy_data(*words)

    monkeypatch.setattr(copier, "copy_data", noticing)
    run(place)
    assert len(threads) == 4


def test_what_cannot_be_replaced_is_told(place):
    (place / "root" / "d" / "f9").mkdir(parents=True)
    before = set(threading.enumerate())
    with pytest.raises(BuildError, match=r"cannot replace to directory /d/f9 with file"):
        run(place)
    assert not [one for one in set(threading.enumerate()) - before if "copy" in one.name]


def test_patterns_count(place):
    run(place, excludes=("f1*",))
    assert len(os.listdir(place / "root" / "d")) == COUNT - 11
