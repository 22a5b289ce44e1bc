"""Wrong changes of settings, which the plan must not take for right ones.

    python -m tests.verify.metadata_mutants

prints how many there are, and those that the plan takes. Each is put to the plan under contracts
that do not allow it: none, those of fixes of all other instructions, and for what is checked more
closely (`words`, `moved`) the contract of its own instruction.
"""

from __future__ import annotations

import re
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from dflint.engine.context import context_of
from dflint.lint.contract import SAME_IMAGE, Contract, may_set
from dflint.lint.document import Document
from dflint.text.source import Source
from dflint.verify.image.proof import decided

TEXT = """\
ARG VERSION=1
FROM debian:12 AS build
MAINTAINER Jo Doe <jo@example.org>
ENV MODE=fast LEVEL="3 4"
LABEL org.example.name="one two" org.example.color=blue
WORKDIR /srv
RUN make $MODE
ADD app.txt folder /srv/
EXPOSE 80 443/tcp 53/udp
VOLUME /data /logs
USER games
STOPSIGNAL SIGINT
HEALTHCHECK --interval=5m --timeout=3s --retries=2 CMD wget -q localhost
SHELL ["/bin/bash", "-c"]
ONBUILD RUN make install
ENTRYPOINT ["/entry", "--flag", "a b"]
CMD serve --port 80
FROM debian:12
COPY --from=build /srv /srv
MAINTAINER "Al Roe"
LABEL org.example.name=three
ENV PATH=/opt/bin:$PATH
WORKDIR /opt
EXPOSE 8080
STOPSIGNAL 9
HEALTHCHECK NONE
ENTRYPOINT exec /entry --plain
CMD ["run", "all"]
"""
#: Patterns with what they become, by the keyword whose contract is kept from them.
CHANGES = (
    ("maintainer", r"Jo Doe", "Jo"),
    ("maintainer", r'"Al Roe"', "Al Roe Junior"),
    ("label", r"blue", "red"), ("label", r'"one two"', "one"), ("label", r"=three", "=four"),
    ("label", r"example\.color", "example.colour"), ("label", r" org\.example\.color=blue", ""),
    ("label", r"(?<==)three", "three org.example.more=5"), ("label", r'"one two"', '"one  two"'),
    ("label", r'"one two"', "'one $MODE'"),
    ("expose", r"443/tcp ", ""), ("expose", r"53/udp", "53"), ("expose", r"8080", "8081"),
    ("expose", r"8080", "8080 9090"), ("expose", r"8080", "8080-8081"),
    ("expose", r"443/tcp", "443/udp"), ("expose", r"8080", "$PORT"),
    ("stopsignal", r"SIGINT", "SIGTERM"), ("stopsignal", r"SIGNAL 9", "SIGNAL 15"),
    ("stopsignal", r"STOPSIGNAL 9\n", ""),
    ("healthcheck", r"5m", "5s"), ("healthcheck", r"--timeout=3s ", ""),
    ("healthcheck", r"retries=2", "retries=3"), ("healthcheck", r"-q ", ""),
    ("healthcheck", r"HEALTHCHECK NONE\n", ""), ("healthcheck", r"NONE", "CMD true"),
    ("healthcheck", r"CMD wget -q localhost", 'CMD ["wget", "-q", "localhost"]'),
    ("healthcheck", r"--interval=5m", "--start-interval=5m"),
    ("shell", r'"-c"', '"-ec"'), ("shell", r"bin/bash", "bin/sh"), ("shell", r"SHELL .*\n", ""),
    ("shell", r"(SHELL .*\n)(ONBUILD .*\n)", r"\2"),
    ("onbuild", r"make install", "make"), ("onbuild", r"ONBUILD .*\n", ""),
    ("onbuild", r"(ONBUILD .*\n)", r"\1\1"), ("onbuild", r"ONBUILD RUN", "ONBUILD COPY"),
    ("entrypoint", r'"--flag", ', ""), ("entrypoint", r'"a b"', '"a", "b"'),
    ("entrypoint", r"--plain", "--plainly"), ("entrypoint", r"exec /entry --plain", "/entry $X"),
    ("entrypoint", r'\["/entry", "--flag", "a b"\]', "/entry --flag a b"),
    ("entrypoint", r"ENTRYPOINT exec .*\n", ""),
    ("cmd", r"--port 80", "--port 81"), ("cmd", r"serve --port 80", "serve"),
    ("cmd", r"serve --port 80", '["serve", "--port 80"]'), ("cmd", r"serve", "serve all"),
    ("cmd", r'"run", "all"', '"all", "run"'), ("cmd", r'CMD \["run", "all"\]\n', ""),
    ("cmd", r'\["run", "all"\]', "run $ALL"), ("cmd", r'\["run", "all"\]', "run all && true"),
    ("env", r"fast", "slow"), ("env", r'"3 4"', "3"), ("env", r"opt/bin:", "opt/sbin:"),
    ("env", r":\$PATH", ""), ("env", r"LEVEL", "LEVELS"), ("env", r"ENV PATH.*\n", ""),
    ("env", r':\$PATH', r":\\$PATH"),
    ("volume", r" /logs", ""), ("volume", r"/data", "/date"), ("volume", r"VOLUME .*\n", ""),
    ("user", r"games", "daemon"), ("user", r"USER games\n", ""), ("user", r"games", "games:games"),
    ("user", r"(EXPOSE 8080\n)", r"\1USER games\n"), ("user", r"USER games", "USER $WHO"),
    ("workdir", r"/opt\n", "/opt2\n"), ("workdir", r"WORKDIR /opt\n", ""),
    ("workdir", r"/srv\n", "srv\n"), ("workdir", r"/opt\n", "opt\n"),
    ("arg", r"ARG VERSION=1", "ARG VERSION=2"), ("arg", r"(WORKDIR /opt)", r"ARG VERSION\n\1"),
    ("from", r"debian:12\nCOPY", "debian:13\nCOPY"), ("from", r"AS build", "AS builder"),
    ("from", r"FROM debian:12\nCOPY", "FROM build\nCOPY"),
    ("from", r"FROM d", "FROM --platform=linux/arm64 d"),
    ("run", r"make \$MODE", "make"), ("run", r"RUN make \$MODE\n", ""),
    ("run", r"make \$MODE", 'make "$MODE"'), ("run", r"RUN make", "RUN --network=none make"),
    ("run", r"(RUN make.*\n)(ADD.*\n)", r"\2\1"), ("run", r"(USER games\n)", r"\1RUN id\n"),
    ("add", r"app\.txt folder", "folder"), ("add", r"/srv/\n", "/srv/x/\n"),
    ("add", r"ADD ", "COPY --chown=games "), ("add", r"ADD ", "ADD --chmod=600 "),
    ("add", r"ADD app\.txt", "COPY packed.txt"),
    ("add", r"ADD app\.txt folder", "COPY folder app.txt"),
    ("copy", r"--from=build /srv", "--from=build /opt"), ("copy", r"/srv /srv\n", "/srv /serve\n"),
    ("copy", r"COPY --from=build", "COPY --link --from=build"), ("copy", r"--from=build ", ""),
    ("syntax", r"\AARG", "# syntax=docker/dockerfile:1\nARG"),
    ("check", r"\AARG", "# check=error=true\nARG"),
    ("escape", r"\AARG", "# escape=x\nARG"),
)  # fmt: skip
#: What may be set by fixes of each instruction, closely checked or not.
_MOVED = Contract(keys=(("author", "moved"), "Labels.org.opencontainers.image.authors"))
_CONTRACTS = {
    **{one: may_set(one) for one in (
        "cmd", "entrypoint", "expose", "healthcheck", "label", "onbuild", "shell", "stopsignal",
    )},
    "maintainer": _MOVED,
}  # fmt: skip
_CLOSE = ("cmd", "entrypoint", "maintainer")
_LABEL = "LABEL org.opencontainers.image.authors="
#: ADDs of which a COPY would do something else, or may.
_ADDS = (
    "packed.txt", "app.tar", "https://example.org/app.txt", "*.txt", "pack??.txt", "link",
    "$NAME", "app.txt packed.txt", "gone", "[a]pp.txt", "git@github.com:a/b.git",
    "--unpack packed.txt", "./folder/../packed.txt", "up/packed.txt",
)  # fmt: skip


@dataclass
class Mutant:
    """A wrong change, and the contract that does not allow it."""

    name: str
    before: str
    after: str
    contract: Contract

    def verdict(self, folder):
        """What the plan says, over a context in the folder; None when it leaves it to builds."""
        texts = document(self.before), document(self.after)
        return decided(*texts, self.contract, context_of(texts[1].source, str(folder)))


def document(text):
    """The document of a text."""
    return Document(Source("Dockerfile", text.encode()))


def mutants():
    """All wrong changes."""
    for at, (keyword, pattern, new) in enumerate(CHANGES):
        after = re.sub(pattern, new, TEXT, count=1, flags=re.MULTILINE)
        assert after != TEXT, pattern
        others = SAME_IMAGE
        for name, contract in _CONTRACTS.items():
            if name != keyword:
                others |= contract
        yield Mutant(f"{at} {keyword} without a contract", TEXT, after, SAME_IMAGE)
        yield Mutant(f"{at} {keyword} with those of others", TEXT, after, others)
        if keyword in _CLOSE:
            yield Mutant(f"{at} {keyword} with its own", TEXT, after, _CONTRACTS[keyword])
    yield from _moves()
    for word in _ADDS:
        before = f"FROM debian:12\nARG NAME=app.txt\nADD {word} /a/\n"
        after = before.replace("ADD", "COPY").replace("--unpack ", "")
        yield Mutant(f"ADD {word}", before, after, SAME_IMAGE)


def _moves():
    """Authors that get lost on their way to a label."""
    written = 'MAINTAINER "Al Roe"\n'
    for label in (
        "", f"{_LABEL}Al\n", f'{_LABEL}"Al  Roe"\n', f'{_LABEL}"al roe"\n', f'{_LABEL}"$X"\n',
        'LABEL maintainer="Al Roe"\n', 'LABEL org.opencontainers.image.author="Al Roe"\n',
        'MAINTAINER Al Roe\n', f'MAINTAINER Al\n{_LABEL}"Al Roe"\n', f'{_LABEL}"Al Roe" more=1\n',
        f'{_LABEL}"Al Roe"\nENV A=B\n', f'{_LABEL}"Al Roe"\nUSER games\n',
    ):  # fmt: skip
        yield Mutant(f"author to {label!r}", TEXT, TEXT.replace(written, label), _MOVED)


def write_context(folder):
    """Files, of which some are archives whatever they are called."""
    import io
    import tarfile

    folder = Path(folder)
    for name in ("folder", "up"):
        (folder / name).mkdir()
    (folder / "app.txt").write_text("text\n")
    data = io.BytesIO()
    with tarfile.open(fileobj=data, mode="w") as archive:
        archive.addfile(tarfile.TarInfo("inside"))
    for name in ("packed.txt", "app.tar", "up/packed.txt"):
        (folder / name).write_bytes(data.getvalue())
    (folder / "link").symlink_to("packed.txt")


def main():
    with tempfile.TemporaryDirectory() as folder:
        write_context(folder)
        found = list(mutants())
        taken = [one.name for one in found if one.verdict(folder) is not None]
    print(f"{len(found) - len(taken)} of {len(found)} wrong changes left to a build, or to people")
    for name in taken:
        print(f"  taken: {name}")


if __name__ == "__main__":
    sys.exit(main())
