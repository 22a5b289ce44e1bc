"""Addresses of git repositories, as BuildKit reads them.

`https://host/repo.git`, `git://…`, `ssh://…`, `user@host:repo`, `github.com/user/repo`, each with
`#ref:subdir` or with a query: `?ref=`, `tag=`, `branch=`, `subdir=`, `checksum=`, `keep-git-dir=`,
`submodules=`, `mtime=`. An https or http address is one of git only when its path ends in `.git`.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from urllib.parse import parse_qsl, unquote, urlsplit

from dflint.errors import BuildError
from dflint.text.go_quote import go_quote

_SCHEME = re.compile(r"([a-zA-Z0-9]+)://")
_SECURE = frozenset(("https", "ssh"))
_SCHEMES = _SECURE | {"http", "git"}
_SCP = re.compile(r"([a-zA-Z0-9_-]+)@([a-zA-Z0-9.-]+):(.*?)(?:\?(.*?))?(?:#(.*))?", re.DOTALL)
_TRUE = frozenset(("1", "t", "T", "true", "TRUE", "True"))
_FALSE = frozenset(("0", "f", "F", "false", "FALSE", "False"))
_MTIMES = ("checkout", "commit")
_COMMIT = re.compile(r"[0-9a-f]{40}|[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class GitAddress:
    """A repository and what of it is wanted; parts that are not written are empty or None.

    `is_like_local` is for `github.com/…`, which could be a path; `is_plain` for what goes over the
    network without encryption. `mtime` is `checkout` or `commit`.
    """

    remote: str
    short_name: str
    ref: str = ""
    subdir: str = ""
    checksum: str = ""
    keeps_git_dir: bool | None = None
    submodules: bool | None = None
    mtime: str = ""
    is_like_local: bool = False
    is_plain: bool = False

    @property
    def fetched_from(self) -> str:
        """The address that git is given."""
        return f"https://{self.remote}" if self.is_like_local else self.remote


def is_commit(text: str) -> bool:
    """Tell whether a text is the whole name of a commit."""
    return _COMMIT.fullmatch(text) is not None


def read_git_address(text: str) -> GitAddress | None:
    """Read an address; None for what is no address of git.

    Raises BuildError for one whose query is wrong, in BuildKit's words.
    """
    if text.startswith(("./", "../")):
        return None
    if text.startswith("github.com/"):
        return _of_url("https://" + text, is_like_local=True)
    scheme = _SCHEME.match(text)
    if scheme is not None:
        return _of_url(text) if scheme[1].lower() in _SCHEMES else None
    return _of_scp(text)


def _of_url(text: str, is_like_local: bool = False) -> GitAddress | None:
    try:
        parts = urlsplit(text)
        _ = parts.port
    except ValueError:
        return None
    scheme = parts.scheme.lower()
    is_web = scheme in ("http", "https") and not is_like_local
    if is_web and not unquote(parts.path).endswith(".git"):
        return None
    remote = f"{scheme}://{parts.netloc}{parts.path}"
    if is_like_local:
        remote = remote.partition("://")[2]
    return _finish(
        remote, parts.fragment, parts.query, is_like_local, is_plain=scheme in ("http", "git")
    )


def _of_scp(text: str) -> GitAddress | None:
    found = _SCP.fullmatch(text)
    if found is None:
        return None
    user, host, path, query, fragment = found.groups()
    return _finish(f"{user}@{host}:{path}", unquote(fragment or ""), query or "", False, False)


def _finish(
    remote: str, fragment: str, query: str, is_like_local: bool, is_plain: bool
) -> GitAddress:
    ref, _, subdir = unquote(fragment).partition(":")
    address = GitAddress(
        remote=remote,
        short_name=remote.rpartition("/")[2].removesuffix(".git"),
        ref=ref,
        subdir=subdir,
        is_like_local=is_like_local,
        is_plain=is_plain,
    )
    return _with_query(address, query)


def _with_query(address: GitAddress, query: str) -> GitAddress:
    values: dict[str, str] = {}
    for name, value in parse_qsl(query, keep_blank_values=True):
        if name in values:
            raise BuildError(f"query {go_quote(name)} has multiple values")
        values[name] = value
    if "tag" in values and "branch" in values:
        raise BuildError("branch conflicts with tag")
    for name, value in values.items():
        if name not in _READERS:
            raise BuildError(f"unexpected query {go_quote(name)}")
        if not value and name not in ("keep-git-dir", "submodules"):
            raise BuildError(f"query {go_quote(name)} has no value")
        address = _READERS[name](address, value)
    return address


def _ref(address: GitAddress, value: str) -> GitAddress:
    if address.ref and address.ref != value:
        raise BuildError(f"ref conflicts: {go_quote(address.ref)} vs {go_quote(value)}")
    return replace(address, ref=value)


def _tag(address: GitAddress, value: str) -> GitAddress:
    return _ref(address, value if value.startswith("refs/tags/") else "refs/tags/" + value)


def _branch(address: GitAddress, value: str) -> GitAddress:
    return _ref(address, value if value.startswith("refs/heads/") else "refs/heads/" + value)


def _subdir(address: GitAddress, value: str) -> GitAddress:
    if address.subdir and address.subdir != value:
        raise BuildError(f"subdir conflicts: {go_quote(address.subdir)} vs {go_quote(value)}")
    return replace(address, subdir=value)


def _checksum(address: GitAddress, value: str) -> GitAddress:
    if address.checksum and address.checksum != value:
        raise BuildError(f"checksum conflicts: {go_quote(address.checksum)} vs {go_quote(value)}")
    return replace(address, checksum=value)


def _mtime(address: GitAddress, value: str) -> GitAddress:
    if value not in _MTIMES:
        raise BuildError(f"invalid mtime value: {go_quote(value)}: expected checkout or commit")
    return replace(address, mtime=value)


def _bool(name: str, value: str) -> bool:
    if not value or value in _TRUE:
        return True
    if value not in _FALSE:
        raise BuildError(f"invalid {name} value: {go_quote(value)}")
    return False


_READERS: dict[str, Callable[[GitAddress, str], GitAddress]] = {
    "ref": _ref,
    "tag": _tag,
    "branch": _branch,
    "subdir": _subdir,
    "checksum": _checksum,
    "commit": _checksum,
    "mtime": _mtime,
    "keep-git-dir": lambda one, value: replace(one, keeps_git_dir=_bool("keep-git-dir", value)),
    "submodules": lambda one, value: replace(one, submodules=_bool("submodules", value)),
}


def with_fragment(address: GitAddress, has_subdir: bool = False) -> str:
    """The address in the form with a fragment: `remote#ref`, and `:subdir` where it is wanted."""
    subdir = clean_subdir(address.subdir) if has_subdir else ""
    fragment = address.ref + (f":{subdir}" if subdir else "")
    return address.remote + (f"#{fragment}" if fragment else "")


def clean_subdir(subdir: str) -> str:
    """A subdirectory as a path from the repository's root, "" for the root itself."""
    return posixpath.normpath("/" + subdir).lstrip("/")
