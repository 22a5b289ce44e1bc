"""RUN, WORKDIR and USER."""

from __future__ import annotations

import json

from tests.conformance.builds.case import Draw
from tests.conformance.builds.context import Context
from tests.conformance.builds.stage import Stage
from tests.conformance.builds.words import safe_name


def running(draw: Draw, stage: Stage, context: Context, earlier: list[Stage]) -> str:
    """RUN in any form, with mounts."""
    flags, commands = _mounts(draw, stage, context, earlier)
    if draw.chance(0.08):
        flags.append(draw.pick(("--network=none", "--network=default")))
        draw.use("RUN: --network")
    commands += [_command(draw, stage) for _ in range(draw.number(1, 4))]
    if draw.chance(0.9):
        # A shell with -e would end at the first of them that fails.
        commands.insert(0, "set +e")
    form = draw.weighted({"shell": 6, "exec": 2, "heredoc": 3})
    draw.use(f"RUN: {form} form")
    if form == "exec":
        script = "; ".join([*commands, "true"])
        words = ["/bin/sh", "-c", script]
        if draw.chance(0.3):
            words = ["touch", "/" + draw.new("e")] if stage.is_root else ["true"]
        return " ".join(["RUN", *flags, json.dumps(words, ensure_ascii=False)])
    if form == "heredoc":
        return _heredoc(draw, flags, commands)
    joint = draw.pick(("; ", "; ", " ; \\\n    ", "; \\\n# a comment\n  "))
    if "\n" in joint:
        draw.use("RUN: continued lines")
    return " ".join(["RUN", *flags, joint.join([*commands, "true"])])


def _heredoc(draw: Draw, flags: list[str], commands: list[str]) -> str:
    name = draw.new("R")
    kind = draw.pick(("script", "script", "shebang", "fed", "dash"))
    draw.use(f"RUN: heredoc {kind}")
    lines = [*commands, "true"]
    if kind == "shebang":
        lines = ["#!/bin/ash", *lines]
    quote = draw.pick(("", "", "'"))
    mark = f"<<{'-' if kind == 'dash' else ''}{quote}{name}{quote}"
    if kind == "dash":
        lines = ["\t" + line for line in lines]
    if kind == "fed":
        return "\n".join([" ".join(["RUN", *flags, f"cat {mark} > /tmp/{name}"]), *lines, name])
    return "\n".join([" ".join(["RUN", *flags, mark]), *lines, name])


def _mounts(draw, stage, context, earlier):
    flags, commands = [], []
    for kind in draw.some(tuple(_MOUNTS), 1, 2) if draw.chance(0.3) else ():
        draw.use(f"RUN: mount {kind}")
        flag, command = _MOUNTS[kind](draw, stage, context, earlier)
        flags.append(flag)
        commands.append(command)
    return flags, commands


def _bind(draw, stage, context, earlier):
    del earlier
    source = draw.pick(("src", "etc.d", ".", "a.txt", "tree"))
    at = draw.pick(("/mnt/b", "/opt/m", "/tmp/mm", "rel"))
    writable = draw.pick(("", "", ",rw"))
    use = draw.pick((f"cp -r {at} {_new(draw, stage)}", f"ls {at}", f"touch {at}/new"))
    if "/tree" in source:
        context.folders.append("tree")
    return f"--mount=type=bind,source={source},target={at}{writable}", use


def _bind_from(draw, stage, context, earlier):
    del context
    name = draw.pick([one.reference for one in earlier if one.name] or ["rich"])
    at = f"/mnt/{draw.new('f')}"
    use = draw.pick((f"cp {at}/passwd {_new(draw, stage)}", f"ls {at}"))
    return f"--mount=from={name},target={at},source={draw.pick(('/', '/'))}", use


def _cache(draw, stage, context, earlier):
    del context, earlier
    at = draw.pick(("/var/cache/c", "/cache", "/opt/c/d"))
    more = draw.pick(("", ",sharing=locked", ",mode=0700", ",uid=7,gid=8", ",sharing=private"))
    use = f"echo c > {at}/f; cp {at}/f {_new(draw, stage)}; "
    use += f"ls -ld {at} | cut -c1-10 > {_new(draw, stage)}"
    return f"--mount=type=cache,id=@SALT@{draw.new('c')},target={at}{more}", use


def _tmpfs(draw, stage, context, earlier):
    del context, earlier
    at = draw.pick(("/tmp", "/t/m/p", "/var/tmpfs"))
    more = draw.pick(("", ",size=1m"))
    return (
        f"--mount=type=tmpfs,target={at}{more}",
        f"echo t > {at}/t; cp {at}/t {_new(draw, stage)}",
    )


def _secret(draw, stage, context, earlier):
    del context, earlier
    kind = draw.pick(("file", "target", "env", "mode", "optional"))
    use = f"cat /run/secrets/sec > {_new(draw, stage)}"
    if kind == "target":
        return (
            "--mount=type=secret,id=sec,target=/etc/sec",
            f"wc -c < /etc/sec > {_new(draw, stage)}",
        )
    if kind == "env":
        return "--mount=type=secret,id=sec,env=SEC", f"echo $SEC > {_new(draw, stage)}"
    if kind == "mode":
        return (
            "--mount=type=secret,id=sec,mode=0444,uid=5,gid=6",
            f"stat -c '%a %u %g' /run/secrets/sec > {_new(draw, stage)}",
        )
    if kind == "optional":
        return "--mount=type=secret,id=nosuch", f"ls /run/secrets > {_new(draw, stage)}"
    return "--mount=type=secret,id=sec,required=true", use


_MOUNTS = {
    "bind": _bind,
    "bind from": _bind_from,
    "cache": _cache,
    "tmpfs": _tmpfs,
    "secret": _secret,
}


def _new(draw: Draw, stage: Stage) -> str:
    """A new file in a directory that is there."""
    path = (
        ("/tmp" if not stage.is_root else draw.pick(("/tmp", "/etc", "/opt"))) + "/" + draw.new("r")
    )
    stage.add_file(path)
    return path if not path.startswith("/opt") else f"/tmp/{draw.new('r')}"


def _command(draw: Draw, stage: Stage) -> str:
    kind = draw.weighted({one: weight for one, (weight, _) in _COMMANDS.items()})
    draw.use(f"script: {kind}")
    return _COMMANDS[kind][1](draw, stage)


def _create(draw, stage):
    folder = stage.folder(draw)
    path = f"{folder.rstrip('/')}/{draw.new('c')}"
    stage.add_folder(folder)
    stage.add_file(path)
    return f"mkdir -p {folder} && echo {draw.new('text')} > {path}"


def _append(draw, stage):
    return f"echo more >> {stage.file(draw)}"


def _delete(draw, stage):
    return f"rm -f {stage.file(draw)}"


def _delete_folder(draw, stage):
    return f"rm -rf {stage.folder(draw)}"


def _rename(draw, stage):
    source, target = stage.file(draw), f"/tmp/{draw.new('mv')}"
    stage.add_file(target)
    return f"mv {source} {target}"


def _rename_folder(draw, stage):
    target = f"/{draw.new('mvd')}"
    source = stage.folder(draw)
    stage.add_folder(target)
    return f"mv {source} {target}"


def _mode(draw, stage):
    what = stage.file(draw) if draw.chance(0.6) else stage.folder(draw)
    return f"chmod {draw.pick(('600', '4755', '1777', 'g+s', 'a-w', '711', '0'))} {what}"


def _owner(draw, stage):
    what = stage.file(draw) if draw.chance(0.6) else stage.folder(draw)
    owner = draw.pick(("7:8", "games", "1000", "0:staff"))
    return f"chown {draw.pick(('-R ', '-h ', ''))}{owner} {what}"


def _hard_link(draw, stage):
    target = f"/tmp/{draw.new('ln')}"
    stage.add_file(target)
    return f"ln {stage.file(draw)} {target}"


def _link_again(draw, stage):
    one, two = f"/{draw.new('l')}", f"/etc/{draw.new('l')}"
    stage.add_file(one)
    stage.add_file(two)
    return f"echo l > {one}; ln {one} {two}; ln {two} /tmp/{draw.new('l')}"


def _symbolic_link(draw, stage):
    target = f"{draw.pick(('/', '/tmp/', '/etc/'))}{draw.new('s')}"
    stage.add_file(target)
    return f"ln -sf {stage.file(draw)} {target}"


def _link_to_folder(draw, stage):
    target = f"/{draw.new('sd')}"
    folder = stage.folder(draw)
    stage.add_folder(target)
    return f"mkdir -p {folder}; ln -s {folder} {target}"


def _folder_to_file(draw, stage):
    folder = stage.folder(draw)
    return f"rm -rf {folder} && mkdir -p $(dirname {folder}) && echo f > {folder}"


def _file_to_folder(draw, stage):
    file = stage.file(draw)
    return f"rm -f {file} && mkdir -p {file}/in && echo f > {file}/in/f"


def _opaque(draw, stage):
    folder = stage.folder(draw)
    return f"rm -rf {folder} && mkdir -p {folder} && echo o > {folder}/{draw.new('o')}"


def _opaque_same(draw, stage):
    folder = stage.folder(draw)
    return f"cp -a {folder} /tmp/back; rm -rf {folder}; mv /tmp/back {folder}"


def _touch(draw, stage):
    return f"touch -h -d '2001-02-03 04:05:0{draw.number(0, 9)}' {stage.file(draw)}"


def _touch_folder(draw, stage):
    return f"touch -d @{draw.number(1, 2_000_000_000)} {stage.folder(draw)}"


def _special(draw, stage):
    path = f"/tmp/{draw.new('sp')}"
    return draw.pick(
        (f"mkfifo {path}", f"mknod {path} c 1 3", f"mknod {path} b 7 0", f"mkfifo -m 600 {path}")
    )


def _copy(draw, stage):
    target = f"/tmp/{draw.new('cp')}"
    return f"cp -a {stage.folder(draw)} {target}"


def _etc(draw, stage):
    del stage
    return draw.pick(
        ("echo app:x:1234:2345::/home/app:/bin/sh >> /etc/passwd; echo app:x:2345: >> /etc/group",
         "echo new:x:77: >> /etc/group", "echo 1 > /etc/hosts2", "rm -f /etc/shadow")
    )  # fmt: skip


_OBSERVED = (
    "id", "pwd", "umask", "hostname", "echo $HOME $A $B $X $GLOBAL $PATH", "cat /proc/1/comm",
    "grep Cap /proc/self/status", "ls -la / | wc -l", "stat -c %a /dev/shm /tmp", "ls /dev",
    "cat /etc/hosts | wc -l", "env | grep -v -e SHLVL -e '^_=' | sort", "ulimit -n", "ls -A /run",
    "grep -e NoNewPrivs -e Groups /proc/self/status", "ls -ld . | cut -c1-10",
    "ls -A /proc/self/fd | wc -l",
)  # fmt: skip


def _observe(draw, stage):
    what = draw.pick(_OBSERVED)
    draw.use("script: observe")
    return f"({what}) > {_new(draw, stage)} 2>&1"


def _case(draw, stage):
    path = f"/tmp/{draw.new('U')}"
    stage.add_file(path)
    return draw.pick(
        (f"echo 'a  b' \"$A\" > {path}", f"printf 'x\\ty' > '{path} z'", f": > {path}é")
    )


def _nothing(draw, stage):
    del stage
    return draw.pick(("true", "ls / > /dev/null", ":"))


def _same(draw, stage):
    file = stage.file(draw)
    return f"cp {file} /tmp/same && cat /tmp/same > {file}; rm /tmp/same"


def _created_and_removed(draw, stage):
    del stage
    name = draw.new("gone")
    return f"mkdir -p /{name}/x && touch /{name}/x/y && rm -r /{name}"


def _base_file(draw, stage):
    del stage
    return draw.pick(
        ("rm /data/hard-1", "echo x >> /data/hard-2", "chmod 755 /data/attr", "mv /data /data2",
         "ln /data/hard-1 /data/hard-9", "chown 5 /data/cap", "rm -rf /data && mkdir /data",
         "cp -a /data /data3", "rm -rf /data/sub; touch /data/sub", "mv /data/attr /data/attr2",
         "touch /data/sub", "rm /data/link; mkdir /data/link")
    )  # fmt: skip


_COMMANDS = {
    "create": (8, _create),
    "append": (3, _append),
    "delete": (4, _delete),
    "delete directory": (2, _delete_folder),
    "rename": (3, _rename),
    "rename directory": (2, _rename_folder),
    "mode": (3, _mode),
    "owner": (3, _owner),
    "hard link": (3, _hard_link),
    "several hard links": (2, _link_again),
    "symbolic link": (3, _symbolic_link),
    "link to a directory": (3, _link_to_folder),
    "directory becomes file": (1, _folder_to_file),
    "file becomes directory": (1, _file_to_folder),
    "directory made anew": (2, _opaque),
    "directory put back": (1, _opaque_same),
    "time": (2, _touch),
    "time of directory": (1, _touch_folder),
    "special file": (1, _special),
    "copy": (2, _copy),
    "users": (2, _etc),
    "observe": (3, _observe),
    "odd names": (1, _case),
    "nothing": (1, _nothing),
    "same content": (1, _same),
    "made and removed": (1, _created_and_removed),
    "files of the base": (3, _base_file),
}


def workdir(draw: Draw, stage: Stage) -> str:
    """WORKDIR, absolute or relative."""
    kind = draw.pick(("absolute", "relative", "known", "dots"))
    draw.use(f"WORKDIR: {kind}")
    if kind == "relative":
        return f"WORKDIR {safe_name(draw, stage.scope)}{draw.pick(('', '/sub', '/'))}"
    if kind == "known":
        return f"WORKDIR {stage.folder(draw)}"
    if kind == "dots":
        return draw.pick(("WORKDIR ..", "WORKDIR ./w/../v", "WORKDIR /", 'WORKDIR "/with blank"'))
    path = f"/w/{safe_name(draw, stage.scope)}"
    if "$" not in path:
        stage.add_folder(path)
    return f"WORKDIR {path}"


def user(draw: Draw, stage: Stage) -> str:
    """USER by name or number."""
    value = draw.pick(
        ("games", "1000", "1000:1001", "nobody:staff", "root", "0", "root:root", "0:7", "www-data")
    )
    stage.is_root = value.partition(":")[0] in ("root", "0")
    draw.use(f"USER: {'number' if value[0].isdigit() else 'name'}")
    return f"USER {value}"
