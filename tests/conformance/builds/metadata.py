"""Instructions that only say something of the image."""

from __future__ import annotations

import json

from tests.conformance.builds.case import Draw
from tests.conformance.builds.words import VALUES, Scope, word

_KEYS = ("A", "B", "VERSION", "LONG_NAME", "x1", "PATHPART", "PATH", "HOME")


def environment(draw: Draw, scope: Scope) -> str:
    """ENV in either form."""
    if draw.chance(0.2):
        name = draw.pick(_KEYS[:5])
        scope.add(name)
        draw.use("ENV: old form")
        return f"ENV {name} {draw.pick(('some words', 'a  b', word(draw, scope)))}"
    names = draw.some(_KEYS, 1, 3)
    pairs = [f"{name}={_value(draw, scope, name)}" for name in names]
    for name in names:
        scope.add(name)
    draw.use(f"ENV: {'one' if len(names) == 1 else 'several'}")
    return "ENV " + " ".join(pairs)


def _value(draw: Draw, scope: Scope, name: str) -> str:
    if name == "PATHPART":
        return draw.pick(("part", "p1", "seg.ment"))
    if name == "PATH":
        return draw.pick(("$PATH:/opt/bin", "/opt/bin:${PATH}", '"$PATH"'))
    if name == "HOME":
        return draw.pick(("/root", "/home/u", "/tmp"))
    if draw.chance(0.4):
        return draw.pick(VALUES)
    return word(draw, scope)


def argument(draw: Draw, scope: Scope, known: dict[str, str]) -> str:
    """ARG with a default, of a global one, of one from outside, or of one that nobody sets."""
    if draw.chance(0.3):
        draw.use("ARG: inherited or predefined")
        name = draw.pick(
            ("GLOBAL", "TARGETARCH", "TARGETPLATFORM", "BUILDPLATFORM", "TARGETOS", "TARGETVARIANT",
             "HTTP_PROXY", "TARGETSTAGE", "NOBODY", "OUTSIDE", "BUILDOS")
        )  # fmt: skip
        scope.add(name)
        return f"ARG {name}"
    names = draw.some(("X", "Y", "VERSION", "W"), 1, 2)
    if len(names) > 1:
        draw.use("ARG: several")
    words = [name if draw.chance(0.15) else f"{name}={word(draw, scope)}" for name in names]
    for name in names:
        scope.add(name)
        if draw.chance(0.25):
            draw.use("ARG: --build-arg")
            known.setdefault(name, draw.pick(VALUES))
    return "ARG " + " ".join(words)


def label(draw: Draw, scope: Scope) -> str:
    keys = draw.some(
        ("org.example.a", "version", '"quoted key"', "k", "com.x/y", "$A", "k-2"), 1, 3
    )
    draw.use(f"LABEL: {'one' if len(keys) == 1 else 'several'}")
    if draw.chance(0.1):
        draw.use("LABEL: old form")
        return f"LABEL {keys[0]} some text"
    return "LABEL " + " ".join(f"{key}={word(draw, scope)}" for key in keys)


def expose(draw: Draw, scope: Scope) -> str:
    del scope
    ports = draw.some(
        ("80", "443/tcp", "53/udp", "8000-8003", "9000-9001/udp", "132/sctp", "80/TCP", "7", "80",
         "127.0.0.1:90:91", "92:93", "${PORT:-85}", "$NONE", "1000-1002:2000-2002")
    , 1, 4)  # fmt: skip
    if any("-" in one for one in ports):
        draw.use("EXPOSE: range")
    draw.use("EXPOSE")
    return "EXPOSE " + " ".join(ports)


def volume(draw: Draw, scope: Scope) -> str:
    if draw.chance(0.4):
        draw.use("VOLUME: list")
        return draw.pick(('VOLUME ["/v1", "/v 2"]', 'VOLUME ["$A", "/v3/"]', 'VOLUME ["/data"]'))
    draw.use("VOLUME: words")
    paths = draw.some(("/data", "/v3", "rel", "/v$A", "/v3/", f"/{word(draw, scope)}"), 1, 2)
    return "VOLUME " + " ".join(paths)


_EXEC = (
    ["sh"], ["/bin/echo", "a b"], ["sh", "-c", "echo $HOME"], [], ["a\\b", 'q"q'], ["é", "\t<&>"],
    ["/bin/sh", "-c", "exec $0", ""],
)  # fmt: skip
_SHELL = (
    "echo hello", "exec top -b", 'echo "a  b" $HOME', "a && b | c > d", "['single']", "[ 1 = 1 ]",
    '["a", b]', "é <&> 'x'", '["a" "b"]', "true;  ",
)  # fmt: skip


def _form(draw: Draw, keyword: str) -> str:
    if draw.chance(0.5):
        draw.use(f"{keyword}: exec form")
        words = draw.pick(_EXEC)
        text = json.dumps(words, ensure_ascii=draw.chance(0.5))
        return text.replace(", ", draw.pick((", ", ",", " ,  ")))
    draw.use(f"{keyword}: shell form")
    return draw.pick(_SHELL)


def command(draw: Draw, scope: Scope) -> str:
    del scope
    return f"CMD {_form(draw, 'CMD')}"


def entrypoint(draw: Draw, scope: Scope) -> str:
    del scope
    return f"ENTRYPOINT {_form(draw, 'ENTRYPOINT')}"


def health(draw: Draw, scope: Scope) -> str:
    del scope
    if draw.chance(0.2):
        draw.use("HEALTHCHECK: NONE")
        return "HEALTHCHECK NONE"
    flags = draw.some(
        ("--interval=30s", "--timeout=1m30s", "--start-period=1.5s", "--retries=3", "--retries=0",
         "--start-interval=250ms", "--interval=0s", "--timeout=1h", "--start-period=2h45m")
    , 0, 3)  # fmt: skip
    names = [one.partition("=")[0] for one in flags]
    flags = [one for at, one in enumerate(flags) if names[at] not in names[:at]]
    draw.use("HEALTHCHECK: CMD")
    if flags:
        draw.use("HEALTHCHECK: flags")
    form = draw.pick(("CMD curl -f localhost || exit 1", 'CMD ["curl", "-f", "x"]', "CMD true"))
    return " ".join(["HEALTHCHECK", *flags, form])


def stop_signal(draw: Draw, scope: Scope) -> str:
    del scope
    draw.use("STOPSIGNAL")
    return "STOPSIGNAL " + draw.pick(
        ("SIGTERM", "9", "SIGRTMIN+3", "term", "sigint", "${SIG:-SIGQUIT}", "HUP")
    )


def maintainer(draw: Draw, scope: Scope) -> str:
    del scope
    draw.use("MAINTAINER")
    return draw.pick(("MAINTAINER Some One <a@b.c>", "MAINTAINER $A", "maintainer x  y"))


def shell(draw: Draw, scope: Scope) -> str:
    del scope
    draw.use("SHELL")
    return draw.pick(
        ('SHELL ["/bin/sh", "-ec"]', 'SHELL ["/bin/ash", "-xc"]',
         'SHELL ["/bin/busybox","sh","-c"]', 'SHELL ["/bin/sh", "-c"]')
    )  # fmt: skip


METADATA = {
    environment: 6,
    label: 3,
    expose: 2,
    volume: 1,
    command: 3,
    entrypoint: 2,
    health: 2,
    stop_signal: 1,
    maintainer: 1,
    shell: 1,
}
