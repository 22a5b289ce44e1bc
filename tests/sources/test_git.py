"""Sources in git repositories, over the local and the dumb HTTP transport."""

from __future__ import annotations

import contextlib
import os
import socket
import stat
import subprocess
import threading

import pytest

from dflint.errors import BuildError
from dflint.sources.git import GitOptions, check_out, find_commit
from dflint.sources.git_program import Git, GitError
from dflint.sources.git_url import GitAddress, read_git_address
from tests.sources.repositories import commit, git, needs_git, serve

pytestmark = needs_git


class Repository:
    """Two commits: `main` (tagged `v1` with a message, and `light`), and `dev` on top of it."""

    def __init__(self, folder):
        self.folder = folder
        folder.mkdir()
        git(folder, "init", "-q", "-b", "main")
        (folder / "sub").mkdir()
        os.symlink("x", folder / "link")
        os.symlink("/", folder / "root")
        (folder / "run").write_text("run")
        (folder / "run").chmod(0o700)
        self.main = commit(folder, {"x": "main", "sub/f": "f", "sub/sub/g": "g"})
        git(folder, "tag", "-a", "v1", "-m", "v1")
        git(folder, "tag", "light")
        git(folder, "checkout", "-q", "-b", "dev")
        self.dev = commit(folder, {"x": "dev"})
        git(folder, "checkout", "-q", "main")
        git(folder, "update-server-info")


@pytest.fixture(scope="module")
def repository(tmp_path_factory):
    return Repository(tmp_path_factory.mktemp("git") / "repo")


@pytest.fixture(scope="module", params=["file", "http"])
def remote(request, repository):
    if request.param == "file":
        yield str(repository.folder)
        return
    server = serve(repository.folder.parent)
    yield f"http://127.0.0.1:{server.server_address[1]}/repo/.git"
    server.shutdown()
    server.server_close()


def address_of(remote, **values):
    return GitAddress(remote, "repo", **values)


def checked_out(tmp_path, address, **options):
    folder = tmp_path / "out"
    settings = GitOptions(**options)
    found = find_commit(address, settings)
    check_out(address, found, str(folder), settings)
    assert sorted(os.listdir(tmp_path)) == ["out"]
    return folder, found


def test_files_are_as_buildkit_has_them(remote, repository, tmp_path):
    folder, found = checked_out(tmp_path, address_of(remote))

    assert found.commit == repository.main
    assert sorted(os.listdir(folder)) == ["link", "root", "run", "sub", "x"]
    assert stat.S_IMODE(folder.stat().st_mode) == 0o755
    assert stat.S_IMODE((folder / "x").stat().st_mode) == 0o644
    assert stat.S_IMODE((folder / "run").stat().st_mode) == 0o755
    assert stat.S_IMODE((folder / "sub").stat().st_mode) == 0o755
    assert os.readlink(folder / "root") == "/"


@pytest.mark.parametrize(
    ("ref", "branch"),
    [
        ("main", "main"),
        ("dev", "dev"),
        ("v1", "main"),
        ("light", "main"),
        ("refs/heads/dev", "dev"),
        ("heads/dev", "dev"),
        ("refs/tags/v1", "main"),
    ],
)
def test_refs(remote, repository, tmp_path, ref, branch):
    folder, found = checked_out(tmp_path, address_of(remote, ref=ref))

    assert found.commit == getattr(repository, branch)
    assert (folder / "x").read_text() == branch


def test_commits(remote, repository, tmp_path):
    folder, _ = checked_out(tmp_path, address_of(remote, ref=repository.dev))

    assert (folder / "x").read_text() == "dev"


@pytest.mark.parametrize(("subdir", "names"), [("sub", ["f", "sub"]), ("/sub/sub/", ["g"])])
def test_subdirectories(remote, tmp_path, subdir, names):
    folder, _ = checked_out(tmp_path, address_of(remote, subdir=subdir, keeps_git_dir=True))

    assert sorted(os.listdir(folder)) == names


@pytest.mark.parametrize(
    ("subdir", "expected"),
    [
        ("nope", 'failed to lstat "nope"'),
        ("root/etc", 'contains non-directory "root"'),
        ("x", 'contains non-directory "x"'),
        ("../../etc", 'failed to lstat "etc"'),
    ],
)
def test_subdirectories_that_are_none(remote, tmp_path, subdir, expected):
    address = address_of(remote, subdir=subdir)
    with pytest.raises(BuildError, match=expected):
        check_out(address, find_commit(address), str(tmp_path / "out"))
    assert os.listdir(tmp_path) == []


def test_keeping_the_git_dir(remote, repository, tmp_path):
    folder, _ = checked_out(tmp_path, address_of(remote, ref="v1"), keeps_git_dir=True)

    assert git(folder, "rev-parse", "HEAD") == repository.main
    assert git(folder, "status", "--porcelain") == ""
    assert git(folder, "describe") == "v1"
    assert git(folder, "config", "remote.origin.url") == remote
    assert not (folder / ".git" / "FETCH_HEAD").exists()


def test_checksums(remote, repository):
    dev = address_of(remote, ref="dev")
    tag = git(repository.folder, "rev-parse", "v1")

    assert find_commit(dev, GitOptions(checksum=repository.dev[:7])).commit == repository.dev
    whole = find_commit(address_of(remote), GitOptions(checksum=repository.dev))
    assert whole.commit == repository.dev
    tagged = find_commit(address_of(remote, ref="v1"), GitOptions(checksum=tag))
    assert tagged.commit == repository.main
    with pytest.raises(BuildError, match=f"to match abcdef, got {repository.dev}"):
        find_commit(dev, GitOptions(checksum="abcdef"))
    with pytest.raises(BuildError, match="expected hex commit hash"):
        find_commit(dev, GitOptions(checksum="xyz"))


def test_keys_tell_apart_what_differs(remote):
    addresses = [
        address_of(remote),
        address_of(remote, ref="dev"),
        address_of(remote, subdir="sub"),
        address_of(remote, keeps_git_dir=True),
        address_of(remote, mtime="commit"),
    ]
    keys = {find_commit(one).key for one in addresses}

    assert len(keys) == len(addresses)
    assert find_commit(address_of(remote, ref="main")).key in keys


def test_times_of_the_commit(remote, tmp_path):
    folder, _ = checked_out(tmp_path, address_of(remote, mtime="commit"))

    assert {os.lstat(folder / name).st_mtime for name in ("x", "sub", "link", "")} == {1577836800}


@pytest.mark.parametrize(
    ("ref", "expected"),
    [
        ("nope", "does not contain ref nope"),
        ("0" * 40, "failed to fetch 0000"),
        ("--upload-pack=touch x", "no valid ref"),
    ],
)
def test_refs_that_are_none(remote, tmp_path, ref, expected):
    address = address_of(remote, ref=ref)
    with pytest.raises(BuildError, match=expected):
        check_out(address, find_commit(address), str(tmp_path / "out"))
    assert os.listdir(tmp_path) == []


def test_repositories_that_are_none(tmp_path):
    server = serve(tmp_path)
    place = f"127.0.0.1:{server.server_address[1]}/x.git"
    with pytest.raises(BuildError, match="error fetching default branch for repository") as caught:
        find_commit(address_of(f"http://user:S3cret@{place}"))
    server.shutdown()
    server.server_close()

    assert "S3cret" not in str(caught.value)
    with pytest.raises(BuildError, match="error fetching default branch"):
        find_commit(address_of(str(tmp_path / "nope.git")))


def test_an_empty_repository_has_no_commit(tmp_path):
    git(tmp_path, "init", "-q", "--bare")
    with pytest.raises(BuildError, match="does not contain any commit"):
        find_commit(address_of(str(tmp_path)))


def test_submodules_come_with_it(tmp_path, repository):
    server = serve(repository.folder.parent)
    place = f"http://127.0.0.1:{server.server_address[1]}"
    outer = tmp_path / "outer"
    outer.mkdir()
    git(outer, "init", "-q")
    git(outer, "submodule", "--quiet", "add", f"{place}/repo/.git", "inner")
    commit(outer, {"a": "a"})
    (tmp_path / "with").mkdir()
    (tmp_path / "without").mkdir()
    with_them, _ = checked_out(tmp_path / "with", address_of(str(outer)))
    without, _ = checked_out(tmp_path / "without", address_of(str(outer), submodules=False))
    server.shutdown()
    server.server_close()

    assert (with_them / "inner" / "x").read_text() == "main"
    assert (with_them / "inner" / ".git").is_file()
    assert os.listdir(without / "inner") == []


def test_submodules_of_the_network_reach_no_files(tmp_path, repository):
    outer = tmp_path / "outer"
    outer.mkdir()
    git(outer, "init", "-q")
    git(
        outer, "-c", "protocol.file.allow=always", "submodule", "--quiet", "add",
        str(repository.folder), "inner",
    )  # fmt: skip
    commit(outer, {"a": "a"})
    server = serve(tmp_path)
    address = address_of(f"http://127.0.0.1:{server.server_address[1]}/outer/.git")
    with pytest.raises(BuildError, match="transport 'file' not allowed"):
        check_out(address, find_commit(address), str(tmp_path / "out"))
    server.shutdown()
    server.server_close()


def test_hooks_and_configuration_do_not_count(tmp_path, repository, monkeypatch):
    home = tmp_path / "home"
    (home / "templates" / "hooks").mkdir(parents=True)
    hook = home / "templates" / "hooks" / "post-checkout"
    hook.write_text(f"#!/bin/sh\ntouch {tmp_path}/ran\n")
    hook.chmod(0o755)
    (home / ".gitconfig").write_text(
        f'[init]\ntemplateDir = {home}/templates\n[url "/nowhere"]\ninsteadOf = /\n'
    )
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("GIT_TEMPLATE_DIR", str(home / "templates"))
    monkeypatch.setenv("GIT_DIR", "/nowhere")
    address = address_of(str(repository.folder))
    check_out(address, find_commit(address), str(tmp_path / "out"))

    assert (tmp_path / "out" / "x").read_text() == "main"
    assert not (tmp_path / "ran").exists()


def tree(folder, entries):
    """A commit of a tree of given entries (mode, kind, object, name), whatever they are called."""
    text = "".join(f"{mode} {kind} {one}\t{name}\n" for mode, kind, one, name in entries)
    done = subprocess.run(
        ["git", "mktree"], cwd=folder, input=text, capture_output=True, text=True, check=True
    )
    return done.stdout.strip()


@pytest.mark.parametrize("name", [".git", "..", ".GIT"])
def test_trees_do_not_reach_outside(tmp_path, name):
    """What a hostile server puts into trees stays in the folder, and out of `.git`."""
    folder = tmp_path / "evil"
    folder.mkdir()
    git(folder, "init", "-q", "-b", "main")
    commit(folder, {"evil": "evil"})
    blob = git(folder, "rev-parse", "HEAD:evil")
    inner = tree(folder, [("100644", "blob", blob, "config")])
    outer = tree(folder, [("040000", "tree", inner, name)])
    made = git(folder, "commit-tree", "-m", "m", outer)
    git(folder, "update-ref", "refs/heads/main", made)
    address = address_of(str(folder))
    out = tmp_path / "in" / "out"
    out.parent.mkdir()
    with contextlib.suppress(BuildError):
        check_out(address, find_commit(address), str(out))

    assert not out.exists() or name == ".GIT"
    assert not (tmp_path / "config").exists()
    assert not (tmp_path / "in" / "config").exists()


def test_git_can_be_cancelled(tmp_path):
    cancel = threading.Event()
    cancel.set()
    with Git(cancel=cancel) as program, pytest.raises(GitError, match="cancelled"):
        # Waits for a connection that nobody answers.
        listener = socket.create_server(("127.0.0.1", 0))
        port = listener.getsockname()[1]
        program.run(str(tmp_path), ["ls-remote", f"git://127.0.0.1:{port}/x"])


def test_a_url_is_fetched(repository, tmp_path):
    server = serve(repository.folder.parent)
    port = server.server_address[1]
    address = read_git_address(f"http://127.0.0.1:{port}/repo/.git#dev:sub")
    folder, found = checked_out(tmp_path, address)
    server.shutdown()
    server.server_close()

    assert found.commit == repository.dev
    assert (folder / "f").read_text() == "f"


def test_a_commit_that_is_not_there_is_told(remote, tmp_path):
    """Whatever the server cannot do besides."""
    unknown = "0123456789" * 4
    address = address_of(remote)
    found = find_commit(address, GitOptions(checksum=unknown))
    with pytest.raises(BuildError, match=f"failed to fetch {unknown} .*: there is no such commit"):
        check_out(address, found, str(tmp_path / "out"))
