"""Whether builds agree with all safe fixes of real Dockerfiles.

    python -m tests.verify.safe_fixes [FOLDER] --files N --seed S [--seconds 300]

takes Dockerfiles of a folder that build over small local images, whose package managers leave
behind what real ones do and nothing else (`tests.verify.stand_ins`), and with a made-up context;
without a folder the rules' own examples that a safe fix mends, each alone, and then two and three
of them in one file. The safe fixes of the default rules are applied, and each pass of them is
built, whatever its plan says, and held to its contracts. Files without fixes, or that do not
build, do not count. The exit status is 1 when a fix is not verified.
"""

from __future__ import annotations

import argparse
import random
import shutil
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from dflint.build.request import BuildRequest, NamedContext
from dflint.build.session import BuildSession
from dflint.errors import BuildError
from dflint.fix.loop import Loop, Wanted
from dflint.lint.contract import SAME_IMAGE
from dflint.lint.document import Document
from dflint.lint.registry import find_rules
from dflint.lint.runner import Runner
from dflint.lint.select import Selection, names_of, select_rules
from dflint.text.source import Source
from dflint.verify.image.verdict import Level
from dflint.verify.image.verifier import ImageVerifier, silence
from dflint.verify.plan import PlanVerifier
from tests.conformance.builds.bases import make_bases
from tests.conformance.builds.case import write_files
from tests.conformance.builds.corpus import make_case, read_case
from tests.fix.laws import Fixer
from tests.verify.stand_ins import STAND_INS

ROOT = Path(__file__).resolve().parents[2]


@dataclass
class Judged:
    """What became of the fixes of one file: how many of each rule, and what is wrong."""

    rules: Counter[str]
    levels: Counter[str]
    wrong: list[str]


class Fixes:
    """The safe fixes of the default rules."""

    def __init__(self) -> None:
        self.settings = Fixer(PlanVerifier()).settings
        entries = find_rules()
        chosen = select_rules(entries, Selection())
        self._runner = Runner(chosen, lambda: names_of(entries), reraise=True)

    def of(self, text):
        """The outcome of fixing a text."""
        doc = Document(Source("Dockerfile", text.encode()), self.settings)
        loop = Loop(self._runner.fix, PlanVerifier(), Wanted())
        return loop.run(doc, self._look)

    def _look(self, doc):
        return self._runner.run(doc).findings


def judge(session, request, outcome):
    """Hold each pass to its contracts by builds; None when the file does not build."""
    verifier = ImageVerifier(session, request=request)
    texts = [*(before.text for before, _ in outcome.passes), outcome.doc.text]
    found = Judged(Counter(one.rule for one in outcome.applied), Counter(), [])
    for (_, fixes), before, after in zip(outcome.passes, texts, texts[1:], strict=False):
        contract = SAME_IMAGE
        for fix in fixes:
            contract |= fix.contract or SAME_IMAGE
        verdict = verifier.compare(before, after, contract)
        if verdict.level is Level.UNVERIFIED:
            return None
        found.levels[verdict.level.value] += 1
        found.wrong += verdict.sentences if not verdict.is_accepted else ()
    return found


def examples():
    """The names of rules with each example that only a safe fix mends, in the rules' order."""
    for entry in find_rules().values():
        if entry.fix != "safe":
            continue
        for number, one in enumerate(entry.load().invalid):
            if one.fixed is not None and not one.unsafe and not one.options:
                text = one.code if one.code.endswith("\n") else one.code + "\n"
                yield f"{entry.name} {number}", text


def generated(seed):
    """Names and texts: the examples, then two and three of them as the stages of one file."""
    known = list(examples())
    yield from known
    alone = [(name, text) for name, text in known if text.upper().startswith("FROM ")]
    chance = random.Random(seed)
    while True:
        chosen = chance.sample(alone, chance.choice((2, 3)))
        yield " + ".join(name for name, _ in chosen), "".join(text for _, text in chosen)


def cases(folder, seed):
    """Names and cases, None for what cannot be built offline."""
    if folder is None:
        for number, (name, text) in enumerate(generated(seed)):
            yield name, make_case(f"c{number}", text)
        return
    paths = sorted(path for path in folder.rglob("*") if path.suffix != ".tsv")
    random.Random(seed).shuffle(paths)
    for number, path in enumerate(paths):
        yield path.name, read_case(f"c{number}", path) if path.is_file() else None


def request_of(case, images, place, base, store):
    """What the builds of a case are asked for; its context is written to a place."""
    write_files(case.files, place)
    contexts = tuple(NamedContext(name, f"oci-layout://{base}") for name in sorted(set(images)))
    return BuildRequest(context=place, named_contexts=contexts, store=store)


def main():
    parser = argparse.ArgumentParser(description="whether builds agree with safe fixes")
    parser.add_argument("folder", type=Path, nargs="?")
    parser.add_argument("--files", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--seconds", type=float, default=300)
    given = parser.parse_args()
    from dflint.kernel.userns import enter_mount_namespace

    enter_mount_namespace()
    place = tempfile.mkdtemp(prefix="dflint-fixes-")
    fixes, begun = Fixes(), time.monotonic()
    rules: Counter[str] = Counter()
    levels: Counter[str] = Counter()
    files = wrong = unbuilt = 0
    try:
        base = make_bases(f"{place}/tools", str(ROOT / ".cache" / "busybox"), STAND_INS)["base"]
        store = f"{place}/store"
        with BuildSession(BuildRequest(context=place, store=store)) as session:
            for number, (name, found) in enumerate(cases(given.folder, given.seed)):
                if files == given.files or time.monotonic() - begun > given.seconds:
                    break
                outcome = fixes.of(found[0].text) if found else None
                if outcome is None or not outcome.is_changed:
                    continue
                case, images = found
                request = request_of(case, images, f"{place}/{number}", base, store)
                try:
                    session.build(case.text, silence(), request=request)
                    judged = judge(session, request, outcome)
                except BuildError:
                    judged = None
                if judged is None:
                    unbuilt += 1
                    continue
                files += 1
                rules += judged.rules
                levels += judged.levels
                wrong += bool(judged.wrong)
                for text in judged.wrong[:4]:
                    print(f"  {name} {dict(judged.rules)}: {text}", flush=True)
    finally:
        shutil.rmtree(place, ignore_errors=True)
    print(f"{files - wrong} of {files} files verified, {sum(rules.values())} fixes")
    print(f"{unbuilt} more do not build")
    print(dict(rules.most_common()))
    print(dict(levels))
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
