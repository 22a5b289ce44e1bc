"""Which lines changed since a revision: what `--diff-base` limits findings to.

What counts is what the branch brings: the base is the merge base of the revision and HEAD, as a
pull request shows it (`git diff REV...`), so that what others changed in REV meanwhile does not.
Compared with it is the work tree as it is, staged or not; a file that git does not know yet counts
as changed from first to last line.

Source: git-diff(1), section "Generating patch text with -p".
"""

from __future__ import annotations

import os

from dflint.errors import UsageError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

_DIFF = (
    "diff",
    "--unified=0",
    "--inter-hunk-context=0",
    "--find-renames",
    "--text",
    "--no-color",
    "--no-ext-diff",
    "--no-textconv",
    "--no-relative",
    "--submodule=short",
    "--src-prefix=a/",
    "--dst-prefix=b/",
)
"""A patch in git's own form, whatever the user's configuration makes of it."""

_ESCAPES = {
    ord("a"): 7,
    ord("b"): 8,
    ord("t"): 9,
    ord("n"): 10,
    ord("v"): 11,
    ord("f"): 12,
    ord("r"): 13,
}


class ChangedLines:
    """The changed lines of the files of one work tree.

    `root` is the work tree's top folder and `cwd` the folder from which relative paths start.
    `changes` gives for each path, as git writes it, the ranges that changed: first and last line
    from 1, or (n + 1, n) where only something behind line n is gone. `whole` are the paths of
    files that are new to git.
    """

    __slots__ = ("changes", "cwd", "root", "whole")

    root: str
    cwd: str
    changes: dict[str, tuple[tuple[int, int], ...]]
    whole: frozenset[str]

    def __init__(
        self,
        root: str,
        cwd: str,
        changes: dict[str, tuple[tuple[int, int], ...]],
        whole: frozenset[str],
    ) -> None:
        self.root = root
        self.cwd = cwd
        self.changes = changes
        self.whole = whole

    def touches(self, path: str, first_line: int, last_line: int) -> bool:
        """Whether one of the lines changed, or something between two of them is gone.

        Everything counts as changed in a file outside of the work tree, of which git says nothing.
        """
        place = os.path.realpath(os.path.join(self.cwd, path))
        inside = os.path.relpath(place, self.root).replace(os.sep, "/")
        if inside.startswith("../") or inside in self.whole:
            return True
        return any(
            first_line <= last and first <= last_line
            for first, last in self.changes.get(inside, ())
        )


def changed_lines(rev: str, cwd: str) -> ChangedLines:
    """What changed in the work tree around the folder `cwd` since it left `rev`.

    Raises UsageError without git, outside of a work tree, for an unknown revision and for one
    that shares no commit with HEAD.
    """
    root = os.fsdecode(_git(cwd, "rev-parse", "--show-toplevel").removesuffix(b"\n"))
    base = _merge_base(rev, root)
    patch = _git(root, "-c", "core.quotePath=true", *_DIFF, base, "--")
    others = _git(root, "ls-files", "--others", "--exclude-standard", "-z")
    whole = frozenset(os.fsdecode(name) for name in others.split(b"\0") if name)
    changes = {name: tuple(ranges) for name, ranges in read_patch(patch)}
    return ChangedLines(os.path.realpath(root), os.path.abspath(cwd), changes, whole)


def file_at(rev: str, path: str) -> bytes:
    """A file of the work tree as it is in a revision.

    Raises UsageError without git, outside of a work tree, for an unknown revision and for a file
    that it does not have.
    """
    folder, name = os.path.split(os.path.abspath(path))
    commit = _commit(rev, folder)
    status, content, _ = _try_git(folder, "show", "--end-of-options", f"{commit}:./{name}")
    if status:
        raise UsageError(f"`{rev}` has no file `{path}`")
    return content


def read_patch(patch: bytes) -> Iterator[tuple[str, list[tuple[int, int]]]]:
    """The files of a patch without context lines, each with the ranges of its new lines.

    Hunks are skipped by their counts, because a changed line can look like a header.
    """
    lines = iter(patch.split(b"\n"))
    name: str | None = None
    ranges: list[tuple[int, int]] = []
    for line in lines:
        if line.startswith(b"diff --git "):
            if name is not None:
                yield name, ranges
            name, ranges = None, []
        elif line.startswith(b"+++ "):
            name = _new_name(line[4:])
        elif line.startswith(b"@@ -"):
            _, old, new, _ = line.split(b" ", 3)
            _, removed = _start_and_count(old)
            start, added = _start_and_count(new)
            for _ in range(removed + added):
                while next(lines, b"").startswith(b"\\"):
                    continue
            ranges.append((start, start + added - 1) if added else (start + 1, start))
    if name is not None:
        yield name, ranges


def _start_and_count(part: bytes) -> tuple[int, int]:
    """The numbers of `-3,2` or `+3`; one line when no count is given."""
    start, comma, count = part[1:].partition(b",")
    return int(start), int(count) if comma else 1


def _new_name(field: bytes) -> str | None:
    """The path behind `+++`, unquoted; None for `/dev/null`.

    Git quotes a path with unusual bytes as C does, and puts a tab behind one with a blank.
    """
    if field.startswith(b'"'):
        field = _unquoted(field[1 : field.rindex(b'"')])
    else:
        field = field.removesuffix(b"\t")
    return os.fsdecode(field[2:]) if field.startswith(b"b/") else None


def _unquoted(text: bytes) -> bytes:
    """What stands in a C string."""
    out = bytearray()
    at = 0
    while at < len(text):
        byte = text[at]
        at += 1
        if byte != ord("\\"):
            out.append(byte)
        elif text[at : at + 3].isdigit():
            out.append(int(text[at : at + 3], 8))
            at += 3
        else:
            out.append(_ESCAPES.get(text[at], text[at]))
            at += 1
    return bytes(out)


def _merge_base(rev: str, root: str) -> str:
    """The commit from which HEAD and `rev` both come."""
    ours, theirs = _commit("HEAD", root), _commit(rev, root)
    status, base, _ = _try_git(root, "merge-base", ours, theirs)
    if status:
        raise UsageError(
            f"`{rev}` and `HEAD` have no commit in common; a shallow clone may have to be deepened"
        )
    return os.fsdecode(base.strip())


def _commit(name: str, root: str) -> str:
    """The commit that `name` stands for."""
    wanted = ("rev-parse", "--verify", "--quiet", "--end-of-options", f"{name}^0")
    status, found, _ = _try_git(root, *wanted)
    if status:
        raise UsageError(f"git knows no commit `{name}`")
    return os.fsdecode(found.strip())


def _git(cwd: str, *arguments: str) -> bytes:
    """What git prints; UsageError with its own words if it fails."""
    status, output, complaint = _try_git(cwd, *arguments)
    if status:
        words = os.fsdecode(complaint).strip().partition("\n")[0].removeprefix("fatal: ")
        raise UsageError(f"git cannot tell what changed: {words or f'exit status {status}'}")
    return output


def _try_git(cwd: str, *arguments: str) -> tuple[int, bytes, bytes]:
    """Git's exit status, output and complaint."""
    import subprocess

    environment = {**os.environ, "GIT_OPTIONAL_LOCKS": "0", "LC_ALL": "C"}
    try:
        done = subprocess.run(
            ("git", "--no-pager", *arguments),
            cwd=cwd,
            env=environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            check=False,
        )
    except FileNotFoundError:
        raise UsageError("git is not installed; without it nobody knows what changed") from None
    except OSError as error:
        raise UsageError(f"git cannot be run: {(error.strerror or '').lower()}") from None
    return done.returncode, done.stdout, done.stderr
