"""Files that hold secrets: told by their names, and else by what they begin with."""

from __future__ import annotations

import re

TYPE_CHECKING = False
if TYPE_CHECKING:
    from dflint.context.build_context import BuildContext

_KEY = b"PRIVATE KEY"
_NAMES = frozenset((
    "id_rsa", "id_dsa", "id_ecdsa", "id_ed25519", ".git-credentials", ".netrc", ".pgpass",
    ".my.cnf", ".boto", ".s3cfg", ".dockercfg", ".vault-token", "terraform.tfstate",
))  # fmt: skip
_PATHS = (".aws/credentials", ".kube/config", ".ssh/config", ".gnupg/secring.gpg")
#: Files that hold secrets where one of the words stands in them.
_TELLING = {
    ".npmrc": (b"_authToken", b"_password", b"_auth="),
    ".yarnrc.yml": (b"npmAuthToken", b"npmAuthIdent"),
    ".pypirc": (b"password",),
    "credentials.json": (b"private_key", b"client_secret", _KEY),
    "service-account.json": (b"private_key",),
    "config.json": (b'"auth"', b'"identitytoken"'),
    "secrets.yml": (b"secret_key_base:",),
    "master.key": (b"",),
}
_ENV = re.compile(r"\.env(?:\.(?:local|prod|production|staging|dev|development|test|secret))*\Z")
#: In the paths of what is there for tests, and of certificates that one trusts.
_PRETENDED = re.compile(r"test|fixture|example|sample|dummy|mock|fake|demo|trust|regress|debug\.")
_KEYS = (".pem", ".key", ".ppk")
_STORES = (".p12", ".pfx", ".jks", ".keystore")


def may_be_secret(name: str) -> bool:
    """Whether a file of that name, without folders, may hold secrets."""
    return (
        name in _NAMES
        or name in _TELLING
        or name.endswith((*_KEYS, *_STORES))
        or _ENV.match(name) is not None
        or any(path.endswith("/" + name) for path in _PATHS)
    )


def is_secret(context: BuildContext, path: str) -> bool:
    """Whether a file of a context holds secrets, as far as its name and its beginning tell."""
    name = path.rpartition("/")[2]
    if _PRETENDED.search(path.lower()):
        return False
    if name in _NAMES or path.endswith(_PATHS) or name.endswith(_STORES):
        return True
    if _ENV.match(name):
        return _has_values(context.begin(path))
    if name.endswith(_KEYS):
        return _KEY in (context.begin(path) or b"")
    words = _TELLING.get(name)
    if words is None or (name == "config.json" and not path.endswith(".docker/config.json")):
        return False
    text = context.begin(path) or b""
    return any(word in text for word in words) and not _refers(text)


def _has_values(text: bytes | None) -> bool:
    """Whether an `.env` file sets anything to a value, as far as its beginning tells."""
    for line in (text or b"").splitlines():
        name, equals, value = line.strip().partition(b"=")
        if equals and name and not name.startswith(b"#") and value.strip(b"\"' "):
            return True
    return False


def _refers(text: bytes) -> bool:
    """Whether it takes the secret from the environment."""
    return b"${" in text and _KEY not in text
