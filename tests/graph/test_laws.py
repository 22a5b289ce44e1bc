"""What the digest of a build depends on, and what not."""

from __future__ import annotations

import random
import re

import pytest

from tests.graph.test_lowering import graph
from tests.verify.mutants import TEMPLATES

FILES = {file.stem: file.read_text() for file in sorted(TEMPLATES.glob("*.Dockerfile"))}


def relaid(text, seed):
    """The text with other comments, blank lines, case of keywords and line ends."""
    chance = random.Random(seed)
    escape = "`" if text.startswith("# escape=`") else "\\"
    lines: list[str] = []
    continued, terminators = False, []
    for line in text.split("\n"):
        if terminators:
            lines.append(line)
            if line.strip("\t") == terminators[0]:
                terminators.pop(0)
            continue
        if continued and line.lstrip().startswith("#"):
            lines.append(line)
            continue
        if not continued and not re.match(r"# \w+=", line):
            lines += chance.choice(([], ["# a comment"], ["", "  # another"], ["  "]))
            line = re.sub(r"^(?:ONBUILD )?\w+ ", lambda found: chance.choice(
                (found[0], found[0].lower(), found[0].title(), found[0] + " ")), line)  # fmt: skip
            line = chance.choice(("", "", "  ", "\t")) + line
            if not line.strip():
                line = ""
        terminators = re.findall(r"<<-?'?(\w+)'?", line)
        continued = line.endswith(escape)
        lines.append(line + (chance.choice(("", "  ", "\t")) if continued else ""))
        if continued and chance.random() < 0.3:
            lines += chance.choice((["# within"], [""], ["   # within", ""]))
    return "\n".join(lines)


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize("seed", range(8))
def test_digest_does_not_depend_on_the_layout(name, seed):
    text = FILES[name]
    other = relaid(text, seed)

    assert other != text
    assert graph(other).digest == graph(text).digest


@pytest.mark.parametrize("name", [name for name in FILES if name != "heredocs"])
def test_digest_does_not_depend_on_line_ends(name):
    assert graph(FILES[name].replace("\n", "\r\n")).digest == graph(FILES[name]).digest


SAME = (
    ("ENV a b", "ENV a=b"),
    ("ENV a b c", 'ENV a="b c"'),
    ("ENV a=b\nENV c=d", "ENV c=d a=b"),
    ('ENV a="b"', "ENV a='b'"),
    ("LABEL a=b c=d", "LABEL c=d\nLABEL 'a'=b"),
    ("EXPOSE 80 81", "EXPOSE 81/tcp\nEXPOSE 80"),
    ("EXPOSE 80-82", "EXPOSE 80 81 82"),
    ("VOLUME /a /b", 'VOLUME ["/b", "/a"]'),
    ('CMD ["a","b"]', 'CMD [ "a", "\\u0062" ]'),
    ("COPY a b", 'COPY ["a", "b"]'),
    ("COPY a/ ./b .", "COPY /a b ./"),
    ("COPY --chmod=0644 a b", "COPY --chmod=644 a b"),
    ("COPY --link a b", "COPY --link=true a b"),
    ("HEALTHCHECK --interval=60s CMD x", "HEALTHCHECK --interval=1m CMD x"),
    ("RUN --network=default x", "RUN x"),
    ("RUN --mount=type=bind,src=/a,dst=/b x", "RUN --mount=source=a,target=/b x"),
    ("RUN <<A\nx\nA", "RUN <<'B'\nx\nB"),
    ("CMD a\nCMD b", "CMD b"),
    ("ENV x=1\nRUN echo $x", "ENV x=1\nRUN echo $x  "),
    ("LABEL a=1\nRUN x\nEXPOSE 80", "RUN x\nEXPOSE 80\nLABEL a=1"),
)
DIFFERENT = (
    ("RUN a", "RUN b"),
    ("RUN a b", 'RUN ["a", "b"]'),
    ("RUN a  b", "RUN a b"),
    ("RUN a\nRUN b", "RUN b\nRUN a"),
    ("RUN a\nRUN b", "RUN a && b"),
    ("RUN a\nRUN a", "RUN a"),
    ("RUN --network=none a", "RUN a"),
    ("RUN --security=insecure a", "RUN a"),
    ("RUN --mount=type=cache,target=/a x", "RUN --mount=type=cache,target=/b x"),
    ("RUN --mount=type=cache,target=/a x", "RUN --mount=type=cache,id=b,target=/a x"),
    ("RUN --mount=type=secret,id=a x", "RUN --mount=type=secret,id=a,required x"),
    ("RUN --mount=type=tmpfs,target=/a x", "RUN --mount=type=tmpfs,size=1g,target=/a x"),
    ("RUN --mount=target=/a x", "RUN --mount=target=/a,rw x"),
    ("RUN <<A\n#!/bin/bash\nA", "RUN <<B\n#!/bin/bash\nB"),
    ("RUN <<A\n#!/bin/sh\nA", "RUN <<A\n#!/bin/bash\nA"),
    ("RUN cat <<A\nx\nA", "RUN cat <<'A'\nx\nA"),
    ("ENV a=b", "ENV a=c"),
    ("ENV a=b", "ENV b=b"),
    ("ENV a=b", ""),
    ("ENV a b=c", "ENV a=b=d"),
    ("ENV a=1\nRUN x", "RUN x\nENV a=1"),
    ("ENV a=$b", "ENV a="),
    ("ENV a=$b", "ENV a=$c"),
    ("ENV a=\\$b", "ENV a=$b"),
    ("ENV a='$b'", 'ENV a="$b"'),
    ('ENV a="b  c"', 'ENV a="b c"'),
    ("ARG a=1\nRUN x", "ARG a=2\nRUN x"),
    ("ARG a=1\nRUN x", "ARG b=1\nRUN x"),
    ("ARG a=1\nRUN x", "RUN x"),
    ("ARG a=1\nRUN x", "RUN x\nARG a=1"),
    ("ARG a\nRUN x", "ARG a=\nRUN x"),
    ("ARG a=1\nENV b=$a", "ARG a=1\nENV b=1"),
    ("ARG a=1", ""),
    ("ARG a=1\nRUN x", "ENV a=1\nRUN x"),
    ("USER a\nRUN x", "RUN x\nUSER a"),
    ("USER a", "USER b"),
    ("USER a:b", "USER a"),
    ("USER a", ""),
    ("WORKDIR /a", "WORKDIR a"),
    ("WORKDIR /a/", "WORKDIR /a"),
    ("WORKDIR /a\nRUN x", "RUN x\nWORKDIR /a"),
    ("WORKDIR /a", "WORKDIR /A"),
    ("WORKDIR a\nWORKDIR b", "WORKDIR b\nWORKDIR a"),
    ("USER x\nWORKDIR /a", "WORKDIR /a\nUSER x"),
    ("COPY a b", "ADD a b"),
    ("COPY a b", "COPY a b/"),
    ("COPY a b c/", "COPY b a c/"),
    ("COPY a b", "COPY a /b"),
    ("COPY --chown=a a b", "COPY a b"),
    ("COPY --chmod=644 a b", "COPY a b"),
    ("COPY --link a b", "COPY a b"),
    ("COPY --parents a b", "COPY a b"),
    ("COPY --exclude=x a b", "COPY a b"),
    ("COPY --from=x a b", "COPY a b"),
    ("COPY --from=x a b", "COPY --from=y a b"),
    ("COPY <<A b\nx\nA", "COPY <<A b\ny\nA"),
    ("COPY <<A b\n$x\nA", "COPY <<'A' b\n$x\nA"),
    ("COPY <<A b\nx\nA", "COPY <<B b\nx\nB"),
    ("ADD --unpack=false a b", "ADD a b"),
    ("ADD https://e.com/a b", "ADD https://e.com/b b"),
    ("ADD --checksum=sha256:1 https://e.com/a b", "ADD https://e.com/a b"),
    ("ADD --keep-git-dir https://e.com/a.git b", "ADD https://e.com/a.git b"),
    ("CMD a", 'CMD ["a"]'),
    ("CMD a", "CMD b"),
    ("CMD a", "ENTRYPOINT a"),
    ("CMD a", ""),
    ("CMD []", ""),
    ("ENTRYPOINT a\nCMD b", "CMD b"),
    ('SHELL ["a"]\nRUN x', "RUN x"),
    ('SHELL ["a"]\nRUN x', 'RUN x\nSHELL ["a"]'),
    ("LABEL a=b", "LABEL a=c"),
    ("LABEL a=b", "LABEL a=b c=d"),
    ("EXPOSE 80", "EXPOSE 80/udp"),
    ("VOLUME /a", "VOLUME /b"),
    ("STOPSIGNAL SIGINT", "STOPSIGNAL SIGTERM"),
    ("MAINTAINER a", "MAINTAINER b"),
    ("MAINTAINER a", "LABEL maintainer=a"),
    ("HEALTHCHECK CMD a", "HEALTHCHECK NONE"),
    ("HEALTHCHECK --interval=1s CMD a", "HEALTHCHECK CMD a"),
    ("HEALTHCHECK --retries=1 CMD a", "HEALTHCHECK --retries=2 CMD a"),
    ("HEALTHCHECK CMD a", 'HEALTHCHECK CMD ["a"]'),
    ("ONBUILD RUN a", "ONBUILD RUN b"),
    ("ONBUILD RUN a", "RUN a"),
    ("ONBUILD RUN a", ""),
)


@pytest.mark.parametrize(("one", "other"), SAME)
def test_two_ways_to_say_the_same_have_one_digest(one, other):
    first, second = graph(f"FROM debian\n{one}\n"), graph(f"FROM debian\n{other}\n")
    # The text of a RUN is part of the builder's cache key, to the blank.
    assert first.digest == second.digest


@pytest.mark.parametrize(("one", "other"), DIFFERENT)
def test_what_a_builder_tells_apart_has_two_digests(one, other):
    assert graph(f"FROM debian\n{one}\n").digest != graph(f"FROM debian\n{other}\n").digest


WHOLE = (
    ("# check=error=true\nFROM a\n", "# check=skip=all\nFROM a\n"),
    ("FROM a\n", "FROM b\n"),
    ("FROM a:1\n", "FROM a:2\n"),
    ("FROM --platform=linux/arm64 a\n", "FROM a\n"),
    ("# syntax=x\nFROM a\n", "FROM a\n"),
    ("ARG A=1\nFROM a:$A\n", "ARG A=2\nFROM a:$A\n"),
    ("ARG A=1\nFROM a:$A\n", "FROM a:1\n"),
    ("ARG A=1\nFROM a\n", "FROM a\n"),
    ("FROM a AS x\n", "FROM a AS y\n"),
    ("FROM a AS x\nRUN y\nFROM x\n", "FROM a AS x\nFROM x\nRUN y\n"),
    (
        "FROM a AS x\nRUN a\nFROM b\nCOPY --from=x / /\n",
        "FROM a AS x\nRUN b\nFROM b\nCOPY --from=x / /\n",
    ),
    ("FROM a AS x\nARG V=1\nFROM x\nRUN y\n", "FROM a AS x\nFROM x\nARG V=1\nRUN y\n"),
)


@pytest.mark.parametrize(("one", "other"), WHOLE)
def test_what_stands_around_the_steps_counts_too(one, other):
    assert graph(one).digest != graph(other).digest


def test_a_change_of_metadata_leaves_every_vertex():
    one = graph("FROM a\nLABEL x=1\nRUN y\nCMD z\n")
    other = graph("FROM a\nRUN y\nEXPOSE 80\nCMD q\n")

    assert [each.digest for each in one.vertices] == [each.digest for each in other.vertices]
    assert one.digest != other.digest


def test_a_digest_covers_all_inputs():
    one = graph("FROM a AS x\nRUN 1\nFROM b\nRUN --mount=from=x,target=/x y\n")
    other = graph("FROM a AS x\nRUN 2\nFROM b\nRUN --mount=from=x,target=/x y\n")

    assert one.stages[1].steps[0].op.definition == other.stages[1].steps[0].op.definition
    assert one.stages[1].last.digest != other.stages[1].last.digest
