"""Credentials for registries, where `docker login` keeps them.

They stand in `config.json` of `$DOCKER_CONFIG` or `~/.docker`, or are asked of a helper program
`docker-credential-NAME` that the file names for a host (`credHelpers`) or for all (`credsStore`).
"""

from __future__ import annotations

import base64
import binascii
import json
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field

#: The key of Docker Hub in `auths`.
HUB_KEY = "https://index.docker.io/v1/"
_HUB_HOSTS = frozenset(("docker.io", "index.docker.io", "registry-1.docker.io"))
_HELPER = re.compile(r"[A-Za-z0-9_.-]+")
_HELPER_SECONDS = 30
#: What a helper says that has nothing for a host.
_NOTHING = "credentials not found in native keychain"
_TOKEN_USER = "<token>"


@dataclass(frozen=True, slots=True)
class Credentials:
    """What a registry knows someone by.

    Either a user and a secret, or an identity token (which fetches further tokens), or a token
    that is sent as it is.
    """

    user: str = ""
    secret: str = field(default="", repr=False)
    identity_token: str = field(default="", repr=False)
    registry_token: str = field(default="", repr=False)

    @property
    def basic(self) -> str:
        """The value of an Authorization header of the Basic scheme."""
        pair = f"{self.user}:{self.secret}".encode()
        return "Basic " + base64.b64encode(pair).decode("ascii")


@dataclass(frozen=True, slots=True)
class Found:
    """What was found for a host: credentials or None, and why there are none when that is odd."""

    credentials: Credentials | None = None
    problem: str = ""


def docker_config_folder() -> str:
    """The folder of Docker's configuration."""
    return os.environ.get("DOCKER_CONFIG") or os.path.join(os.path.expanduser("~"), ".docker")


class DockerCredentials:
    """Finds the credentials of a host in Docker's configuration, once for each host asked."""

    def __init__(self, folder: str = "") -> None:
        self._file = os.path.join(folder or docker_config_folder(), "config.json")
        self._config: dict[str, object] | None = None
        self._problem = ""

    def find(self, host: str) -> Found:
        """The credentials for `host[:port]`; `docker.io` is Docker Hub."""
        config = self._read()
        if self._problem:
            return Found(None, self._problem)
        key = key_of(host)
        helper = helper_of(config, host)
        if helper:
            found = ask_helper(helper, key)
            if found.credentials is not None or found.problem:
                return found
        return Found(_written(config.get("auths"), key))

    def _read(self) -> dict[str, object]:
        if self._config is None:
            self._config = {}
            try:
                with open(self._file, "rb") as file:
                    config = json.load(file)
            except FileNotFoundError:
                return self._config
            except OSError as error:
                self._problem = f"cannot read {self._file}: {error.strerror}"
            except (ValueError, RecursionError):
                self._problem = f"{self._file} is no JSON document"
            else:
                self._config = config if isinstance(config, dict) else {}
        return self._config


def key_of(host: str) -> str:
    """The key of `host[:port]` in `auths`, and for helpers."""
    return HUB_KEY if host in _HUB_HOSTS else host


def keys_of(auths: Mapping[str, object], host: str) -> list[str]:
    """The keys of a host among those that are there, which may be URLs; the best first."""
    key = key_of(host)
    exact = [key] if key in auths else []
    return exact + [one for one in auths if one != key and _host(one) == _host(key)]


def helper_of(config: Mapping[str, object], host: str) -> str:
    """The name of the helper for a host, or ""."""
    helpers = config.get("credHelpers")
    key = key_of(host)
    helper = helpers.get(host) or helpers.get(key) if isinstance(helpers, dict) else None
    helper = helper or config.get("credsStore")
    return helper if isinstance(helper, str) else ""


def _written(auths: object, key: str) -> Credentials | None:
    """The credentials that the configuration itself holds for a host."""
    if not isinstance(auths, dict):
        return None
    entry = next((auths[one] for one in keys_of(auths, key)), None)
    if not isinstance(entry, dict):
        return None
    texts = {name: value for name, value in entry.items() if isinstance(value, str)}
    user, secret = texts.get("username", ""), texts.get("password", "")
    if texts.get("auth"):
        user, secret = _decoded(texts["auth"])
    found = Credentials(
        user, secret, texts.get("identitytoken", ""), texts.get("registrytoken", "")
    )
    return None if found == Credentials() else found


def _decoded(auth: str) -> tuple[str, str]:
    try:
        pair = base64.b64decode(auth, validate=False).decode("utf-8")
    except (binascii.Error, ValueError):
        return "", ""
    user, _, secret = pair.partition(":")
    return user, secret.rstrip("\0")


def _host(key: str) -> str:
    """The host of a key of `auths`, which may be a URL."""
    return key.removeprefix("https://").removeprefix("http://").partition("/")[0]


@dataclass(frozen=True, slots=True)
class HelperCall:
    """How a call of a helper ended; `problem` says why there was none."""

    program: str
    status: int = 0
    output: bytes = field(default=b"", repr=False)
    problem: str = ""


def call_helper(name: str, action: str, text: str) -> HelperCall:
    """Call `docker-credential-NAME ACTION` with a text as its input."""
    if not _HELPER.fullmatch(name):
        return HelperCall(name, problem=f"{name!r:.100} is no name of a credential helper")
    import subprocess

    program = f"docker-credential-{name}"
    try:
        done = subprocess.run(
            [program, action],
            input=text.encode(),
            capture_output=True,
            timeout=_HELPER_SECONDS,
            check=False,
        )
    except FileNotFoundError:
        problem = f"the credential helper {program} is not installed"
    except OSError as error:
        problem = f"the credential helper {program} does not run: {error.strerror}"
    except subprocess.TimeoutExpired:
        problem = f"the credential helper {program} does not answer"
    else:
        return HelperCall(program, done.returncode, done.stdout)
    return HelperCall(program, problem=problem)


def ask_helper(name: str, server: str) -> Found:
    """Ask `docker-credential-NAME` for a server's credentials.

    A helper that is not there or fails is a problem to tell of, not an end: the registry may want
    none.
    """
    called = call_helper(name, "get", server)
    if called.problem:
        return Found(None, called.problem)
    if called.status != 0:
        if _NOTHING in called.output.decode("utf-8", "replace"):
            return Found()
        return Found(
            None, f"the credential helper {called.program} ended with status {called.status}"
        )
    return _of_helper(called.output, called.program)


def _of_helper(output: bytes, program: str) -> Found:
    try:
        answer = json.loads(output)
    except (ValueError, RecursionError):
        answer = None
    if not isinstance(answer, dict):
        return Found(None, f"the credential helper {program} answers no JSON object")
    user, secret = answer.get("Username"), answer.get("Secret")
    if not isinstance(user, str) or not isinstance(secret, str) or not secret:
        return Found()
    if user == _TOKEN_USER:
        return Found(Credentials(identity_token=secret))
    return Found(Credentials(user, secret))
