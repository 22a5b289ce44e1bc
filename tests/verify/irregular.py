"""Causes for which two builds differ, each seeded, and whether `dflint audit repro` names it.

    python -m tests.verify.irregular

builds each twice, and prints how many are told with their line, path and cause, and with advice.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from dflint.build.request import BuildRequest, NamedContext
from dflint.verify.audit.repro import audit_repro

#: The instructions, the path that differs, and a word of the cause.
SEEDS = {
    "date": ("RUN date > /x", "/x", "time of the build"),
    "seconds": ("RUN date +%s > /x", "/x", "time of the build"),
    "date in a header": ("RUN printf '{\"built\": \"%s\"}' \"$(date -u +%FT%TZ)\" > /x", "/x",
                         "time of the build"),
    "time zone": ("RUN TZ=Asia/Tokyo date > /x", "/x", "time of the build"),
    "mktemp": ("RUN mktemp > /x && rm $(cat /x)", "/x", "mktemp"),
    "mktemp, left": ("RUN mktemp /d.XXXXXX", "/d.", "made up"),
    "host name": ("RUN hostname > /x", "/x", "host"),
    "host name in text": ("RUN echo \"root@$(hostname):/#\" > /x", "/x", "host"),
    "random": ("RUN head -c 16 /dev/urandom > /x", "/x", "random"),
    "random digits": ("RUN echo $RANDOM$RANDOM$RANDOM > /x", "/x", "random"),
    "base64 of random": ("RUN head -c 12 /dev/urandom | base64 > /x", "/x", "random"),
    "uuid": ("RUN cat /proc/sys/kernel/random/uuid > /x", "/x", "UUID"),
    "uuidgen": ("RUN u=$(cat /proc/sys/kernel/random/uuid); echo id=$u > /x # uuidgen", "/x",
                "UUID"),
    "boot": ("RUN cat /proc/sys/kernel/random/boot_id > /x", "/x", "boot"),
    "kernel": ("RUN uname -r > /x", "/x", "kernel"),
    "kernel in a header": ("RUN uname -a | cut -d' ' -f1,3 > /x", "/x", "kernel"),
    "memory": ("RUN grep MemTotal /proc/meminfo > /x", "/x", "memory"),
    "free memory": ("RUN grep MemFree /proc/meminfo > /x; head -c 30000000 /dev/zero | tail -c 1"
                    " > /dev/null", "/x", "memory"),
    "uptime": ("RUN cat /proc/uptime > /x", "/x", "host has run"),
    "processors": ("RUN nproc > /x", "/x", "processors"),
    "processors in text": ("RUN echo jobs=$(nproc) > /x", "/x", "processors"),
    "processor's model": ("RUN grep 'model name' /proc/cpuinfo | sort -u > /x", "/x", "processor"),
    "process": ("RUN for i in $(seq $(date +%s | tail -c 3 | sed s/^0//)); do /bin/true; done; "
                "sh -c 'echo pid $$' > /x", "/x", "process"),
    "header of gzip": ("RUN { printf '\\037\\213\\010\\000'; date +%s | tail -c 5 | head -c 4; "
                       "echo a | gzip | tail -c +9; } > /a.gz", "/a.gz", "header of gzip"),
    "tar": ("RUN mkdir /d && echo a > /d/a && tar cf /x /d", "/x", "tar"),
    "packed tar": ("RUN mkdir /d && echo a > /d/a && tar czf /x /d", "/x", "times of files"),
    "order of names": ("COPY tree /tree\nRUN tar cf - /tree | tar tf - > /x", "/x",
                       "order of the names"),
    "order of find": ("COPY tree /tree\nRUN find /tree -type f > /x", "/x", "order of the names"),
    "commands side by side": ("RUN for i in 1 2 3 4 5 6 7 8; do (sleep 0.0$(head -c 2 /dev/urandom"
                              " | od -An -tu1 | tr -d ' ' | cut -c1-2); echo $i >> /x) & done;"
                              " wait", "/x", "beside one another"),
    "times of files": ("RUN echo a > /a && stat -c %Y /a > /x", "/x", "time"),
    "list of files": ("RUN echo a > /a && ls -l --full-time /a > /x", "/x", "time"),
    "log": ("RUN mkdir -p /var/log && date > /var/log/install.log", "/var/log/install.log", "log"),
    "cache of ldconfig": ("RUN mkdir -p /var/cache/ldconfig && date +%s > "
                          "/var/cache/ldconfig/aux-cache", "/var/cache/ldconfig/aux-cache",
                          "ldconfig"),
    "byte code": ("RUN mkdir /__pycache__ && date +%N%s > /__pycache__/a.pyc", "/__pycache__/a.pyc",
                  "byte code"),
    "lists of apt": ("RUN mkdir -p /var/lib/apt/lists && date > /var/lib/apt/lists/a_Release",
                     "/var/lib/apt/lists/a_Release", "package lists"),
    "id of a machine": ("RUN tr -d - < /proc/sys/kernel/random/uuid > /etc/machine-id",
                        "/etc/machine-id", "id of a machine"),
    "keys of a host": ("RUN mkdir -p /etc/ssh && head -c 40 /dev/urandom | base64 > "
                       "/etc/ssh/ssh_host_key", "/etc/ssh/ssh_host_key", "keys of a host"),
    "inode": ("RUN echo a > /a && ls -i /a > /x", "/x", "inode"),
    "free disk": ("RUN df / > /x", "/x", "disk"),
}  # fmt: skip


def write_context(place):
    """A folder with enough names for its order to show."""
    tree = Path(place) / "tree"
    tree.mkdir(parents=True)
    for number in range(30):
        (tree / f"n{number * 7919 % 101}").write_text(str(number))


def request(place, layout):
    """What the builds are asked for."""
    context = Path(place) / "context"
    write_context(context)
    return BuildRequest(
        context=str(context),
        named_contexts=(NamedContext("busybox", f"oci-layout://{layout}"),),
        store=str(Path(place) / "store"),
    )


def judged(wanted, name):
    """What is wrong with what is told of a seed, and whether there is advice."""
    text, path, word = SEEDS[name]
    found = audit_repro(wanted, f"FROM busybox\n{text}\n").found
    mine = [one for one in found if one.difference.place.startswith(path)]
    if not mine:
        return f"{path} is not told, of {[str(one) for one in found]}", False
    line = 1 + len(text.splitlines())
    causes = "; ".join(one.cause for one in mine)
    if mine[0].origin.line != line:
        return f"line {mine[0].origin.line} is told", False
    return "" if word in causes else f"the cause is told as: {causes}", bool(mine[0].advice)


def main():
    from dflint.kernel.userns import enter_mount_namespace
    from dflint.testing.images import busybox_root, write_layout

    enter_mount_namespace()
    named = advised = 0
    with tempfile.TemporaryDirectory() as place:
        cache = Path(__file__).resolve().parents[2] / ".cache" / "busybox"
        write_layout(busybox_root(f"{place}/root", str(cache)), f"{place}/busybox")
        wanted = request(place, f"{place}/busybox")
        for name in SEEDS:
            wrong, has_advice = judged(wanted, name)
            named += not wrong
            advised += has_advice
            if wrong:
                print(f"  {name}: {wrong}", flush=True)
    print(f"{named} of {len(SEEDS)} causes named, {advised} with what to do")


if __name__ == "__main__":
    sys.exit(main())
