"""Wrong edits of Dockerfiles, each with the effect that a fix of its kind would declare.

Run as a program it prints how many of them the plan verifier rejects, on our own files and on
those below a folder: `python -m tests.verify.mutants [FOLDER [NUMBER]]`.
"""

from __future__ import annotations

import random
import re
import sys
from pathlib import Path

from dflint.lint.document import Document
from dflint.text.source import Source
from dflint.text.span import Span
from dflint.verify.plan import Effect, judge

NOTHING, METADATA, LAYERS, FILES = EFFECTS = (
    Effect.NOTHING,
    Effect.METADATA,
    Effect.LAYERS,
    Effect.FILES,
)
TEMPLATES = Path(__file__).resolve().parents[1] / "data" / "verify"


#: The kinds of which no verifier that does not build can tell that they are wrong.
UNTELLABLE = ("another package", "redirect otherwise", "remove too much", "another URL")


class Mutant:
    """A wrong edit: `kind` says which; the spans are the edited places in either text."""

    def __init__(self, kind, effect, before, start, end, text):
        self.kind = kind
        self.effect = effect
        self.before = before
        self.after = before[:start] + text + before[end:]
        self.before_span = Span(start, end)
        self.after_span = Span(start, start + len(text))

    def verdict(self):
        before, after = document(self.before), document(self.after)
        return judge(before, after, self.effect, [self.before_span], [self.after_span])


def document(text):
    return Document(Source("Dockerfile", text.encode("utf-8", "surrogateescape")))


def substitutions(kind, effect, pattern, replacement, of=None, flags=re.MULTILINE):
    """A maker of mutants that replaces each match of a pattern, in instructions of some kinds."""

    def make(doc):
        for found in re.finditer(pattern, doc.text, flags):
            owner = instruction_at(doc, found.start())
            if owner is None or (of is not None and owner.reading.keyword not in of):
                continue
            if is_in_comment(doc.text, found.start()):
                continue
            text = replacement(found) if callable(replacement) else found.expand(replacement)
            if text != found[0]:
                yield Mutant(kind, effect, doc.text, *found.span(), text)

    return make


def instruction_at(doc, offset):
    for one in doc.instructions:
        if one.line.start <= offset < one.line.stop:
            return one
    return None


def is_in_comment(text, offset):
    start = text.rfind("\n", 0, offset) + 1
    return re.match(r"\s*#(?!!)|[^\n]*\s# ", text[start : offset + 1]) is not None


def code(one):
    return one.line.source[one.line.start : one.line.stop]


def dropped(doc):
    """Each instruction left out; what is done of it, or the settings that it makes, is gone."""
    effects = {
        "run": LAYERS, "copy": LAYERS, "add": LAYERS, "env": METADATA, "user": METADATA,
        "workdir": METADATA, "cmd": METADATA, "entrypoint": METADATA, "healthcheck": METADATA,
        "expose": METADATA, "volume": METADATA, "stopsignal": METADATA, "label": METADATA,
        "maintainer": METADATA, "shell": METADATA, "onbuild": METADATA, "arg": METADATA,
        "from": LAYERS,
    }  # fmt: skip
    for one in doc.instructions:
        keyword = one.reading.keyword
        if keyword in ("workdir", "user", "env") and is_overruled(doc, one):
            continue
        yield Mutant(
            "drop " + keyword, effects[keyword], doc.text, one.line.start, one.line.stop, ""
        )


def is_overruled(doc, one):
    """Whether nothing is done before the next instruction of the kind."""
    at = doc.instructions.index(one)
    following = doc.instructions[at + 1 :]
    return bool(following) and following[0].reading.keyword == one.reading.keyword


def swapped(doc):
    """Neighbours that do not commute, in the other order."""
    pairs = {
        ("run", "run"), ("run", "copy"), ("copy", "run"), ("user", "run"), ("run", "user"),
        ("env", "run"), ("run", "env"), ("workdir", "run"), ("workdir", "copy"),
        ("arg", "run"), ("shell", "run"), ("copy", "add"), ("user", "copy"), ("arg", "from"),
        ("from", "arg"), ("entrypoint", "cmd"), ("run", "workdir"), ("env", "user"),
    }  # fmt: skip
    for one, other in zip(doc.instructions, doc.instructions[1:], strict=False):
        kinds = (one.reading.keyword, other.reading.keyword)
        if kinds not in pairs or code(one) == code(other) or not code(other).endswith("\n"):
            continue
        if kinds in (("user", "copy"), ("env", "user"), ("entrypoint", "cmd")):
            continue
        if kinds == ("workdir", "copy") and other.reading.arguments[-1].startswith("/"):
            continue
        between = doc.text[one.line.stop : other.line.start]
        text = code(other) + between + code(one)
        yield Mutant(
            f"swap {kinds[0]} and {kinds[1]}",
            LAYERS,
            doc.text,
            one.line.start,
            other.line.stop,
            text,
        )


def merged(doc):
    """Two RUNs put together although the first changes its shell, or the second has an `||`."""
    for one, other in zip(doc.instructions, doc.instructions[1:], strict=False):
        if one.reading.keyword != "run" or other.reading.keyword != "run":
            continue
        if one.reading.is_json or other.reading.is_json or one.line.markers or other.line.markers:
            continue
        first, second = one.reading.arguments[0], other.reading.arguments[0]
        is_wrong = re.match(r"cd |set |if |export ", first) or "||" in second or ";" in second
        is_wrong = is_wrong or one.reading.flags != other.reading.flags
        text = code(one).rstrip("\n") + " && " + second + "\n"
        if is_wrong:
            yield Mutant("merge", LAYERS, doc.text, one.line.start, other.line.stop, text)
        text = code(one).rstrip("\n") + " ; " + second + "\n"
        yield Mutant("merge by ;", LAYERS, doc.text, one.line.start, other.line.stop, text)


def user_before_run(doc):
    """A USER moved in front of the step before it."""
    for at, one in enumerate(doc.instructions):
        if one.reading.keyword != "user" or not at:
            continue
        last = doc.instructions[at - 1]
        if last.reading.keyword not in ("run", "workdir"):
            continue
        text = code(one) + doc.text[last.line.start : one.line.start]
        yield Mutant("user before step", LAYERS, doc.text, last.line.start, one.line.stop, text)


def swept(doc):
    """A fix of a RUN that takes the instruction behind it away, too."""
    for one, other in zip(doc.instructions, doc.instructions[1:], strict=False):
        if one.reading.keyword == "run" and other.reading.keyword not in ("from", "arg"):
            if one.line.markers or is_overruled(doc, other):
                continue
            text = code(one).rstrip("\n") + " && true\n"
            yield Mutant("sweep", FILES, doc.text, one.line.start, other.line.stop, text)


def split_at_and(doc):
    """A RUN split between commands of which the first changes the shell."""
    for one in doc.instructions:
        if one.reading.keyword != "run" or one.reading.is_json or one.line.markers:
            continue
        found = re.match(r"RUN (cd \S+|export \S+) && ([^|;]+)$", code(one), re.DOTALL)
        if found:
            text = f"RUN {found[1]}\nRUN {found[2]}"
            yield Mutant("split", LAYERS, doc.text, one.line.start, one.line.stop, text)


RUN = ("run",)
COPIES = ("copy", "add")
_FLAG = (
    r"(?<=\s)--(?:mount|network|security|chown|chmod|from|link|parents|exclude|checksum|platform)"
)
MAKERS = (
    dropped,
    swapped,
    merged,
    user_before_run,
    swept,
    split_at_and,
    substitutions("drop flag", NOTHING, _FLAG + r"(?:=\S+)?\s", "", (*RUN, *COPIES, "from")),
    substitutions("drop flag of a step", FILES, _FLAG + r"(?:=\S+)?\s", "", (*RUN, *COPIES)),
    substitutions(
        "drop mount option",
        NOTHING,
        r"(?<=mount=)(\S+?),(?:target|sharing|required|source)=[^,\s]+",
        r"\1",
        RUN,
    ),
    substitutions(
        "drop health option",
        METADATA,
        r"--(?:interval|timeout|start-period|retries)=\S+ ",
        "",
        ("healthcheck",),
    ),
    substitutions(
        "change health option",
        METADATA,
        r"(--(?:interval|timeout|retries)=)\d",
        r"\g<1>7",
        ("healthcheck",),
    ),
    substitutions(
        "lose a quote", NOTHING, r"[\"']", "", (*RUN, "env", "label", "cmd", "healthcheck", "copy")
    ),
    substitutions(
        "lose quotes", NOTHING, r"\"([^\"\n]* [^\"\n]*)\"", r"\1", (*RUN, "env", "label")
    ),
    substitutions("single to double", NOTHING, r"'([^'\n]*[$\\ ][^'\n]*)'", r'"\1"', (*RUN, "env")),
    substitutions(
        "single to double in a step", FILES, r"'([^'\n\"]*[$\\][^'\n\"]*)'", r'"\1"', RUN
    ),
    substitutions(
        "double to single",
        NOTHING,
        r"\"([^\"\n']*\$[^\"\n']*)\"",
        r"'\1'",
        (*RUN, "env", "label", "copy"),
    ),
    substitutions("unescape", NOTHING, r"\\(?=[$ \"])", "", (*RUN, "env", "cmd")),
    substitutions("unescape in a step", FILES, r"\\(?=[$\"])", "", RUN),
    substitutions(
        "squeeze blanks in quotes",
        NOTHING,
        r"(?<=\w)  (?=\w[^\"'\n]*[\"'])",
        " ",
        (*RUN, "cmd", "copy"),
    ),
    substitutions("squeeze a legacy value", NOTHING, r"(?<=wide)   ", " ", ("env",)),
    substitutions("change ENV", METADATA, r"(?<=[A-Z]=)(\w+)", r"\1x", ("env",)),
    substitutions("change ENV's name", NOTHING, r"\b([A-Z_]+)(?==)", r"\1_", ("env",)),
    substitutions("change USER", METADATA, r"^USER \S+", "USER other", ("user",)),
    substitutions("change WORKDIR", METADATA, r"^(WORKDIR \S+)", r"\1/x", ("workdir",)),
    substitutions(
        "change CMD", METADATA, r"(?<=[\[ ]\")([\w./-]+)(?=\")", r"\1x", ("cmd", "entrypoint")
    ),
    substitutions("drop a CMD word", METADATA, r", \"[^\"\n]*\"", "", ("cmd",)),
    substitutions(
        "CMD to exec form",
        METADATA,
        r"^CMD (?:exec )?(\w+) .*\$.*$",
        r'CMD ["\1", "$PORT"]',
        ("cmd",),
    ),
    substitutions("change a label", METADATA, r"(?<==\")([\w ]+)(?=\")", r"\1!", ("label",)),
    substitutions("change a port", METADATA, r"(?<=\s)(\d\d+)(?=[\s/-])", r"1\1", ("expose",)),
    substitutions("drop a port", METADATA, r"(?<=\d) \d+(?:/\w+)?", "", ("expose",)),
    substitutions("change a volume", METADATA, r"(?<=/)(data|logs|srv)", r"\1x", ("volume",)),
    substitutions("change STOPSIGNAL", METADATA, r"SIG\w+", "SIGKILL", ("stopsignal",)),
    substitutions("change SHELL", NOTHING, r"\"-o\", \"pipefail\", ", "", ("shell",)),
    substitutions("ADD to COPY", FILES, r"^ADD (?!--)(?=\S+(?:gz|tgz) |http)", "COPY ", ("add",)),
    substitutions("COPY to ADD", NOTHING, r"^COPY (?!<<|--|\[)", "ADD ", ("copy",)),
    substitutions("drop a continuation", NOTHING, r" ?[\\`]$", "", None),
    substitutions("drop a word of a step", FILES, r"(?<=\w) -{1,2}[\w-]+(?= \w)", "", RUN),
    substitutions(
        "drop a package",
        FILES,
        r"(?<= )(?:curl|tzdata|ca-certificates|git|bash|python3-pip)(?=[ ;\n])",
        "",
        RUN,
    ),
    substitutions("drop a word", NOTHING, r"(?<=\w )[\w./-]+(?= )", "", (*RUN, "copy", "expose")),
    substitutions("drop set -e", FILES, r"set -eux?;? ?\\?\n?", "", RUN),
    substitutions("drop a stage name", NOTHING, r" AS \w+", "", ("from",)),
    substitutions("change a stage name", NOTHING, r"(?<= AS )(\w+)", r"\1x", ("from",)),
    substitutions(
        "change the base", NOTHING, r"^(FROM (?:--\S+ )?[\w./]+)(?=:)", r"\1x", ("from",)
    ),
    substitutions("change the tag", NOTHING, r"(?<=:)(\d+\S*)", r"\g<1>1", ("from",)),
    substitutions("change a default", NOTHING, r"^(ARG \w+=\S+)", r"\1x", ("arg",)),
    substitutions("drop a default", NOTHING, r"^(ARG \w+)=\S+", r"\1", ("arg",)),
    substitutions("rename an ARG", NOTHING, r"^(ARG \w+)", r"\1_X", ("arg",)),
    substitutions(
        "use a default",
        NOTHING,
        r"\$\{?(?:VERSION|UID|USERNAME|NODE|BASE|GO_VERSION)\}?",
        "1",
        None,
    ),
    substitutions("drop a modifier", NOTHING, r":-\w+(?=\})", "", ("env",)),
    substitutions(
        "drop braces", NOTHING, r"\$\{(\w+)\}(?=[a-z_])", r"$\1", ("env", "copy", "from")
    ),
    substitutions("change --from", NOTHING, r"--from=(?:\w+)(?= )", "--from=busybox", COPIES),
    substitutions("drop the slash", NOTHING, r"(?<![ .])/$", "", COPIES),
    substitutions(
        "change the source", NOTHING, r"^((?:COPY|ADD) (?:--\S+ )*[\w.]+)", r"\1x", COPIES
    ),
    substitutions("drop a source", NOTHING, r"(?<=\w) [\w.]+(?= \S+$)", "", ("copy",)),
    substitutions("and to semicolon", LAYERS, r" && ", " ; ", RUN),
    substitutions("or to and", LAYERS, r" \|\| ", " && ", RUN),
    substitutions("pipe to and", FILES, r" \| ", " && ", RUN),
    substitutions("semicolon to blank", NOTHING, r";(?= )", "", RUN),
    substitutions("drop a redirection", FILES, r" (?:2>&1|>>? \S+)", "", RUN),
    substitutions("redirection apart", NOTHING, r"(?<=\d)>(?=&)", " >", RUN),
    substitutions("comment out", NOTHING, r" && ", " # && ", RUN),
    substitutions("case of a path", NOTHING, r"(?<=/)([a-z])(?=\w+)", r"X\1", (*RUN, *COPIES)),
    substitutions("tab in heredoc", NOTHING, r"^(?=(?:hello|mirror|name))", "\t", (*RUN, "copy")),
    substitutions("quote the heredoc", NOTHING, r"(?<=<<)(CONF|INNER)\b", r"'\1'", (*RUN, "copy")),
    substitutions("unquote the heredoc", NOTHING, r"(?<=<<-)'RAW'", "RAW", ("copy",)),
    substitutions("heredoc's end", NOTHING, r"^\t?(?:EOT|SCRIPT|INNER|CONF|RAW)$", r"END", None),
    substitutions("shebang", NOTHING, r"#!/bin/bash", "#!/bin/sh", RUN),
    substitutions("legacy to pairs", NOTHING, r"^(ENV \w+) (\w+ .*)$", r"\1=\2", ("env",)),
    substitutions(
        "exec to shell form", NOTHING, r"^(RUN|CMD|ENTRYPOINT) \[(\".*\")\]$", r"\1 \2", None
    ),
    substitutions(
        "another package", FILES, r"(?<= )(?:curl|tzdata|git|bash)(?=[ ;\n])", "nano", RUN
    ),
    substitutions("redirect otherwise", FILES, r" >> ", " > ", RUN),
    substitutions(
        "remove too much",
        FILES,
        r"rm -rf /var/lib/apt/lists/\*",
        "rm -rf /var/lib/apt/lists/* /etc",
        RUN,
    ),
    substitutions("another URL", FILES, r"https://example.com", "https://example.org", RUN),
    substitutions("ONBUILD off", NOTHING, r"^ONBUILD ", "", ("onbuild",)),
    substitutions("ONBUILD otherwise", METADATA, r"(?<=ONBUILD RUN )make", "make -k", ("onbuild",)),
)


def directives(doc):
    """Parser directives left out or changed."""
    text = doc.text
    if text.startswith("# syntax="):
        yield Mutant("drop syntax", NOTHING, text, 0, text.index("\n") + 1, "")
        yield Mutant("blank before syntax", NOTHING, text, 0, 0, "\n")
    if text.startswith("# escape="):
        yield Mutant("drop escape", NOTHING, text, 0, text.index("\n") + 1, "")


def mutants(text):
    """All mutants of one file."""
    doc = document(text)
    for make in (*MAKERS, directives):
        yield from make(doc)


def names(name, found):
    """A name for each mutant of a file: file, kind and number."""
    counts = {}
    for one in found:
        counts[one.kind] = counts.get(one.kind, 0) + 1
        yield f"{name}: {one.kind} {counts[one.kind]}", one


def own():
    """The mutants of our own files, by name."""
    for file in sorted(TEMPLATES.glob("*.Dockerfile")):
        yield from names(file.stem, mutants(file.read_text()))


def only_a_build():
    """The names of the mutants of which only a build can tell that they are wrong."""
    lines = (TEMPLATES / "only-a-build.txt").read_text().splitlines()
    return {line.split("  #")[0].strip() for line in lines if line and not line.startswith("#")}


def main():
    found = list(own())
    missed = [name for name, one in found if one.verdict().is_accepted]
    print(f"own: {len(found) - len(missed)} of {len(found)} rejected")
    print("\n".join("  " + one for one in missed))
    if len(sys.argv) > 1:
        folder(Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 200)


def sampled(root, number):
    """Mutants of files of a corpus that a builder takes: at most five of each file."""
    files = sorted(root.rglob("*.Dockerfile"))
    chance = random.Random(7)
    for file in chance.sample(files, min(number, len(files))):
        text = file.read_bytes().decode("utf-8", "surrogateescape")
        if document(text).problems:
            continue
        made = list(names(file.stem, mutants(text)))
        yield from chance.sample(made, min(5, len(made)))


def label(one):
    """The effect of a mutant, and whether a verifier can tell that it is wrong."""
    return one.effect.name + (", only a build can tell" if one.kind in UNTELLABLE else "")


def folder(root, number):
    by_effect = {}
    for name, one in sampled(root, number):
        accepted = one.verdict().is_accepted
        row = by_effect.setdefault(label(one), [0, 0])
        row[0] += 1
        row[1] += not accepted
        if accepted:
            print(" ", one.effect.name, name)
            gone = one.before[one.before_span.start : one.before_span.end]
            new = one.after[one.after_span.start : one.after_span.end]
            print("     ", repr(gone[:150]), "->", repr(new[:150]))
    for effect, (all_, rejected) in by_effect.items():
        print(f"{effect}: {rejected} of {all_} rejected ({rejected / all_:.1%})")


if __name__ == "__main__":
    main()
