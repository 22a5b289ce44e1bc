"""What the values of flags look like, in words."""

from __future__ import annotations

_TAKES = {
    "network": "`default`, `none` or `host`",
    "security": "`sandbox` or `insecure`",
    "interval": "a duration such as `30s` or `1m30s`",
    "timeout": "a duration such as `30s` or `1m30s`",
    "start-period": "a duration such as `30s` or `1m30s`",
    "start-interval": "a duration such as `5s`",
    "retries": "a number from 0 up",
    "chmod": "an octal mode such as `0755`, or a symbolic one such as `u+x`",
    "chown": "`user:group`",
    "from": "a stage or an image",
    "platform": "a platform such as `linux/amd64`",
    "mount": "options such as `type=cache,target=/root/.cache`",
    "device": "the name of a device",
    "exclude": "a pattern of files",
}
_CHECKSUM = {
    "checksum can't be specified for multiple sources": "one source only",
    "checksum requires HTTP(S) or Git sources": "an HTTP(S) URL or a git repository as the source",
}


def expected_value(name: str, reason: str) -> str:
    """Describe what the flag `name` takes, for which BuildKit gave `reason`."""
    if name in ("link", "parents", "keep-git-dir", "unpack"):
        return "`true` or `false`"
    if name == "checksum":
        return _CHECKSUM.get(reason, "`sha256:` and 64 hexadecimal digits")
    if "cannot be less than 1ms" in reason:
        return "a duration of `1ms` or more, or 0 for the default"
    return _TAKES.get(name, "a value, written behind `=`")
