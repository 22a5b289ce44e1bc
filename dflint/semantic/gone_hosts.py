"""Hosts and addresses from which nothing can be fetched any more. As of 2026-01-01."""

from __future__ import annotations

from dflint.text.contains import contains_any
from dflint.text.lazy_pattern import LazyPattern

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from dflint.semantic.programs import Program
    from dflint.text.span import Span

#: A text that an address has, and what it looks like; since when, as far as is known; and what to
#: do.
_GONE = (
    ("bintray", r"(?<![\w.-])dl\.bintray\.com", "2021-05", "take where the project publishes now"),
    ("dockerproject", r"(?:apt|yum)\.dockerproject\.org", "2020-03", "take download.docker.com"),
    ("git://github", r"git://github\.com", "2022-03", "write `https://`"),
    (
        "maven",
        r"http://(?:repo1\.maven\.org|repo\.maven\.apache\.org)",
        "2020-01",
        "write `https://`",
    ),
    ("maven", r"central\.maven\.org", "2020-01", "take https://repo1.maven.org/maven2"),
    ("webupd8team", r"ppa:webupd8team/java", "2019-04", "install openjdk"),
    ("oracle-java", r"oracle-java[678]-installer", "2019-04", "install openjdk"),
    ("cloudera", r"archive\.cloudera\.com", "2021-01", "it wants a subscription"),
    ("taobao", r"registry\.npm\.taobao\.org", "2024-01", "take https://registry.npmmirror.com"),
    ("kubernetes", r"(?:apt|yum)\.kubernetes\.io", "2024-03", "take pkgs.k8s.io"),
    (
        "kubernetes",
        r"packages\.cloud\.google\.com/\S*kubernetes-",
        "2024-03",
        "take pkgs.k8s.io",
    ),
    ("centos.org", r"mirrorlist\.centos\.org", "2024-06", "take vault.centos.org"),
    (
        "fedoraproject",
        r"dl\.fedoraproject\.org/pub/epel/[567]/",
        "2024-06",
        "take archives.fedoraproject.org",
    ),
    (
        "googlecode",
        r"[\w.-]*\.googlecode\.com/",
        "2016-01",
        "take where the project is now",
    ),
    ("codehaus", r"(?<![\w-])codehaus\.org", "2015-05", "take where the project is now"),
    (
        "dropboxusercontent",
        r"dl\.dropboxusercontent\.com/u/",
        "2017-09",
        "take where the file is now",
    ),
    ("rubyforge", r"(?<![\w-])rubyforge\.org", "2014-05", "take rubygems.org"),
    ("repoforge", r"(?:pkgs|apt)\.repoforge\.org", "2016", "take EPEL"),
    ("sw.be", r"(?:pkgs|apt)\.sw\.be", "2016", "take EPEL"),
)
#: One of these stands in every such address.
MARKS = tuple(dict.fromkeys(mark for mark, *_ in _GONE))
_ALL = tuple((mark, LazyPattern(form), since, advice) for mark, form, since, advice in _GONE)

#: Addresses that stay what they are at another place.
_MOVED = (
    ("git://github.com/", "https://github.com/"),
    ("http://repo1.maven.org/", "https://repo1.maven.org/"),
    ("http://repo.maven.apache.org/", "https://repo.maven.apache.org/"),
    ("http://central.maven.org/maven2", "https://repo1.maven.org/maven2"),
    ("https://central.maven.org/maven2", "https://repo1.maven.org/maven2"),
    ("http://registry.npm.taobao.org", "https://registry.npmmirror.com"),
    ("https://registry.npm.taobao.org", "https://registry.npmmirror.com"),
    (
        "http://dl.fedoraproject.org/pub/epel/",
        "https://archives.fedoraproject.org/pub/archive/epel/",
    ),
    (
        "https://dl.fedoraproject.org/pub/epel/",
        "https://archives.fedoraproject.org/pub/archive/epel/",
    ),
)

#: What tells that a text goes into a list of repositories.
_LISTS = ("deb ", "sources.list", "baseurl")


class GoneHost:
    """An address in a command: its text, where it stands, since when it leads nowhere."""

    __slots__ = ("advice", "since", "span", "text")

    def __init__(self, text: str, span: Span, since: str, advice: str) -> None:
        self.text = text
        self.span = span
        self.since = since
        self.advice = advice


def find_gone(
    text: str, rows: Iterable[tuple[str, LazyPattern, str, str]] = _ALL
) -> tuple[str, str, str] | None:
    """The part of a text that is such an address, since when, and what to do."""
    for mark, pattern, since, advice in rows:
        found = pattern.get().search(text) if mark in text else None
        if found is not None:
            return found[0], since, advice
    return None


def moved_address(text: str) -> tuple[int, int, str] | None:
    """The part of a text that is to be another address, and that; None where it is not known."""
    for old, new in _MOVED:
        at = text.find(old)
        if at >= 0:
            return at, at + len(old), new
    return None


def _has_alternative(text: str, end: int) -> bool:
    """Whether something else is tried when the command that ends there fails."""
    return text[end:].lstrip(" \t\r\n\\)").startswith("||")


def gone_hosts(programs: Iterable[Program]) -> Iterator[GoneHost]:
    """List the words of commands in which such an address stands, but for what is only printed."""
    for program in programs:
        script = program.script
        rows = [row for row in _ALL if row[0] in script.text]
        if not rows:
            continue
        marks = [mark for mark, *_ in rows]
        for command in script.commands:
            if not contains_any(command.text, marks):
                continue
            is_text = command.program in ("echo", "printf", "sed", "grep")
            if is_text and not any(one in command.text for one in _LISTS):
                continue
            if _has_alternative(script.text, command.end):
                continue
            for word in command.arguments:
                found = find_gone(word.text, rows)
                if found is not None:
                    text, since, advice = found
                    yield GoneHost(text, word.span, since, advice)
