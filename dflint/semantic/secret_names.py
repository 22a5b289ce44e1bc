"""Which variables hold a secret, by their names, and which values plainly are none."""

from __future__ import annotations

#: Words of which one makes a name a secret's. BuildKit's check looks for the same ones.
_WORDS = frozenset((
    "apikey", "auth", "credential", "credentials", "key", "password", "pword", "passwd", "secret",
    "token",
))  # fmt: skip
#: Endings that BuildKit does not see, as in `dbPassword`.
_ENDINGS = (
    "password", "passphrase", "secret", "secrets", "token", "tokens", "apikey",
    "accesskey", "privatekey", "secretkey",
)  # fmt: skip
#: Last words of names of what is no secret by convention: a file's name, a version, a socket.
_OTHER_THINGS = frozenset(("file", "version", "sock"))
#: Last words of names that say something about a secret, most often without giving it away.
_DESCRIPTIONS = frozenset((
    "algorithm", "count", "dir", "directory", "disable", "disabled", "enable", "enabled", "expiry",
    "format", "header", "host", "issuer", "length", "mode", "name", "path", "port", "prefix",
    "provider", "server", "size", "suffix", "timeout", "ttl", "type", "uri", "url", "usage", "user",
    "username", "warn",
))  # fmt: skip
_PASSWORDS = ("pass", "pword", "secret", "credential")
#: Words for keys that are public: `GPG_KEY` is the fingerprint of who signs a release.
_SIGNERS = frozenset(("apt", "gpg", "pgp", "rpm", "signing"))
_SWITCHES = frozenset((
    "", "0", "1", "all", "disabled", "enabled", "false", "no", "none", "null", "off", "on", "true",
    "yes",
))  # fmt: skip
_HEXADECIMAL = frozenset("0123456789abcdefABCDEF")
_PATH_SIGNS = "/._-@+~$"


def is_secret_name(name: str) -> bool:
    """Tell whether a variable holds a secret, by its name.

    As for BuildKit, `_` parts words, and a name with `PUBLIC`, a `…_FILE` and a `…_VERSION` are
    no secret's.
    """
    words = name.lower().split("_")
    if "public" in words or words[-1] in _OTHER_THINGS:
        return False
    return has_secret_word(name) or words[-1].rstrip("0123456789").endswith(_ENDINGS)


def has_secret_word(name: str) -> bool:
    """Tell whether a whole word of a name is one for a secret, so that BuildKit sees it too."""
    return not _WORDS.isdisjoint(name.lower().split("_"))


def is_harmless(name: str, value: str | None) -> bool:
    """Tell whether what a variable with a secret's name is set to plainly is no secret.

    `value` is None when it is not known.
    """
    words = name.lower().split("_")
    if words[-1] in _DESCRIPTIONS:
        return value is None or "://" not in value or _is_plain_url(value)
    if value is None:
        return False
    value = value.strip()
    if value.lower() in _SWITCHES or _is_path(value):
        return True
    if "://" in value:
        return _is_plain_url(value)
    if not _SIGNERS.isdisjoint(words):
        return _is_fingerprint(value)
    is_password = any(one in name.lower() for one in _PASSWORDS)
    return value.isdecimal() and len(value) < 7 and not is_password


def _is_plain_url(value: str) -> bool:
    """Tell whether a URL has neither a user nor a query."""
    return "@" not in value and "?" not in value


def _is_path(value: str) -> bool:
    if not value.startswith(("/", "./", "../", "~/")) or value.startswith("//"):
        return False
    letters = value.translate({ord(sign): "a" for sign in _PATH_SIGNS})
    return letters.isalnum() and (value.count("/") > 1 or "." in value or len(value) < 20)


def _is_fingerprint(value: str) -> bool:
    """Tell whether a text is one or more ids or fingerprints of OpenPGP keys."""
    ids = [word.removeprefix("0x") for word in value.split()]
    return all(len(one) % 4 == 0 and _HEXADECIMAL.issuperset(one) for one in ids)
