"""What an operand of an installation names, and whether it says which version.

One reader for each package manager: it is given the text of an operand and tells True for a
package without a version, False for one with a version and for anything that is no package of a
repository: a file, a URL, a group, a package to remove.
"""

from __future__ import annotations

import re

from dflint.text.lazy_pattern import LazyPattern

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

_ARCHIVES = (".whl", ".tar.gz", ".tgz", ".zip", ".tar.bz2", ".tar.xz", ".tar", ".egg")
# A project name with extras (PEP 508), and what may follow without naming a version.
_PROJECT = LazyPattern(r"[A-Za-z0-9][\w.-]*+\s*+(?:\[[^\]]*+\])?+\s*+(?:;.*+)?\Z", re.DOTALL)
_VCS = LazyPattern(r"(?:[^@]*+@\s*+)?(?:git|hg|bzr|svn)\+[a-z]++:")
_RPM_VERSION = LazyPattern(r"-[0-9]")
_HOSTS = ("github.com/", "gitlab.com/", "bitbucket.org/")
_SHORTHANDS = ("github:", "gitlab:", "bitbucket:", "gist:")


def is_unpinned_deb(text: str) -> bool:
    """For apt: `name`, not `name=version`, `name/release`, a file or `name-`."""
    return not any(mark in text for mark in "=/") and not text.endswith((".deb", "-"))


def is_unpinned_apk(text: str) -> bool:
    """For apk: `name` or `name@tag`, not `name=1`, `name~1`, `name>1`, a file or `!name`."""
    return not any(mark in text for mark in "=<>~/") and not (
        text.endswith(".apk") or text.startswith("!")
    )


def is_unpinned_rpm(text: str) -> bool:
    """For yum and dnf: `name`, not `name-1.2`, a file, a URL, `@group` or a path in a package."""
    if any(mark in text for mark in "/<>=") or text.startswith(("@", "-")):
        return False
    return not text.endswith(".rpm") and _RPM_VERSION.get().search(text) is None


def is_unpinned_module(text: str) -> bool:
    """For modules of dnf: `name`, not `name:stream`."""
    return ":" not in text


def is_unpinned_zypper(text: str) -> bool:
    """For zypper: `name`, not `name=1`, `name>=1`, a file, a URL, `pattern:x` or `-name`."""
    if any(mark in text for mark in "=<>/:"):
        return False
    return not text.endswith(".rpm") and not text.startswith(("-", "!", "@"))


def is_unpinned_requirement(text: str) -> bool:
    """For pip: a project without any version, or a repository without a revision."""
    if _VCS.get().match(text):
        return "@" not in text.partition("://")[2].partition("/")[2].partition("#")[0]
    if text.endswith(_ARCHIVES):
        return False
    return _PROJECT.get().match(text) is not None


def is_unpinned_npm(text: str) -> bool:
    """For npm: a package without version or tag, or a repository without a revision.

    `name@latest` is not: a tag is written on purpose.
    """
    if "#" in text or text.startswith((".", "/", "~/", "file:")):
        return False
    if text.startswith(("git+", "git:", *_SHORTHANDS)) or text.endswith(".git"):
        return True
    if "://" in text:
        return text.partition("://")[2].startswith(_HOSTS) and not _is_npm_archive(text)
    scope, slash, name = text.partition("/")
    if slash and not scope.startswith("@"):
        # `user/repository` is on GitHub.
        return bool(name) and "/" not in name
    return "@" not in text[1:] and not _is_npm_archive(text)


def _is_npm_archive(text: str) -> bool:
    return text.endswith((".tgz", ".tar.gz", ".tar")) or "/tarball/" in text or "/archive/" in text


def is_unpinned_gem(text: str) -> bool:
    """For gem: `name`, not `name:1` or a file."""
    return ":" not in text and "/" not in text and not text.endswith(".gem")


def is_latest_go(text: str) -> bool:
    """For go: `host/path@latest`."""
    return is_remote_go(text.partition("@")[0]) and text.endswith("@latest")


def is_remote_go(text: str) -> bool:
    """Whether a package path is one that go fetches: its first element is the name of a host."""
    first, slash, _ = text.partition("/")
    return bool(slash) and "." in first.strip(".") and not text.startswith((".", "/"))


READERS: dict[str, Callable[[str], bool]] = {
    "apt-get": is_unpinned_deb,
    "apt": is_unpinned_deb,
    "aptitude": is_unpinned_deb,
    "apk": is_unpinned_apk,
    "yum": is_unpinned_rpm,
    "dnf": is_unpinned_rpm,
    "microdnf": is_unpinned_rpm,
    "zypper": is_unpinned_zypper,
    "pip": is_unpinned_requirement,
    "uv pip": is_unpinned_requirement,
    "pipx": is_unpinned_requirement,
    "npm": is_unpinned_npm,
    "gem": is_unpinned_gem,
}
