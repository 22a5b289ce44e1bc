"""Packages that a release of an operating system does not have any more, or never had.

As of 2026-01-01, from packages.debian.org, packages.ubuntu.com and pkgs.alpinelinux.org. Only what
is certain stands here: a name that is not in the tables tells nothing.
"""

from __future__ import annotations

from functools import cache, lru_cache

from dflint.semantic.base_systems import moves, release_of
from dflint.semantic.earlier_text import is_mentioned_before
from dflint.semantic.first_base import first_base
from dflint.text.lazy_pattern import LazyPattern

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from dflint.semantic.model import SemanticModel
    from dflint.semantic.programs import Program
    from dflint.semantic.releases import Release
    from dflint.semantic.stages import Stage
    from dflint.shell.invocation import Argument, Invocation

#: Packages, the first Debian and the first Ubuntu without them (`-` where nothing is said), and
#: what to write instead.
_DEB = """
python-pip 11 20.04 python3-pip
python 12 24.04 python3
python2 12 24.04 python3
python2.7 12 24.04 python3
python-dev 12 24.04 python3-dev
python2.7-dev 12 24.04 python3-dev
python-minimal 12 24.04 python3-minimal
python-virtualenv 11 20.04 python3-venv
python-software-properties 9 16.04 software-properties-common
openjdk-6-jdk 8 16.04 default-jdk-headless
openjdk-6-jre 8 16.04 default-jre-headless
openjdk-7-jdk 9 16.04 default-jdk-headless
openjdk-7-jre 9 16.04 default-jre-headless
openjdk-7-jre-headless 9 16.04 default-jre-headless
openjdk-8-jdk 10 - default-jdk-headless
openjdk-8-jdk-headless 10 - default-jdk-headless
openjdk-8-jre 10 - default-jre-headless
openjdk-8-jre-headless 10 - default-jre-headless
openjdk-11-jdk 12 - default-jdk-headless
openjdk-11-jdk-headless 12 - default-jdk-headless
openjdk-11-jre 12 - default-jre-headless
openjdk-11-jre-headless 12 - default-jre-headless
openjdk-17-jdk 13 - default-jdk-headless
openjdk-17-jre-headless 13 - default-jre-headless
libpng12-dev 9 18.04 libpng-dev
libpng12-0 9 18.04 libpng16-16
libjasper-dev 9 18.04 -
mysql-server 10 - default-mysql-server
mysql-client 10 - default-mysql-client
libmysqlclient-dev 10 - default-libmysqlclient-dev
nodejs-legacy 10 18.04 nodejs
libssl1.0.0 9 20.04 libssl-dev
libssl1.0-dev 10 20.04 libssl-dev
libssl1.1 12 22.04 libssl3
libav-tools 10 18.04 ffmpeg
libgl1-mesa-glx 13 24.04 libgl1
netcat 12 24.04 netcat-openbsd
libqt4-dev 11 20.04 qtbase5-dev
libreadline6-dev 9 18.04 libreadline-dev
tomcat7 9 18.04 tomcat10
tomcat8 10 20.04 tomcat10
ruby1.9.1 8 16.04 ruby
ruby1.9.3 8 16.04 ruby
ruby1.9.1-dev 8 16.04 ruby-dev
mongodb 10 22.04 -
mongodb-server 10 22.04 -
phantomjs 11 - -
python-setuptools 12 24.04 python3-setuptools
"""
#: Modules for Python 2, which no release has since these.
_MODULES = (
    "crypto cryptography dateutil django flask gevent imaging jinja2 ldap lxml matplotlib mysqldb "
    "nose numpy opencv openssl pandas pil psycopg2 redis requests scipy simplejson six sphinx tk "
    "twisted wheel yaml"
)
_PYTHON2 = frozenset(_MODULES.split())
#: Packages of Alpine, the first release without them, and what to write instead.
_APK = """
python 3.12 python3
python-dev 3.12 python3-dev
python2 3.16 python3
python2-dev 3.16 python3-dev
py2-pip 3.12 py3-pip
py-mysqldb 3.12 py3-mysqlclient
bzr 3.12 breezy
nodejs-npm 3.15 npm
php5 3.9 php84
libssl1.0 3.10 libssl3
libcrypto1.0 3.10 libcrypto3
"""
#: Which versions of a package a release has, by how its name begins and what that is in full.
_VERSIONS: tuple[tuple[str, LazyPattern, str, dict[str, dict[float, str]]], ...] = (
    (
        "python3.",
        LazyPattern(r"python(3\.\d+)(?:-(?:dev|venv|minimal|distutils))?\Z"),
        "python3",
        {
            "Debian": {8: "3.4", 9: "3.5", 10: "3.7", 11: "3.9", 12: "3.11", 13: "3.13"},
            "Ubuntu": {
                14.04: "3.4", 16.04: "3.5", 18.04: "3.6 3.7 3.8", 20.04: "3.8 3.9",
                22.04: "3.10 3.11", 24.04: "3.12",
            },
        },
    ),
    (
        "postgresql-",
        LazyPattern(r"postgresql(?:-client|-contrib|-server-dev)?-(\d+(?:\.\d+)?)\Z"),
        "postgresql",
        {
            "Debian": {8: "9.4", 9: "9.6", 10: "11", 11: "13", 12: "15", 13: "17"},
            "Ubuntu": {
                14.04: "9.3", 16.04: "9.5", 18.04: "10", 20.04: "12", 22.04: "14", 24.04: "16",
            },
        },
    ),
    (
        "php",
        LazyPattern(r"php([5-8](?:\.\d)?)(?:-[a-z]+)?\Z"),
        "php",
        {
            "Debian": {8: "5", 9: "7.0", 10: "7.3", 11: "7.4", 12: "8.2", 13: "8.4"},
            "Ubuntu": {
                14.04: "5", 16.04: "7.0", 18.04: "7.2", 20.04: "7.4", 22.04: "8.1", 24.04: "8.3",
            },
        },
    ),
)  # fmt: skip
#: What there is of PHP without a version in its name.
_PHP = frozenset(
    (
        "bcmath", "bz2", "cgi", "cli", "common", "curl", "dev", "fpm", "gd", "gmp", "intl", "ldap",
        "mbstring", "mysql", "odbc", "pgsql", "readline", "soap", "sqlite3", "tidy", "xml", "zip",
    )
)  # fmt: skip
#: What may bring other packages, or other releases' ones.
_REPOSITORIES = (
    "sources.list", "/etc/apt", "apt-add-repository", "add-apt-repository", "dpkg ", "deb [",
    "/etc/apk", "nodesource", "sury", "| bash", "| sh", "|bash", "|sh", "| sudo", "extrepo",
    "bash -", "pgdg", "deadsnakes", "snapshot.debian",
)  # fmt: skip
_APT = ("apt-get", "apt", "aptitude")


class RemovedPackage:
    """A package that is asked for and is not there; `instead` is empty where nothing replaces it.

    `is_moving` tells that the release is what the image's name stands for today.
    """

    __slots__ = ("argument", "call", "instead", "is_moving", "name", "release")

    def __init__(
        self, argument: Argument, call: Invocation, release: Release, is_moving: bool, instead: str
    ) -> None:
        self.argument = argument
        self.name = argument.value or ""
        self.call = call
        self.release = release
        self.is_moving = is_moving
        self.instead = instead


def removed_packages(
    model: SemanticModel, programs: Iterable[Program], text: str
) -> Iterator[RemovedPackage]:
    """List the packages in installations that the base's release does not have."""
    bases: dict[Stage, tuple[str, Release | None]] = {}
    for program in programs:
        stage = model.stage_of(program.instruction)
        if stage is None or program.occurrence.is_trigger:
            continue
        known = bases.get(stage)
        if known is None:
            image = first_base(stage)
            known = bases[stage] = (image, release_of(image))
        image, release = known
        if release is None or release.family not in ("Debian", "Ubuntu", "Alpine"):
            continue
        tools = ("apk",) if release.family == "Alpine" else _APT
        for call in program.invocations_of(*tools):
            gone = _gone(call, release)
            if gone and is_mentioned_before(stage, call.call_span.end, text, _REPOSITORIES):
                break
            for argument, instead in gone:
                is_moving = moves(image)
                yield RemovedPackage(argument, call, release, is_moving, instead)


def _gone(call: Invocation, release: Release) -> list[tuple[Argument, str]]:
    """The packages of an installation that the release does not have, with what to write."""
    if call.verb not in ("install", "add") or call.tool is None:
        return []
    if call.option("-X", "--repository") is not None:
        return []
    gone: list[tuple[Argument, str]] = []
    for one in call.operands:
        instead = replacement(one.value or "", release)
        if instead is not None:
            gone.append((one, instead))
    return gone


@lru_cache(maxsize=2048)
def replacement(name: str, release: Release) -> str | None:
    """What to write for a package that a release does not have; None for one that it may have."""
    if release.family == "Alpine":
        row = _rows(_APK).get(name)
        return row[-1] if row is not None and release.version >= _version(row[0]) else None
    row = _rows(_DEB).get(name)
    if row is not None:
        first = row[0] if release.family == "Debian" else row[1]
        if first != "-" and release.version >= _version(first):
            return "" if row[2] == "-" else row[2]
        return None
    newest_with = (12,) if release.family == "Debian" else (24, 4)
    if name.startswith("python-") and release.version >= newest_with:
        module = name.removeprefix("python-")
        return f"python3-{module}" if module in _PYTHON2 else None
    for start, pattern, plain, versions in _VERSIONS:
        found = pattern.get().match(name) if name.startswith(start) else None
        if found is not None:
            there = versions[release.family].get(float(release.number))
            is_gone = there is not None and found[1] not in there.split()
            return unversioned(name, found[1], plain) if is_gone else None
    return None


def unversioned(name: str, version: str, plain: str) -> str:
    """The package that stands for the version that there is; `plain` if there is no such one."""
    if plain == "python3":
        return plain if name.endswith("-distutils") else name.replace(version, "3")
    if plain == "postgresql":
        other = name.removesuffix(f"-{version}")
        return f"{other}-all" if other.endswith("-dev") else other
    extension = name.partition("-")[2]
    return f"php-{extension}" if extension in _PHP else plain


@cache
def _rows(table: str) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for line in table.strip().splitlines():
        name, *row = line.split()
        found[name] = row
    return found


def _version(number: str) -> tuple[int, ...]:
    return tuple(int(part) for part in number.split("."))
