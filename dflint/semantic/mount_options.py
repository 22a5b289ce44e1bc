"""The value of `RUN --mount` ("RUN --mount" in the Dockerfile reference).

It is a row of `key=value` options, some of which need no value. Keys are read in any case; what
a key means may depend on the type, so that `type` comes before it.
"""

from __future__ import annotations

from posixpath import basename, normpath

from dflint.semantic.csv_fields import parse_fields
from dflint.semantic.expand_values import ExpansionError
from dflint.semantic.mount_size import parse_size
from dflint.semantic.suggest import suggestion
from dflint.semantic.truth import parse_truth
from dflint.text.go_quote import go_quote
from dflint.text.lazy_pattern import LazyPattern
from dflint.text.span import Span

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from dflint.semantic.csv_fields import Field

MOUNT_TYPES = ("bind", "cache", "tmpfs", "secret", "ssh")
SHARING_MODES = ("shared", "private", "locked")
#: Every key, in the order in which BuildKit looks for one that was meant.
MOUNT_KEYS = (
    "type", "from", "source", "target", "readonly", "id", "sharing", "required", "size", "mode",
    "uid", "gid", "src", "dst", "destination", "ro", "rw", "readwrite", "env",
)  # fmt: skip

_VARIABLE = LazyPattern(r"\$.")
_DECIMAL = LazyPattern(r"[0-9]++")
_OCTAL = LazyPattern(r"[0-7]++")
#: Other names of keys.
ALIASES = {
    "src": "source", "dst": "target", "destination": "target", "ro": "readonly", "rw": "readwrite",
}  # fmt: skip
#: The options whose text is kept as it is, and where.
_FIELDS = {"source": "source", "target": "target", "from": "source_name", "id": "id", "env": "env"}


class MountOption:
    """One option: its `key` in lower case and its `value`, None when no `=` is written.

    `text` is the whole of it as written, quotes of a quoted field removed.

    The spans are those of the whole option and of its value in the text of the mount, without
    such quotes.
    """

    __slots__ = ("key", "span", "text", "value", "value_span")

    key: str
    value: str | None
    text: str
    span: Span
    value_span: Span

    def __init__(
        self, key: str, value: str | None, text: str, span: Span, value_span: Span
    ) -> None:
        self.key = key
        self.value = value
        self.text = text
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
    fields, problem = parse_fields(text)
    if problem is not None:
        mount.problem = f"failed to parse csv mounts: {problem}"
        return mount
    mount.options = tuple(_option(field) for field in fields)
    mount.problem = (
        _from_reason(mount)
        or _read(mount, expand)
        or _owner_reason(mount)
        or _secret_reason(mount)
        or _sharing_reason(mount)
        or _use_reason(mount, workdir)
    )
    return mount


def mount_syntax_reason(text: str) -> str | None:
    """Why a mount is refused before any value is expanded, as a part of the file's syntax."""
    fields, problem = parse_fields(text)
    if problem is not None:
        return f"failed to parse csv mounts: {problem}"
    mount = Mount()
    mount.options = tuple(_option(field) for field in fields)
    return _from_reason(mount)


def _option(field: Field) -> MountOption:
    key, equals, value = field.text.partition("=")
    begin = min(field.span.start + len(key) + len(equals), field.span.end)
    place = Span(begin, field.span.end)
    return MountOption(key.lower(), value if equals else None, field.text, field.span, place)


def _from_reason(mount: Mount) -> str | None:
    for option in mount.options:
        if option.key == "from" and _VARIABLE.get().search(option.value or ""):
            return "'from' doesn't support variable expansion, define alias stage instead"
    return None


def _read(mount: Mount, expand: Callable[[str], str] | None) -> str | None:
    """Take over the options one by one, up to the first that is refused."""
    access: bool | None = None
    for option in mount.options:
        key = ALIASES.get(option.key, option.key)
        value = option.value
        if value is not None and expand is not None:
            try:
                value = expand(value)
            except ExpansionError as error:
                return str(error)
        if key in ("readonly", "readwrite") and value is None:
            access = key == "readonly"
        elif key in ("readonly", "readwrite"):
            truth = parse_truth(value or "")
            if truth is None:
                return f"invalid value for {option.key}: {value}"
            access = truth == (key == "readonly")
        else:
            reason = _take(mount, option, key, value)
            if reason is not None:
                return reason
    mount.read_only = mount.type not in ("cache", "tmpfs") if access is None else access
    return None


def _take(mount: Mount, option: MountOption, key: str, value: str | None) -> str | None:
    if key == "required":
        return _take_required(mount, value)
    if value is None:
        return f"invalid field '{option.text}' must be a key=value pair"
    if key in _FIELDS:
        setattr(mount, _FIELDS[key], value)
        return None
    take = _TAKERS.get(key)
    if take is not None:
        return take(mount, key, value)
    meant = _did_you_mean(key, MOUNT_KEYS)
    return f"unexpected key '{key}' in '{option.text}'{meant}"


def _take_required(mount: Mount, value: str | None) -> str | None:
    if mount.type not in ("secret", "ssh"):
        return f"unexpected key 'required' for mount type '{mount.type}'"
    required = True if value is None else parse_truth(value)
    if required is None:
        return f"invalid value for required: {value}"
    mount.required = required
    return None


def _take_type(mount: Mount, key: str, value: str) -> str | None:
    del key
    if value.lower() not in MOUNT_TYPES:
        return f"unsupported mount type {go_quote(value)}{_did_you_mean(value, MOUNT_TYPES)}"
    mount.type = value.lower()
    return None


def _take_size(mount: Mount, key: str, value: str) -> str | None:
    if mount.type != "tmpfs":
        return f"unexpected key '{key}' for mount type '{mount.type}'"
    size = parse_size(value)
    if size is None:
        return f"invalid value for {key}: {value}"
    mount.size = size
    return None


def _take_sharing(mount: Mount, key: str, value: str) -> str | None:
    if value.lower() not in SHARING_MODES:
        return f"unsupported {key} value {go_quote(value)}{_did_you_mean(value, SHARING_MODES)}"
    mount.sharing = value.lower()
    return None


def _take_number(mount: Mount, key: str, value: str) -> str | None:
    """Take a mode, which is octal, or the number of a user or group; 32 bits hold each."""
    digits, base = (_OCTAL.get(), 8) if key == "mode" else (_DECIMAL.get(), 10)
    if digits.fullmatch(value) is None or len(value.lstrip("0")) > 11:
        return f"invalid value {value} for {key}"
    number = int(value, base)
    if number >= 1 << 32:
        return f"invalid value {value} for {key}"
    setattr(mount, key, number)
    return None


_TAKERS: dict[str, Callable[[Mount, str, str], str | None]] = {
    "type": _take_type,
    "size": _take_size,
    "sharing": _take_sharing,
    "mode": _take_number,
    "uid": _take_number,
    "gid": _take_number,
}


def _did_you_mean(word: str, options: tuple[str, ...]) -> str:
    meant = suggestion(word, options)
    return f" (did you mean {meant}?)" if meant else ""


def _owner_reason(mount: Mount) -> str | None:
    if mount.type in ("bind", "tmpfs"):
        for key in ("mode", "uid", "gid"):
            if getattr(mount, key) is not None:
                return f"{key} not allowed for {go_quote(mount.type)} type mounts"
    return None


def _secret_reason(mount: Mount) -> str | None:
    if mount.type != "secret":
        return None
    if mount.source_name:
        return "secret mount should not have a from"
    if mount.sharing:
        return "secret mount should not define sharing"
    if not (mount.source or mount.target or mount.id):
        return "invalid secret mount. one of source, target required"
    if mount.source and mount.id:
        return "both source and id can't be set"
    return None


def _sharing_reason(mount: Mount) -> str | None:
    if mount.sharing and mount.type != "cache":
        return f"invalid cache sharing set for {mount.type} mount"
    return None


def _use_reason(mount: Mount, workdir: str | None) -> str | None:
    """Why a mount that reads well cannot be made."""
    if mount.type == "ssh" and mount.source:
        return "ssh does not support source"
    if mount.type in ("secret", "ssh"):
        return None
    target = mount.target
    if not target.startswith("/"):
        if workdir is None and target:
            return None
        target = normpath(f"//{workdir or ''}/{target}").replace("//", "/")
    # An absolute target is not cleaned: BuildKit takes `//` and `/.`.
    return 'invalid mount target "/"' if target == "/" else None
