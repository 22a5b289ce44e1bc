"""Where the cache is, and that nothing but the cache is ever removed."""

from __future__ import annotations

import os

import pytest

from dflint.cache.location import cache_folder, clean, is_ours, prepare
from dflint.cache.store import Store

HOME = {"HOME": "/home/me"}


@pytest.mark.skipif(os.name == "nt", reason="these are paths of POSIX")
@pytest.mark.parametrize(
    ("asked", "environ", "platform", "folder"),
    [
        (None, HOME, "linux", "/home/me/.cache/dflint"),
        (None, HOME | {"XDG_CACHE_HOME": "/c"}, "linux", "/c/dflint"),
        (None, HOME | {"XDG_CACHE_HOME": "relative"}, "linux", "/home/me/.cache/dflint"),
        (None, HOME | {"XDG_CACHE_HOME": ""}, "linux", "/home/me/.cache/dflint"),
        (None, HOME | {"XDG_CACHE_HOME": "/c"}, "darwin", "/home/me/Library/Caches/dflint"),
        (None, {"LOCALAPPDATA": "/l"}, "win32", "/l/dflint/Cache"),
        (None, HOME, "win32", None),
        (None, {}, "linux", None),
        (None, {"HOME": ""}, "darwin", None),
        (None, {"XDG_CACHE_HOME": "/c"}, "linux", "/c/dflint"),
        (None, HOME | {"DFLINT_CACHE_DIR": "/d"}, "linux", "/d"),
        (None, {"DFLINT_CACHE_DIR": "/d"}, "linux", "/d"),
        ("/asked", HOME | {"DFLINT_CACHE_DIR": "/d"}, "linux", "/asked"),
    ],
)
def test_the_folder_is_what_is_asked_for_or_the_users_own(asked, environ, platform, folder):
    assert cache_folder(asked, environ, platform) == folder


def test_a_relative_folder_starts_from_the_working_directory(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)

    assert cache_folder("x", {}) == str(tmp_path / "x")


def test_the_folder_is_tagged_as_a_cache(tmp_path):
    assert prepare(str(tmp_path / "a" / "b")) is None

    tag = (tmp_path / "a" / "b" / "CACHEDIR.TAG").read_text()
    assert tag.startswith("Signature: 8a477f597d28d172789f06886806bc55\n")


def test_a_tag_that_was_never_finished_is_written_again(tmp_path):
    (tmp_path / "ff.dflint.00").write_bytes(b"Sig")

    assert prepare(str(tmp_path)) is None
    assert (tmp_path / "CACHEDIR.TAG").exists()


def test_a_folder_with_other_files_is_left_alone(tmp_path):
    (tmp_path / "thesis.txt").write_text("mine")
    store = Store(str(tmp_path))
    store.put_many([(b"k", b"v")])
    store.flush()

    assert "what is not the cache's" in (store.problem or "")
    assert clean(str(tmp_path)) is None
    assert os.listdir(tmp_path) == ["thesis.txt"]


def test_clean_removes_the_cache_and_nothing_else(tmp_path):
    folder = tmp_path / "c"
    store = Store(str(folder))
    store.put_many((b"%d" % number, b"v" * 100) for number in range(300))
    store.flush()
    (folder / "00.dflint0").write_bytes(b"of an earlier format")
    (folder / "thesis.txt").write_text("mine")
    (folder / "aa.dflint1").mkdir()
    (tmp_path / "outside").write_text("mine")
    (folder / "0f.dflint1.link").symlink_to(tmp_path / "outside")
    size = sum(p.stat().st_size for p in folder.glob("*.dflint[01]") if p.is_file())

    freed = clean(str(folder))

    assert freed == size
    assert sorted(os.listdir(folder)) == ["0f.dflint1.link", "aa.dflint1", "thesis.txt"]
    assert (tmp_path / "outside").read_text() == "mine"


def test_clean_of_nothing_frees_nothing(tmp_path):
    assert clean(str(tmp_path / "nowhere")) == 0


def test_clean_takes_the_empty_folder_away(tmp_path):
    prepare(str(tmp_path / "c"))

    assert clean(str(tmp_path / "c")) == 0
    assert not (tmp_path / "c").exists()


@pytest.mark.parametrize("name", ["00.dflint1", "3f.dflint1.0a", "ff.dflint.x"])
def test_names_of_ours(name):
    assert is_ours(name)


@pytest.mark.parametrize("name", ["CACHEDIR.TAG", "dflint.toml", ".dflint.toml", "xx.dflint1",
                                  "x.dflint1", "000.dflint1", "a", ""])  # fmt: skip
def test_names_of_others(name):
    assert not is_ours(name)
