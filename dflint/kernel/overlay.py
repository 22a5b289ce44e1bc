"""overlayfs: layers laid over each other (Documentation/filesystems/overlayfs.rst)."""

from __future__ import annotations

import contextlib
import errno
import os
import tempfile
import threading
from collections.abc import Iterator, Sequence

from dflint.errors import BuildError
from dflint.kernel.libc import FSCONFIG, FSMOUNT, FSOPEN, system_call
from dflint.kernel.mounts import MS_RDONLY, mount, move_mount
from dflint.kernel.namespaces import CLONE_FS, unshare

LIMIT = 500
"""How many lower layers the kernel lays over each other."""

_FSOPEN_CLOEXEC = 1
_FSMOUNT_CLOEXEC = 1
_SET_FLAG = 0
_SET_STRING = 1
_CREATE = 6
_ATTRIBUTE_RDONLY = 1

# What Docker's snapshots rely on: a rename of a lower directory is refused, so that no layer
# says `see there` instead of carrying its files.
_OPTIONS = (("metacopy", "off"), ("index", "off"))
_NO_REDIRECTS = ("redirect_dir", "off")  # with `userxattr` there are none, and no such option


def mount_overlay(
    lowers: Sequence[str],
    target: str,
    upper: str = "",
    work: str = "",
    *,
    is_user_namespace: bool = False,
    is_volatile: bool = False,
) -> None:
    """Mounts `lowers` (topmost first) at `target`, changes going to `upper`; else read-only.

    A volatile mount does not wait for the disk, whatever a program in it asks for. Raises
    BuildError when there are more layers than the kernel takes, OSError when it refuses.
    """
    if len(lowers) > LIMIT:
        raise BuildError(
            f"{len(lowers)} layers are to be laid over each other, at most {LIMIT} can"
        )
    options = [*_OPTIONS] if is_user_namespace else [_NO_REDIRECTS, *_OPTIONS]
    if upper:
        options += [("upperdir", upper), ("workdir", work)]
    flags = [
        name
        for name, is_wanted in (
            ("userxattr", is_user_namespace),
            ("volatile", is_volatile and bool(upper)),
        )
        if is_wanted
    ]
    try:
        _mount_by_descriptor(lowers, options, flags, target, is_read_only=not upper)
    except OSError as error:
        if error.errno not in {errno.ENOSYS, errno.EINVAL}:
            raise
        _mount_by_options(lowers, options, flags, target, is_read_only=not upper)


def _mount_by_descriptor(
    lowers: Sequence[str],
    options: Sequence[tuple[str, str]],
    flags: Sequence[str],
    target: str,
    *,
    is_read_only: bool,
) -> None:
    """By fsopen: one `lowerdir+` per layer (Linux 6.8), so no limit to the length of names."""
    context = system_call(FSOPEN, "fsopen overlay", b"overlay", _FSOPEN_CLOEXEC)
    try:
        for lower in lowers:
            _set(context, "lowerdir+", lower)
        for name, value in options:
            _set(context, name, value)
        for name in flags:
            system_call(
                FSCONFIG, f"overlay option {name}", context, _SET_FLAG, name.encode(), None, 0
            )
        system_call(FSCONFIG, "mount overlay", context, _CREATE, None, None, 0)
        attributes = _ATTRIBUTE_RDONLY if is_read_only else 0
        made = system_call(FSMOUNT, "fsmount overlay", context, _FSMOUNT_CLOEXEC, attributes)
    except OSError as error:
        raise _with_log(context, error) from None
    finally:
        os.close(context)
    try:
        move_mount(made, target)
    finally:
        os.close(made)


def _set(context: int, name: str, value: str) -> None:
    system_call(
        FSCONFIG,
        f"overlay option {name}",
        context,
        _SET_STRING,
        name.encode(),
        os.fsencode(value),
        0,
    )


def _with_log(context: int, error: OSError) -> OSError:
    """The error with what the kernel has to say of it."""
    lines = []
    with contextlib.suppress(OSError):
        while line := os.read(context, 4096):
            lines.append(line.decode(errors="replace").strip().removeprefix("e "))
    if not lines:
        return error
    return OSError(error.errno, f"{error.strerror} ({'; '.join(lines)})")


def _mount_by_options(
    lowers: Sequence[str],
    options: Sequence[tuple[str, str]],
    flags: Sequence[str],
    target: str,
    *,
    is_read_only: bool,
) -> None:
    """By mount(2), whose options fill one page at most: so layers by short names.

    The names are links in a directory that is the working directory of a thread for a moment.
    """
    failures: list[OSError] = []

    def mount_there(folder: str) -> None:
        try:
            unshare(CLONE_FS)
            os.chdir(folder)
            mount("overlay", target, "overlay", MS_RDONLY if is_read_only else 0, settings)
        except OSError as error:
            failures.append(error)

    with _short_names(lowers) as folder:
        names = ":".join(str(number) for number in range(len(lowers)))
        pairs = [f"{name}={value}" for name, value in (("lowerdir", names), *options)]
        settings = ",".join([*pairs, *flags])
        thread = threading.Thread(target=mount_there, args=(folder,))
        thread.start()
        thread.join()
    if failures:
        raise failures[0]


@contextlib.contextmanager
def _short_names(lowers: Sequence[str]) -> Iterator[str]:
    """A directory in which the layers are called `0`, `1` and so on."""
    with tempfile.TemporaryDirectory(prefix="dflint-") as folder:
        for number, lower in enumerate(lowers):
            os.symlink(os.path.abspath(lower), f"{folder}/{number}")
        yield folder
