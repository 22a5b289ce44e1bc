"""Why two builds of one file differ at a path: from what is there, and from what made it."""

from __future__ import annotations

import os
import re
import time
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass

_DAY = 86_400
_EPOCH = re.compile(rb"(?<!\d)1\d{9}(?!\d)")
_UUID = re.compile(rb"[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}")
_RANDOM = re.compile(rb"[0-9A-Fa-f]{8,}|[0-9A-Za-z+/]{12,}")
_NUMBER = re.compile(rb"\d+")
_DATES = ("%b %d", "%Y-%m-%d", "%Y%m%d", "%H:%M")


@dataclass(frozen=True, slots=True)
class Cause:
    """Why something differs, and what to do about it; `advice` is empty where nothing is known."""

    text: str
    advice: str = ""


UNKNOWN = Cause("its content differs")
HOSTNAME = Cause("the name of the host is in it", "leave it out, or write a name that stays")
MADE_UP = Cause("a name that is made up", "give it a name that stays, or remove it in its step")
ONE_ONLY = Cause("it is there in one build only")
PROCESSORS = Cause("the number of processors is in it", "write a number that stays")
CLOCK = Cause(
    "the time of the build is in it", "take the time from `SOURCE_DATE_EPOCH`, or leave it out"
)
RANDOM = Cause("random letters or digits are in it", "make it when a container starts")
ORDER = Cause("the order of its words differs", "sort it")

#: Causes that the path tells, the instruction having written it.
_PATHS = (
    (r"/var/cache/ldconfig/aux-cache\Z", "the cache of ldconfig has inodes and times in it",
     "rm -f /var/cache/ldconfig/aux-cache"),
    (r"\.py[co]\Z", "byte code has the time of its source in it",
     "ENV PYTHONDONTWRITEBYTECODE=1, or `python -m compileall --invalidation-mode unchecked-hash`"),
    (r"/var/lib/apt/lists/", "the package lists are those of the moment",
     "rm -rf /var/lib/apt/lists/*"),
    (r"/machine-id\Z", "the id of a machine is made up", "leave the file empty"),
    (r"/etc/ssh/ssh_host_", "the keys of a host are made up", "make them when a container starts"),
    (r"/(?:shadow|shadow-)\Z", "the day of the last change of a password is in it",
     "chage -d 0 USER"),
    (r"/var/log/", "a log has times in it", "remove it in its step"),
    (r"/(?:npm|yarn|pip|\.cache)[\w./-]*/_?(?:logs|cacache)/", "a cache has times in it",
     "remove it in its step, or mount a cache"),
)  # fmt: skip
#: Causes that need the command to be told: a pattern of the instruction, and of what differs.
_COMMANDS = (
    (r"(?<!&)&(?!&|>)|\bxargs\b.* -P|\bparallel\b|\bmake\b.* -j", "order",
     "the order in which commands ran beside one another", "sort what they write"),
    (r"\bfind\b|\bls -\w*[fU]|\breaddir\b|\bscandir\b|\blistdir\b|\bglob\b|\btar\b|\bdu\b", "order",
     "the order of the names in a directory", "sort them: `| sort`, `tar --sort=name`"),
    (r"\benv\b|\bprintenv\b|\bexport -p\b|\bset\b", "order", "the order of variables", "| sort"),
    (r"boot_id", "", "the id of the boot is in it", "leave it out"),
    (r"\buuid(?:gen)?\b|random/uuid", "uuid", "a UUID that is made up is in it",
     "write one that stays"),
    (r"\bmktemp\b", "word", "a name that `mktemp` made up is in it",
     "name the file, and leave its name out"),
    (r"\$RANDOM|\$\{RANDOM|/dev/u?random|\brand\b|\bshuf\b|\bssh-keygen\b|\bgenrsa\b|random", "any",
     "random letters or digits are in it", "make it when a container starts"),
    (r"\$\$|\$\{?PPID|\bgetpid\b|\$!|/proc/self\b(?!/)", "number",
     "the number of a process is in it", "leave it out"),
    (r"/proc/uptime|\buptime\b|/proc/loadavg", "number", "how long the host has run is in it",
     "leave it out"),
    (r"\bfree\b|/proc/meminfo|MemFree|MemAvailable", "number", "the memory of the host is in it",
     "leave it out"),
    (r"\bdf\b|\bstatfs?\b -f", "number", "the free room of the disk is in it", "leave it out"),
    (r"\bls -\w*i|%i\b|\binode", "number", "the number of an inode is in it", "leave it out"),
    (r"/sys/class/net|\bip (?:link|addr)|\bifconfig\b", "any",
     "an address of a network card is in it", "leave it out"),
    (r"\bnproc\b|_NPROCESSORS|cpu_count|/proc/cpuinfo|\blscpu\b", "number",
     "the number of processors is in it", "write a number that stays"),
    (r"\bstat\b|\bls -\w*l", "any", "the times of files are in it", "leave them out"),
)  # fmt: skip
_KINDS: dict[str, Callable[[bytes, bytes], bool]] = {
    "": lambda one, other: True,
    "any": lambda one, other: True,
    "uuid": lambda one, other: bool(set(_UUID.findall(one)) ^ set(_UUID.findall(other))),
    "word": lambda one, other: sorted(one.split()) != sorted(other.split()),
    "number": lambda one, other: _NUMBER.sub(b"", one) == _NUMBER.sub(b"", other),
    "order": lambda one, other: _is_other_order(one, other),
}


def cause_of(path: str, command: str, one: bytes, other: bytes, names: tuple[str, str]) -> Cause:
    """Why two contents of a path differ that a command has written.

    `names` are those of the hosts.
    """
    first, second = (name.encode() for name in names)
    if first in one and second in other:
        return HOSTNAME
    found = next((Cause(*rest) for pattern, *rest in _PATHS if re.search(pattern, path)), None)
    found = found or _packed(one, other) or _of_command(_writer(command, path), one, other)
    if found is None and _has_processors(one, other):
        return PROCESSORS
    return found or _of_command(command, one, other) or _of(one, other)


def _writer(command: str, path: str) -> str:
    """The commands of a script that name a path."""
    parts = re.split(r"&&|;|\n", command)
    return "; ".join(one for one in parts if path in one)


def _of_command(command: str, one: bytes, other: bytes) -> Cause | None:
    is_clock = _has_clock(one, other)
    for pattern, kind, text, advice in _COMMANDS:
        if is_clock and kind not in ("uuid", "word", "order"):
            continue
        if re.search(pattern, command) and _KINDS[kind](one, other):
            return Cause(text, advice)
    return None


def _of(one: bytes, other: bytes) -> Cause:
    """What the contents alone tell."""
    if _is_other_order(one, other):
        return ORDER
    if _has_clock(one, other):
        return CLOCK
    return RANDOM if set(_RANDOM.findall(one)) ^ set(_RANDOM.findall(other)) else UNKNOWN


def _packed(one: bytes, other: bytes) -> Cause | None:
    """What archives have in their headers."""
    if one[:2] == other[:2] == b"\x1f\x8b":
        if one[4:8] != other[4:8] and one[8:] == other[8:]:
            return Cause("the time in the header of gzip", "gzip -n")
        return Cause("what is packed differs, as the times of files do", _TAR)
    if one[257:262] == other[257:262] == b"ustar":
        return Cause("the times of files in a tar archive", _TAR)
    if one[:4] == other[:4] == b"PK\3\4":
        return Cause("the times of files in a zip archive", "zip -X, with times that stay")
    if one[:8] == other[:8] == b"!<arch>\n":
        return Cause("the times of members in an ar archive", "ar D")
    return None


_TAR = "tar --sort=name --mtime=@$SOURCE_DATE_EPOCH --owner=0 --group=0 | gzip -n"


def _is_other_order(one: bytes, other: bytes) -> bool:
    return one != other and sorted(one.split()) == sorted(other.split())


def _has_clock(one: bytes, other: bytes) -> bool:
    now = time.time()
    for data in (one, other):
        if any(abs(int(found) - now) < _DAY for found in _EPOCH.findall(data)):
            return True
    words = [time.strftime(form, time.gmtime(now)).encode() for form in _DATES]
    words.append(str(time.gmtime(now).tm_year).encode())
    return any(word in one and word in other for word in words)


def _has_processors(one: bytes, other: bytes) -> bool:
    count = str(len(os.sched_getaffinity(0))).encode()
    return count != b"1" and one.replace(count, b"1", 1) == other


_LISTS = re.compile(r"\bfind\b|\bls -\w*[fU]|\btar\b|readdir|scandir|listdir|\bglob\b|\bdu\b")
_NAMES = 3


def lists_names(command: str, data: bytes, names: Collection[bytes]) -> Cause | None:
    """The cause, if a command has written names of files as a directory happens to have them.

    Other disks have them in another order. `names` are those of all files and folders.
    """
    if not _LISTS.search(command) or re.search(r"\bsort", command) or b"\0" in data:
        return None
    lines = [one.rstrip(b"/") for one in data.splitlines() if b"/" in one]
    known = [one for one in lines if one.rpartition(b"/")[2] in names]
    is_list = len(known) == len(lines) > _NAMES and lines != sorted(lines)
    return (
        Cause("the order of the names in a directory", "sort them: `| sort`") if is_list else None
    )


@dataclass(frozen=True, slots=True)
class HostValue:
    """A value of this host that no other has: in a file, it differs on the next one."""

    value: bytes
    cause: Cause


def host_values() -> Iterator[HostValue]:
    """What of this host a build may write down."""
    for value, text in (
        (os.uname().release, "the release of the host's kernel is in it"),
        (os.uname().version, "the version of the host's kernel is in it"),
        (_first(r"\A(\S+)", "/proc/sys/kernel/random/boot_id"), "the id of the boot is in it"),
        (_first(r"MemTotal:\s*(\d+)", "/proc/meminfo"), "the memory of the host is in it"),
        (_first(r"model name\s*:\s*(.+)", "/proc/cpuinfo"), "the model of the processor is in it"),
        (_first(r"\A(\w{32})", "/etc/machine-id"), "the id of the machine is in it"),
        (os.uname().nodename, "the name of the host is in it"),
    ):
        if len(value) >= 6:
            yield HostValue(value.encode(), Cause(text, "leave it out, or write what stays"))


def _first(pattern: str, path: str) -> str:
    try:
        with open(path, encoding="utf-8", errors="replace") as file:
            found = re.search(pattern, file.read(1 << 16))
    except OSError:
        return ""
    return found[1].strip() if found else ""
