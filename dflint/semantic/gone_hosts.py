"""Hosts and addresses from which nothing can be fetched any more. As of 2026-01-01."""

from __future__ import annotations

import re

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from dflint.semantic.programs import Program
    from dflint.text.span import Span

#: What an address looks like; since when, as far as is known; and what to do.
_GONE = (
    (r"(?<![\w.-])dl\.bintray\.com", "2021-05", "take where the project publishes now"),
    (r"(?:apt|yum)\.dockerproject\.org", "2020-03", "take download.docker.com"),
    (r"git://github\.com", "2022-03", "write `https://`"),
    (r"http://(?:repo1\.maven\.org|repo\.maven\.apache\.org)", "2020-01", "write `https://`"),
    (r"central\.maven\.org", "2020-01", "take https://repo1.maven.org/maven2"),
    (r"ppa:webupd8team/java", "2019-04", "install openjdk"),
    (r"oracle-java[678]-installer", "2019-04", "install openjdk"),
    (r"archive\.cloudera\.com", "2021-01", "it wants a subscription"),
    (r"registry\.npm\.taobao\.org", "2024-01", "take https://registry.npmmirror.com"),
    (r"(?:apt|yum)\.kubernetes\.io", "2024-03", "take pkgs.k8s.io"),
    (r"packages\.cloud\.google\.com/\S*kubernetes-", "2024-03", "take pkgs.k8s.io"),
    (r"mirrorlist\.centos\.org", "2024-06", "take vault.centos.org"),
    (r"dl\.fedoraproject\.org/pub/epel/[567]/", "2024-06", "take archives.fedoraproject.org"),
    (r"[\w.-]*\.googlecode\.com/", "2016-01", "take where the project is now"),
    (r"(?<![\w-])codehaus\.org", "2015-05", "take where the project is now"),
    (r"dl\.dropboxusercontent\.com/u/", "2017-09", "take where the file is now"),
    (r"(?<![\w-])rubyforge\.org", "2014-05", "take rubygems.org"),
    (r"(?:pkgs|apt)\.(?:repoforge\.org|sw\.be)", "2016", "take EPEL"),
)
_ALL = tuple((re.compile(pattern), since, advice) for pattern, since, advice in _GONE)

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


def find_gone(text: str) -> tuple[str, str, str] | None:
    """The part of a text that is such an address, since when, and what to do."""
    for pattern, since, advice in _ALL:
        found = pattern.search(text)
        if found is not None:
            return found[0], since, advice
    return None


def _has_alternative(text: str, end: int) -> bool:
    """Whether something else is tried when the command that ends there fails."""
    return text[end:].lstrip(" \t\r\n\\)").startswith("||")


def gone_hosts(programs: Iterable[Program]) -> Iterator[GoneHost]:
    """List the words of commands in which such an address stands, but for what is only printed."""
    for program in programs:
        for command in program.script.commands:
            is_text = command.program in ("echo", "printf", "sed", "grep")
            if is_text and not any(one in command.text for one in _LISTS):
                continue
            if _has_alternative(program.script.text, command.end):
                continue
            for word in command.arguments:
                found = find_gone(word.text)
                if found is not None:
                    text, since, advice = found
                    yield GoneHost(text, word.span, since, advice)
