"""Where `pipefail` is turned on, and where that would end a build in which nothing is wrong."""

from __future__ import annotations

import pytest

from dflint.lint.document import Document
from dflint.lint.fix import Applicability
from dflint.text.source import Source
from dflint_rules.pipefail import Pipefail

DEBIAN = "FROM debian:12\nRUN curl u | sh\n"


def level(text: str) -> str:
    """The level of the fix for the first finding."""
    findings = list(Pipefail().check(Document(Source("Dockerfile", text.encode()))))
    assert findings
    fix = findings[0].fix()
    return "none" if fix is None else fix.applicability.label


@pytest.mark.parametrize(
    "later",
    [
        "RUN cat big | sed 1q > f",
        "RUN cat big | sed -n '1p;q' > f",
        "RUN cat big | awk '/x/{print; exit}' > f",
        "RUN seq 1000000 | while read x; do break; done",
        "RUN cat f | dd of=x count=1",
        "RUN make | true",
        "RUN X=$(tar tf x | head -n1); echo $X",
        "RUN cat x | perl -ne 'print; last' > y",
        "RUN cat x | python3 -c 'import sys; print(sys.stdin.readline())'",
        "RUN cat x | grep foo > /dev/null",
        "RUN cat x | (read a; echo $a)",
        "RUN cat x | sudo head -1",
        "RUN cat x | jq -n 1",
        'RUN eval "cat x | head -1"',
        "RUN f() { cat x | head -1; }; f",
        "RUN if cat x | grep -q y; then z; fi",
        "RUN cat x | grep -q y || z",
        "RUN ! cat x | grep -q y",
        "RUN while true; do echo y; done | setup",
        "RUN ls | grep -v keep | xargs rm -rf",
        "RUN dpkg -l foo | awk '{print $2}'",
        "RUN diff a b | tee d",
        "RUN for i in a b; do [ -f $i ] && cat $i; done | sort",
        "RUN find / -name x | xargs rm -f",
        "RUN ls *.x 2>/dev/null | xargs rm -f",
        "CMD cat x | head -1",
        "HEALTHCHECK CMD curl -s u | grep -q ok",
    ],
)
def test_pipe_may_fail_for_nothing(later: str) -> None:
    assert level(f"{DEBIAN}{later}\n") == "none"


@pytest.mark.parametrize(
    "later",
    [
        "RUN seq 1000000 | while read x; do echo $x; done",
        'RUN cd "$(tar tf x | head -n1)"',
        "RUN cat x | head -n -1",
        "RUN cat x | perl -pe 's/a/b/' > y",
        "RUN cat x | python3 -c 'import sys,json; print(json.load(sys.stdin))'",
        "RUN find / -name x | xargs rm -f || true",
        "RUN (diff a b || true) | tee d",
        "RUN cat x | head -1; z",
        "RUN echo $V | cut -d. -f1 | grep -q x && y",
        "RUN bash -c 'cat x | head -1'",
        "RUN X=$(curl u | grep tag | cut -c1)",
        'RUN ["sh", "-c", "cat x | head -1"]',
        'SHELL ["/bin/sh", "-c"]\nRUN cat x | head -1',
        "FROM node\nRUN cat x | head -1",
    ],
)
def test_pipe_fails_for_a_reason(later: str) -> None:
    assert level(f"{DEBIAN}{later}\n") == "unsafe"


@pytest.mark.parametrize(
    "later",
    [
        'RUN echo "x; y\\n" > c',
        "RUN x $((RANDOM % 2))",
        "RUN echo 's/(a)/\\1/' > c",
        "RUN echo -e foo > c",
        'ENV M="a\\nb"\nRUN echo "$M" > c',
        "RUN printf '\\x41' > c",
        "ARG UID\nRUN useradd -u $UID x",
        "RUN UID=1000; useradd -u 1000 x",
        "ENV RANDOM=1\nRUN x $RANDOM",
        "ENV BASH_ENV=/f\nRUN x",
        "RUN rm -rf /var/{a,b}",
        "RUN for i in {1..3}; do x; done",
        'RUN if [ "$A" == b ]; then c; fi',
        "RUN cmd &> log",
        "RUN source x; y",
        'ENTRYPOINT echo "a\\nb"',
    ],
)
def test_bash_reads_it_otherwise(later: str) -> None:
    assert level(f"{DEBIAN}{later}\n") == "none"
    assert level(f"FROM fedora\nRUN curl u | sh\n{later}\n") == "unsafe"


@pytest.mark.parametrize(
    "later",
    [
        "ARG UID=1000\nRUN useradd -u $UID x",
        "RUN echo '\\d+' \"c:\\dir\"",
        "RUN find . -name '*.{a,b}' -exec rm {} \\;",
        "RUN bash -c 'source x; y' && nvm alias default 8",
        "RUN sh -c \"echo 'a\\nb'\"",
    ],
)
def test_bash_reads_it_alike(later: str) -> None:
    assert level(f"{DEBIAN}{later}\n") == "unsafe"


@pytest.mark.parametrize(
    ("head", "expected"),
    [
        ("FROM x", Applicability.DISPLAY),
        ("FROM docker:24", Applicability.DISPLAY),
        ("FROM bash", Applicability.DISPLAY),
        ("ARG B=debian\nFROM $B", Applicability.DISPLAY),
        ("ARG B=alpine\nFROM $B", Applicability.DISPLAY),
        ("ARG V=22\nFROM node:$V", Applicability.DISPLAY),
        ("ARG V=12\nFROM debian:$V", Applicability.UNSAFE),
        ("ARG R=r\nFROM $R/debian", Applicability.UNSAFE),
        ("ARG R=r/\nFROM ${R}alpine:3", Applicability.UNSAFE),
        ("ARG B=alpine\nFROM $B\nRUN apk add curl", Applicability.UNSAFE),
        ("ARG B=debian\nFROM $B\nRUN apt-get update", Applicability.UNSAFE),
        ("FROM arm64v8/debian", Applicability.UNSAFE),
        ("FROM x\nRUN /bin/bash y", Applicability.UNSAFE),
        ("FROM x\nRUN if y; then bash z; fi", Applicability.DISPLAY),
        ("FROM x:bookworm", Applicability.UNSAFE),
        ("ARG V=22\nFROM node:$V-bookworm", Applicability.UNSAFE),
        ("FROM nvidia/cuda:12.0.0-base-ubi9", Applicability.UNSAFE),
        ("FROM mcr.microsoft.com/dotnet/sdk:8.0-jammy-chiseled", Applicability.DISPLAY),
        ("FROM cimg/base:current\nRUN apt-get update", None),
        ('FROM x\nSHELL ["/bin/bash", "-c"]', Applicability.UNSAFE),
        ('FROM x\nSHELL ["/bin/ash", "-e", "-c"]', Applicability.UNSAFE),
    ],
)
def test_shell_is_known(head: str, expected: Applicability | None) -> None:
    assert level(f"{head}\nRUN curl u | sh\n") == (expected.label if expected else "none")


def test_trigger_runs_with_the_shell_at_the_end() -> None:
    assert level('FROM debian\nONBUILD RUN echo "a\\nb"\nRUN curl u | sh\n') == "none"


def test_bash_is_called_as_the_file_does() -> None:
    (finding,) = Pipefail().check(Document(Source("Dockerfile", b"FROM x\nRUN curl u | bash\n")))
    fix = finding.fix()
    assert fix is not None
    assert fix.applicability is Applicability.UNSAFE
    assert fix.edits[0].text == 'SHELL ["bash", "-o", "pipefail", "-c"]\n'
