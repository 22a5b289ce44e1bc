"""Keeping credentials where Docker keeps them: a helper program, or `config.json`."""

from __future__ import annotations

import base64
import json
import os
import tempfile
from contextlib import suppress
from dataclasses import dataclass

from dflint.errors import BuildError
from dflint.registry.credentials import (
    HUB_KEY,
    Credentials,
    call_helper,
    docker_config_folder,
    helper_of,
    key_of,
    keys_of,
)


@dataclass(frozen=True, slots=True)
class Kept:
    """Where credentials were kept: the name of a helper, or "" and the file that holds them."""

    helper: str
    file: str


class DockerConfig:
    """Docker's `config.json`, to be changed; all keys that it has otherwise stay as they are.

    BuildError for a file that cannot be read or written, or is no JSON object: it is left alone.
    """

    def __init__(self, folder: str = "") -> None:
        self.file = os.path.join(folder or docker_config_folder(), "config.json")

    def keep(self, host: str, credentials: Credentials) -> Kept:
        """Keep the credentials of a host, in the helper that is configured or in the file."""
        config = self._read()
        key = key_of(host)
        helper = helper_of(config, host)
        entry: dict[str, object] = {}
        if helper:
            told = {
                "ServerURL": key,
                "Username": credentials.user,
                "Secret": credentials.secret,
            }
            _ask(helper, "store", json.dumps(told))
        else:
            pair = f"{credentials.user}:{credentials.secret}".encode()
            entry["auth"] = base64.b64encode(pair).decode("ascii")
        auths = config.get("auths")
        auths = auths if isinstance(auths, dict) else {}
        config["auths"] = {**auths, key: entry}
        self._write(config)
        return Kept(helper, self.file)

    def forget(self, host: str) -> bool:
        """Forget the credentials of a host; whether there were any."""
        config = self._read()
        auths = config.get("auths")
        auths = auths if isinstance(auths, dict) else {}
        found = keys_of(auths, host)
        helper = helper_of(config, host)
        was_kept = bool(found)
        if helper:
            was_kept = _ask(helper, "erase", key_of(host), may_fail=True) or was_kept
        if found:
            config["auths"] = {key: value for key, value in auths.items() if key not in found}
            self._write(config)
        return was_kept

    def _read(self) -> dict[str, object]:
        try:
            with open(self.file, "rb") as file:
                config = json.load(file)
        except FileNotFoundError:
            return {}
        except OSError as error:
            raise BuildError(
                f"cannot read `{self.file}`: {(error.strerror or '').lower()}"
            ) from None
        except (ValueError, RecursionError):
            raise BuildError(f"`{self.file}` is no JSON document: it is left as it is") from None
        if not isinstance(config, dict):
            raise BuildError(f"`{self.file}` is no JSON object: it is left as it is")
        return config

    def _write(self, config: dict[str, object]) -> None:
        """Put the file in its place at once; only its owner can read it."""
        path = os.path.realpath(self.file)
        data = json.dumps(config, indent="\t", ensure_ascii=False) + "\n"
        try:
            os.makedirs(os.path.dirname(path), mode=0o700, exist_ok=True)
            # mkstemp makes files of mode 0600.
            handle, temporary = tempfile.mkstemp(prefix="config.json", dir=os.path.dirname(path))
            try:
                with open(handle, "w", encoding="utf-8") as file:
                    file.write(data)
                    file.flush()
                    os.fsync(file.fileno())
                os.replace(temporary, path)
            except BaseException:
                with suppress(OSError):
                    os.unlink(temporary)
                raise
        except OSError as error:
            reason = (error.strerror or str(error)).lower()
            raise BuildError(f"cannot write `{self.file}`: {reason}") from None


def _ask(helper: str, action: str, text: str, *, may_fail: bool = False) -> bool:
    """Have a helper do something; whether it did. BuildError when it has to and does not."""
    called = call_helper(helper, action, text)
    if called.problem:
        raise BuildError(f"cannot {action} credentials: {called.problem}")
    if called.status and not may_fail:
        said = called.output.decode("utf-8", "replace").strip()[:300]
        raise BuildError(
            f"cannot {action} credentials: {called.program} ended with status {called.status}: "
            f"{said or 'it says nothing'}"
        )
    return called.status == 0


def server_host(text: str) -> str:
    """The host of what `docker login` is given: `https://` and a path do not count.

    Nothing, and Docker Hub's address, is `docker.io`.
    """
    host = text.removeprefix("https://").removeprefix("http://").partition("/")[0]
    return "docker.io" if not host or key_of(host) == HUB_KEY else host
