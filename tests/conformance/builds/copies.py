"""COPY and ADD."""

from __future__ import annotations

import json

from tests.conformance.builds.case import Draw
from tests.conformance.builds.context import Context
from tests.conformance.builds.stage import Stage, destination_folder

_OCTAL = ("644", "0755", "600", "4755", "1777", "2750", "0", "0444", "07777")
_SYMBOLIC = (
    "u+x", "go-w", "a=rX", "u=rwX,go=rX", "+x", "u+s", "g=u", "o=", "ug+rw,o-rwx", "-w", "a+X",
    "u=rwx,g=u-w", "+t", "o=g", "g+s", "=r",
)  # fmt: skip
_OWNERS = ("0:0", "1000", "1000:1001", "7:0", "65534", "0:33", "+5:6")
_NAMES = (
    "games", "nobody:wheel", "root", "www-data:5", "3:staff", "daemon", "root:root", "nosuch",
    "games:nosuch", "app", "app:app", "$OWNER",
)  # fmt: skip
_GLOBS = (
    "*.txt", "?.txt", "*.conf", "src/*", "src/*.c", "s*/m.c", "[ab].*", "f[[]1].txt", "src/*/*.h",
    "etc.*", "*/q.conf", "src/sub/*", "[!a].txt", "[^b].txt", "tre?", "src/s*", "**/m.c", "*",
    "src/[m-n].c", "zzz*", "d\\\\ e.txt",
)  # fmt: skip
_EXCLUDES = (
    "*.txt", "**/*.c", "sub", "sub/deep", "*", "!m.c", "**/o.*", "src/m.c", "m.c", "deep/", "keep*",
)  # fmt: skip


def copying(draw: Draw, stage: Stage, context: Context, earlier: list[Stage]) -> str:
    """COPY or ADD of anything."""
    kind = draw.weighted(
        {"context": 8, "glob": 3, "folder": 5, "from": 5 if earlier else 0, "base": 2,
         "archive": 4, "heredoc": 3, "ignored": 2, "all": 1}
    )  # fmt: skip
    if kind == "heredoc":
        return _heredoc(draw, stage)
    keyword = "ADD" if draw.chance(0.2) or kind == "archive" else "COPY"
    if kind in ("from", "base"):
        keyword = "COPY"
    sources, origin = _SOURCES[kind](draw, stage, context, earlier)
    flags = [*origin, *_flags(draw, stage, keyword, kind)]
    target = _target(draw, stage, sources, kind)
    draw.use(f"{keyword}: {kind}")
    return f"{keyword} {_written(draw, flags, [*sources, target])}"


def _written(draw: Draw, flags: list[str], words: list[str]) -> str:
    has_blank = any(" " in one for one in words)
    if has_blank or draw.chance(0.12):
        draw.use("COPY: list")
        return " ".join([*flags, json.dumps(words, ensure_ascii=False)])
    return " ".join([*flags, *words])


def _of_context(draw, stage, context, earlier):
    del stage, earlier
    count = draw.weighted({1: 6, 2: 3, 3: 1})
    sources = draw.some(context.plain, count, count)
    sources = [one for one in sources if one != "f[1].txt"] or ["a.txt"]
    if draw.chance(0.15):
        draw.use("COPY: odd source paths")
        change = draw.pick(("/{}", "./{}", "../{}", "src/../{}", "//{}"))
        sources[0] = change.format(sources[0])
    return sources, []


def _glob(draw, stage, context, earlier):
    del stage, context, earlier
    return draw.some(_GLOBS, 1, 2), []


def _folder(draw, stage, context, earlier):
    del stage, earlier
    sources = draw.some(context.folders, 1, 2)
    if draw.chance(0.3):
        sources[0] += draw.pick(("/", "/.", "/sub/.."))
    return sources, []


def _everything(draw, stage, context, earlier):
    del stage, context, earlier
    return [draw.pick((".", "./", "/", ".."))], []


def _from_stage(draw, stage, context, earlier):
    del context
    source = draw.pick(earlier)
    name = source.reference
    if draw.chance(0.25):
        name = str(source.index)
        draw.use("COPY: --from=number")
    if source.name and draw.chance(0.1):
        name = source.name.upper()
    if source.name == stage.name:
        name = str(source.index)
    known = [*source.files, *source.folders] or ["/"]
    paths = draw.some(known, 1, 1 if draw.chance(0.8) else 2)
    if draw.chance(0.15) and known != ["/"]:
        paths = [paths[0].rsplit("/", draw.number(0, 1))[0] + draw.pick(("/*", "*", "/[a-z]*"))]
        draw.use("COPY: --from with wildcards")
    return paths, [f"--from={name}"]


def _from_image(draw, stage, context, earlier):
    del stage, context, earlier
    name = draw.pick(("base", "rich", "other"))
    if name == "other":
        draw.use("COPY: --from named context")
        return [draw.pick(("o1.txt", "dir", ".", "*.txt"))], ["--from=other"]
    draw.use("COPY: --from image")
    paths = (
        "/etc/passwd", "/data", "/data/hard-1", "/data/attr", "/data/l*", "/data/cap",
        "/bin/busybox", "/data/dirlink", "/data/dirlink/",
    )  # fmt: skip
    return draw.some(paths, 1, 2), [f"--from={name}"]


def _archive(draw, stage, context, earlier):
    del stage, earlier
    if context.broken and draw.chance(0.5):
        return [context.broken], []
    sources = draw.some(context.archives, 1, 2)
    if draw.chance(0.2):
        sources.append("a.txt")
    return sources, []


def _ignored(draw, stage, context, earlier):
    del stage, context, earlier
    return draw.some(("tree", "tree/*", "tree/x", "tree/x/y/", "tree/z", "t*/x*"), 1, 2), []


_SOURCES = {
    "context": _of_context,
    "glob": _glob,
    "folder": _folder,
    "from": _from_stage,
    "base": _from_image,
    "archive": _archive,
    "ignored": _ignored,
    "all": _everything,
}


def _target(draw: Draw, stage: Stage, sources: list[str], kind: str) -> str:
    is_one = len(sources) == 1 and not any(char in sources[0] for char in "*?[")
    if is_one and draw.chance(0.3) and kind in ("context", "from", "folder", "ignored"):
        path = stage.folder(draw).rstrip("/") + "/" + draw.new("t")
        draw.use("COPY: to a new name")
        (stage.add_file if kind == "context" else stage.add_folder)(path)
        return path
    if is_one and draw.chance(0.15) and stage.files and kind == "context":
        draw.use("COPY: over a file")
        return draw.pick(stage.files)
    target = destination_folder(draw, stage)
    if kind == "context" and "$" not in target and target.startswith("/"):
        for one in sources:
            stage.add_file(target.rstrip("/.") + "/" + one.rstrip("/").split("/")[-1])
    return target


def _flags(draw: Draw, stage: Stage, keyword: str, kind: str) -> list[str]:
    flags = []
    is_linked = draw.chance(0.15) and "--from" not in kind
    if is_linked:
        draw.use(f"{keyword}: --link")
        flags.append(draw.pick(("--link", "--link=true")))
    if draw.chance(0.25):
        flags.append(f"--chown={_owner(draw, stage, is_linked)}")
    if draw.chance(0.25):
        is_octal = draw.chance(0.5)
        draw.use(f"{keyword}: --chmod {'octal' if is_octal else 'symbolic'}")
        flags.append(f"--chmod={draw.pick(_OCTAL if is_octal else _SYMBOLIC)}")
    if draw.chance(0.12) and kind != "archive":
        draw.use(f"{keyword}: --exclude")
        flags += [f"--exclude={one}" for one in draw.some(_EXCLUDES, 1, 2)]
    return draw.some(flags, len(flags), len(flags))


def _owner(draw: Draw, stage: Stage, is_linked: bool) -> str:
    if is_linked or not stage.has_shell or draw.chance(0.5):
        draw.use("COPY: --chown numbers")
        return draw.pick(_OWNERS)
    draw.use("COPY: --chown names")
    return draw.pick(_NAMES)


def _heredoc(draw: Draw, stage: Stage) -> str:
    keyword = draw.pick(("COPY", "COPY", "ADD"))
    draw.use(f"{keyword}: heredoc")
    name = draw.new("h")
    quote = draw.pick(("", "", '"', "'"))
    dash = draw.pick(("", "", "-"))
    body = [f"line of {name}", "value: $A ${B:-none} \\$C \\n", "\ttabs", "", "'q' \"r\" `s`"]
    body = draw.some(body, 1, 5)
    if dash:
        body = ["\t" + line for line in body]
        draw.use("heredoc: -")
    if quote:
        draw.use("heredoc: quoted")
    flags = _flags(draw, stage, keyword, "archive")
    marks, texts = [f"<<{dash}{quote}{name}{quote}"], [*body, name]
    if draw.chance(0.3):
        marks.append(f"<<{name}x")
        texts += [f"second $A of {name}", f"{name}x"]
        draw.use("heredoc: several")
        target = destination_folder(draw, stage)
    elif draw.chance(0.5):
        target = stage.folder(draw).rstrip("/") + "/" + name
        stage.add_file(target)
    else:
        target = destination_folder(draw, stage)
    if len(marks) == 1 and draw.chance(0.15) and target.endswith("/"):
        marks.append("a.txt")
        draw.use("heredoc: with a file")
    return "\n".join([" ".join([keyword, *flags, *marks, target]), *texts])
