"""Wrong fixes that are easily overlooked: of attributes, links, settings, order and noise.

    python -m tests.verify.subtle_mutants

Each is a pair of Dockerfiles over `busybox` and `rich`, a base with files of every kind and all
settings. All are built, whatever their plans say; of those in `WRONG` none may be accepted, of
those in `RIGHT` all have to be. Prints which are not so; the exit status is 1 then.
"""

from __future__ import annotations

import shutil
import sys
import tempfile
from dataclasses import replace
from pathlib import Path

from dflint.build.request import NamedContext
from dflint.build.session import BuildSession
from dflint.verify.image.verifier import ImageVerifier
from tests.conformance.builds.bases import make_bases
from tests.verify import image_mutants

#: By what they are about: a Dockerfile in which `{}` stands for what is replaced, what stands there
#: before, and what wrong fixes write.
_WRONG = {
    "mode of a copied file": (
        "COPY {}a.txt /f",
        "--chmod=640 ",
        "",
        "--chmod=600 ",
        "--chmod=4640 ",
        "--chmod=u=rw,go=r ",
    ),
    "mode of a copied folder": ("COPY {}app /f", "--chmod=750 ", "", "--chmod=755 "),
    "mode by umask": ("RUN umask {} && mkdir /d && echo > /d/f", "027", "022", "077"),
    "mode of a link's target": ("RUN echo > /f && ln -s f /l && chmod {} /l", "600", "640", "644"),
    "special bits": (
        "RUN cp /bin/busybox /b && mkdir /d && chmod {} /b /d",
        "4755",
        "755",
        "2755",
        "1755",
        "6755",
    ),
    "owner of a copied file": (
        "COPY {}a.txt app /d/",
        "--chown=5:60 ",
        "",
        "--chown=5 ",
        "--chown=5:61 ",
        "--chown=60:5 ",
        "--chown=tty ",
    ),
    "owner of a link": ("RUN ln -s x /l && chown {} /l", "-h 7:8", "7", "-h 7"),
    "owner of a folder by WORKDIR": ("USER games\n{}WORKDIR /w/x", "", "USER root\n", "USER 3\n"),
    "owner of what a user makes": ("{}RUN echo > /tmp/f", "USER games\n", "", "USER games:tty\n"),
    "group by the directory": (
        "RUN mkdir /d && chgrp 50 /d && chmod {} /d && echo > /d/f",
        "2775",
        "775",
    ),
    "capability": (
        "COPY --from=rich /data/cap /f{}",
        "",
        "\nRUN cat /f > /g && mv /g /f && chmod 755 /f",
    ),
    "capability that chown takes": (
        "FROM rich\nRUN chown {} /data/cap",
        "-h root /data/link;:",
        "root",
        "5",
    ),
    "attribute": ("FROM rich\nRUN {}true", "", "cat /data/attr > /x && mv /x /data/attr && "),
    "hard link": ("RUN echo x > /a && {} /a /b", "ln", "cp", "cp -p", "ln -s"),
    "hard link of the base": (
        "FROM rich\nRUN {}true",
        "",
        "cp -p /data/hard-1 /x && mv /x /data/hard-1 && ",
    ),
    "hard link broken by a copy": (
        "RUN echo x > /a && ln /a /b{}",
        "",
        " && cp /a /c && mv /c /b",
        "\nRUN cp -p /a /c && mv /c /b",
    ),
    "target of a link": (
        "RUN mkdir /d && echo > /d/f && ln -s {} /d/l",
        "f",
        "/d/f",
        "./f",
        "../d/f",
        "g",
    ),
    "link for a folder": (
        "RUN {}",
        "mkdir -p /x/y && ln -s y /x/z",
        "mkdir -p /x/y /x/z",
        "mkdir -p /x/z && ln -s z /x/y",
    ),
    "empty folder": ("RUN mkdir -p /d/{}e/f && echo > /x", "", "e/", "\\."),
    "folder that a copy makes": ("COPY a.txt {}", "/made/deep/f", "/made/f", "/made/deep/f/"),
    "empty file": ("RUN {} /f", "touch", "mkdir", "echo >", "mkfifo", "ln -s x", ": #"),
    "device": ("RUN mknod /n {}", "c 1 3", "c 1 5", "b 1 3", "p"),
    "newline at the end": (
        "RUN {} > /f",
        "printf a",
        "printf 'a\\n'",
        "printf ' a'",
        "printf 'a '",
    ),
    "content of the same length": ("RUN echo {} > /f", "abcd", "abce", "Abcd", "bcda"),
    "byte in a large file": (
        "RUN cp /bin/busybox /f{}",
        "",
        " && printf x | dd of=/f bs=1 seek=500000 conv=notrunc 2>/dev/null",
        " && printf x >> /f",
        " && truncate -s -1 /f",
    ),
    "time that a program reads": (
        "RUN touch -d '2020-01-01 00:00' /a && touch -d '{}-01-01 00:00' /b && "
        "if [ /a -nt /b ]; then echo a; else echo b; fi > /c",
        "2019",
        "2021",
    ),
    "name of a file": ("RUN echo > '/{}'", "name", "Name", "name ", " name", ".name", "na\\tme"),
    "content of a volume": ("RUN mkdir /v && echo {} > /v/x\nVOLUME /v", "a", "b"),
    "written behind VOLUME": (
        "{}VOLUME /v\nRUN echo b >> /v/x",
        "COPY a.txt /v/x\n",
        "COPY b.txt /v/x\n",
        "",
    ),
    "volume": ("VOLUME {}", "/a /b", "/a", "/a /c", "/a/ /b", '["/a", "/b", "/c"]'),
    "user": ("USER {}", "games", "5", "games:games", "root", "Games", "60"),
    "user, then none": ("USER games\n{}", "", "USER root", "USER 0"),
    "working directory": ("WORKDIR {}", "/a", "/a/b", "/", "/A", "a/../a/./c"),
    "working directory, relative": ("WORKDIR /x\nWORKDIR {}", "y", "/y", "../y", "y/z"),
    "signal": ("STOPSIGNAL {}", "SIGQUIT", "SIGTERM", "SIGKILL", "3", "RTMIN+3"),
    "port": (
        "EXPOSE {}",
        "53/udp",
        "53",
        "53/tcp",
        "53/udp 53/tcp",
        "54/udp",
        "53/sctp",
        "53-54/udp",
    ),
    "check": (
        "HEALTHCHECK {}",
        "--interval=30s --timeout=3s --start-period=5s --retries=4 CMD true",
        "CMD true",
        "NONE",
        "--interval=30s --timeout=3s --start-period=5s CMD true",
        "--interval=30s --timeout=3s --retries=4 CMD true",
        "--interval=30s --start-period=5s --retries=4 CMD true",
        "--timeout=3s --start-period=5s --retries=4 CMD true",
        "--interval=31s --timeout=3s --start-period=5s --retries=4 CMD true",
        "--interval=30s --timeout=3s --start-period=5s --start-interval=1s --retries=4 CMD true",
        '--interval=30s --timeout=3s --start-period=5s --retries=4 CMD ["true"]',
        "--interval=30s --timeout=3s --start-period=5s --retries=4 CMD true ''",
    ),
    "no check": ("FROM rich\n{}", "", "HEALTHCHECK NONE", "HEALTHCHECK CMD rich"),
    "triggers": (
        "{}",
        "ONBUILD COPY a /a\nONBUILD RUN b",
        "ONBUILD RUN b\nONBUILD COPY a /a",
        "ONBUILD COPY a /a",
        "ONBUILD COPY a /a\nONBUILD RUN b\nONBUILD RUN b",
        "ONBUILD COPY a /a\nONBUILD RUN  b c",
        "ONBUILD ADD a /a\nONBUILD RUN b",
        "ONBUILD COPY a /a\nONBUILD USER b",
    ),
    "triggers of the base": ("FROM {}", "rich", "busybox"),
    "label": ('LABEL a="{}" b=2', "1", "", "1 ", "01", "$A", "\\\\1"),
    "label's name": ("LABEL {}=1", "a.b", "a-b", "A.b", "a.b.c", "b.a"),
    "labels that are given twice": ("LABEL a=1\n{}", "LABEL a=2", "", "LABEL b=2"),
    "labels of the base": ("FROM rich\nLABEL {}", "other=x", "rich=x", "version=x"),
    "variables in their order": (
        "ENV A=1\n{}",
        "ENV A=2 B=$A",
        "ENV A=2\nENV B=$A",
        "ENV B=$A",
        "ENV A=2 B=2",
    ),
    "variable that refers to itself": (
        "ENV P=/a\nENV P={}",
        "$P:/b",
        "/b:$P",
        "/b",
        "\\$P:/b",
        "$Q:/b",
    ),
    "blanks of a variable": ('ENV A="{}"', "x  y", "x y", " x  y", "x  y ", "x\\ty"),
    "variable of the base": ("FROM rich\nENV A={}", "1", "", "'of rich'"),
    "name of a variable": ("ENV {}=1", "A", "a", "A_", "B"),
    "unset variable": ("ENV A={}", "${X:-d}", "${X-}", "${X:+d}", "$X"),
    "shell": (
        "SHELL [{}]\nRUN false; echo x > /f\n",
        '"/bin/sh", "-c"',
        '"/bin/sh", "-xc"',
        '"/bin/ash", "-c"',
    ),
    "shell of a start": (
        "SHELL [{}]\nCMD a b",
        '"/bin/sh", "-ec"',
        '"/bin/sh", "-c"',
        '"/bin/ash", "-ec"',
    ),
    "start": (
        "{}",
        'CMD ["a", "b c"]',
        'CMD ["a", "b", "c"]',
        "CMD a b c",
        'CMD ["a"]',
        'CMD ["A", "b c"]',
        'CMD ["a", "b c", ""]',
        'ENTRYPOINT ["a", "b c"]',
        'CMD ["a", "b  c"]',
    ),
    "start in a shell": ("CMD {}", "a && b", "a & b", "a || b", "a; b", "exec a && b", "'a' && b"),
    "start by both": ("ENTRYPOINT {}\nCMD c", '["a"]', "a", '["a", "b"]', '["/a"]'),
    "start of the base": (
        "FROM rich\n{}",
        "",
        "CMD []",
        "ENTRYPOINT []",
        'ENTRYPOINT ["a"]',
        "CMD rich command",
    ),
    "start that ENTRYPOINT resets": (
        "{}",
        'CMD ["a"]\nENTRYPOINT ["b"]',
        'ENTRYPOINT ["b"]\nCMD []',
        'ENTRYPOINT ["b"]\nCMD ["c"]',
    ),
    "author": ("MAINTAINER {}", "me", "you", "me <me@x>", "Me"),
    "stage that is copied": (
        "FROM busybox AS a\nRUN echo 1 > /x\nFROM busybox AS b\nRUN echo 2 > /x\n"
        "FROM busybox\nCOPY --from={} /x /y",
        "a",
        "b",
        "1",
        "rich /data/f",
    ),
    "last stage": ("FROM busybox AS a\nRUN echo 1 > /x\nFROM {}", "a", "busybox", "rich"),
    "stages in another order": (
        "{}",
        "FROM busybox AS a\nRUN echo > /1\nFROM busybox AS b\nRUN echo > /2",
        "FROM busybox AS b\nRUN echo > /2\nFROM busybox AS a\nRUN echo > /1",
    ),
    "argument": ("ARG A={}\nRUN echo $A > /f", "1", "2", "", '"1 2"'),
    "argument of all stages": ("ARG A=1\nFROM busybox\nARG {}\nRUN echo .$A > /f", "A", "A=2", "B"),
    "archive": ("{} app.tar.gz /t/", "ADD", "COPY", "ADD --chown=5"),
    "link that is followed": ("RUN mkdir /d && ln -s d /l\nCOPY a.txt {}", "/l/", "/l2/", "/l/x"),
    "content of a folder": ("COPY {} /d/", "app", "app/data", "app/main.sh", "app a.txt", "app/*"),
    "folder over a folder": ("COPY app /d/\nCOPY {} /d/", "app/data", "app", "a.txt"),
    "ignored": (
        "COPY {}app /d/",
        "--exclude=data ",
        "",
        "--exclude=data/one.txt ",
        "--exclude=*.sh ",
    ),
    "removed with what is in it": (
        "RUN mkdir -p /d/e && echo > /d/e/f\nRUN rm -r /d/e{}",
        "",
        "/f",
        " /d",
        " && mkdir /d/e",
    ),
    "replaced by a folder": ("RUN echo > /d\nRUN rm /d{}", " && mkdir /d", "", " && echo > /d"),
    "opaque folder": (
        "FROM rich\nRUN rm -r /data/sub && mkdir /data/sub{}",
        "",
        " && echo > /data/sub/g",
        " && chmod 2775 /data/sub",
        "x",
    ),
    "order of commands": ("RUN {}", "echo a > /f && echo b >> /f", "echo b > /f && echo a >> /f"),
    "commands of which one fails": (
        "RUN {}",
        "false || echo a > /f",
        "false || true",
        "true || echo a > /f",
    ),
    "last of a pipe": ("RUN printf 'b\\na\\n' | {} > /f", "sort", "sort -r", "cat", "head -1"),
    "quotes": ("ENV X='a  b'\nRUN echo {} > /f", '"$X"', "$X", "'$X'", '"$X "'),
    "heredoc": (
        "RUN <<{}\necho $HOME \\$HOME > /f\nE",
        "E",
        "E ash -s x\necho > /g",
        "-E cat > /f",
    ),
    "copied heredoc": ("COPY <<{} /f\n\ta $X\nE", "E", "'E'", "-E", "E /g\nE\nCOPY <<E"),
    "mount": (
        "RUN {}cat /m/main.sh > /f 2>&1 || true",
        "--mount=type=bind,source=app,target=/m ",
        "",
        "--mount=type=tmpfs,target=/m ",
        "--mount=type=bind,source=app/data,target=/m ",
    ),
    "point of a mount": ("RUN --mount=type=tmpfs,target={} true", "/m", "/n mkdir /m &&"),
    "noise, and its mode": ("RUN date +%s%N > /f && chmod {} /f", "600", "644", "4600"),
    "noise, and its owner": ("RUN date +%s%N > /f && chown {} /f", "5", "6", "5:5"),
    "noise, and what stands beside it": (
        'RUN echo "{} $(date +%s%N)" > /f',
        "built",
        "Built",
        "built at",
        "",
    ),
    "noise, and lines": (
        "RUN {{ date +%s%N; echo a; echo b; }} > /f{}",
        "",
        " && sed -i /a/d /f",
        " && echo c >> /f",
        " && sed -i s/b/d/ /f",
    ),
    "noise of another kind": (
        "RUN {} > /f",
        "date +%s%N",
        "cat /proc/sys/kernel/random/uuid",
        "head -c 9 /dev/urandom | base64",
        "echo built",
        "date +%s%N | md5sum",
    ),
    "noise in names": (
        "RUN mkdir /d && cd /d && touch a-$(date +%s%N){}",
        "",
        " && rm a-*",
        " b",
        " && mkdir c",
        " && chmod 600 a-*",
    ),
    "noise in a long text": (
        "RUN {{ date +%s%N; i=0; while [ $i -lt 20000 ]; do i=$((i+1)); "
        'echo "line number $i"; done; }} > /f{}',
        "",
        " && sed -i 's/number 700$/number/' /f",
        " && sed -i '$d' /f",
    ),
    "noise in bytes of other sizes": (
        "RUN {{ printf 'a\\000'; echo 'a text that stays {}'; head -c $((RANDOM % 97 + 9)) "
        "/dev/zero; date +%s%N; }} > /f",
        "here",
        "there",
        "her",
    ),
}
#: Changes that are none.
_RIGHT = {
    "label order": ("LABEL {}", "a=1 b=2", "b=2 a=1"),
    "variables that are independent": ("ENV {}", "A=1 B=2", "B=2 A=1"),
    "port": ("EXPOSE {}", "80", "80/tcp", "80/TCP"),
    "volume": ("VOLUME {}", "/a", '["/a"]'),
    "mode": ("COPY {}a.txt /f", "--chmod=644 ", "", "--chmod=0644 "),
    "stage that is not shipped": (
        "FROM busybox AS a\nRUN echo {} > /x\nFROM busybox\nRUN true",
        "1",
        "2",
    ),
    "name of a stage": ("FROM busybox AS {}\nRUN echo > /x", "a", "b"),
    "layers": ("RUN echo a > /a{}echo b > /b", " && ", "\nRUN ", " ; "),
    "mode by chmod": (
        "RUN true\n{}",
        "COPY a.txt /f\nRUN chmod 600 /f",
        "COPY --chmod=600 a.txt /f",
    ),
    "owner by chown": (
        "RUN true\n{}",
        "COPY app /f\nRUN chown -R 5:60 /f",
        "COPY --chown=5:60 app /f",
    ),
    "time of a file": ("RUN touch {}/f", "", "-d '2001-01-01 00:00' "),
    "hard links": (
        "RUN echo x > /a && {}",
        "ln /a /b",
        "ln /a /c && mv /c /b",
        "mv /a /b && ln /b /a",
    ),
    "start": ("CMD {}", "a b", "a  b", "a \\\n  b"),
    "noise": ("RUN {}date +%s%N > /f && head -c 99 /dev/urandom > /r", "", "true && ", "true; "),
    "noise in a long text": (
        "RUN {}{{ date +%s%N; i=0; while [ $i -lt 20000 ]; do i=$((i+1)); "
        'echo "line number $i"; done; }} > /f',
        "",
        "true && ",
    ),
    "noise in bytes of other sizes": (
        "RUN {}{{ printf 'a\\000'; echo 'a text that stays'; head -c $((RANDOM % 97 + 9)) "
        "/dev/zero; date +%s%N; }} > /f",
        "",
        "true && ",
    ),
}


def _pairs(table):
    for about, (text, old, *others) in table.items():
        start = "" if "FROM" in text or old.startswith("FROM") else "FROM busybox\n"
        for number, new in enumerate(others):
            both = (f"{start}{text.format(one)}\n" for one in (old, new))
            yield f"{about} {number}", *both


WRONG = list(_pairs(_WRONG))
RIGHT = list(_pairs(_RIGHT))


def request(place, layouts):
    """What the builds are asked for, over the layouts of both bases."""
    names = (NamedContext(name, f"oci-layout://{layouts[old]}")
             for name, old in (("busybox", "base"), ("rich", "rich")))  # fmt: skip
    return replace(image_mutants.request(place, ""), named_contexts=tuple(names))


def main():
    from dflint.kernel.userns import enter_mount_namespace

    enter_mount_namespace()
    place = tempfile.mkdtemp(prefix="dflint-subtle-")
    accepted = refused = unsure = unbuilt = 0
    try:
        cache = str(Path(__file__).resolve().parents[2] / ".cache" / "busybox")
        wanted = request(place, make_bases(f"{place}/bases", cache))
        with BuildSession(wanted) as session:
            for name, before, after in WRONG:
                verdict = ImageVerifier(session).compare(before, after)
                accepted += verdict.is_accepted
                unsure += verdict.level.value == "unverified"
                unbuilt += any(one.kind == "build" for one in verdict.differences)
                if verdict.is_accepted or verdict.level.value == "unverified":
                    print(
                        f"  {verdict.level.value}: {name}: {after!r} {verdict.reason}", flush=True
                    )
            for name, before, after in RIGHT:
                verdict = ImageVerifier(session).compare(before, after)
                refused += not verdict.is_accepted
                if not verdict.is_accepted:
                    print(f"  {verdict.level.value}: {name}: {verdict.sentences}", flush=True)
    finally:
        shutil.rmtree(place, ignore_errors=True)
    print(f"{len(WRONG) - accepted} of {len(WRONG)} wrong fixes rejected, {unsure} as unverified")
    print(f"{unbuilt} of them because they do not build")
    print(f"{len(RIGHT) - refused} of {len(RIGHT)} right ones accepted")
    return int(accepted or refused or unsure)


if __name__ == "__main__":
    sys.exit(main())
