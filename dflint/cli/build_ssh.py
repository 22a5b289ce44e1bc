"""`--ssh` of `dflint build`: an agent's socket, or keys that can be read without a passphrase."""

from __future__ import annotations

import base64
import binascii
import os
import re
from collections.abc import Mapping

from dflint.build.agent import is_socket
from dflint.build.request import SshAgent
from dflint.errors import UsageError

_KEY = re.compile(rb"-----BEGIN ([A-Z0-9 ]*)PRIVATE KEY-----(.*?)-----END", re.DOTALL)
_LONGEST = 1 << 20
#: How a key of openssh's own format begins; the name of its cipher follows with its length.
_MAGIC = b"openssh-key-v1\0"


def read_ssh(text: str, environment: Mapping[str, str]) -> SshAgent:
    """One SSH agent; without a path it is the one of $SSH_AUTH_SOCK. Raises UsageError."""
    name, _, paths = text.partition("=")
    name = name or "default"
    found = tuple(path for path in paths.split(",") if path)
    if not found:
        socket = environment.get("SSH_AUTH_SOCK", "")
        if not socket:
            raise UsageError(f"--ssh {text}: expected a path, or an agent in $SSH_AUTH_SOCK")
        found = (socket,)
    sockets = [path for path in found if is_socket(path)]
    if sockets and len(found) > 1:
        raise UsageError(f"--ssh {name}: expected one socket or only keys, found `{paths}`")
    for path in found:
        if path not in sockets:
            _require_key(name, path)
    return SshAgent(name, found)


def _require_key(name: str, path: str) -> None:
    """Raise UsageError for what is no private key, or one that is encrypted."""
    if not os.path.exists(path):
        raise UsageError(f"--ssh {name}: expected a socket or key, found nothing at `{path}`")
    if not os.path.isfile(path):
        raise UsageError(f"--ssh {name}: expected a socket or key, found no file at `{path}`")
    try:
        with open(path, "rb") as file:
            found = _KEY.search(file.read(_LONGEST))
    except OSError as error:
        raise UsageError(f"--ssh {name}: cannot read `{path}`: {error.strerror}") from None
    if found is None:
        raise UsageError(f"--ssh {name}: expected a private key, found none in `{path}`")
    if _is_encrypted(found[1], found[2]):
        raise UsageError(
            f"--ssh {name}: the key `{path}` has a passphrase: give it to an agent by `ssh-add`"
        )


def _is_encrypted(kind: bytes, body: bytes) -> bool:
    if b"ENCRYPTED" in kind or b"ENCRYPTED" in body:
        return True
    try:
        data = base64.b64decode(b"".join(body.split()), validate=True)
    except binascii.Error:
        return False  # what it is, `ssh-add` will say
    start = len(_MAGIC) + 4
    return data.startswith(_MAGIC) and data[start : start + 4] != b"none"
