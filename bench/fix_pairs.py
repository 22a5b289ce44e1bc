"""Commits in which people removed a defect: do we report it, fix it, and as they did?

    python bench/fix_pairs.py PAIRS [--show ID]

PAIRS is a file of JSON lines with `before`, `after` and `rules`, the ids of hadolint or BuildKit
that are gone after. For each id: the pairs; those in which we report it; those in which our fixes
leave none of its findings, safe ones alone and with unsafe ones; and, of those with an `after`, in
how many the person took away and added every word that our fixes do, and in how many every
instruction that our fixes changed stands so in what the person wrote, but for blanks. Texts that
are said to have no such defect (`status` "violations=0") are counted by themselves: how many there
are, and in how many we report it.
"""

from __future__ import annotations

import argparse
import difflib
import json
import sys
from collections import Counter, defaultdict
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from dflint.lint.registry import find_rules
from dflint.lint.select import names_of
from dflint.verify.plan import PlanVerifier
from tests.fix.laws import Fixer

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from dflint.lint.document import Document


#: Ids of another tool that no rule of ours has as an alias, and the rule that stands for each.
SAME = {
    "apkAddUseNoCache": "apk-no-cache",
    "aptGetInstallThenRemoveAptLists": "apt-lists",
    "aptGetInstallUseNoRec": "apt-recommends",
    "aptGetInstallUseY": "apt-no-yes",
    "gemUpdateNoDocument": "gem-no-document",
    "npmCacheCleanAfterInstall": "npm-cache",
    "npmCacheCleanUseForce": "npm-cache-force",
    "pipUseNoCacheDir": "pip-cache",
    "yumInstallForceYes": "yum-yes",
    "yumInstallRmVarCacheYum": "yum-clean",
}


def instructions(doc: Document) -> Counter[str]:
    """The instructions of a file without their blanks and continuations."""
    return Counter(" ".join(one.line.text.split()) for one in doc.instructions)


def words(doc: Document) -> Counter[str]:
    """The words of all instructions of a file."""
    return Counter(word for text in instructions(doc).elements() for word in text.split())


def snippet(text: str, kind: str) -> str:
    """A snippet as a file: in a stage, and if it is a script, in a RUN."""
    run = "RUN " if kind.endswith(":shell") else ""
    return text if text.startswith("FROM") else f"FROM debian:12\n{run}{text}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("pairs", type=Path)
    parser.add_argument("--show", default="")
    options = parser.parse_args()
    names = names_of(find_rules())
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for line in options.pairs.read_text(encoding="utf-8").split("\n"):
        if not line:
            continue
        row = json.loads(line)
        if row["kind"].startswith("tool-") or not row.get("before"):
            continue
        if row["kind"].startswith("snippet-"):
            for side in ("before", "after"):
                row[side] = row.get(side) and snippet(row[side], row["kind"])
        for alias in row["rules"]:
            rules = tuple(sorted(names.expand(SAME.get(alias, alias))))
            if rules and not alias.startswith("SC"):
                judge(row, alias, rules, counts[alias], options.show == alias)
    total: Counter[str] = Counter()
    columns = ("pairs", "reported", "safe", "unsafe", "same words", "same text", "clean", "wrong")
    print(f"{'id':<32}" + "".join(f"{column:>12}" for column in columns))
    for alias, count in sorted(counts.items(), key=lambda item: -item[1]["pairs"]):
        total += count
        print(f"{alias:<32}" + "".join(f"{count[column]:>12}" for column in columns))
    print(f"{'all':<32}" + "".join(f"{total[column]:>12}" for column in columns))


def judge(
    row: dict[str, str], alias: str, rules: tuple[str, ...], count: Counter[str], shows: bool
) -> None:
    """Count one pair for one id."""
    fixers = [Fixer(PlanVerifier(), rules, unsafe=unsafe) for unsafe in (False, True)]
    look = fixers[0].look
    before = fixers[0].document("Dockerfile", row["before"].encode())
    if row.get("status") == "violations=0":
        count["clean"] += 1
        count["wrong"] += bool(look(before))
        if shows and look(before):
            print(f"--- wrongly reported: {row['id']}\n{row['before']}")
        return
    count["pairs"] += 1
    if not look(before):
        if shows:
            print(f"--- not reported: {row['id']}\n{row['before']}")
        return
    count["reported"] += 1
    safe, unsafe = (fixer.fix(before) for fixer in fixers)
    count["safe"] += not look(safe.doc)
    count["unsafe"] += not look(unsafe.doc)
    if shows and look(unsafe.doc):
        print(f"--- not fixed: {row['id']}\n{row['before']}")
    if not row.get("after") or not unsafe.is_changed:
        return
    after = fixers[0].document("Dockerfile", row["after"].encode())
    is_same_words = is_part(words, before, unsafe.doc, after)
    count["same words"] += is_same_words
    count["same text"] += is_part(instructions, before, unsafe.doc, after)
    if shows and not is_part(instructions, before, unsafe.doc, after):
        print(f"--- other {'text' if is_same_words else 'words'}: {row['id']}")
        show(before.text, unsafe.doc.text)
        show(before.text, after.text)


def is_part(
    parts: Callable[[Document], Counter[str]], before: Document, ours: Document, theirs: Document
) -> bool:
    """Whether the person took away and added all that we do, and maybe more."""
    old, new, wanted = parts(before), parts(ours), parts(theirs)
    return new - old <= wanted - old and old - new <= old - wanted


def show(before: str, after: str) -> None:
    """Print what differs."""
    for line in difflib.unified_diff(before.splitlines(), after.splitlines(), n=1, lineterm=""):
        print(line)


if __name__ == "__main__":
    main()
