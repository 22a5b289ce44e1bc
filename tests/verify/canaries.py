"""Leaks that `dflint audit secrets` has to find, and builds in which there is none.

    python -m tests.verify.canaries [--clean N] [--fix]

builds each, and prints how many leaks are found, and how many are told where there is none. With
`--fix` it also mends what it finds, and prints how many leaks are proved to be gone, and the reason
of each that stays.
"""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
from pathlib import Path

from dflint.build.request import NamedContext
from dflint.build.session import BuildSession
from dflint.lint.document import Document
from dflint.text.source import Source
from dflint.verify.audit.secret_proof import mend_secrets
from dflint.verify.audit.secrets import audit_secrets
from tests.verify import image_mutants

USE = "RUN --mount=type=secret,id=key "
KEY = "$(cat /run/secrets/key)"
GET = "cat /run/secrets/key"
ARG = "ARG TOKEN\n"
#: Instructions that give `TOKEN`, `key` or a file of the context away.
LEAKS = {
    "argument in a RUN": ARG + "RUN echo $TOKEN > /dev/null",
    "argument in a file": ARG + "RUN echo $TOKEN > /t",
    "argument in ENV": ARG + "ENV A=$TOKEN",
    "argument in LABEL": ARG + "LABEL a=$TOKEN",
    "argument in part of a label": ARG + 'LABEL a="https://user:$TOKEN@example.org"',
    "argument in CMD": ARG + "ENV T=$TOKEN\nCMD serve $T",
    "argument in EXPOSE's history": ARG + "RUN true",
    "argument in a name": ARG + "RUN touch /$TOKEN",
    "argument in a folder's name": ARG + "RUN mkdir /d-$TOKEN",
    "argument in a link": ARG + "RUN ln -s /tmp/$TOKEN /l",
    "argument in a heredoc": ARG + "COPY <<E /t\ntoken=$TOKEN\nE",
    "argument in WORKDIR": ARG + "WORKDIR /w/$TOKEN",
    "argument in an address": ARG + "RUN mkdir -p /a/.git && echo url=https://x:$TOKEN@h/r "
    "> /a/.git/config",
    "argument in an earlier stage": "FROM busybox AS one\nARG TOKEN\nRUN echo $TOKEN > /t\n"
    "FROM busybox\nCOPY --from=one /t /u",
    "mounted secret that is copied": USE + "cp /run/secrets/key /t",
    "removed in a later step": USE + "cp /run/secrets/key /t\nRUN rm /t",
    "written over": USE + "cp /run/secrets/key /t\nRUN echo > /t",
    "removed with its folder": USE + "mkdir /d && cp /run/secrets/key /d/t\nRUN rm -r /d",
    "in .netrc": USE + f'echo "machine h password {KEY}" > /root/.netrc',
    "in .npmrc": USE + f'echo "//h/:_authToken={KEY}" > /root/.npmrc',
    "in pip.conf": USE + f'mkdir -p /etc && echo "index-url=https://u:{KEY}@h" > /etc/pip.conf',
    "in a log": USE + f'echo "fetched with {KEY}" >> /var.log',
    "base64": USE + "base64 /run/secrets/key > /t",
    "base64 within text": USE + f'echo "user:{KEY}" | base64 > /t',
    "base64, broken into lines": USE + f'echo "{{a long text before it}}{KEY}" | base64 -w 20 > /t',
    "base64 twice": USE + f"{GET} | base64 | base64 > /t",
    "hexadecimal": USE + f"{GET} | hexdump -ve '1/1 \"%02x\"' > /t",
    "hexadecimal dump": USE + f"{GET} | od -An -tx1 > /t",
    "octal escapes": USE + f"{GET} | hexdump -ve '1/1 \"\\\\%03o\"' > /t",
    "gzip": USE + f"{GET} | gzip > /t",
    "gzip twice": USE + f"{GET} | gzip | gzip > /t",
    "base64 of gzip": USE + f"{GET} | gzip | base64 > /t",
    "tar": USE + "tar cf /t /run/secrets/key",
    "packed tar": USE + "tar czf /t.tgz /run/secrets/key",
    "behind a script": USE + f"{{ echo '#!/bin/sh'; {GET} | gzip; }} > /t",
    "uuencode": USE + f"{GET} | uuencode name > /t",
    "file of the context": "COPY . /app",
    "file that is secret by its name": "COPY .env /app/",
    "key of a host": "COPY id_rsa /root/.ssh/id_rsa",
    "settings of npm": "COPY .npmrc /root/",
    "settings of pip": "COPY pip.conf /etc/",
    "repository with a password": "COPY .git /app/.git",
    "settings of docker": "COPY config.json /root/.docker/",
    "text of the Dockerfile": "ENV API_TOKEN=q8dk2mz71xw93",
    "address in the Dockerfile": "RUN echo https://user:q8dk2mz71x@host.test.org/ > /t",
    "health check": "HEALTHCHECK CMD wget https://user:q8dk2mz71x@host.org/",
    "default of an argument": "ARG API_TOKEN=q8dk2mz71xw93\nRUN true",
    "zip": "COPY packed.zip /", "xz": "COPY packed.xz /", "bzip2": "COPY packed.bz2 /",
    "zstd": "COPY packed.zst /", "zlib, as git has it": "COPY object /",
    "UTF-16": "COPY wide.txt /", "URL encoding": "COPY url.txt /", "JSON": "COPY escaped.json /",
    "archive in an archive": "COPY nested.tar /",
    "across two blocks": "COPY long.txt /", "base32": "COPY base32.txt /",
    "numbers": "COPY numbers.txt /",
}  # fmt: skip
PASSWORD = "correct-horse-battery-staple"


def write_context(place):
    """Files that hold the password of `.env`, each in its way, and some that do not."""
    import base64
    import bz2
    import gzip
    import io
    import lzma
    import tarfile
    import zipfile
    import zlib
    from urllib.parse import quote

    text = f"MODE=x\nPASSWORD={PASSWORD}\n"
    data = text.encode()
    files = {
        ".env": data, "id_rsa": b"-----BEGIN\n" + base64.b64encode(b"key" * 20) + b"\n-----END\n",
        ".npmrc": b"registry=https://r\n//r/:_authToken=c0rrect4horse\n",
        "pip.conf": b"[global]\nindex-url = https://user:c0rrect4horse@host/simple\n",
        ".git/config": b'[remote "origin"]\nurl = https://me:c0rrect4horse@host/a.git\n',
        "config.json": b'{"auths": {"r": {"auth": "bWU6YzBycmVjdDRob3JzZQ=="}}}',
        "packed.xz": lzma.compress(data), "packed.bz2": bz2.compress(data),
        "object": zlib.compress(b"blob 9\0" + data), "wide.txt": text.encode("utf-16"),
        "url.txt": "".join(f"%{one:02x}" for one in data).encode(),
        "escaped.json": "".join(f"\\u{one:04x}" for one in data).encode(),
        "long.txt": b"-" * ((1 << 20) - 20) + data, "base32.txt": base64.b32encode(data),
        "numbers.txt": str(list(data)).encode(), "app.txt": b"application\n",
        "public/.npmrc": b"registry=https://registry.npmjs.org\n",
        ".env.example": b"PASSWORD=put-yours-here\n", "key.pub": b"ssh-ed25519 AAAA nobody\n",
        "quoted.txt": quote(text).encode(),
    }  # fmt: skip
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("inner/.env", text)
    files["packed.zip"] = packed.getvalue()
    nested = io.BytesIO()
    with tarfile.open(fileobj=nested, mode="w") as archive:
        member = tarfile.TarInfo("inner.gz")
        content = gzip.compress(data)
        member.size = len(content)
        archive.addfile(member, io.BytesIO(content))
    files["nested.tar"] = nested.getvalue()
    try:
        import zstandard

        files["packed.zst"] = zstandard.compress(data)
    except ImportError:
        files["packed.zst"] = data
    for name, content in files.items():
        path = Path(place) / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)


def clean(number):
    """Builds that use secrets and keep none."""
    texts = [
        "FROM busybox\n" + USE + "test -s /run/secrets/key && echo done > /done\n",
        "FROM busybox AS one\nARG TOKEN\nRUN echo $TOKEN > /t\nFROM busybox\nCOPY app.txt /\n",
        "FROM busybox\nCOPY app.txt key.pub public .env.example /app/\n",
        "FROM busybox\n" + USE + f"{GET} | sha256sum > /digest\n",
        "FROM busybox\nRUN head -c 200000 /dev/urandom | base64 > /r\n",
        "FROM busybox\nRUN head -c 100000 /dev/urandom | gzip > /r\n",
        "FROM busybox\nARG MODE=debug\nENV MODE=$MODE\nRUN echo $MODE > /m\n",
        "FROM busybox\nENV TOKEN_FILE=/run/secrets/key PASSWORD=$X\nRUN true\n",
    ]
    for at in range(number):
        yield f"{texts[at % len(texts)]}RUN echo {at} > /number\n"


def audited(session, request, text, place):
    """What the audit says of a build."""
    folder = tempfile.mkdtemp(dir=place)
    doc = Document(Source("Dockerfile", text.encode()))
    return audit_secrets(session, request, doc, folder)


def fixed(session, request, text, place):
    """What becomes of the leaks of a build that is mended, and what is found afterwards."""
    folder = tempfile.mkdtemp(dir=place)
    doc = Document(Source("Dockerfile", text.encode()))
    found = audit_secrets(session, request, doc, folder)
    _, mended, rest = mend_secrets(session, doc, found, folder)
    return mended, rest


def request(place, layout):
    """What the builds are asked for."""
    from dflint.build.request import BuildRequest

    context = Path(place) / "leaks"
    write_context(context)
    return BuildRequest(
        context=str(context),
        named_contexts=(NamedContext("busybox", f"oci-layout://{layout}"),),
        store=str(Path(place) / "store"),
    )


def dockerfile(leak):
    """The Dockerfile of a leak."""
    return f"FROM busybox\n{leak}\n"


def main():
    parser = argparse.ArgumentParser(description="how well leaks are found")
    parser.add_argument("--clean", type=int, default=100, help="how many clean builds to audit")
    parser.add_argument("--fix", action="store_true", help="mend what leaks, too")
    given = parser.parse_args()
    from dflint.kernel.userns import enter_mount_namespace
    from dflint.testing.images import busybox_root, write_layout

    enter_mount_namespace()
    place = tempfile.mkdtemp()
    try:
        cache = Path(image_mutants.__file__).resolve().parents[2] / ".cache" / "busybox"
        write_layout(busybox_root(f"{place}/root", str(cache)), f"{place}/busybox")
        wanted = request(place, f"{place}/busybox")
        found = alarms = gone = 0
        with BuildSession(wanted) as session:
            for name, leak in LEAKS.items():
                leaks = audited(session, wanted, dockerfile(leak), place).leaks
                found += bool(leaks)
                if not leaks:
                    print(f"  not found: {name}")
                elif given.fix:
                    mended, rest = fixed(session, wanted, dockerfile(leak), place)
                    gone += not rest.leaks
                    for one in mended if rest.leaks else ():
                        print(f"  {name}: {one}")
            print(f"{found} of {len(LEAKS)} leaks found", flush=True)
            if given.fix:
                print(f"{gone} of them mended, and proved to be gone", flush=True)
            for text in clean(given.clean):
                leaks = audited(session, wanted, text, place).leaks
                alarms += bool(leaks)
                for one in leaks:
                    print(f"  {one} of {text!r}")
            print(f"{alarms} of {given.clean} clean builds told")
    finally:
        shutil.rmtree(place, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main())
