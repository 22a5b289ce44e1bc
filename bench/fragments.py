"""Where hadolint and dflint differ on fragments of Dockerfiles.

    python bench/fragments.py FRAGMENTS [--onbuild] [--hadolint PROGRAM]

FRAGMENTS has an object `{"rule": "DL3003", "dockerfile": "RUN cd /x"}` on each line. Both tools
are asked whether that check of hadolint reports anything; ours are the rules with its alias, as
its id selects them. A text on which hadolint crashes counts as refused.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from dflint.config.schema import Config
from dflint.cst.instructions import BadInstruction, From, Maintainer, OnBuild, UnknownInstruction
from dflint.cst.parser.build import parse
from dflint.engine.session import Session
from dflint.text.source import Source

#: So many files are given to one hadolint.
BATCH = 200
#: What cannot stand behind ONBUILD, or is no instruction.
NO_TRIGGERS = (BadInstruction, From, Maintainer, OnBuild, UnknownInstruction)


def read_fragments(path: Path) -> list[tuple[str, str]]:
    with open(path, encoding="utf-8") as stream:
        rows = [json.loads(line) for line in stream if line.strip()]
    return [(row["rule"], row["dockerfile"]) for row in rows]


def behind_onbuild(text: str) -> str | None:
    """The fragment as a trigger, if it is one instruction that can be one."""
    instructions = parse(text).instructions
    if len(instructions) != 1 or isinstance(instructions[0], NO_TRIGGERS):
        return None
    start = instructions[0].line.start
    return f"{text[:start]}ONBUILD {text[start:]}"


def ask_hadolint(program: str, texts: list[str]) -> list[set[str] | None]:
    """The rules that report each text; None for one that hadolint cannot parse."""
    found: list[set[str] | None] = []
    with tempfile.TemporaryDirectory() as folder:
        files = [Path(folder, str(at)) for at in range(len(texts))]
        for file, text in zip(files, texts, strict=True):
            file.write_bytes(text.encode("utf-8", "surrogateescape"))
        for begin in range(0, len(files), BATCH):
            found += run_hadolint(program, files[begin : begin + BATCH])
    return found


def run_hadolint(program: str, files: list[Path]) -> list[set[str] | None]:
    command = [program, "--no-fail", "-f", "json", *map(str, files)]
    done = subprocess.run(command, capture_output=True, text=True, stdin=subprocess.DEVNULL)
    if done.returncode != 0:
        # One text that makes it crash takes the others with it.
        if len(files) == 1:
            return [None]
        half = len(files) // 2
        return run_hadolint(program, files[:half]) + run_hadolint(program, files[half:])
    codes: dict[str, set[str]] = {str(file): set() for file in files}
    for finding in json.loads(done.stdout):
        codes[finding["file"]].add(finding["code"])
    return [None if "DL1000" in found else found for found in codes.values()]


def ask_dflint(session: Session, rule: str, text: str) -> list[str]:
    """What the rules of that name or alias say."""
    source = Source("Dockerfile", text.encode("utf-8", "surrogateescape"))
    return [finding.message for finding in session.check(source, Config(select=(rule,))).findings]


def print_difference(side: str, rule: str, text: str, messages: list[str]) -> None:
    print(f"== only {side}  {rule}")
    for message in messages:
        print(f"   dflint: {message}")
    lines = text.encode("utf-8", "backslashreplace").decode().splitlines()
    print("\n".join(f"   | {line}" for line in lines) + "\n")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("fragments", type=Path)
    parser.add_argument("--onbuild", action="store_true", help="each also behind ONBUILD")
    parser.add_argument("--hadolint", default="hadolint", metavar="PROGRAM")
    arguments = parser.parse_args()
    fragments = read_fragments(arguments.fragments)
    if arguments.onbuild:
        triggers = [(rule, behind_onbuild(text)) for rule, text in fragments]
        fragments += [(rule, text) for rule, text in triggers if text is not None]
    session = Session()
    counts = dict.fromkeys(("hit", "clean", "only dflint", "only hadolint", "refused"), 0)
    without_rule = {rule for rule, _ in fragments if not session.names.rules(rule)}
    theirs = ask_hadolint(arguments.hadolint, [text for _, text in fragments])
    for (rule, text), codes in zip(fragments, theirs, strict=True):
        messages = [] if rule in without_rule else ask_dflint(session, rule, text)
        if codes is None:
            counts["refused"] += 1
        elif (rule in codes) == bool(messages):
            counts["hit" if messages else "clean"] += 1
        else:
            side = "dflint" if messages else "hadolint"
            counts[f"only {side}"] += 1
            print_difference(side, rule, text, messages)
    compared = len(fragments) - counts["refused"]
    agreed = counts["hit"] + counts["clean"]
    share = f" ({agreed / compared:.1%})" if compared else ""
    print(f"{len(fragments)} fragments, {counts.pop('refused')} of them refused by hadolint")
    print(f"{agreed} agree{share}: " + ", ".join(f"{n} {what}" for what, n in counts.items()))
    if without_rule:
        print(f"no rule of ours: {', '.join(sorted(without_rule))}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
