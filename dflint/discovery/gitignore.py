"""Which paths the ignore files of a tree take out.

Source: gitignore(5). In order of precedence: the `.ignore` files, the nearest first (they are no
git matter: search tools read them, also outside of a repository); then the `.gitignore` files, the
nearest first, up to the folder that holds `.git`; then `.git/info/exclude`; then the user's own
excludes file. Outside of a repository the `.gitignore` files below the folder that is walked
count, so that an unpacked archive gives the files that its repository gives.

What git tracks although a pattern takes it is not known here: that stands in git's index.
"""

from __future__ import annotations

import os

from dflint.config.patterns import PatternList

GIT_FILE = ".gitignore"
PLAIN_FILE = ".ignore"
REPOSITORY = ".git"


class IgnoreChain:
    """The pattern lists that count in one folder, the weakest first. A value."""

    __slots__ = ("git", "plain")

    git: tuple[PatternList, ...]
    plain: tuple[PatternList, ...]

    def __init__(
        self, git: tuple[PatternList, ...] = (), plain: tuple[PatternList, ...] = ()
    ) -> None:
        self.git = git
        self.plain = plain

    def ignores(self, path: str, *, folder: bool) -> bool:
        """Whether the entry at the absolute `path` is taken out.

        The folders above it are taken to have been asked about before.
        """
        for lists in (self.plain, self.git):
            for patterns in reversed(lists):
                verdict = patterns.verdict(patterns.relative(path), folder=folder)
                if verdict is not None:
                    return verdict
        return False

    def entering(self, folder: str, names: frozenset[str]) -> IgnoreChain:
        """The chain within the absolute `folder`, which holds entries of these `names`.

        A folder that is a repository of its own (a submodule, a work tree) starts anew.
        """
        git, plain = self.git, self.plain
        if REPOSITORY in names:
            git = _repository_lists(folder)
        if GIT_FILE in names:
            git += _read(os.path.join(folder, GIT_FILE), folder)
        if PLAIN_FILE in names:
            plain += _read(os.path.join(folder, PLAIN_FILE), folder)
        return self if git is self.git and plain is self.plain else IgnoreChain(git, plain)


def chain_above(folder: str) -> IgnoreChain:
    """The chain that the parents of the absolute `folder` give, from its repository's top down."""
    above: list[tuple[str, frozenset[str]]] = []
    at = folder
    while not _exists(os.path.join(at, REPOSITORY)):
        parent = os.path.dirname(at)
        if parent == at:
            return IgnoreChain()
        at = parent
        names = (REPOSITORY, GIT_FILE, PLAIN_FILE)
        above.append((at, frozenset(n for n in names if _exists(os.path.join(at, n)))))
    chain = IgnoreChain()
    for place, names_there in reversed(above):
        chain = chain.entering(place, names_there)
    return chain


def _exists(path: str) -> bool:
    """Whether there is anything at `path`, a broken symbolic link included."""
    return os.access(path, os.F_OK, follow_symlinks=False)


def _read(path: str, base: str) -> tuple[PatternList, ...]:
    """The list in the file at `path`, or none if it is no readable file with patterns.

    A symbolic link is not followed, as git does not follow one in a work tree.
    """
    import stat

    try:
        if not stat.S_ISREG(os.lstat(path).st_mode):
            return ()
        with open(path, "rb") as file:
            patterns = PatternList.parse(file.read(), base)
    except OSError:
        return ()
    return (patterns,) if patterns else ()


def _repository_lists(top: str) -> tuple[PatternList, ...]:
    """The lists that hold for a whole repository: the user's, then `.git/info/exclude`."""
    from dflint.discovery.repository import excludes_file, repository_folder

    found: tuple[PatternList, ...] = ()
    for path in (excludes_file(), os.path.join(repository_folder(top), "info", "exclude")):
        if path:
            found += _read(os.path.realpath(path), top)
    return found
