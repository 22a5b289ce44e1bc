"""Where a repository and its user keep what git ignores, found without running git.

Sources: gitrepository-layout(5), git-config(1). Included configuration files (`include.path`) and
`core.excludesFile` in a repository's own configuration are not looked at.
"""

from __future__ import annotations

import os


def repository_folder(top: str) -> str:
    """The folder of the repository whose work tree starts at `top`.

    `.git` is that folder, or in a submodule or an added work tree a file that names it; an added
    work tree names the repository that it shares in `commondir`.
    """
    place = os.path.join(top, ".git")
    pointer = _first_line(place)
    if not pointer.startswith("gitdir:"):
        return place
    place = os.path.join(top, pointer.removeprefix("gitdir:").strip())
    common = _first_line(os.path.join(place, "commondir"))
    return os.path.join(place, common) if common else place


def excludes_file() -> str:
    """The user's own excludes file: `core.excludesFile`, else `git/ignore` beside git's config."""
    home = os.path.expanduser("~")
    settings = os.environ.get("XDG_CONFIG_HOME") or os.path.join(home, ".config")
    for path in (os.path.join(home, ".gitconfig"), os.path.join(settings, "git", "config")):
        value = _core_excludes_file(path)
        if value is not None:
            return os.path.expanduser(value)
    return os.path.join(settings, "git", "ignore")


def _core_excludes_file(path: str) -> str | None:
    """The last `excludesFile` under `[core]` in git's configuration file at `path`."""
    section = ""
    value = None
    for line in _text(path).splitlines():
        line = line.strip()
        if line.startswith("["):
            section = line.partition("]")[0][1:].strip().lower()
            continue
        key, _, rest = line.partition("=")
        if section == "core" and key.strip().lower() == "excludesfile":
            value = rest.strip().strip('"')
    return value


def _first_line(path: str) -> str:
    """The first line of a small file, without blanks around it; empty if it cannot be read."""
    return _text(path).partition("\n")[0].strip()


def _text(path: str) -> str:
    """The text of a file of git's; empty if there is none."""
    try:
        if not os.path.isfile(path):
            return ""
        with open(path, encoding="utf-8", errors="surrogateescape") as file:
            return file.read()
    except OSError:
        return ""
