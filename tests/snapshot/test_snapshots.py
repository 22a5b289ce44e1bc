"""Roots made of layers: what they show, and what their changes become."""

from __future__ import annotations

import os
import shutil
import stat
import threading

import pytest

from dflint.errors import BuildError, UnsupportedError
from dflint.snapshot.choose import choose, overlay_problem
from dflint.snapshot.spots import Spots
from dflint.snapshot.traces import adds_nothing
from tests.running import FolderStore


@pytest.fixture
def store(mount_namespace, tmp_path):
    return FolderStore(tmp_path / "store")


@pytest.fixture(params=["overlay", "copying"])
def snapshots(request, store):
    if request.param == "overlay" and overlay_problem(store):
        pytest.skip("overlayfs does not work on the disk of the tests")
    return choose(store, request.param)


def layer(snapshots, below, change):
    with snapshots.prepare(below) as draft:
        change(draft.root)
        return (*below, draft.commit())


def write(path, text="", mode=0o644):
    with open(path, "w") as opened:
        opened.write(text)
    os.chmod(path, mode)


def base(root):
    os.makedirs(f"{root}/kept/deep")
    os.makedirs(f"{root}/gone/deep")
    write(f"{root}/kept/file", "old")
    write(f"{root}/kept/deep/untouched", "same")
    write(f"{root}/gone/deep/file", "old")
    write(f"{root}/first", "two names")
    os.link(f"{root}/first", f"{root}/second")
    os.symlink("nowhere", f"{root}/link")
    os.chown(f"{root}/kept/file", 5, 60)
    os.utime(f"{root}/kept/file", ns=(10**18, 10**18))


def tree(store, layers):
    return store.layer(layers[-1]).tree


def listing(place):
    return sorted(
        os.path.relpath(os.path.join(folder, name), place)
        for folder, folders, files in os.walk(place)
        for name in (*folders, *files)
    )


def is_whiteout(path):
    found = os.lstat(path)
    return stat.S_ISCHR(found.st_mode) and found.st_rdev == 0


def test_no_layers_make_an_empty_root(snapshots, store):
    with snapshots.prepare(()) as draft:
        found = os.stat(draft.root)
        assert os.listdir(draft.root) == []
        assert (stat.S_IMODE(found.st_mode), found.st_uid, found.st_gid) == (0o755, 0, 0)
    with snapshots.view(()) as place:
        assert os.listdir(place) == []


def test_a_root_shows_what_was_committed(snapshots, store):
    layers = layer(snapshots, (), base)

    with snapshots.view(layers) as place:
        found = os.lstat(f"{place}/kept/file")
        assert (found.st_uid, found.st_gid, found.st_mtime_ns) == (5, 60, 10**18)
        assert os.readlink(f"{place}/link") == "nowhere"
        assert os.stat(f"{place}/first").st_ino == os.stat(f"{place}/second").st_ino
    with snapshots.prepare(layers) as draft:
        assert listing(draft.root) == listing(tree(store, layers))


def test_a_layer_has_the_changes_alone(snapshots, store):
    layers = layer(snapshots, (), base)

    def change(root):
        write(f"{root}/kept/new", "new")
        os.chmod(f"{root}/link".replace("link", "kept/file"), 0o600)

    changed = layer(snapshots, layers, change)

    assert listing(tree(store, changed)) == ["kept", "kept/file", "kept/new"]
    found = os.lstat(f"{tree(store, changed)}/kept/file")
    assert (found.st_uid, found.st_gid, stat.S_IMODE(found.st_mode)) == (5, 60, 0o600)


def test_removed_names_become_whiteouts(snapshots, store):
    layers = layer(snapshots, (), base)

    def change(root):
        os.remove(f"{root}/kept/file")
        os.remove(f"{root}/gone/deep/file")
        os.rmdir(f"{root}/gone/deep")
        os.rmdir(f"{root}/gone")

    changed = layer(snapshots, layers, change)
    place = tree(store, changed)

    assert listing(place) == ["gone", "kept", "kept/file"]
    assert is_whiteout(f"{place}/gone")
    assert is_whiteout(f"{place}/kept/file")
    with snapshots.view(changed) as seen:
        assert "gone" not in os.listdir(seen)
        assert os.listdir(f"{seen}/kept") == ["deep"]


def test_a_replaced_directory_hides_what_was_in_it(snapshots, store):
    layers = layer(snapshots, (), base)

    def change(root):
        os.remove(f"{root}/gone/deep/file")
        os.rmdir(f"{root}/gone/deep")
        os.rmdir(f"{root}/gone")
        os.mkdir(f"{root}/gone")
        write(f"{root}/gone/other")

    changed = layer(snapshots, layers, change)

    with snapshots.view(changed) as seen:
        assert os.listdir(f"{seen}/gone") == ["other"]


def test_kinds_change_places(snapshots, store):
    layers = layer(snapshots, (), base)

    def change(root):
        os.remove(f"{root}/kept/deep/untouched")
        os.rmdir(f"{root}/kept/deep")
        write(f"{root}/kept/deep", "now a file")
        os.remove(f"{root}/link")
        os.mkdir(f"{root}/link")

    changed = layer(snapshots, layers, change)

    with snapshots.view(changed) as seen:
        assert os.path.isfile(f"{seen}/kept/deep")
        assert os.listdir(f"{seen}/link") == []


def test_an_untouched_root_makes_an_empty_layer(snapshots, store):
    layers = layer(snapshots, (), base)

    assert listing(tree(store, layer(snapshots, layers, lambda root: os.stat(root)))) == []


def test_new_links_are_kept_within_a_layer(snapshots, store):
    layers = layer(snapshots, (), base)

    def change(root):
        write(f"{root}/one", "x")
        os.link(f"{root}/one", f"{root}/kept/two")

    place = tree(store, layer(snapshots, layers, change))

    assert os.stat(f"{place}/one").st_ino == os.stat(f"{place}/kept/two").st_ino


def test_attributes_come_along(snapshots, store):
    def mark(root):
        write(f"{root}/file")
        os.setxattr(
            f"{root}/file", "security.capability", bytes.fromhex("0100000200200000" + "00" * 12)
        )
        os.setxattr(f"{root}/file", "user.note", b"kept")

    layers = layer(snapshots, (), mark)
    changed = layer(snapshots, layers, lambda root: os.chmod(f"{root}/file", 0o755))

    with snapshots.view(changed) as seen:
        assert os.getxattr(f"{seen}/file", "user.note") == b"kept"
        assert len(os.getxattr(f"{seen}/file", "security.capability")) == 20


def test_layers_below_do_not_change(snapshots, store):
    layers = layer(snapshots, (), base)
    before = {
        path: os.lstat(f"{tree(store, layers)}/{path}").st_ctime_ns
        for path in listing(tree(store, layers))
    }

    def change(root):
        write(f"{root}/kept/file", "other")
        os.remove(f"{root}/first")

    layer(snapshots, layers, change)

    assert before == {
        path: os.lstat(f"{tree(store, layers)}/{path}").st_ctime_ns
        for path in listing(tree(store, layers))
    }


def test_nothing_is_left_of_a_draft_that_is_not_committed(snapshots, store):
    layers = layer(snapshots, (), base)
    folders = sorted(os.listdir(store.root))

    with pytest.raises(RuntimeError), snapshots.prepare(layers) as draft:
        write(f"{draft.root}/x")
        raise RuntimeError

    assert sorted(os.listdir(store.root)) == folders
    with open("/proc/self/mounts") as opened:
        assert store.root not in opened.read()


def test_a_committed_layer_has_its_tree_alone(snapshots, store):
    layers = layer(snapshots, layer(snapshots, (), base), lambda root: write(f"{root}/x"))

    for id in layers:
        assert os.listdir(f"{store.root}/{id}") == ["tree"]


def test_an_open_file_does_not_keep_a_draft_from_being_committed(snapshots, store):
    layers = layer(snapshots, (), base)

    with snapshots.prepare(layers) as draft, open(f"{draft.root}/first") as opened:
        changed = (*layers, draft.commit())
        assert opened.read() == "two names"

    assert listing(tree(store, changed)) == []


def test_many_layers(snapshots, store):
    layers = ()
    for number in range(45):
        layers = layer(snapshots, layers, lambda root, number=number: write(f"{root}/{number}"))

    with snapshots.view(layers) as seen:
        assert len(os.listdir(seen)) == 45


def test_several_threads_prepare_at_once(snapshots, store):
    layers = layer(snapshots, (), base)
    made = []

    def one(number):
        made.append(layer(snapshots, layers, lambda root: write(f"{root}/{number}")))

    threads = [threading.Thread(target=one, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(listing(tree(store, one))[0] for one in made) == list("012345")


def test_a_view_of_overlay_is_read_only(store):
    if overlay_problem(store):
        pytest.skip("overlayfs does not work on the disk of the tests")
    snapshots = choose(store, "overlay")
    layers = layer(snapshots, (), base)

    with snapshots.view(layers) as seen, pytest.raises(OSError, match="Read-only"):
        write(f"{seen}/x")


def test_names_are_known(store):
    with pytest.raises(
        BuildError, match="unknown snapshotter `zfs`, expected one of auto, overlay"
    ):
        choose(store, "zfs")


def test_without_overlay_files_are_copied(store, monkeypatch):
    def refuse(*_, **__):
        raise OSError(22, "Invalid argument")

    monkeypatch.setattr("dflint.snapshot.overlay.mount_overlay", refuse)

    assert choose(store).name == "copying"
    with pytest.raises(UnsupportedError, match="overlayfs does not work"):
        choose(store, "overlay")


def test_overlay_is_tried_once_and_only_when_it_is_wanted(store, monkeypatch):
    tried = []
    monkeypatch.setattr(
        "dflint.snapshot.choose.overlay_problem", lambda store: tried.append(1) or "none here"
    )

    snapshots = choose(store)
    assert not tried

    layers = layer(snapshots, (), base)
    with snapshots.view(layers):
        pass
    assert tried == [1]


def test_layers_with_nothing_in_them(snapshots, store):
    def nothing(root):
        os.listdir(root)

    layers = layer(snapshots, (), nothing)
    layers = layer(snapshots, layers, nothing)
    layers = layer(snapshots, layers, base)
    layers = layer(snapshots, layers, nothing)
    layers = layer(snapshots, layers, lambda root: os.remove(f"{root}/kept/file"))
    layers = layer(snapshots, layers, nothing)

    with snapshots.prepare(layers) as draft:
        assert os.listdir(f"{draft.root}/kept") == ["deep"]
        assert os.path.isfile(f"{draft.root}/first")
        assert sorted(os.listdir(draft.root)) == ["first", "gone", "kept", "link", "second"]
    with snapshots.view(layers) as seen:
        assert os.listdir(f"{seen}/kept") == ["deep"]
    assert listing(tree(store, layers)) == []


@pytest.fixture
def spots(store, tmp_path):
    if overlay_problem(store):
        pytest.skip("overlayfs does not work on the disk of the tests")
    (tmp_path / "spots").mkdir()
    made = Spots(str(tmp_path / "spots"))
    yield made
    made.close()


def test_the_place_of_a_mount_is_used_again(store, spots, tmp_path):
    snapshots = choose(store, "overlay", spots)
    layers = layer(snapshots, (), base)
    roots = []
    for number in range(6):
        with snapshots.prepare(layers) as draft:
            roots.append(draft.root)
            write(f"{draft.root}/{number}")
            if not number:
                os.remove(f"{draft.root}/kept/file")
            layers = (*layers, draft.commit())
        assert os.listdir(draft.root) == []
    spots.close()

    assert 1 <= len(set(roots)) < 6
    assert all(sorted(os.listdir(os.path.dirname(root))) == ["root", "work"] for root in roots)
    assert all(os.listdir(f"{os.path.dirname(root)}/work") == [] for root in roots)
    (folder,) = (tmp_path / "spots").iterdir()
    assert {str(folder / name / "root") for name in os.listdir(folder)} == set(roots)
    for id in layers:
        assert not os.path.exists(f"{os.path.dirname(store.layer(id).tree)}/work")
    with snapshots.view(layers) as seen:
        assert sorted(os.listdir(seen)) == [*"012345", "first", "gone", "kept", "link", "second"]
        assert not os.path.exists(f"{seen}/kept/file")


def test_roots_at_a_time_have_places_of_their_own(store, spots):
    snapshots = choose(store, "overlay", spots)
    layers = layer(snapshots, (), base)
    with snapshots.prepare(layers) as one, snapshots.prepare(layers) as other:
        write(f"{one.root}/new")
        assert one.root != other.root
        assert not os.path.exists(f"{other.root}/new")


def etc(root):
    os.mkdir(f"{root}/etc", 0o755)
    write(f"{root}/etc/hosts")


def touch(root):
    write(f"{root}/etc/resolv.conf")
    os.remove(f"{root}/etc/resolv.conf")


@pytest.mark.parametrize(
    ("change", "is_left_out"),
    [
        (touch, True),
        (lambda root: write(f"{root}/etc/kept"), False),
        (lambda root: os.chmod(f"{root}/etc", 0o700), False),
        (lambda root: os.chown(f"{root}/etc", 7, 7), False),
        (lambda root: os.setxattr(f"{root}/etc", "trusted.mine", b"x"), False),
        (lambda root: os.remove(f"{root}/etc/hosts"), False),
        (lambda root: shutil.rmtree(f"{root}/etc"), False),
        (lambda root: (shutil.rmtree(f"{root}/etc"), os.mkdir(f"{root}/etc")), False),
        (lambda root: (touch(root), os.mkdir(f"{root}/other")), False),
    ],
)
def test_what_a_step_leaves_of_its_own_files_is_not_laid_over_others(
    store, spots, change, is_left_out
):
    snapshots = choose(store, "overlay", spots)
    below = layer(snapshots, (), etc)
    layers = layer(snapshots, below, change)

    assert os.listdir(tree(store, layers))
    assert adds_nothing(tree(store, layers), [tree(store, below)]) == is_left_out
    with snapshots.prepare(layers) as draft, snapshots.view(layers) as seen:
        assert listing(draft.root) == listing(seen)


def test_a_copy_of_etc_counts_where_no_step_has_files_of_its_own_in_it(store, spots):
    snapshots = choose(store, "overlay", spots)
    below = layer(snapshots, (), lambda root: (etc(root), write(f"{root}/etc/resolv.conf")))
    layers = layer(snapshots, below, lambda root: os.utime(f"{root}/etc", (1, 1)))

    assert not adds_nothing(tree(store, layers), [tree(store, below)])
    with snapshots.prepare(layers) as draft:
        assert os.stat(f"{draft.root}/etc").st_mtime == 1


def run_in(snapshots, below, change=lambda root: None):
    with snapshots.prepare(below, with_places=True) as draft:
        change(draft.root)
        return (*below, draft.commit())


@pytest.mark.parametrize("is_ahead", [False, True])
def test_a_process_finds_places_for_its_own_files_and_leaves_none(store, spots, is_ahead):
    snapshots = choose(store, "overlay", spots)
    below = layer(snapshots, (), lambda root: (os.mkdir(f"{root}/etc"), os.chown(root, 3, 3)))
    below = layer(snapshots, below, lambda root: os.chown(f"{root}/etc", 7, 8))
    below = layer(snapshots, below, lambda root: os.chmod(f"{root}/etc", 0o2750))
    os.utime(f"{tree(store, below)}/etc", (5, 6))
    if is_ahead:
        snapshots.look_ahead(is_more=True)
    seen = []

    layers = run_in(snapshots, below, lambda root: seen.append(sorted(os.listdir(f"{root}/etc"))))

    assert seen == [["hosts", "resolv.conf"]]
    assert listing(tree(store, layers)) == ["etc"]
    left = os.stat(f"{tree(store, layers)}/etc")
    assert (stat.S_IMODE(left.st_mode), left.st_uid, left.st_gid) == (0o2750, 7, 8)
    assert left.st_mtime > 6, "as of a folder in which something was made and removed"
    assert os.stat(tree(store, layers)).st_uid == 3
    assert adds_nothing(tree(store, layers), [store.layer(one).tree for one in below])


def test_files_of_the_root_stay_as_they_are(store, spots):
    snapshots = choose(store, "overlay", spots)
    below = layer(snapshots, (), etc)
    snapshots.look_ahead(is_more=True)
    layers = run_in(snapshots, below, lambda root: write(f"{root}/etc/resolv.conf", "mine"))
    snapshots.look_ahead(is_more=True)
    layers = run_in(snapshots, layers, lambda root: os.remove(f"{root}/etc/hosts"))
    snapshots.look_ahead(is_more=True)
    layers = run_in(snapshots, layers)

    with snapshots.view(layers) as seen:
        assert listing(seen) == ["etc", "etc/resolv.conf"]
        with open(f"{seen}/etc/resolv.conf") as opened:
            assert opened.read() == "mine"


@pytest.mark.parametrize(
    "change",
    [
        lambda root: write(f"{root}/etc", "a file"),
        lambda root: os.symlink("gone", f"{root}/etc"),
        lambda root: (os.mkdir(f"{root}/etc"), os.setxattr(f"{root}/etc", "trusted.mine", b"x")),
        lambda root: write(f"{root}/other"),
    ],
)
def test_where_etc_is_no_plain_folder_nothing_is_made_in_it(store, spots, change):
    snapshots = choose(store, "overlay", spots)
    below = layer(snapshots, (), change)
    snapshots.look_ahead(is_more=True)

    assert listing(tree(store, run_in(snapshots, below))) == []


def test_what_was_made_ahead_and_not_used_is_removed(store, spots):
    snapshots = choose(store, "overlay", spots)
    below = layer(snapshots, (), etc)
    before = sorted(os.listdir(store.root))
    for _ in range(2):
        snapshots.look_ahead(is_more=True)
    snapshots.look_ahead(is_more=False)
    assert len(os.listdir(store.root)) == len(before) + 2
    run_in(snapshots, below)
    snapshots.close()

    assert len(os.listdir(store.root)) == len(before) + 1


def test_a_link_that_a_process_has_put_in_the_place_of_etc_is_not_followed(store, spots, tmp_path):
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "hosts").touch()
    snapshots = choose(store, "overlay", spots)
    below = layer(snapshots, (), lambda root: os.mkdir(f"{root}/etc"))

    def change(root):
        shutil.rmtree(f"{root}/etc")
        os.symlink(outside, f"{root}/etc")

    layers = run_in(snapshots, below, change)
    assert (outside / "hosts").exists()
    assert os.readlink(f"{tree(store, layers)}/etc") == str(outside)
