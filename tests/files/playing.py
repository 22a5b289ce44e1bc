"""Plays the builds of tests/data/copy through `dflint.files`.

A case is a name, lines that make a context (`$`, run by bash) and a base (`B:`), the instructions,
and what a real engine made of them: its listing, or its error after `ERR`. `NOW` stands for times
that the engine does not promise.
"""

from __future__ import annotations

import contextlib
import os
import re
import shlex
import stat
import subprocess
from dataclasses import dataclass, field
from pathlib import Path

from dflint.errors import BuildError
from dflint.files import Copy, SourceTree, checksum, copy, make_directory, read_matcher

PRELUDE = r"""
set -e; umask 022
T() { touch -hd @1000000000 "$@"; }
W() { mkdir -p "$(dirname "$1")"; echo "${2-$1}" > "$1"; T "$1"; }
setfattr() { python3 -c 'import os, sys; os.setxattr(sys.argv[3], sys.argv[1], sys.argv[2].encode())' "$2" "$4" "$5"; }
setcap() { python3 -c 'import os, sys; os.setxattr(sys.argv[1], "security.capability", bytes.fromhex("0100000200200000000000000000000000000000"))' "$2"; }
"""  # noqa: E501
#: Errors that do without the engine's words.
SAID_OTHERWISE = {
    "unexpected EOF": "is cut off",
    "openat h/x: not a directory": "cannot unpack `h/x`: not a directory",
}
DATA = Path(__file__).parent.parent / "data" / "copy"


@dataclass
class Case:
    name: str
    context: list[str] = field(default_factory=list)
    base: list[str] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)
    expected: list[str] = field(default_factory=list)
    error: str = ""


def read_cases(path: Path) -> list[Case]:
    cases: list[Case] = []
    for line in path.read_text().splitlines():
        if line.startswith("=== "):
            cases.append(Case(line[4:].strip()))
        elif line.startswith("    | "):
            text = line[6:]
            place = {"$ ": cases[-1].context, "B:": cases[-1].base}.get(text[:2])
            if place is None:
                cases[-1].lines.append(text)
            else:
                place.append(text[2:].strip())
        elif line.startswith("   ERR "):
            cases[-1].error = line[7:]
        elif line.strip():
            cases[-1].expected.append(line.strip())
    return cases


def shell(lines: list[str], place: Path) -> None:
    place.mkdir(parents=True, exist_ok=True)
    subprocess.run(["bash", "-c", PRELUDE + "\n".join(lines)], cwd=place, check=True)


class Player:
    """Builds the stages of one case below a directory."""

    def __init__(self, case: Case, place: Path) -> None:
        self.case = case
        self.place = place
        self.context = place / "context"
        shell(case.context, self.context)
        self.base = place / "base"
        shell(case.base, self.base)
        self.stages: dict[str, Path] = {}
        self.root = place
        self.has_base = False
        self.user = ""
        self.directory = "/"

    def play(self) -> Path:
        matcher = read_matcher(str(self.context))
        lines = iter(self.case.lines)
        sources = [
            source
            for line in self.case.lines
            if line.startswith("COPY") and "--from" not in line
            for source in line.split()[1:-1]
        ]
        root = str(self.context)
        with SourceTree(root, matcher=matcher, is_context=True, sources=sources) as tree:
            for line in lines:
                if line.startswith("FROM"):
                    self._begin(line)
                elif line == "ADD base.tar /":
                    shell(self.case.base, self.root)
                    self.has_base = True
                elif line.startswith("WORKDIR"):
                    self.directory = line.split()[1]
                    make_directory(
                        str(self.root), self.directory, self.user, None, has_base=self.has_base
                    )
                    self.has_base = True
                elif line.startswith("USER"):
                    self.user = line.split()[1]
                else:
                    self._copy(line, lines, tree)
        return self.root

    def _begin(self, line: str) -> None:
        words = line.split()
        self.root = self.place / f"stage{len(self.stages)}"
        self.root.mkdir()
        self.stages[words[3] if len(words) > 3 else ""] = self.root
        self.has_base = False

    def _copy(self, line: str, lines, tree: SourceTree) -> None:
        instruction, *words = shlex.split(line.replace("\\", ""))
        options: dict[str, str] = {}
        excludes: list[str] = []
        while words[0].startswith("--"):
            name, _, value = words.pop(0)[2:].partition("=")
            if name == "exclude":
                excludes.append(value)
            else:
                options[name] = value
        *sources, target = words
        # The front end joins paths to the working directory.
        ends = target == "" or target.endswith(("/", "."))
        target = os.path.normpath(os.path.join(self.directory, target)) + ("/" if ends else "")
        has_base = self.has_base and "link" not in options
        for source in sources:
            content = None
            if source.startswith("<<"):
                source = source[2:]
                content = "".join(one + "\n" for one in iter(lambda: next(lines), source))
            unpack = instruction == "ADD" and options.get("unpack") != "false"
            action = Copy(
                source=source, target=target, content=content, unpack=unpack,
                owner=options.get("chown", ""), mode=options.get("chmod", ""),
                parents="parents" in options, excludes=tuple(excludes),
            )  # fmt: skip
            with contextlib.ExitStack() as stack:
                used = tree
                if "from" in options:
                    used = stack.enter_context(SourceTree(str(self.stages[options["from"]])))
                assert checksum(used, action) == checksum(used, action)
                copy(used, action, str(self.root), has_base=has_base)
        self.has_base = True


def listing(root: Path) -> list[str]:
    """Type, mode, owner, size, time, name and attributes, as the cases have them."""
    found: list[str] = []
    first: dict[tuple[int, int], str] = {}
    for path in sorted(root.rglob("*"), key=lambda one: os.fsencode(one)):
        name = str(path.relative_to(root))
        status = path.lstat()
        kind = {
            stat.S_IFREG: "f", stat.S_IFDIR: "d", stat.S_IFLNK: "l", stat.S_IFIFO: "p",
            stat.S_IFCHR: "c", stat.S_IFBLK: "b",
        }[stat.S_IFMT(status.st_mode)]  # fmt: skip
        size = status.st_size if kind == "f" else 0
        suffix = "/" if kind == "d" else ""
        if kind == "l":
            suffix = f" -> {os.readlink(path)}"
        elif kind != "d" and status.st_nlink > 1:
            key = (status.st_dev, status.st_ino)
            if key in first:
                kind, size, suffix = "h", 0, f" -> {first[key]}"
            first.setdefault(key, name)
        attributes = {
            one: os.getxattr(path, one, follow_symlinks=False).decode("latin-1")
            for one in sorted(os.listxattr(path, follow_symlinks=False))
        }
        line = (
            f"{kind} {stat.S_IMODE(status.st_mode):o} {status.st_uid}:{status.st_gid} {size} "
            f"{int(status.st_mtime)} {name}{suffix} {attributes or ''}"
        )
        found.append(line.rstrip())
    return found


def differences(case: Case, place: Path) -> list[str]:
    """What differs between the engine's result and ours."""
    try:
        root = Player(case, place).play()
    except BuildError as error:
        if not case.error:
            return [f"raised: {error}"]
        return [] if _same_error(case.error, str(error)) else [f"{case.error!r} != {error!s}"]
    if case.error:
        return [f"not raised: {case.error}"]
    ours = {_name(line): line for line in listing(root)}
    theirs = {_name(line): line for line in case.expected}
    found = []
    for name in sorted(ours.keys() | theirs.keys()):
        if not _same_line(theirs.get(name, ""), ours.get(name, "")):
            found.append(f"{theirs.get(name)} != {ours.get(name)}")
    return found


def _name(line: str) -> str:
    name = line.split(" ", 5)[5].partition(" -> ")[0].partition(" {")[0]
    return name.rstrip("/")


def _same_line(theirs: str, ours: str) -> bool:
    one, two = theirs.split(" ", 5), ours.split(" ", 5)
    if len(one) > 4 and len(two) > 4 and one[4] == "NOW":
        one[4] = two[4]
    if len(one) > 4:
        one[4] = one[4].removesuffix(".0")
    return one == two


def _same_error(theirs: str, ours: str) -> bool:
    """Whether our message has the engine's words, but for its own directories and references."""
    theirs = re.sub(r"/\S*/cachemounts/buildkit\d+", "", theirs)
    ours, theirs = (re.sub(r" of ref \S+:", ":", one) for one in (ours, theirs))
    theirs = theirs.removeprefix("rpc error: code = Unknown desc = ")
    return SAID_OTHERWISE.get(theirs, theirs) in ours
