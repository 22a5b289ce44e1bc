"""Wrong fixes of Dockerfiles that can be built, and rebuilds: how well builds tell them apart.

    python -m tests.verify.image_mutants [--every N] [--rebuilds N]

makes every N-th wrong fix of `tests/data/verify/images`, has it judged by the plan and by
building, and prints how many are rejected. Then it puts changes that are none to the same judge,
most of them of files whose content differs from build to build, and prints how many are rejected.

A wrong fix is only made where its effect on the image follows from the text:

- An instruction is left out where no later one undoes or repeats all of it. Every RUN, COPY and
  ADD of the files leaves a path or a content that no other step leaves; of settings only those
  are taken that the configuration has in the end (`_EFFECTIVE`).
- Neighbours are swapped where the second uses what the first sets or makes.
- Quotes are lost around what a shell would part or expand, and around blanks that it would join.
- Nothing is changed that a later command of the file removes or writes anew, of a branch that is
  not taken, or of what a cache mount has from an earlier build.
- A flag is left out or changed where it says something else than the default: not `--link`, not
  a mode or an owner that the source has anyway, nor the slash behind a directory that is one
  without it (`--parents`). Special bits are set behind `chown`, which takes them away.

Not made, as the image stays the same: other times of files, the order of names in ENV, another
name for a stage, `mkdir -p` for `mkdir`, other blanks and comments, `;` for `&&` behind what
succeeds, `EXPOSE 80` for `EXPOSE 80/tcp`.
"""

from __future__ import annotations

import argparse
import contextlib
import io
import random
import re
import sys
import tarfile
import tempfile
import time
from collections import Counter
from pathlib import Path

from dflint.build.request import BuildRequest, NamedContext
from dflint.build.session import BuildSession
from dflint.lint.contract import SAME_IMAGE
from dflint.verify.image.proof import prove
from dflint.verify.image.verifier import ImageVerifier
from tests.verify.mutants import FILES, Mutant, code, document, names, substitutions

FOLDER = Path(__file__).resolve().parents[1] / "data" / "verify" / "images"
RUN, COPIES, START = ("run",), ("copy", "add"), ("cmd", "entrypoint")

#: What each setting that is left out shows in.
_EFFECTIVE = {
    "env": "its variables are in the configuration",
    "label": "its labels are in the configuration",
    "expose": "its ports are in the configuration",
    "volume": "its volumes are in the configuration",
    "stopsignal": "it is in the configuration",
    "healthcheck": "it is in the configuration",
    "onbuild": "it is in the configuration",
    "cmd": "it is in the configuration",
    "entrypoint": "it is in the configuration",
    "run": "its files",
    "copy": "its files",
    "add": "its files",
}


def dropped(doc):
    """Each instruction left out whose effect stays to the end."""
    for one in doc.instructions:
        keyword = one.reading.keyword
        if keyword in _EFFECTIVE and not _is_undone(doc, one):
            yield Mutant("drop " + keyword, FILES, doc.text, one.line.start, one.line.stop, "")


def _is_undone(doc, one):
    """Whether a later instruction sets all of the same again, or another stage is shipped."""
    at = doc.instructions.index(one)
    later = [each.reading.keyword for each in doc.instructions[at + 1 :]]
    keyword = one.reading.keyword
    # CMD of a stage that an ENTRYPOINT below it resets.
    is_reset = keyword == "cmd" and "entrypoint" in later
    in_other_stage = "from" in later and keyword not in (*RUN, *COPIES)
    return is_reset or in_other_stage


def swapped(doc):
    """Neighbours of which the second uses what the first sets or makes."""
    for one, other in zip(doc.instructions, doc.instructions[1:], strict=False):
        if one.line.markers or other.line.markers or not _is_used(one, other):
            continue
        between = doc.text[one.line.stop : other.line.start]
        kind = f"swap {one.reading.keyword} and {other.reading.keyword}"
        text = code(other) + between + code(one)
        yield Mutant(kind, FILES, doc.text, one.line.start, other.line.stop, text)


def _is_used(one, other):
    first, second = code(one), code(other)
    kinds = (one.reading.keyword, other.reading.keyword)
    if kinds == ("env", "run") or kinds == ("env", "env") or kinds == ("arg", "run"):
        set_here = re.findall(r"(?:ENV|ARG) (\w+)=| (\w+)=", first)
        return any(f"${name}" in second or f"{{{name}}}" in second or f"grep {name}" in second
                   for pair in set_here for name in pair if name)  # fmt: skip
    if kinds in (("workdir", "run"), ("workdir", "copy")):
        return bool(re.search(r"touch \w|pwd|\. *$|\./$| > [a-z]|role", second))
    if kinds == ("user", "run"):
        return "touch" in second or "id -u" in second
    if kinds in (("run", "run"), ("copy", "run"), ("run", "copy")):
        made = set(re.findall(r"/[\w./-]+", first)) - {"/bin/sh", "/etc/passwd", "/dev/urandom"}
        return any(path in second for path in made)
    return False


#: Patterns with what they become, by the keywords that they are looked for in.
_PLAIN = (
    ("drop --chmod", r"--chmod=\S+ ", "", COPIES),
    ("change --chmod", r"(?<=--chmod=)6(?=\d\d)", "7", COPIES),
    ("change a symbolic mode", r"(?<=go=)r", "rx", COPIES),
    ("drop --chown", r"--chown=\S+ ", "", COPIES),
    ("change --chown", r"(?<=--chown=)\w+", "9", COPIES),
    ("drop --exclude", r"--exclude=\S+ ", "", COPIES),
    ("drop --parents", r"--parents ", "", COPIES),
    ("change --from", r"(?<=--from=)(?:build|tools)", "busybox", COPIES),
    ("drop --from", r"--from=\w+ ", "", COPIES),
    ("ADD to COPY", r"^ADD (?=\S+gz)", "COPY ", ("add",)),
    ("drop a source", r"(?<=COPY )a\.txt (?=b)|b\.txt (?=/texts)", "", COPIES),
    ("drop a JSON source", r'"a\.txt", ', "", COPIES),
    ("another source", r"(?<= )a\.txt(?= )", "b.txt", COPIES),
    ("another source, too", r"(?<= )b\.txt(?= /)", "a.txt", COPIES),
    ("narrower wildcard", r"\*\.txt", "o*.txt", COPIES),
    ("another destination", r"(?<= /)([a-z]+)(?=/?$)", r"\1x", COPIES),
    ("drop the slash", r"(?<=/texts)/$|(?<=data)/$|(?<=/all)/$", "", ("copy",)),
    ("change a mode", r"(?<=chmod )(?:4|1)?7(?=\d\d)", "5", RUN),
    ("change a mode at the end", r"(?<=chmod )(6)00", "640", RUN),
    ("drop the special bits", r"(?<=chmod )[14](?=7\d\d)", "", RUN),
    ("drop chmod", r" && chmod \S+ \S+", "", RUN),
    ("drop chown", r" && chown \S+ \S+", "", RUN),
    ("change chown", r"(?<=chown )33:33", "33:34", RUN),
    ("drop chown's -R", r"chown -R (app)", r"chown 0", RUN),
    ("drop mkdir's mode", r"mkdir -m 711", "mkdir", RUN),
    ("drop umask", r"umask 077 && ", "", RUN),
    ("change umask", r"umask 077", "umask 027", RUN),
    ("change an owner", r"games:", "daemon:", RUN),
    ("change a group", r":staff|chgrp 60", lambda m: ":games" if ":" in m[0] else "chgrp 50", RUN),
    ("drop a hard link", r" && ln /d/file /d/hard", "", RUN),
    ("copy for a hard link", r"ln (?=/d/file)", "cp ", RUN),
    ("hard link for a copy", r"cp (?=/d/file)", "ln ", RUN),
    ("hard link for a soft one", r"ln -s (?=/d /e)", "cp -r ", RUN),
    ("another target", r"(?<=ln -s )(\S+)", r"\1x", RUN),
    ("file for a pipe", r"mkfifo", "touch", RUN),
    ("another device", r"c 1 3", "c 1 5", RUN),
    ("touch for mkdir", r"mkdir (/(?:made|deep|v)\b)(?: && echo inner > /deep/file)?",
     r"touch \1", RUN),
    ("another content", r"(?<=echo )([a-z]\w*)(?= >)", r"\1x", RUN),
    ("another content in quotes", r'(?<=echo ")([a-z][\w ]*)', r"\1x", RUN),
    ("another file", r"(?<=> /)([a-z][\w-]*)\b(?!/)", r"\1x", RUN),
    ("drop a redirection", r" > /[\w./-]+(?= *$| &&|;)", "", RUN),
    ("append", r"(?<=echo) (one|temporary) > (/\S+)", r" 0 > \2 && echo \1 >> \2", RUN),
    ("overwrite", r">> /", "> /", RUN),
    ("drop a step", r" && (?:echo|touch|cp|cat|ln|grep) [^&|;\n]+(?=$| &&)", "", RUN),
    ("drop the first step", r"(?<=RUN )(?:echo|touch|printf) [^&|;\n]+ && ", "", RUN),
    ("or for and", r" && (?=echo|touch|cp|cat|rm|ln|grep|chmod)", " || ", RUN),
    ("and for or", r" \|\| ", " && ", RUN),
    ("drop a pipe", r" \| (?:sort|uniq|wc -l|tr a-z A-Z|cut -d: -f1|cut -c1-16)(?= [|>]|\))", "",
     RUN),
    ("another letter case", r"tr a-z A-Z", "tr a-z B-ZA", RUN),
    ("another field", r"-f1", "-f3", RUN),
    ("another branch", r"test -[ed] (/bin/sh|/nowhere)", lambda m: "test -e " + (
        "/nowhere" if m[1] == "/bin/sh" else "/bin"), RUN),
    ("another case", r"Linux\)", "Darwin)", RUN),
    ("shorter loop", r"(?<=in )red ", "", RUN),
    ("shorter count", r"-lt 3", "-lt 2", RUN),
    ("remove too much", r"rm -rf? (/\S+)", r"rm -rf \1 /etc/passwd", RUN),
    ("remove nothing", r" && rm -?r?f? ?/\S+", "", RUN),
    ("lose single quotes", r"'(\$GREETING|three  four)'", r"\1", (*RUN,)),
    ("double for single", r"'(\$GREETING)'", r'"\1"', (*RUN, "label")),
    ("lose double quotes", r'"((?:one  two)|(?:\$GREETING  end)|(?:hello  \$NAME))"', r"\1", RUN),
    ("single for double", r'"(\$\w+[^"]*)"(?= >)', r"'\1'", RUN),
    ("squeeze blanks", r"(?<=[a-z])  (?=[a-z$])", " ", (*RUN, "env", "label")),
    ("quote the heredoc", r"<<EOF", "<<'EOF'", ("copy",)),
    ("unquote the heredoc", r"<<'RAW'", "<<RAW", ("copy",)),
    ("another heredoc", r"^(value|literal|echo \"from)", r"\1 x", ("copy", "run")),
    ("drop a mount", r"--mount=type=(?:bind|tmpfs)\S+ ", "", RUN),
    ("keep the cache", r"--mount=type=cache,target=/cache ", "mkdir /cache && ", RUN),
    ("another mounted file", r"source=app", "source=app/data", RUN),
    ("change ENV", r"(?<=[A-Z]=)([\w/]+)", r"\1x", ("env",)),
    ("change ENV's name", r"(?<=ENV )([A-Z]+)(?==)", r"\1X", ("env",)),
    ("drop from ENV", r"(?<=ENV )[A-Z]+=\w+ (?=[A-Z])", "", ("env",)),
    ("change PATH", r"/opt/bin:\$PATH", "$PATH:/opt/bin", ("env",)),
    ("change a label", r'(?<==")([\w. ]+)(?=")|(?<==)(blue|noisy)\b', r"\1\2x", ("label",)),
    ("change a key", r"(?<=LABEL )([\w.]+)(?==)", r"\1x", ("label",)),
    ("drop a label", r"(?<=LABEL )\S+=\"[\w. ]+\" ", "", ("label",)),
    ("change a port", r"(?<= )(\d+)(?=/| |$)", r"1\1", ("expose",)),
    ("drop a port", r" 443/tcp", "", ("expose",)),
    ("change a protocol", r"/udp", "/tcp", ("expose",)),
    ("change a volume", r"/data|/logs", r"/other", ("volume",)),
    ("change STOPSIGNAL", r"SIG\w+", "SIGKILL", ("stopsignal",)),
    ("change the check", r"(?<==)\d+(?=s)|(?<=retries=)\d", "7", ("healthcheck",)),
    ("drop an option of the check", r"--\w+=\S+ ", "", ("healthcheck",)),
    ("another check", r"CMD (?:wget -q|\[\"true)", lambda m: m[0] + "x", ("healthcheck",)),
    ("another trigger", r"(?<=ONBUILD )(RUN make|COPY \.)", r"\1x", ("onbuild",)),
    ("change USER", r"^USER \S+", "USER daemon", ("user",)),
    ("change WORKDIR", r"^(WORKDIR \S+)", r"\1x", ("workdir",)),
    ("change SHELL", r'"-e", ', "", ("shell",)),
    ("change a start", r'(?<=")([\w./-]+)(?=")', r"\1x", START),
    ("drop a word of a start", r', "[^"]*"', "", START),
    ("exec to shell form", r'^(CMD|ENTRYPOINT) \[(".*")\]$', r"\1 \2", START),
    ("shell to exec form", r"^CMD httpd -f -p 80", 'CMD ["httpd", "-f", "-p", "80"]', START),
    ("CMD for ENTRYPOINT", r"^ENTRYPOINT", "CMD", START),
    ("change an argument", r"(?<==)(world|3|1\.2\.3)$", r"4", ("arg",)),
    ("drop an argument", r"^ARG NAME$", "", ("arg",)),
    ("another base", r"^FROM base", "FROM busybox", ("from",)),
    ("another last stage", r"^FROM middle", "FROM base", ("from",)),
    ("another number of bytes", r"-c 12 ", "-c 60 ", RUN),
    ("another date", r"\bdate( >|(?= \+%s))(?: \+%s)?", r"date +%Y\1", RUN),
    ("drop made-up content", r" && chmod 750 \$d|head -c 12 /dev/urandom \| ", "", RUN),
    ("another made-up name", r"mktemp -d|/var/run\.X+", lambda m: "mktemp" if "-d" in m[0] else
     "/var/ran.XXXXXX", RUN),
)  # fmt: skip
MAKERS = (
    dropped,
    swapped,
    *(substitutions(kind, FILES, pattern, new, of) for kind, pattern, new, of in _PLAIN),
)


def mutants():
    """The wrong fixes of all files, by name."""
    for file in sorted(FOLDER.glob("*.Dockerfile")):
        doc = document(file.read_text())
        found, seen = [], set()
        for make in MAKERS:
            for one in make(doc):
                if one.after not in seen and one.after != one.before:
                    seen.add(one.after)
                    found.append(one)
        yield from names(file.stem, found)


def rebuilds(number):
    """Pairs of texts that build the same: every step that may differ by itself is run again."""
    files = sorted(FOLDER.glob("*.Dockerfile"))
    noisy = [one for one in files if one.stem in ("dates", "random", "names", "mixed")]
    chance = random.Random(11)
    order = [*noisy] * (number // 2 // len(noisy) + 1)
    order = [*order[: number // 2], *(chance.choice(files) for _ in range(number - number // 2))]
    for at, file in enumerate(order):
        text = file.read_text()
        # The steps are others for the cache, and do what they did.
        after = re.sub(r"^RUN (?=[a-z])", f"RUN true {at} && ", text, flags=re.MULTILINE)
        yield f"{file.stem} {at}", text, after


def write_context(folder):
    """The context of the files."""
    texts = {
        "a.txt": "alpha\n", "b.txt": "beta\n", "with blank.txt": "blank\n",
        "app/main.sh": "#!/bin/sh\necho run\n", "app/data/one.txt": "1\n",
        "app/data/two.txt": "2\n",
    }  # fmt: skip
    for name, text in texts.items():
        path = Path(folder) / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    with tarfile.open(Path(folder) / "app.tar.gz", "w:gz") as archive:
        for name in ("app", "app/data"):
            one = tarfile.TarInfo(name)
            one.type, one.mode = tarfile.DIRTYPE, 0o755
            archive.addfile(one)
        one = tarfile.TarInfo("app/data/file")
        one.size = 4
        archive.addfile(one, io.BytesIO(b"file"))


def request(place, layout):
    """What the builds are asked for; `place` has room for the context and the store."""
    context = Path(place) / "context"
    write_context(context)
    return BuildRequest(
        context=str(context),
        named_contexts=(NamedContext("busybox", f"oci-layout://{layout}"),),
        store=str(Path(place) / "store"),
    )


def judged(verifier, before, after, uses_plan=True):
    """The verdict on a change that declares nothing."""
    texts = document(before), document(after)
    return prove(*texts, lambda: verifier, SAME_IMAGE, uses_plan=uses_plan)


@contextlib.contextmanager
def session():
    """A session in a place of its own."""
    from dflint.kernel.userns import enter_mount_namespace
    from dflint.testing.images import busybox_root, write_layout

    enter_mount_namespace()
    with tempfile.TemporaryDirectory() as place:
        cache = Path(__file__).resolve().parents[2] / ".cache" / "busybox"
        write_layout(busybox_root(f"{place}/root", str(cache)), f"{place}/busybox")
        with BuildSession(request(place, f"{place}/busybox")) as made:
            yield made


def score(made, every):
    """Judge every N-th wrong fix, and print what came of it."""
    found = list(mutants())[::every]
    counts, by_kind = Counter(), {}
    begun = time.monotonic()
    for name, one in found:
        verdict = judged(ImageVerifier(made), one.before, one.after)
        counts[verdict.level] += 1
        row = by_kind.setdefault(one.kind, [0, 0])
        row[0] += 1
        row[1] += not verdict.is_accepted
        if verdict.is_accepted or verdict.reason.startswith("before"):
            print(f"  {verdict.level.value}: {name} {verdict.reason}")
            gone = one.before[one.before_span.start : one.before_span.end]
            print(f"     {gone[:100]!r} -> {one.after[one.after_span.start :][:60]!r}")
    rejected = sum(number for level, number in counts.items() if not level.is_accepted)
    seconds = time.monotonic() - begun
    kinds = len(by_kind)
    print(f"{rejected} of {len(found)} wrong fixes of {kinds} kinds rejected in {seconds:.0f} s")
    print({level.value: number for level, number in counts.items()})


def alarms(made, number):
    """Judge rebuilds, and print how many are taken for changes."""
    counts = Counter()
    for name, before, after in rebuilds(number):
        verdict = judged(ImageVerifier(made), before, after, uses_plan=False)
        counts[verdict.level] += 1
        if not verdict.is_accepted:
            print(f"  {verdict.level.value}: {name}: {'; '.join(verdict.sentences)[:300]}")
    wrong = sum(count for level, count in counts.items() if not level.is_accepted)
    print(f"{wrong} false alarms in {number} rebuilds")
    print({level.value: count for level, count in counts.items()})


def main():
    parser = argparse.ArgumentParser(description="how well builds tell wrong fixes")
    parser.add_argument("--every", type=int, default=1, help="judge every N-th wrong fix")
    parser.add_argument("--rebuilds", type=int, default=100, help="how many rebuilds to judge")
    given = parser.parse_args()
    with session() as made:
        if given.every:
            score(made, given.every)
        alarms(made, given.rebuilds)


if __name__ == "__main__":
    sys.exit(main())
