"""The flags of instructions and the options of mounts."""

from __future__ import annotations

from dflint_lsp.reference.instructions import LINK


class FlagFacts:
    """What is told of a flag or an option.

    `example` fills the value in, empty for one that needs none; `values` are what it may be when
    there are few; `anchor` is its section in the reference, empty for that of its instruction.
    """

    __slots__ = ("anchor", "example", "text", "values")

    def __init__(
        self, text: str, example: str = "", values: tuple[str, ...] = (), anchor: str = ""
    ) -> None:
        self.text = text
        self.example = example
        self.values = values
        self.anchor = anchor

    @property
    def link(self) -> str:
        """Where the reference tells of it, empty where it has no section of its own."""
        return f"{LINK}#{self.anchor}" if self.anchor else ""


PLATFORMS = (
    "$BUILDPLATFORM", "$TARGETPLATFORM", "linux/amd64", "linux/arm64", "linux/arm/v7",
    "linux/arm/v6", "linux/386", "linux/ppc64le", "linux/riscv64", "linux/s390x",
    "windows/amd64",
)  # fmt: skip

_TRUTH = ("true", "false")
_CHOWN = "The owner of what is copied: `user`, `user:group` or numbers. Without it, root."
_CHMOD = "The permissions of what is copied: octal as `755`, or symbolic as `u=rwX,go=rX`."
_EXCLUDE = "A pattern of files that are left out, as in `.dockerignore`; may be given repeatedly."
_LINK = (
    "Puts the files into a layer of their own, which stays valid in the cache when layers below "
    "change. Symbolic links in the destination are not followed."
)

#: By keyword in lower case, then by name. Every flag of `dflint.semantic.flags` is there.
FLAG_FACTS: dict[str, dict[str, FlagFacts]] = {
    "add": {
        "chown": FlagFacts(_CHOWN, "user:group", (), "add---chown---chmod"),
        "chmod": FlagFacts(_CHMOD, "755", (), "add---chown---chmod"),
        "link": FlagFacts(_LINK, "", _TRUTH, "add---link"),
        "keep-git-dir": FlagFacts(
            "Keeps the `.git` folder of a repository that is added.", "", _TRUTH,
            "add---keep-git-dir",
        ),
        "checksum": FlagFacts(
            "The checksum that a remote file or git commit must have: `sha256:…`, or a commit.",
            "sha256:digest", (), "add---checksum",
        ),
        "unpack": FlagFacts(
            "Whether archives are unpacked: local ones are by default, fetched ones are not.", "",
            _TRUTH, "add---unpack",
        ),
        "exclude": FlagFacts(_EXCLUDE, "pattern", (), "add---exclude"),
    },
    "copy": {
        "chown": FlagFacts(_CHOWN, "user:group", (), "copy---chown---chmod"),
        "from": FlagFacts(
            "Copies from an earlier stage (by name or number), an image or a named build context "
            "instead of the build context.", "stage", (), "copy---from",
        ),
        "chmod": FlagFacts(_CHMOD, "755", (), "copy---chown---chmod"),
        "link": FlagFacts(_LINK, "", _TRUTH, "copy---link"),
        "exclude": FlagFacts(_EXCLUDE, "pattern", (), "copy---exclude"),
        "parents": FlagFacts(
            "Keeps the parent directories of sources; `/./` in a source tells where they begin.",
            "", _TRUTH, "copy---parents",
        ),
    },
    "from": {
        "platform": FlagFacts(
            "The platform of the image when it is there for several. `$BUILDPLATFORM` is the "
            "builder's own, to cross-compile without emulation.", "arm64", PLATFORMS, "from",
        ),
    },
    "run": {
        "mount": FlagFacts(
            "Makes files available to this command only: `bind` from elsewhere, `cache` between "
            "builds, `tmpfs` in memory, `secret` and `ssh` without a trace in the image.",
            "type=cache,target=/path", (), "run---mount",
        ),
        "network": FlagFacts(
            "The network of the command: `default`, `none`, or the builder's own `host`, which "
            "has to be allowed.", "none", ("default", "none", "host"), "run---network",
        ),
        "security": FlagFacts(
            "`insecure` runs the command with all privileges, which has to be allowed; `sandbox` "
            "is the default.", "insecure", ("sandbox", "insecure"), "run---security",
        ),
        "device": FlagFacts(
            "A CDI device that the command may use: `vendor.com/class=name`, and `required`.",
            "name=vendor.com/device", (), "run---device",
        ),
    },
    "healthcheck": {
        "interval": FlagFacts("How long to wait between two checks; 30s by default.", "30s"),
        "retries": FlagFacts("How many checks in a row may fail; 3 by default.", "3"),
        "start-interval": FlagFacts(
            "How long to wait between two checks while the container starts; 5s by default.", "5s",
        ),
        "start-period": FlagFacts(
            "How long the container may take to start: failed checks do not count until then; 0s "
            "by default.", "5s",
        ),
        "timeout": FlagFacts(
            "How long a check may take before it counts as failed; 30s by default.", "30s",
        ),
    },
}  # fmt: skip

DURATIONS = ("5s", "10s", "30s", "1m", "5m")

MOUNT_TYPE_FACTS: dict[str, str] = {
    "bind": "Files of the build context, a stage or an image, read-only unless `rw` is given.",
    "cache": "A directory that stays between builds, for package managers and compilers.",
    "tmpfs": "A directory in memory.",
    "secret": "A file or variable from the build's `--secret`, which is in no layer.",
    "ssh": "The SSH agent of the build's `--ssh`.",
}

#: By name; the types that take the option, and what is told of it.
MOUNT_OPTION_FACTS: dict[str, tuple[tuple[str, ...], FlagFacts]] = {
    "target": (
        ("bind", "cache", "tmpfs", "secret", "ssh"),
        FlagFacts("Where the mount is; a relative path counts from `WORKDIR`.", "/path"),
    ),
    "source": (
        ("bind", "cache"),
        FlagFacts("The path within what `from` names, its root by default.", "path"),
    ),
    "from": (
        ("bind", "cache"),
        FlagFacts("The stage, image or build context that the files are from.", "stage"),
    ),
    "readonly": (("bind", "cache"), FlagFacts("Lets the command only read.", "", _TRUTH)),
    "readwrite": (
        ("bind", "cache"),
        FlagFacts("Lets the command write; what it writes to a bind mount is lost.", "", _TRUTH),
    ),
    "id": (
        ("cache", "secret", "ssh"),
        FlagFacts("Which cache, secret or agent is meant, if not the one of the target.", "name"),
    ),
    "sharing": (
        ("cache",),
        FlagFacts(
            "What builds at the same time do: use the cache together (`shared`, the default), "
            "each its own (`private`), or one after another (`locked`).",
            "locked", ("shared", "private", "locked"),
        ),
    ),
    "required": (
        ("secret", "ssh"), FlagFacts("Fails the build when it is not given.", "", _TRUTH),
    ),
    "size": (("tmpfs",), FlagFacts("The most that fits in: `100m`, `1g`.", "100m")),
    "mode": (
        ("cache", "secret", "ssh"),
        FlagFacts("The permissions in octal: 0755 for a cache, 0400 for a secret.", "0755"),
    ),
    "uid": (("cache", "secret", "ssh"), FlagFacts("The user that owns it; 0 by default.", "0")),
    "gid": (("cache", "secret", "ssh"), FlagFacts("The group that owns it; 0 by default.", "0")),
    "env": (
        ("secret",),
        FlagFacts("The environment variable that holds the secret, beside or for a file.", "NAME"),
    ),
}  # fmt: skip

#: Other names of the options.
MOUNT_ALIASES = {
    "src": "source", "dst": "target", "destination": "target", "ro": "readonly", "rw": "readwrite",
}  # fmt: skip

#: Directories that package managers and compilers keep, for `--mount=type=cache`.
CACHE_TARGETS: dict[str, str] = {
    "/root/.cache/pip": "pip", "/root/.cache/uv": "uv", "/root/.npm": "npm",
    "/usr/local/share/.cache/yarn": "Yarn", "/root/.cache/go-build": "Go's builds",
    "/go/pkg/mod": "Go's modules", "/var/cache/apt": "APT's packages",
    "/var/lib/apt": "APT's lists", "/var/cache/apk": "apk", "/var/cache/dnf": "DNF",
    "/root/.m2": "Maven", "/root/.gradle": "Gradle", "/usr/local/cargo/registry": "Cargo",
    "/root/.composer/cache": "Composer", "/root/.nuget/packages": "NuGet",
}  # fmt: skip
