"""The files of a build context, as rules may ask for them."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

FILE = "file"
DIRECTORY = "directory"


class ContextFiles:
    """What is in the root folder of a build context; paths are relative to it and clean.

    The root is the empty path. Nothing is kept: who asks again may get another answer.
    """

    __slots__ = ()

    @property
    def is_known(self) -> bool:
        """Whether the folder is known at all."""
        return True

    def kind(self, path: str) -> str:
        """`file` or `directory`, also behind symbolic links; empty where there is nothing."""
        raise NotImplementedError

    def names(self, path: str) -> tuple[str, ...]:
        """The names in a directory, sorted; none of a file."""
        raise NotImplementedError

    def listing(self, path: str) -> tuple[str, ...]:
        """The names in a directory, those of directories with a slash behind them.

        A link to a directory counts as a file.
        """
        below = path + "/" if path else ""
        return tuple(
            name + "/" if self.kind(below + name) == DIRECTORY else name
            for name in self.names(path)
        )

    def begin(self, path: str) -> bytes | None:
        """The first 512 bytes of a file: none of a directory, None where there is nothing."""
        raise NotImplementedError

    def is_ignored(self, path: str) -> bool:
        """Whether git ignores what is, or would be, at the path: something else makes it."""
        raise NotImplementedError


class ListedFiles(ContextFiles):
    """Files that are given: their first bytes by path, and directories besides those of files.

    What `ignored` has, and all below it, git ignores.
    """

    __slots__ = ("_directories", "_files", "_ignored")

    def __init__(
        self,
        files: dict[str, bytes],
        ignored: Iterable[str] = (),
        directories: Iterable[str] = (),
    ) -> None:
        self._files = files
        self._ignored = frozenset(ignored)
        self._directories: dict[str, set[str]] = {"": set()}
        for path in directories:
            self._directories[path] = set()
        self._enter([*files, *self._directories])

    def _enter(self, paths: list[str]) -> None:
        """Have every directory know what is in it."""
        directories = self._directories
        for path in paths:
            below = path
            while below:
                parent, _, name = below.rpartition("/")
                directories.setdefault(parent, set()).add(name)
                below = parent

    def kind(self, path: str) -> str:
        """What the list says; a directory is what a file is in."""
        if path in self._directories:
            return DIRECTORY
        return FILE if path in self._files else ""

    def names(self, path: str) -> tuple[str, ...]:
        """The names of the files and directories in a directory."""
        return tuple(sorted(self._directories.get(path, ())))

    def begin(self, path: str) -> bytes | None:
        """The bytes that are given."""
        return b"" if path in self._directories else self._files.get(path)

    def is_ignored(self, path: str) -> bool:
        """Whether the path, or a directory above it, is among those given as ignored."""
        parts = path.split("/")
        return any("/".join(parts[:end]) in self._ignored for end in range(1, len(parts) + 1))
