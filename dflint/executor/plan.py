"""What the helper process is asked for: one step, with everything looked up and read."""

from __future__ import annotations

from dataclasses import dataclass

from dflint.errors import BuildError
from dflint.executor.host_files import hosts_file, resolv_conf
from dflint.executor.process import FileMount, Mount, Process
from dflint.executor.users import User, UserFiles, home_of, resolve_user

DEFAULT_CAPABILITIES = 0x00000000A80425FB
"""What root may do in a step: chown, dac_override, fowner, fsetid, kill, setgid, setuid, setpcap,
net_bind_service, net_raw, sys_chroot, mknod, audit_write, setfcap."""

SECRET_LIMIT = 500 * 1024
"""How many bytes a secret may have."""


@dataclass(frozen=True, slots=True)
class Plan:
    """A step for the helper: numbers for names, contents for files, mounts in their order.

    Without `lacks_targets` all that the mounts lie on is in the root.
    """

    root: str
    process: Process
    user: User
    environment: dict[str, str]
    mounts: tuple[Mount, ...]
    cgroups: tuple[str, ...] = ()
    lacks_targets: bool = True


def plan(root: str, process: Process) -> Plan:
    """Looks up what a process needs; raises BuildError for a user or source that is not there."""
    files = UserFiles(root)
    user = resolve_user(files, process.user, needs_files=process.needs_accounts)
    environment = dict(entry.partition("=")[::2] for entry in process.environment)
    if not environment.get("HOME"):
        environment["HOME"] = home_of(files, user.uid)
    own = (
        FileMount("/etc/resolv.conf", resolv_conf(), mode=0o644),
        FileMount("/etc/hosts", hosts_file(process.hostname, process.extra_hosts), mode=0o644),
    )
    mounts = (*own, *(_with_content(mount) for mount in process.mounts))
    return Plan(root, process, user, environment, tuple(sorted(mounts, key=_depth)))


def _depth(mount: Mount) -> int:
    """How deep a mount lies: what is mounted above another one comes first, as with BuildKit."""
    return len([name for name in mount.target.split("/") if name not in ("", ".")])


def _with_content(mount: Mount) -> Mount:
    if not isinstance(mount, FileMount) or not mount.source:
        return mount
    content = read_secret(mount.source, mount.target)
    return FileMount(mount.target, content, "", mount.uid, mount.gid, mount.mode)


def read_secret(path: str, wanted: str) -> bytes:
    """What a file holds that is no larger than a secret may be; BuildError says what it is for."""
    try:
        with open(path, "rb") as opened:
            content = opened.read(SECRET_LIMIT + 1)
    except OSError as error:
        raise BuildError(f"cannot read {path} for {wanted}: {error.strerror}") from None
    if len(content) > SECRET_LIMIT:
        raise BuildError(f"{path} for {wanted} is larger than the {SECRET_LIMIT} bytes of a secret")
    return content
