"""Contexts: files of every kind, and .dockerignore."""

from __future__ import annotations

from dataclasses import dataclass, field

from tests.conformance.builds.archives import archive, damaged, no_archive
from tests.conformance.builds.case import EPOCH, ContextFile, Draw

TOP = ("a.txt", "b.conf", "c.sh", "d e.txt", "f[1].txt", "ünï.txt", ".hidden", "README.md")
MODES = (0o644, 0o644, 0o600, 0o640, 0o755, 0o777, 0o4755, 0o2755, 0o1644, 0o400)
FOLDER_MODES = (0o755, 0o755, 0o755, 0o700, 0o775, 0o1777, 0o2755)
#: What .dockerignore is about; no COPY needs one of these files by its own name.
TREE = (
    "tree/one.log", "tree/two.txt", "tree/keep.log", "tree/x/three.txt", "tree/x/y/four.log",
    "tree/x/y/keep.txt", "tree/z/five.tmp", "tree/z/.dot",
)  # fmt: skip
_PATTERNS = (
    "tree", "tree/*", "tree/x", "**/*.log", "*.log", "tree/*/*.txt", "tree/x/y/", "/tree/z",
    "./tree/two.txt", "tree/?", "tree/[xz]", "tree/**", "**/y", "tree/x/../z", "# tree",
    "  tree/one.log  ", "tree/\\z", "**/four.*",
)  # fmt: skip
_EXCEPTIONS = (
    "!tree/keep.log", "!tree/x/y/keep.txt", "!**/*.txt", "!tree/x", "!tree/z/.dot", "!tree/*.log",
    "! tree/two.txt", "!**/keep.*",
)  # fmt: skip


@dataclass
class Context:
    """What a context has, by what can be copied of it."""

    files: list[ContextFile] = field(default_factory=list)
    plain: list[str] = field(default_factory=list)
    folders: list[str] = field(default_factory=list)
    archives: list[str] = field(default_factory=list)
    broken: str = ""

    def add(self, draw: Draw, path: str, kind: str = "f", **values: object) -> None:
        """Add a file with a time of its own, and if it is a plain one with a size of its own."""
        number = len(self.files)
        mtime = EPOCH * 1_000_000_000 + draw.number(-9_000, 9_000) * 10**10 + number * 10**9
        if draw.chance(0.3):
            mtime += draw.number(0, 999_999_999)
        if kind == "f" and "data" not in values:
            values["data"] = (path.encode() + b"\n") + b"." * (number * 7 + draw.number(0, 6))
        self.files.append(ContextFile(path, kind, mtime_ns=mtime, **values))


def make_context(draw: Draw) -> Context:
    """The files of a context, without Dockerfile."""
    made = Context()
    for name in TOP:
        made.add(draw, name, mode=draw.pick(MODES))
        made.plain.append(name)
    _add_folders(draw, made)
    _add_links(draw, made)
    _add_archives(draw, made)
    for folder in ("tree", "tree/x", "tree/x/y", "tree/z"):
        made.add(draw, folder, "d", mode=draw.pick(FOLDER_MODES))
    for name in TREE:
        made.add(draw, name, mode=draw.pick(MODES))
    made.folders.append("tree")
    if draw.chance(0.6):
        _add_ignore_file(draw, made)
    return made


def _add_folders(draw: Draw, made: Context) -> None:
    for folder in ("src", "src/sub", "src/sub/deep", "etc.d", "empty"):
        made.add(draw, folder, "d", mode=draw.pick(FOLDER_MODES))
        made.folders.append(folder)
    for name in ("src/m.c", "src/n.c", "src/sub/o.h", "src/sub/deep/p.txt", "etc.d/q.conf"):
        made.add(draw, name, mode=draw.pick(MODES))
        made.plain.append(name)


def _add_links(draw: Draw, made: Context) -> None:
    links = (
        ("ln-file", "a.txt"), ("ln-dir", "src"), ("src/up", "../a.txt"), ("ln-none", "nowhere"),
        ("src/abs", "/etc/passwd"), ("src/sub/loop", "loop"), ("ln-out", "../../b.conf"),
        ("ln-ln", "ln-file"),
    )  # fmt: skip
    for path, target in draw.some(links, 3, 8):
        made.add(draw, path, "l", target=target)
        if path == "ln-file":
            made.plain.append(path)
        elif path == "ln-dir":
            made.folders.append(path)
        draw.use("context: symbolic links")
    if draw.chance(0.5):
        made.add(draw, "src/hard-m", "h", target="src/m.c")
        made.add(draw, "src/sub/hard-o", "h", target="src/sub/o.h")
        made.add(draw, "etc.d/hard-m", "h", target="src/m.c")
        draw.use("context: hard links")
    if draw.chance(0.1):
        made.add(draw, "src/fifo", "p", mode=0o644)
        draw.use("context: FIFO")


def _add_archives(draw: Draw, made: Context) -> None:
    for make, count in ((archive, draw.number(1, 2)), (no_archive, draw.number(0, 1))):
        for _ in range(count):
            name, data = make(draw, len(made.files) + 5)
            path = draw.new("ar") + name
            made.add(draw, path, data=data, mode=draw.pick(MODES))
            made.archives.append(path)
    if draw.chance(0.1):
        name, data = damaged(draw, len(made.files))
        made.broken = "broken-" + name
        made.add(draw, made.broken, data=data)


def _add_ignore_file(draw: Draw, made: Context) -> None:
    lines = draw.some(_PATTERNS, 1, 4)
    if draw.chance(0.6):
        lines += draw.some(_EXCEPTIONS, 1, 3)
        draw.use(".dockerignore: exceptions")
    if draw.chance(0.4):
        lines += draw.some(_PATTERNS, 1, 2)
    if draw.chance(0.15):
        draw.use(".dockerignore: *")
        top = sorted({one.path.split("/")[0] for one in made.files} - {"tree"})
        lines = ["*", *(f"!{name.replace('[', '[[]')}" for name in top), *lines]
    name = ".dockerignore"
    if draw.chance(0.2):
        draw.use(".dockerignore: of the Dockerfile")
        made.add(draw, name, data=b"*\n")
        name = "Dockerfile.dockerignore"
    draw.use(".dockerignore")
    made.add(draw, name, data=("\n".join(lines) + "\n").encode())
