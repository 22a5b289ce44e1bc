"""The values of `dflint build`'s options, read as docker and buildx read them.

Every function raises UsageError that names the option, what was found, and what was expected.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Mapping

from dflint.build.epoch import require_epoch
from dflint.build.request import Annotation, ExtraHost, NamedContext, Secret, Ulimit
from dflint.errors import BuildError, UsageError
from dflint.oci.platform import Platform, PlatformProblem, parse_platform
from dflint.oci.reference import ReferenceProblem, familiar, parse_reference
from dflint.semantic.csv_fields import parse_fields
from dflint.sources.contexts import ARCHIVES

_EPOCH = "SOURCE_DATE_EPOCH"
NETWORKS = ("default", "host", "none")
ENTITLEMENTS = ("network.host", "security.insecure")
_LEVELS = ("manifest", "index", "manifest-descriptor", "index-descriptor")
_LEVEL = re.compile(r"([a-z-]+)(?:\[([A-Za-z0-9_/.-]+)\])?\Z")
_RESOURCES = (
    "core", "cpu", "data", "fsize", "locks", "memlock", "msgqueue", "nice", "nofile", "nproc",
    "rss", "rtprio", "rttime", "sigpending", "stack",
)  # fmt: skip
_SIZE = re.compile(r"(\d+(?:\.\d+)?) ?([kmgtp]?)i?b?\Z", re.IGNORECASE)
#: Docker's name for the host's own address: with the network of the host it is this one.
_GATEWAY = ("host-gateway", "127.0.0.1")


def fields_of(text: str, option: str) -> tuple[str, ...]:
    """The comma-separated fields of a value, by the rules of Go's CSV reader."""
    fields, problem = parse_fields(text)
    if problem is not None:
        raise UsageError(f"{option}: expected comma-separated fields, found `{text}`: {problem}")
    return tuple(field.text for field in fields)


def pairs_of(text: str, option: str) -> list[tuple[str, str]]:
    """The fields of a value, each `key=value`; keys are made lower case."""
    pairs = []
    for field in fields_of(text, option):
        key, equals, value = field.partition("=")
        if not equals:
            raise UsageError(f"{option}: expected `key=value`, found `{field}`")
        pairs.append((key.strip().lower(), value))
    return pairs


def read_tag(text: str, option: str = "--tag") -> str:
    """A whole reference with a tag, `latest` unless one is written."""
    found = parse_reference(text)
    if isinstance(found, ReferenceProblem):
        raise UsageError(f"{option}: invalid tag `{text}`: {found.message}")
    if found.digest:
        raise UsageError(f"{option}: expected a name and a tag, found the digest in `{text}`")
    return f"{found.name}:{found.tag or 'latest'}"


def read_build_args(
    texts: Iterable[str], environment: Mapping[str, str]
) -> tuple[tuple[str, str], ...]:
    """Build arguments; one without a value has that of the environment, or is left out."""
    found: dict[str, str] = {}
    for text in texts:
        key, equals, value = text.partition("=")
        _require_key(key, text, "--build-arg")
        if equals:
            found[key] = value
        elif key in environment:
            found[key] = environment[key]
    where = "--build-arg SOURCE_DATE_EPOCH"
    if _EPOCH in environment and _EPOCH not in found:
        found[_EPOCH], where = environment[_EPOCH], f"${_EPOCH}"
    if found.get(_EPOCH) not in (None, "", "context"):
        check_epoch(found[_EPOCH], where, " or `context`")
    return tuple(found.items())


def check_epoch(text: str, what: str, others: str = "") -> None:
    """Raise UsageError for what is no time in seconds since 1970."""
    try:
        require_epoch(text, what, others)
    except BuildError as error:
        raise UsageError(str(error)) from None


def read_labels(texts: Iterable[str]) -> tuple[tuple[str, str], ...]:
    """Labels; one without a value is empty."""
    found: dict[str, str] = {}
    for text in texts:
        key, _, value = text.partition("=")
        _require_key(key, text, "--label")
        found[key] = value
    return tuple(found.items())


def read_platforms(texts: Iterable[str]) -> tuple[Platform, ...]:
    """Platforms, each once; `local` is that of this machine."""
    found: dict[Platform, None] = {}
    for text in texts:
        for word in text.split(","):
            if word.strip():
                found[read_platform(word.strip(), "--platform")] = None
    return tuple(found)


def read_platform(text: str, option: str) -> Platform:
    """One platform."""
    if text == "local":
        text = "linux/" + os.uname().machine
    found = parse_platform(text)
    if isinstance(found, PlatformProblem):
        raise UsageError(f"{option}: {found.message}")
    return found


def read_context(text: str) -> NamedContext:
    """One named context; a directory must be there."""
    name, equals, place = text.partition("=")
    if not equals or not place:
        raise UsageError(f"--build-context: expected `name=value`, found `{text}`")
    found = parse_reference(name)
    if isinstance(found, ReferenceProblem):
        raise UsageError(f"--build-context: invalid name `{name}`: {found.message}")
    tag = f":{found.tag}" if found.tag not in ("", "latest") else ""
    digest = f"@{found.digest}" if found.digest else ""
    if not _is_remote(place) and not os.path.isdir(place):
        raise UsageError(f"--build-context: expected a directory or a URL, found `{place}`")
    return NamedContext(familiar(found.name) + tag + digest, place)


def _is_remote(place: str) -> bool:
    scheme, mark, _ = place.partition("://")
    return bool(mark and scheme) or place.startswith(("git@", "github.com/", *ARCHIVES))


def read_secret(text: str, environment: Mapping[str, str]) -> Secret:
    """One secret; without a source it is the variable of its name, else the file of its name."""
    values = {"id": "", "type": "", "src": "", "env": ""}
    for key, value in pairs_of(text, "--secret"):
        key = "src" if key == "source" else key
        if key not in values:
            raise UsageError(f"--secret: expected id, type, src or env, found `{key}`")
        values[key] = value
    name, kind, file, variable = values.values()
    if not name:
        raise UsageError(f"--secret: expected `id=NAME`, found `{text}`")
    if kind not in ("", "file", "env"):
        raise UsageError(f"--secret: expected the type `file` or `env`, found `{kind}`")
    if kind == "env":
        return Secret(name, variable=variable or file or name)
    if variable and not file:
        return Secret(name, variable=variable)
    if not file and kind == "" and name in environment:
        return Secret(name, variable=name)
    file = file or name
    if not os.path.exists(file):
        raise UsageError(f"--secret id={name}: expected a file, found nothing at `{file}`")
    return Secret(name, file=file)


def read_hosts(texts: Iterable[str]) -> tuple[ExtraHost, ...]:
    """Extra hosts: `name:address` or `name=address`, an IPv6 address also in brackets."""
    found = []
    for text in texts:
        for word in fields_of(text, "--add-host"):
            name, mark, address = word.partition("=" if "=" in word else ":")
            if address.startswith("[") and address.endswith("]"):
                address = address[1:-1]
            if address == _GATEWAY[0]:
                address = _GATEWAY[1]
            if not mark or not name or not _is_address(address):
                raise UsageError(f"--add-host: expected `name:address`, found `{word}`")
            found.append(ExtraHost(name, address))
    return tuple(found)


def _is_address(text: str) -> bool:
    import ipaddress

    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True


def read_network(text: str) -> str:
    """The network of steps that name none."""
    if text not in NETWORKS:
        raise UsageError(f"--network: expected {_choice(NETWORKS)}, found `{text}`")
    return text


def read_entitlements(texts: Iterable[str]) -> frozenset[str]:
    """What steps may ask for."""
    found = {word for text in texts for word in text.split(",")}
    for word in sorted(found):
        if word not in ENTITLEMENTS:
            raise UsageError(f"--allow: expected {_choice(ENTITLEMENTS)}, found `{word}`")
    return frozenset(found)


def read_size(text: str, option: str) -> int:
    """A number of bytes: `64m`, `1.5g`, `1024`; units are powers of 1024."""
    found = _SIZE.match(text.strip())
    if found is None:
        raise UsageError(f"{option}: expected a size such as `128m`, found `{text}`")
    power = " kmgtp".index(found[2].lower() or " ")
    return int(float(found[1]) * 1024**power)


def read_ulimit(text: str) -> Ulimit:
    """One resource limit; the hard limit is the soft one unless it is given."""
    name, _, limits = text.partition("=")
    soft, colon, hard = limits.partition(":")
    hard = hard if colon else soft
    try:
        found = Ulimit(name, int(soft), int(hard))
    except ValueError:
        problem = f"--ulimit: expected `name=soft[:hard]`, found `{text}`"
        raise UsageError(problem) from None
    if name not in _RESOURCES:
        raise UsageError(f"--ulimit: expected {_choice(_RESOURCES)}, found `{name}`")
    if found.hard != -1 and (found.soft == -1 or found.soft > found.hard):
        raise UsageError(f"--ulimit: expected a soft limit of at most the hard one, found `{text}`")
    return found


def read_annotation(text: str) -> tuple[Annotation, ...]:
    """`[LEVEL[PLATFORM],…:]KEY=VALUE`; without a level it is one of the manifest."""
    levels, colon, rest = text.partition(":")
    if not colon or "=" in levels or not all(map(_LEVEL.match, levels.split(","))):
        levels, rest = "manifest", text
    key, equals, value = rest.partition("=")
    if not equals or not key:
        raise UsageError(f"--annotation: expected `key=value`, found `{text}`")
    return tuple(annotation_at(one, key, value, "--annotation") for one in levels.split(","))


def annotation_at(level: str, key: str, value: str, option: str) -> Annotation:
    """An annotation at a level that may name a platform: `manifest[linux/amd64]`."""
    found = _LEVEL.match(level)
    if found is None or found[1] not in _LEVELS:
        raise UsageError(f"{option}: expected {_choice(_LEVELS)}, found `{level}`")
    platform = read_platform(found[2], option) if found[2] else None
    return Annotation(found[1], key, value, platform)


def read_number(text: str, option: str) -> int:
    """A whole number of at least 1."""
    if not text.isascii() or not text.isdigit() or int(text) < 1:
        raise UsageError(f"{option}: expected a number of at least 1, found `{text}`")
    return int(text)


def _require_key(key: str, text: str, option: str) -> None:
    if not key:
        raise UsageError(f"{option}: expected a name before `=`, found `{text}`")


def _choice(words: tuple[str, ...]) -> str:
    quoted = [f"`{word}`" for word in words]
    return ", ".join(quoted[:-1]) + " or " + quoted[-1]


def default_store(environment: Mapping[str, str]) -> str:
    """Where images and layers are kept unless a build says otherwise."""
    if environment.get("DFLINT_STORE"):
        return environment["DFLINT_STORE"]
    data = environment.get("XDG_DATA_HOME", "")
    if not os.path.isabs(data):
        # The XDG base directory specification has relative paths ignored.
        data = os.path.join(os.path.expanduser("~"), ".local", "share")
    return os.path.join(data, "dflint", "store")
