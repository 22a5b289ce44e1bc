"""The value of `RUN --mount` ("RUN --mount" in the Dockerfile reference).

It is a row of `key=value` options, some of which need no value. Keys are read in any case; what
a key means may depend on the type, so that `type` comes before it.
"""

from __future__ import annotations

import re
from posixpath import basename, normpath

from dflint.errors import DflintError
from dflint.semantic.csv_fields import parse_fields
from dflint.semantic.expand_values import ExpansionError
from dflint.semantic.mount_size import parse_size
from dflint.semantic.suggest import suggestion
from dflint.semantic.truth import parse_truth
from dflint.text.span import Span

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

MOUNT_TYPES = ("bind", "cache", "tmpfs", "secret", "ssh")
SHARING_MODES = ("shared", "private", "locked")
#: Every key, in the order in which BuildKit looks for one that was meant.
MOUNT_KEYS = (
    "type", "from", "source", "target", "readonly", "id", "sharing", "required", "size", "mode",
    "uid", "gid", "src", "dst", "destination", "ro", "rw", "readwrite", "env",
)  # fmt: skip

_VARIABLE = re.compile(r"\$.")
_DECIMAL = re.compile(r"[0-9]++")
_OCTAL = re.compile(r"[0-7]++")
_WHERE = {
    "source": "source", "src": "source", "target": "target", "dst": "target",
    "destination": "target", "from": "source_name", "id": "id", "env": "env",
}  # fmt: skip


class _MountError(DflintError):
    """What stops the reading of a mount; never leaves this module."""


class MountOption:
    """One option: its `key` in lower case and its `value`, None when no `=` is written.

    The spans are those of the whole option and of its value in the text of the mount, quotes of
    a quoted field left out.
    """

    __slots__ = ("key", "span", "value", "value_span")

    key: str
    value: str | None
    span: Span
    value_span: Span

    def __init__(self, key: str, value: str | None, span: Span, value_span: Span) -> None:
        self.key = key
        self.value = value
        self.span = span
        self.value_span = value_span


class Mount:
    """A mount as BuildKit understands it.

    `problem` is BuildKit's reason to refuse it; the other fields then hold what was read before
    it, while `options` are all. `source_name` is the value of `from`; `mode`, `uid`, `gid` and
    `env` are None where not given; `size` is in bytes, 0 without a limit.
    """

    __slots__ = (
        "env", "gid", "id", "mode", "options", "problem", "read_only", "required", "sharing",
        "size", "source", "source_name", "target", "type", "uid",
    )  # fmt: skip

    def __init__(self) -> None:
        self.options: tuple[MountOption, ...] = ()
        self.problem: str | None = None
        self.type = "bind"
        self.source_name = ""
        self.source = ""
        self.target = ""
        self.read_only = True
        self.required = False
        self.size = 0
        self.id = ""
        self.sharing = ""
        self.mode: int | None = None
        self.uid: int | None = None
        self.gid: int | None = None
        self.env: str | None = None

    @property
    def secret_id(self) -> str:
        """Which secret of the build is meant: the id, else the source, else the target's name."""
        return self.source or self.id or basename(self.target)


def parse_mount(
    text: str, expand: Callable[[str], str] | None = None, workdir: str | None = "/"
) -> Mount:
    """Read the value of one `--mount`.

    `expand` gives the value of an option after expansion and may raise ExpansionError; without
    it values are taken as they are written. A relative target counts from `workdir`; None tells
    that the working directory is not known.
    """
    mount = Mount()
    try:
        mount.options = _options(text)
        for option in mount.options:
            if option.key == "from" and _VARIABLE.search(option.value or ""):
                reason = "'from' doesn't support variable expansion, define alias stage instead"
                raise _MountError(reason)
        _read(mount, expand)
        _check(mount)
        _check_use(mount, workdir)
    except (_MountError, ExpansionError) as error:
        mount.problem = str(error)
    return mount


def _options(text: str) -> tuple[MountOption, ...]:
    fields, problem = parse_fields(text)
    if problem is not None:
        raise _MountError(f"failed to parse csv mounts: {problem}")
    options = []
    for field in fields:
        key, equals, value = field.text.partition("=")
        begin = min(field.span.start + len(key) + len(equals), field.span.end)
        place = Span(begin, field.span.end)
        options.append(MountOption(key.lower(), value if equals else None, field.span, place))
    return tuple(options)


def _read(mount: Mount, expand: Callable[[str], str] | None) -> None:
    """Take the options in the order in which they stand."""
    read_only: bool | None = None
    for option in mount.options:
        key = option.key
        if option.value is None:
            if key in ("readonly", "ro", "readwrite", "rw"):
                read_only = key in ("readonly", "ro")
            elif key == "required":
                _require_type(mount, key, "secret", "ssh")
                mount.required = True
            else:
                field = key if option.span.end else ""
                raise _MountError(f"invalid field '{field}' must be a key=value pair")
            continue
        value = option.value if expand is None else expand(option.value)
        if key in ("readonly", "ro"):
            read_only = _boolean(key, value)
        elif key in ("readwrite", "rw"):
            read_only = not _boolean(key, value)
        else:
            _take(mount, key, value)
    mount.read_only = mount.type not in ("cache", "tmpfs") if read_only is None else read_only


def _take(mount: Mount, key: str, value: str) -> None:
    """Take an option that has a value."""
    if key in _WHERE:
        setattr(mount, _WHERE[key], value)
    elif key == "type":
        if value not in MOUNT_TYPES:
            raise _MountError(f'unsupported mount type "{value}"' + _meant(value, MOUNT_TYPES))
        mount.type = value
    elif key == "required":
        _require_type(mount, key, "secret", "ssh")
        mount.required = _boolean(key, value)
    elif key == "size":
        _require_type(mount, key, "tmpfs")
        size = parse_size(value)
        if size is None:
            raise _MountError(f"invalid value for {key}: {value}")
        mount.size = size
    elif key == "sharing":
        if value not in SHARING_MODES:
            raise _MountError(f'unsupported sharing value "{value}"' + _meant(value, SHARING_MODES))
        mount.sharing = value
    elif key in ("mode", "uid", "gid"):
        setattr(mount, key, _number(key, value))
    else:
        raise _MountError(f"unexpected key '{key}' in '{key}={value}'" + _meant(key, MOUNT_KEYS))


def _require_type(mount: Mount, key: str, *types: str) -> None:
    if mount.type not in types:
        raise _MountError(f"unexpected key '{key}' for mount type '{mount.type}'")


def _boolean(key: str, value: str) -> bool:
    truth = parse_truth(value)
    if truth is None:
        raise _MountError(f"invalid value for {key}: {value}")
    return truth


def _number(key: str, value: str) -> int:
    """A mode in octal digits, or a user's or group's number, of 32 bits."""
    digits = _OCTAL if key == "mode" else _DECIMAL
    if digits.fullmatch(value) is None or len(value.lstrip("0")) > 11:
        raise _MountError(f"invalid value {value} for {key}")
    number = int(value, 8 if key == "mode" else 10)
    if number >= 1 << 32:
        raise _MountError(f"invalid value {value} for {key}")
    return number


def _meant(found: str, known: tuple[str, ...]) -> str:
    meant = suggestion(found, known)
    return f" (did you mean {meant}?)" if meant else ""


def _check(mount: Mount) -> None:
    """Whether the options go together."""
    if mount.type not in ("secret", "ssh", "cache"):
        for key in ("mode", "uid", "gid"):
            if getattr(mount, key) is not None:
                raise _MountError(f'{key} not allowed for "{mount.type}" type mounts')
    if mount.sharing and mount.type != "cache":
        raise _MountError(f"invalid cache sharing set for {mount.type} mount")
    if mount.type == "secret":
        if mount.source_name:
            raise _MountError("secret mount should not have a from")
        if not (mount.source or mount.target or mount.id):
            raise _MountError("invalid secret mount. one of source, target required")
        if mount.source and mount.id:
            raise _MountError("both source and id can't be set")


def _check_use(mount: Mount, workdir: str | None) -> None:
    """Whether there is a place for it: anything but the root of the file system."""
    if mount.type in ("secret", "ssh"):
        return
    target = mount.target
    if not target.startswith("/"):
        if workdir is None:
            return
        target = "/" + normpath(f"{workdir}/{target}").lstrip("/")
    if target == "/":
        raise _MountError('invalid mount target "/"')
