"""How well the audit of sizes predicts what a clean-up saves.

    python -m tests.verify.sizes [--cases 50] [--seed 1]

makes Dockerfiles over a local base of steps that leave behind what an image does not need: package
lists and caches, documentation, a repository, files that a later step deletes or writes anew, and
copies for another mode or owner; and beside each the same without. Both are built. Printed are
how many bytes of the layers' archives the audit gives to an instruction and a class, and how far
what it predicts is from what the clean Dockerfile saves of the contents of files. The exit status
is 1 where a byte is given to none, or a prediction is 2 % off.
"""

from __future__ import annotations

import argparse
import io
import random
import shutil
import sys
import tarfile
import tempfile
from pathlib import Path

from dflint.build.request import BuildRequest, NamedContext
from dflint.build.session import BuildSession
from dflint.layer.writer import write_tar
from dflint.verify.audit.size import audit_size
from dflint.verify.image.verifier import silence

#: Steps that leave something behind, with those that do not. `{0}` is a number of bytes, `{1}` a
#: name that no other step has.
PAIRS = {
    "package lists": (
        "RUN mkdir -p /var/lib/apt/lists /usr/lib/{1} && head -c {0} /bin/busybox > "
        "/var/lib/apt/lists/{1} && echo {1} > /usr/lib/{1}/main",
        "RUN mkdir -p /var/lib/apt/lists /usr/lib/{1} && echo {1} > /usr/lib/{1}/main",
    ),
    "package cache of apt": (
        "RUN mkdir -p /var/cache/apt/archives && head -c {0} /bin/busybox > "
        "/var/cache/apt/archives/{1}.deb && head -c 900 /bin/busybox > /usr/bin/{1}",
        "RUN mkdir -p /var/cache/apt/archives && head -c 900 /bin/busybox > /usr/bin/{1}",
    ),
    "cache of pip": (
        "RUN mkdir -p /root/.cache/pip/http && head -c {0} /bin/busybox > /root/.cache/pip/http/{1}"
        " && echo > /{1}.py",
        "RUN echo > /{1}.py",
    ),
    "cache of npm": (
        "RUN mkdir -p /root/.npm/_cacache && head -c {0} /bin/busybox > /root/.npm/_cacache/{1} && "
        "mkdir -p /app/node_modules && echo > /app/node_modules/{1}",
        "RUN mkdir -p /app/node_modules && echo > /app/node_modules/{1}",
    ),
    "cache of apk": (
        "RUN mkdir -p /var/cache/apk && head -c {0} /bin/busybox > /var/cache/apk/{1} && "
        "echo > /{1}",
        "RUN echo > /{1}",
    ),
    "documentation": (
        "RUN mkdir -p /usr/share/doc/{1} /usr/share/man/man1 && "
        "head -c {0} /bin/busybox > /usr/share/doc/{1}/changelog && "
        "head -c {0} /bin/busybox > /usr/share/man/man1/{1}.1 && "
        "echo c > /usr/share/doc/{1}/copyright",
        "RUN mkdir -p /usr/share/doc/{1} && echo c > /usr/share/doc/{1}/copyright",
    ),
    "repository": (
        "RUN mkdir -p /src/{1}/.git/objects && "
        "head -c {0} /bin/busybox > /src/{1}/.git/objects/pack && echo code > /src/{1}/main.c",
        "RUN mkdir -p /src/{1} && echo code > /src/{1}/main.c",
    ),
    "temporary files": (
        "RUN head -c {0} /bin/busybox > /tmp/{1} && cp /tmp/{1} /opt-{1}",
        "RUN head -c {0} /bin/busybox > /opt-{1}",
    ),
    "deleted later": (
        "RUN mkdir /d-{1} && head -c {0} /bin/busybox > /d-{1}/archive && "
        "wc -c /d-{1}/archive > /{1}\n"
        "RUN rm -r /d-{1}",
        "RUN echo '{0} /d-{1}/archive' > /{1}",
    ),
    "one of two deleted": (
        "COPY big small /c-{1}/\nRUN rm /c-{1}/big",
        "COPY small /c-{1}/",
    ),
    "written anew": (
        "RUN head -c {0} /bin/busybox > /{1}\nRUN tail -c {0} /bin/busybox > /{1}",
        "RUN tail -c {0} /bin/busybox > /{1}",
    ),
    "appended to": (
        "RUN head -c {0} /bin/busybox > /{1}\nRUN echo more >> /{1}",
        "RUN head -c {0} /bin/busybox > /{1} && echo more >> /{1}",
    ),
    "directory in the place of a file": (
        "RUN head -c {0} /bin/busybox > /{1}\nRUN rm /{1} && mkdir /{1} && echo > /{1}/x",
        "RUN mkdir /{1} && echo > /{1}/x",
    ),
    "chmod": (
        "COPY big /{1}\nRUN chmod 700 /{1}",
        "COPY --chmod=700 big /{1}",
    ),
    "chown": (
        "COPY big small /o-{1}/\nRUN chown -R 5:60 /o-{1}",
        "COPY --chown=5:60 big small /o-{1}/",
    ),
    "chmod twice": (
        "COPY big /{1}\nRUN chmod 700 /{1}\nRUN chmod 755 /{1}",
        "COPY --chmod=755 big /{1}",
    ),
    "chmod, then deleted": (
        "COPY big /{1}\nRUN chmod 700 /{1}\nRUN rm /{1}",
        "RUN true",
    ),
    "touched": (
        "RUN head -c {0} /bin/busybox > /{1}\nRUN touch -d '2020-01-01 00:00' /{1}",
        "RUN head -c {0} /bin/busybox > /{1} && touch -d '2020-01-01 00:00' /{1}",
    ),
    "hard links": (
        "RUN mkdir /h-{1} && head -c {0} /bin/busybox > /h-{1}/a && ln /h-{1}/a /h-{1}/b\n"
        "RUN rm -r /h-{1}",
        "RUN true",
    ),
    "nothing": ("RUN head -c {0} /bin/busybox > /keep-{1}",) * 2,
}  # fmt: skip


def cases(count, seed):
    """So many pairs of Dockerfiles, with the kinds of what is in them."""
    chance = random.Random(seed)
    names = list(PAIRS)
    for number in range(count):
        kinds = [names[number % len(names)], *chance.sample(names, chance.randrange(0, 4))]
        both = ["FROM busybox\n", "FROM busybox\n"]
        for at, kind in enumerate(dict.fromkeys(kinds)):
            size = chance.randrange(30_000, 400_000)
            for side in (0, 1):
                both[side] += PAIRS[kind][side].format(size, f"n{number}-{at}") + "\n"
        yield kinds, *both


def archived(image):
    """The bytes of the archives of an image's layers, and those of the files in them."""
    total = inside = 0
    for number, tree in enumerate(image.trees):
        stream = io.BytesIO()
        total += write_tar(tree, image.trees[:number], stream).size
        stream.seek(0)
        with tarfile.open(fileobj=stream) as archive:
            inside += sum(member.size for member in archive if member.isreg())
    return total, inside


def judged(session, before, after):
    """The archives of both images, the bytes that are counted of the first, and the needless."""
    image = session.build(before, silence())
    shares = audit_size(image, before)
    counted = sum(one.size for one in shares)
    needless = sum(one.size for one in shares if one.is_needless)
    return archived(image), archived(session.build(after, silence())), counted, needless


def request(place, layout):
    """What is built with, over a context with two files."""
    context = Path(place) / "sizes"
    context.mkdir()
    (context / "big").write_bytes(bytes(range(256)) * 800)
    (context / "small").write_bytes(b"small\n")
    named = NamedContext("busybox", f"oci-layout://{layout}")
    store = str(Path(place) / "store")
    return BuildRequest(context=str(context), named_contexts=(named,), store=store)


def main():
    parser = argparse.ArgumentParser(description="how well the audit of sizes predicts savings")
    parser.add_argument("--cases", type=int, default=50)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    from dflint.kernel.userns import enter_mount_namespace
    from dflint.testing.images import busybox_root, write_layout

    enter_mount_namespace()
    place = tempfile.mkdtemp(prefix="dflint-sizes-")
    near = whole = 0
    farthest = packed = 0.0
    try:
        cache = str(Path(__file__).resolve().parents[2] / ".cache" / "busybox")
        write_layout(busybox_root(f"{place}/root", cache), f"{place}/busybox")
        with BuildSession(request(place, f"{place}/busybox")) as session:
            for kinds, before, after in cases(given.cases, given.seed):
                old, new, counted, needless = judged(session, before, after)
                saved = [one - other for one, other in zip(old, new, strict=True)]
                off, whole_off = (abs(needless - one) / max(one, 1) for one in reversed(saved))
                farthest, packed = max(farthest, off), max(packed, whole_off)
                near += off <= 0.02
                whole += counted == old[0]
                if off > 0.02 or counted != old[0]:
                    print(f"  {kinds}: {counted} of {old[0]} bytes, {needless} for {saved[1]}")
    finally:
        shutil.rmtree(place, ignore_errors=True)
    print(f"{whole} of {given.cases} with all bytes of their layers given to a class")
    print(f"{near} of {given.cases} predicted within 2 %, the farthest {farthest:.2%} off")
    print(f"beside what whole archives get smaller by, headers and all, at most {packed:.2%} off")
    return int(near < given.cases or whole < given.cases)


if __name__ == "__main__":
    sys.exit(main())
