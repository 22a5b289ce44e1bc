"""Contexts and ADD sources in git repositories: which commit, and its files."""

from __future__ import annotations

import os
import re
import shutil
import stat
import tempfile
import threading
from dataclasses import dataclass, field

from dflint.errors import BuildError
from dflint.sources.git_program import Git, GitError
from dflint.sources.git_url import GitAddress, clean_subdir, is_commit
from dflint.web.addresses import redacted

_HEXADECIMAL = re.compile(r"[0-9a-f]+")


@dataclass(frozen=True, slots=True)
class GitOptions:
    """What of a repository is wanted beside its address.

    `keeps_git_dir` leaves `.git` in the files; `checksum` is a commit, or the beginning of one,
    that must be found. An address says both itself, and then counts.
    """

    keeps_git_dir: bool = False
    checksum: str = ""
    cancel: threading.Event = field(default_factory=threading.Event)


@dataclass(frozen=True, slots=True)
class GitCommit:
    """What an address names now: the commit, and the ref at the repository ("" for a commit).

    `key` is what a cache key takes: equal keys mean equal files.
    """

    commit: str
    ref: str
    key: str


def find_commit(address: GitAddress, options: GitOptions | None = None) -> GitCommit:
    """Ask a repository for the commit that an address names; fetches no files.

    Raises BuildError for what is not there, or has not the checksum.
    """
    options = options or GitOptions()
    checksum = address.checksum or options.checksum
    if checksum and not _HEXADECIMAL.fullmatch(checksum):
        raise BuildError(f"invalid checksum {checksum} for Git URL, expected hex commit hash")
    ref = address.ref or (checksum if is_commit(checksum) else "")
    if ref.startswith("-"):
        raise BuildError(f"no valid ref of a git repository: {ref}")
    if is_commit(ref):
        commit, name, others = ref, "", [ref]
    else:
        with _git(address, options) as git:
            commit, name, others = _look_up(git, address, ref)
    if checksum and not any(one.startswith(checksum) for one in others):
        raise BuildError(f"expected checksum to match {checksum}, got {commit}")
    keeps = _keeps_git_dir(address, options)
    parts = [commit, clean_subdir(address.subdir)]
    parts += [".git", address.fetched_from] if keeps else ["", ""]
    parts += ["no-submodules" if address.submodules is False else "", address.mtime]
    return GitCommit(commit, name, "\0".join(parts))


def check_out(
    address: GitAddress, found: GitCommit, folder: str, options: GitOptions | None = None
) -> int:
    """Put the files of a commit into a folder, which is made; the one that holds it is there.

    Gives the time of the commit, in seconds since 1970. Modes are those of umask 022, owners the
    caller's, times those of the checkout, or the commit's where the address says so. Raises
    BuildError, and then leaves no folder.
    """
    options = options or GitOptions()
    subdir = clean_subdir(address.subdir)
    work = tempfile.mkdtemp(prefix=".checkout-", dir=os.path.dirname(os.path.abspath(folder)))
    try:
        with _git(address, options) as git:
            _fetch(git, address, found, work)
            _lay_out(git, address, found, work)
            seconds = git.run(work, ["show", "-s", "--format=%ct", found.commit]).strip()
        git_dir = os.path.join(work, ".git")
        if _keeps_git_dir(address, options) and not subdir:
            _tidy(git_dir)
        else:
            shutil.rmtree(git_dir)
        wanted = _subdir(work, subdir)
        os.chmod(wanted, 0o755)
        if address.mtime == "commit":
            _set_times(wanted, int(seconds))
        os.rename(wanted, folder)
        return int(seconds)
    finally:
        shutil.rmtree(work, ignore_errors=True)


def _keeps_git_dir(address: GitAddress, options: GitOptions) -> bool:
    return options.keeps_git_dir if address.keeps_git_dir is None else address.keeps_git_dir


def _git(address: GitAddress, options: GitOptions) -> Git:
    remote = address.fetched_from
    is_local = remote.startswith("file://") or os.path.isabs(remote)
    return Git(is_local=is_local, cancel=options.cancel)


def _look_up(git: Git, address: GitAddress, ref: str) -> tuple[str, str, list[str]]:
    """The commit of a ref, the ref's whole name, and the objects that a checksum may name."""
    shown = redacted(address.fetched_from) if "://" in address.fetched_from else address.remote
    patterns = [ref, ref + "^{}"] if ref else ["HEAD"]
    try:
        output = git.run("/", ["ls-remote", "--", address.fetched_from, *patterns])
    except GitError as error:
        what = "default branch for" if not ref else "ref " + ref + " of"
        raise BuildError(f"error fetching {what} repository {shown}: {error}") from None
    pairs = [line.split("\t", 1) for line in output.splitlines() if "\t" in line]
    refs = {name: commit for commit, name in pairs}
    wanted = ref or "HEAD"
    for name in (f"refs/tags/{wanted}", f"refs/heads/{wanted}", wanted, f"refs/{wanted}"):
        if name in refs:
            peeled = refs.get(name + "^{}", refs[name])
            return peeled, name, [peeled, refs[name]]
    if not ref:
        raise BuildError(f"repository {shown} does not contain any commit")
    raise BuildError(f'repository does not contain ref {ref}, output: "{output.strip()}"')


def _fetch(git: Git, address: GitAddress, found: GitCommit, work: str) -> None:
    """Make a repository that has a commit: by itself where the server allows it, else with all."""
    git.run(work, ["init", "-q"])
    git.run(work, ["remote", "add", "origin", "--", address.fetched_from])
    target = _kept_ref(found)
    source = found.ref or found.commit
    attempts = [
        ["--depth=1", "origin", f"+{source}:{target}"],
        ["origin", f"+{source}:{target}"],
        ["origin", "+refs/heads/*:refs/remotes/origin/*", "+refs/tags/*:refs/tags/*"],
    ]
    problem = ""
    for attempt in attempts:
        try:
            git.run(work, ["fetch", "-q", "--no-tags", *attempt])
        except GitError as error:
            problem = problem or str(error)
            continue
        if _has(git, work, found.commit):
            return
        problem = "there is no such commit"  # whatever an attempt before may have lacked
    shown = redacted(address.fetched_from) if "://" in address.fetched_from else address.remote
    reason = f": {problem}" if problem else ""
    raise BuildError(f"failed to fetch {found.commit} of repository {shown}{reason}")


def _kept_ref(found: GitCommit) -> str:
    """Under which name a fetched commit is kept."""
    if found.ref.startswith("refs/tags/"):
        return found.ref
    return "refs/dflint/fetched"


def _has(git: Git, work: str, commit: str) -> bool:
    try:
        git.run(work, ["cat-file", "-e", commit + "^{commit}"])
    except GitError:
        return False
    return True


def _lay_out(git: Git, address: GitAddress, found: GitCommit, work: str) -> None:
    try:
        git.run(work, ["checkout", "-q", "--force", "--detach", found.commit, "--"])
        if address.submodules is not False and os.path.lexists(os.path.join(work, ".gitmodules")):
            update = ["submodule", "--quiet", "update", "--init", "--recursive"]
            try:
                git.run(work, [*update, "--depth=1"])
            except GitError:
                git.run(work, update)
    except GitError as error:
        raise BuildError(f"failed to check out {found.commit}: {error}") from None


def _tidy(git_dir: str) -> None:
    """Leave a repository as BuildKit does: nothing of how it was made."""
    for name in ("FETCH_HEAD", "ORIG_HEAD"):
        if os.path.lexists(os.path.join(git_dir, name)):
            os.unlink(os.path.join(git_dir, name))
    shutil.rmtree(os.path.join(git_dir, "refs", "dflint"), ignore_errors=True)
    log = os.path.join(git_dir, "logs", "HEAD")
    if os.path.isfile(log):
        os.truncate(log, 0)


def _subdir(work: str, subdir: str) -> str:
    """The path of a subdirectory; links are not followed on the way."""
    place = work
    for name in subdir.split("/") if subdir else ():
        place = os.path.join(place, name)
        try:
            kind = os.lstat(place).st_mode
        except OSError:
            raise BuildError(
                f'invalid subdir /{subdir}: failed to lstat "{name}": no such file or directory'
            ) from None
        if not stat.S_ISDIR(kind):
            raise BuildError(
                f'invalid subdir /{subdir}: git subpath "/{subdir}" contains non-directory "{name}"'
            )
    return place


def _set_times(folder: str, seconds: int) -> None:
    for place, folders, files in os.walk(folder, topdown=False):
        for name in files + folders:
            os.utime(os.path.join(place, name), (seconds, seconds), follow_symlinks=False)
    os.utime(folder, (seconds, seconds))
