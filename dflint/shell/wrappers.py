"""Programs that run the command they are given, and where in their words it begins."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from dflint.shell.words import Word

# Facts from the programs' own manuals. For each wrapper: how many operands stand before the
# command (the duration of `timeout`, the user of `gosu`), the options that take the next word as
# their value, and those with which it runs no command.
WRAPPERS: dict[str, tuple[int, str, str]] = {
    "builtin": (0, "", ""),
    "busybox": (0, "", "--install --list --list-full --help"),
    "catatonit": (0, "", "-V --version"),
    "chpst": (0, "-u -U -b -e -/ -n -l -L -m -d -o -p -f -c -t", ""),
    "chroot": (1, "--groups --userspec", ""),
    "chrt": (1, "-T -P -D --sched-runtime --sched-period --sched-deadline", "-p --pid -m --max"),
    "command": (0, "", "-v -V"),
    "dbus-run-session": (0, "--config-file --dbus-daemon", "--version --help"),
    "doas": (0, "-u -C", "-L -s"),
    "dumb-init": (0, "-r --rewrite", "-V --version -h --help"),
    "eatmydata": (0, "", ""),
    "env": (0, "-u --unset -C --chdir -a --argv0", ""),
    "exec": (0, "-a", ""),
    "fakechroot": (0, "-l -d -e -c --lib --elfloader --environment --config-dir", "-v -h"),
    "fakeroot": (0, "-l -s -i -b --lib --faked", "-v -h"),
    "faketime": (1, "-p -d", "-v --version"),
    "flock": (1, "-w --wait --timeout -E --conflict-exit-code", "-c --command"),
    "gosu": (1, "", "--version --help"),
    "i386": (0, "", ""),
    "ionice": (0, "-c --class -n --classdata", "-p --pid -P --pgid -u --uid"),
    "linux32": (0, "", ""),
    "linux64": (0, "", ""),
    "nice": (0, "-n --adjustment", ""),
    "nohup": (0, "", ""),
    "numactl": (
        0,
        "-i --interleave -p --preferred -N --cpunodebind -C --physcpubind -m --membind",
        "-s --show -H --hardware",
    ),
    "proxychains": (0, "-f", ""),
    "proxychains4": (0, "-f", ""),
    "runuser": (0, "-u --user -g --group -G --supp-group -w --whitelist-environment", "-c"),
    "s6-setuidgid": (1, "", ""),
    "setarch": (1, "", "--list"),
    "setpriv": (
        0,
        "--ambient-caps --inh-caps --bounding-set --groups --pdeathsig --ptracer --securebits"
        " --reuid --ruid --euid --regid --rgid --egid --selinux-label --apparmor-profile"
        " --landlock-access --landlock-rule --seccomp-filter",
        "-d --dump",
    ),
    "setsid": (0, "", "-V --version"),
    "setuidgid": (1, "", ""),
    "stdbuf": (0, "-i -o -e --input --output --error", ""),
    "su-exec": (1, "", ""),
    "sudo": (
        0,
        "-C -D -g -h -p -R -r -T -t -U -u --chdir --chroot --close-from --command-timeout --group"
        " --host --other-user --prompt --role --type --user",
        "-v -V -l -K -e --validate --version --list --remove-timestamp --edit",
    ),
    "taskset": (1, "", "-p --pid"),
    "time": (0, "-f -o --format --output", "-V --version"),
    "timeout": (1, "-k -s --kill-after --signal", ""),
    "tini": (0, "-p -e", "--version -h"),
    "torsocks": (0, "-a --address -P --port -u --user -p --pass", "--shell on off show"),
    "unshare": (
        0,
        "-S --setuid -G --setgid -R --root -w --wd --propagation --map-user --map-group"
        " --map-users --map-groups --setgroups --monotonic --boottime",
        "",
    ),
    "xargs": (
        0,
        "-a -d -E -I -L -n -P -s --arg-file --delimiter --max-args --max-chars --max-procs"
        " --process-slot-var",
        "",
    ),
    "xvfb-run": (
        0,
        "-e --error-file -f --auth-file -n --server-num -p --xauth-protocol -s --server-args -w"
        " --wait",
        "-h --help",
    ),
}
# Programs that do so only behind a verb (`conda run`): the verbs, then as above.
_CONDA = ("run", 0, "-n --name -p --prefix --cwd -a --attach -e --env")
LAUNCHERS: dict[str, tuple[str, int, str]] = {
    "bundle": ("exec", 0, "--gemfile"),
    "conda": _CONDA,
    "direnv": ("exec", 1, ""),
    "mamba": _CONDA,
    "micromamba": _CONDA,
    "mise": ("exec x", 0, ""),
    "opam": ("exec", 0, "--switch --root"),
    "pdm": ("run", 0, "-p --project -s --site-packages"),
    "pipenv": ("run", 0, ""),
    "pixi": ("run", 0, "-e --environment --manifest-path"),
    "poetry": ("run", 0, "-P --project -C --directory"),
    "pyenv": ("exec", 0, ""),
    "rbenv": ("exec", 0, ""),
    "rustup": ("run", 1, ""),
    "rye": ("run", 0, "-p --pyproject"),
    "uv": (
        "run",
        0,
        "--with --with-editable --with-requirements --extra --group --package -p --python"
        " --project --directory --env-file --index --index-url --cache-dir -C",
    ),
}
#: The names of all of them.
NAMES = frozenset((*WRAPPERS, *LAUNCHERS))
_NEEDED = {"runuser": ("-u", "--user")}


def find_program(words: Sequence[Word]) -> tuple[int, str | None]:
    """Give the index of the word that names the program in the end, and that program's name.

    `sudo -E env A=1 /usr/bin/apt-get` gives 3 and `apt-get`. When a wrapper is given nothing to
    run (`sudo -v`, `command -v git`), the wrapper is the program. The name is None when only a
    run can tell it.
    """
    at = 0
    while at < len(words):
        value = words[at].value
        name = value and value.rpartition("/")[2]
        after: int | None = None
        if name in WRAPPERS:
            after = _after_own_words(words, at + 1, *WRAPPERS[name])
            needed = _NEEDED.get(name)
            if after and needed and not any(word.prefix in needed for word in words[at:after]):
                after = None
        elif name in LAUNCHERS:
            after = _after_verb(words, at + 1, *LAUNCHERS[name])
        if not after:
            return at, name
        at = after
    return 0, None


def executed(words: Sequence[Word]) -> list[tuple[int, int]]:
    """Tell where the commands that `find` runs begin and end among its words."""
    found: list[tuple[int, int]] = []
    start = 0
    for at, word in enumerate(words):
        value = word.value
        if start and value in (";", "+"):
            if start < at:
                found.append((start, at))
            start = 0
        elif value in ("-exec", "-execdir", "-ok", "-okdir"):
            start = at + 1
    return found


def _after_verb(
    words: Sequence[Word], at: int, verbs: str, operands: int, valued: str
) -> int | None:
    """Give the index after a launcher's verb and that one's words; None without the verb."""
    with_value = valued.split()
    while at < len(words) and words[at].prefix.startswith("-"):
        at += 2 if words[at].prefix in with_value else 1
    if at >= len(words) or words[at].value not in verbs.split():
        return None
    return _after_own_words(words, at + 1, operands, valued, "")


def _after_own_words(
    words: Sequence[Word], at: int, operands: int, valued: str, idle: str
) -> int | None:
    """Give the index after a wrapper's own options, assignments and operands; None at the end."""
    with_value, without_command = valued.split(), idle.split()
    while at < len(words):
        prefix = words[at].prefix
        if prefix in without_command:
            return None
        if prefix.startswith("-") and len(prefix) > 1:
            at += 2 if prefix in with_value else 1
        elif "=" in prefix:
            at += 1
        elif operands:
            operands -= 1
            at += 1
        else:
            return at
    return None
