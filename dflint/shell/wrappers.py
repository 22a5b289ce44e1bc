"""Programs that run the command they are given, and where in their words it begins."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from dflint.shell.words import Word

# For each wrapper the options that take the next word as their value, and how many operands
# stand before the command (the duration of `timeout`, the user of `gosu`).
WRAPPERS: dict[str, tuple[frozenset[str], int]] = {
    "builtin": (frozenset(), 0),
    "chroot": (frozenset(), 1),
    "chrt": (frozenset(("-T", "-P", "-D")), 1),
    "command": (frozenset(), 0),
    "doas": (frozenset(("-u", "-C")), 0),
    "eatmydata": (frozenset(), 0),
    "env": (frozenset(("-u", "-C", "--unset", "--chdir")), 0),
    "exec": (frozenset(("-a",)), 0),
    "fakeroot": (frozenset(("-l", "-s", "-i", "-b", "--lib", "--faked")), 0),
    "gosu": (frozenset(), 1),
    "ionice": (frozenset(("-c", "-n", "--class", "--classdata")), 0),
    "nice": (frozenset(("-n", "--adjustment")), 0),
    "nohup": (frozenset(), 0),
    "setarch": (frozenset(), 1),
    "stdbuf": (frozenset(("-i", "-o", "-e", "--input", "--output", "--error")), 0),
    "su-exec": (frozenset(), 1),
    "sudo": (
        frozenset(("-C", "-D", "-g", "-h", "-p", "-R", "-r", "-T", "-t", "-U", "-u"))
        | {"--chdir", "--chroot", "--close-from", "--command-timeout", "--group", "--host"}
        | {"--other-user", "--prompt", "--role", "--type", "--user"},
        0,
    ),
    "time": (frozenset(("-f", "-o", "--format", "--output")), 0),
    "timeout": (frozenset(("-k", "-s", "--kill-after", "--signal")), 1),
    "xargs": (
        frozenset(("-a", "-d", "-E", "-I", "-L", "-n", "-P", "-s"))
        | {"--arg-file", "--delimiter", "--max-args", "--max-chars", "--max-procs"},
        0,
    ),
}


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
        wrapper = WRAPPERS.get(name) if name else None
        after = wrapper and _skip_own_words(words, at + 1, *wrapper)
        if not after:
            return at, name
        at = after
    return 0, None


def _skip_own_words(
    words: Sequence[Word], at: int, valued: frozenset[str], operands: int
) -> int | None:
    """Give the index after a wrapper's own options, assignments and operands; None at the end."""
    while at < len(words):
        prefix = words[at].prefix
        if prefix in ("-v", "-V"):
            return None
        if prefix.startswith("-") and len(prefix) > 1:
            at += 2 if prefix in valued else 1
        elif "=" in prefix:
            at += 1
        elif operands:
            operands -= 1
            at += 1
        else:
            return at
    return None
