"""What a fix may change of an image: values that the image verifier holds it to."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from re import Pattern

#: What may become of the content of a file that may change.
CHECKS = ("any", "lines", "fewer-lines")
#: What may become of a key that may change.
KEY_CHECKS = ("any", "words", "moved", "triggers")


class Contract:
    """The paths and configuration keys that a fix may touch; everything else stays as it is.

    Paths are absolute patterns: `*` and `?` stand for characters but `/`, `**` for any. `gone` may
    be missing afterwards, and so may directories in which nothing else was. `changed` may have
    other content, each pattern with how that is checked: `any` is not, `lines` has the same lines
    in another order, `fewer-lines` some of the lines in their order. `new` may be there.
    `keys` are patterns of `*` and `?` for keys of the configuration (`Cmd`, `author`,
    `Labels.maintainer`, `Env.PATH`, `ExposedPorts.80/tcp`), each with how that is checked: `any`
    is not, `words` starts the same program with the same words, whether by a shell or not, what is
    `moved` is under another key that may change, perhaps without quotes around it, and the key
    itself is as the base image has it, and `triggers` are as many, of the same instructions, COPY
    in the place of ADD. A key alone stands for `any`.
    """

    __slots__ = ("changed", "gone", "keys", "new")

    gone: tuple[str, ...]
    changed: tuple[tuple[str, str], ...]
    new: tuple[str, ...]
    keys: tuple[tuple[str, str], ...]

    def __init__(
        self,
        gone: Iterable[str] = (),
        changed: Iterable[tuple[str, str]] = (),
        new: Iterable[str] = (),
        keys: Iterable[str | tuple[str, str]] = (),
    ) -> None:
        self.gone = tuple(gone)
        self.changed = tuple(changed)
        self.new = tuple(new)
        self.keys = tuple((one, "any") if isinstance(one, str) else one for one in keys)

    def __or__(self, other: Contract) -> Contract:
        """What two fixes may change together."""
        return Contract(
            dict.fromkeys((*self.gone, *other.gone)),
            dict.fromkeys((*self.changed, *other.changed)),
            dict.fromkeys((*self.new, *other.new)),
            dict.fromkeys((*self.keys, *other.keys)),
        )

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Contract) and all(
            getattr(self, one) == getattr(other, one) for one in self.__slots__
        )

    def __hash__(self) -> int:
        return hash((self.gone, self.changed, self.new, self.keys))

    def __repr__(self) -> str:
        said = (f"{one}={getattr(self, one)!r}" for one in ("gone", "changed", "new", "keys"))
        return f"Contract({', '.join(said)})"


#: The image stays as it is.
SAME_IMAGE = Contract()
#: What apt writes of how it was called.
APT_LOGS = Contract(changed=(("/var/log/apt/**", "any"),))
#: What dnf, yum and zypper write whenever they are called.
RPM_LOGS = Contract(
    changed=(
        ("/var/log/dnf*.log", "any"),
        ("/var/log/hawkey.log", "any"),
        ("/var/log/zypp/**", "any"),
        ("/var/log/zypper.log", "any"),
    )
)
#: What they write of how packages were installed, the command line among it.
RPM_HISTORY = RPM_LOGS | Contract(
    changed=(
        ("/var/lib/dnf/history.sqlite*", "any"),
        ("/var/lib/yum/history/**", "any"),
        ("/usr/lib/sysimage/libdnf5/**", "any"),
    )
)
#: What tells of the order in which packages were installed.
PACKAGE_ORDER = Contract(
    changed=(
        ("/var/log/apt/**", "any"),
        ("/var/log/dpkg.log", "any"),
        ("/var/lib/apt/extended_states", "lines"),
        ("/var/lib/dpkg/status", "lines"),
        ("/etc/apk/world", "lines"),
    )
)
#: What sudo remembers of its users.
SUDO_FILES = Contract(gone=("/run/sudo/**", "/var/run/sudo/**", "/var/lib/sudo/**"))
#: Where logins are kept by user id.
LOGIN_LOGS = Contract(
    gone=("/var/log/lastlog", "/var/log/faillog"),
    changed=(("/var/log/lastlog", "any"), ("/var/log/faillog", "any")),
)
#: The documentation that gem makes of what it installs.
GEM_DOCUMENTS = Contract(gone=("/**/doc/*/ri/**", "/**/doc/*/rdoc/**"))
#: What a fix within an ONBUILD leaves in the configuration.
TRIGGERS = Contract(keys=(("OnBuild", "triggers"),))
#: The keys of the configuration that each instruction sets.
_KEYS: dict[str, tuple[str | tuple[str, str], ...]] = {
    "cmd": (("Cmd", "words"), "ArgsEscaped"),
    "entrypoint": (("Entrypoint", "words"), "ArgsEscaped"),
    "expose": ("ExposedPorts.*",),
    "healthcheck": ("Healthcheck",),
    "label": ("Labels.*",),
    "onbuild": ("OnBuild",),
    "shell": ("Shell",),
    "stopsignal": ("StopSignal",),
}


def may_set(keyword: str) -> Contract:
    """What a fix of an instruction may change of the configuration; `keyword` in small letters.

    Nothing for ENV, USER and WORKDIR: who changes what these set changes what runs.
    """
    return Contract(keys=_KEYS.get(keyword, ()))


def cache_paths(name: str) -> tuple[str, ...]:
    """Patterns of what is in a cache, by its name in `dflint.shell.caches`."""
    from dflint.shell.caches import CACHES

    return directory_paths(CACHES[name].directories)


def directory_paths(directories: Iterable[str]) -> tuple[str, ...]:
    """Patterns of what is in directories; `~` stands for any home directory."""
    found: list[str] = []
    for one in directories:
        if one.startswith("~"):
            found += (f"/root{one[1:]}/**", f"/home/*{one[1:]}/**")
        else:
            found.append(f"{one}/**")
    return tuple(found)


def path_pattern(pattern: str) -> Pattern[str]:
    """A pattern of paths, compiled."""
    import re

    found = "".join(
        {"**": ".*", "*": "[^/]*", "?": "[^/]"}.get(part) or re.escape(part)
        for part in re.split(r"(\*\*|\*|\?)", pattern)
    )
    return re.compile(found + r"\Z", re.DOTALL)


def key_pattern(pattern: str) -> Pattern[str]:
    """A pattern of configuration keys, compiled."""
    import re
    from fnmatch import translate

    return re.compile(translate(pattern))
