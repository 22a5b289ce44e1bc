"""Why a mount is refused, in words that say what to write instead, and where."""

from __future__ import annotations

from dflint.semantic.mount_options import MOUNT_TYPES, SHARING_MODES, parse_mount
from dflint.text.quoted import quoted

TYPE_CHECKING = False
if TYPE_CHECKING:
    from dflint.text.span import Span


class MountFault:
    """The option at fault by its key, empty when it is none of them, and what to do."""

    __slots__ = ("advice", "key")

    key: str
    advice: str

    def __init__(self, key: str, advice: str) -> None:
        self.key = key
        self.advice = advice


def explain_mount(reason: str) -> MountFault:
    """Say which option is at fault when BuildKit refuses a mount with `reason`."""
    for begin, key, advice in _BY_TEXT:
        if reason.startswith(begin):
            return MountFault(key, advice)
    words = reason.split()
    value = reason.partition('"')[2].rpartition('"')[0]
    if reason.startswith("unsupported mount type"):
        advice = f"there is no type {quoted(value)}, expected {_either(MOUNT_TYPES)}"
        return MountFault("type", advice)
    if reason.startswith("unsupported sharing"):
        advice = f"`sharing` is {_either(SHARING_MODES)}, found {quoted(value)}"
        return MountFault("sharing", advice)
    if reason.startswith("unexpected key"):
        return _unexpected_key(reason)
    if reason.startswith("invalid field"):
        field = reason.removeprefix("invalid field '").partition("' must be")[0]
        if field:
            return MountFault(field, f"{quoted(field)} needs a value, `{field[:30]}=…`")
        return MountFault("", "an option is missing beside a comma; put no blank behind it")
    if reason.startswith("invalid value"):
        key = words[3].rstrip(":") if words[2] == "for" else words[-1]
        return MountFault(key, f"{reason}; {_VALUES.get(key, 'expected `true` or `false`')}")
    if " not allowed for " in reason:
        return MountFault(words[0], f"`{words[0]}` is for caches, secrets and ssh, not {value}")
    return MountFault("", reason)


def _unexpected_key(reason: str) -> MountFault:
    key = reason.removeprefix("unexpected key '").partition("'")[0]
    kind = reason.partition("for mount type '")[2].rstrip("'")
    if kind:
        return MountFault(key, f"a mount of type `{kind}` takes no {quoted(key)}")
    meant = reason.rpartition("(did you mean ")[2].rstrip("?)") if "did you mean" in reason else ""
    advice = f"there is no option {quoted(key)}"
    return MountFault(key, advice + (f"; did you mean `{meant}`?" if meant else ""))


def option_span(text: str, key: str) -> Span | None:
    """Find the option of that key in the value of a mount; None when there is none."""
    for option in parse_mount(text).options:
        if option.key == key.lower():
            return option.span
    return None


def _either(words: tuple[str, ...]) -> str:
    return ", ".join(f"`{word}`" for word in words[:-1]) + f" or `{words[-1]}`"


_VALUES = {
    "mode": "expected octal digits",
    "uid": "expected a number",
    "gid": "expected a number",
    "size": "expected a size such as `64m`",
}
_BY_TEXT = (
    ("invalid mount target", "target", "it needs a `target` other than `/`"),
    ("invalid secret mount", "", "a secret needs an `id` or a `target`"),
    (
        "secret mount should not have a from",
        "from",
        "a secret comes from outside the build, remove `from`",
    ),
    ("both source and id", "source", "`source` and `id` mean the same, keep one"),
    ("invalid cache sharing", "sharing", "`sharing` is for mounts of type `cache`"),
    (
        "'from' doesn't support",
        "from",
        "`from` takes no variable; begin a stage with `FROM $… AS name` and name that",
    ),
)
