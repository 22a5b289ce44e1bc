"""Mistakes: what has to be refused, or makes a build fail."""

from __future__ import annotations

from tests.conformance.builds.case import Draw

#: Lines that are put somewhere into a stage.
LINES = (
    "RNU true", "COPY a.txt", "COPY nosuch.txt /x/", "COPY a.txt b.conf /x", "ADD nosuch /x",
    "COPY --from=nosuch a /x", "COPY --from=99 a /x", "COPY --form=base a /x",
    "COPY --chown=nosuchuser:x --link a.txt /x/", "COPY --chmod=9999 a.txt /x/",
    "COPY --chmod=u+q a.txt /x/", "COPY --chmod= a.txt /c/", "COPY --link=maybe a.txt /x/",
    "COPY --chown a.txt /x/", "COPY", "ADD", "RUN", "ENV", "ENV A", "ENV =x", "ENV A=1 B", "LABEL",
    "LABEL a", "ARG", "ARG 1x=y", "ARG A B=1", "EXPOSE", "EXPOSE abc", "EXPOSE 80/foo", "EXPOSE 99999",
    "EXPOSE 90-80", "VOLUME", 'VOLUME [""]', "VOLUME []", "USER", "USER a b", "WORKDIR", 'WORKDIR ""',
    "WORKDIR a b", "STOPSIGNAL", "STOPSIGNAL NOSUCH", "STOPSIGNAL 99", "STOPSIGNAL a b", "SHELL",
    "SHELL /bin/sh", "SHELL []", "MAINTAINER", "ONBUILD", "ONBUILD FROM base", "ONBUILD ONBUILD RUN true",
    "ONBUILD MAINTAINER x", "ONBUILD NOSUCH x", "HEALTHCHECK", "HEALTHCHECK CMD", "HEALTHCHECK NONE x",
    "HEALTHCHECK --interval=x CMD true", "HEALTHCHECK --interval=-1s CMD true", "HEALTHCHECK RUN x",
    "HEALTHCHECK --retries=-1 CMD true", "HEALTHCHECK --retries=a CMD true", "HEALTHCHECK --foo=1 CMD x",
    "HEALTHCHECK --interval=1us CMD true", "CMD", "ENTRYPOINT", "CMD --x", "RUN --mount=type=nosuch true",
    "RUN --mount=type=bind true", "RUN --mount=type=cache true", "RUN --mount=foo=bar,target=/x true",
    "RUN --mount=type=bind,from=nosuch,target=/x true", "RUN --mount=type=tmpfs,target=/x,size=z true",
    "RUN --mount=type=secret,id=nosuch,required=true true", "RUN --mount=type=cache,target=/x,mode=9 true",
    "RUN --mount=type=cache,target=/x,sharing=none true", "RUN --network=nosuch true",
    "RUN --mount=type=bind,source=nosuch,target=/x true", "RUN --mount=type=secret,target=rel true",
    "RUN --mount=target=/x,source=src,foo true", "RUN --mount=type=cache,target=/ true",
    "RUN --network true", "RUN --nosuch=1 true", "RUN exit 3", "RUN false && true", 'RUN ["nosuchprogram"]',
    "RUN nosuchprogram", "RUN <<EOF", "COPY <<EOF /x", "RUN <<EOF\nexit 4\nEOF", "ENV A=${X:?is wanted}",
    "ENV A=${X", "ENV A=${}", "ENV A=${X!y}", "ENV A=\"open", "LABEL A='open", "WORKDIR ${A:?}", "USER $UNSET",
    "COPY $UNSET /x/", "WORKDIR $UNSET", "EXPOSE $UNSET", "STOPSIGNAL $UNSET", "VOLUME $UNSET",
    "COPY [\"a.txt\"] /x/", "COPY [\"a.txt\", 5]", "COPY a.txt $UNSET", "COPY --from=$UNSET a /x",
    "COPY --from= a.txt /x", "ADD --from=base a /x", "ADD --checksum=x a.txt /y",
    "COPY --exclude= a.txt /y", "COPY --exclude=[ src /y", "COPY [z-a] /x/", "COPY \\ /x/",
    "USER nosuchuser\nRUN true", "USER 1000:nosuchgroup\nRUN true", "USER games:staff\nWORKDIR /mine\nRUN id > o",
    "COPY src /etc/passwd", "COPY a.txt /etc/passwd/", "COPY a.txt /data/f/x", "WORKDIR /data/f",
    "RUN --mount=type=bind,source=a.txt,target=/data true", "FROM", "FROM base AS", "FROM base AS 1x",
    "FROM base AS a AS b", "FROM base x", "FROM BASE", "FROM --platform=nosuch/x/y/z base", "FROM ba se AS x",
    "FROM --platform= base", "FROM --platform=$UNSET base", "FROM $UNSET", "FROM base@sha256:12", "FROM base:",
    "FROM scratch AS scratch", "FROM --foo base", "INCLUDE x", "&& true", "FROM ${X:?no base}",
    "ONBUILD COPY --from=0 a b",
    "ENV a\\", "LABEL \"a\"=\"b", "ENV A=1 =2", "ARG A=${B:?no}", "RUN \\", "RUN []", "CMD []",
    "ENTRYPOINT [\"\"]", "RUN [\"\"]", "SHELL [\"\"]\nRUN true", "SHELL [\"nosuch\"]\nRUN true",
    "WORKDIR /a\x00b", "COPY a.txt /\ufffd/", "ENV \"A B\"=c", "ENV A =b", "LABEL a =b", "COPY . .. /x",
)  # fmt: skip

#: Whole files, or what is put before one.
_HEADS = (
    "", "# only a comment\n", "RUN true\n", "ENV A=b\nFROM base\n", "ARG A=${B:?no}\n", "# escape=x\n",
    "# escape=`\n# escape=\\\n", "# check=error=maybe\n", "ARG\n", "ARG A=\"\n", "# syntax\n",
    "ARG A=$A-$B\nFROM ${A}x\n", "ARG BASE\nFROM $BASE\n", "FROM scratch\n", "LABEL a=b\n",
    "FROM base AS x\nFROM base AS x\n", "FROM a AS a\n", "FROM base AS one\nCOPY --from=two / /\nFROM base AS two\n",
    "FROM base AS one\nCOPY --from=one / /\n", "FROM base AS b\nRUN --mount=from=c,target=/x true\nFROM b AS c\n",
)  # fmt: skip


def spoil(draw: Draw, lines: list[str]) -> list[str]:
    """The instructions with one mistake put into them."""
    if draw.chance(0.08):
        draw.use("mistake: head")
        head = draw.pick(_HEADS)
        return [head.rstrip("\n"), *(lines if draw.chance(0.5) else [])]
    mistake = draw.pick(LINES)
    draw.use(f"mistake: {mistake.split()[0]}")
    firsts = [at for at, one in enumerate(lines) if one.upper().startswith("FROM ")]
    at = draw.number((firsts or [0])[0] + 1, len(lines))
    return [*lines[:at], mistake, *lines[at:]]
