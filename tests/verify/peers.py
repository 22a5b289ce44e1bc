"""What verdicts say of the fixes that another tool makes.

    python -m tests.verify.peers FOLDER --command "tool --fix" [--files N] [--seed S] [--seconds T]

lets a command rewrite copies of Dockerfiles of a folder in place (their paths are put behind it),
and judges each rewritten file, which declares nothing: by its plan and, where that does not prove
it, by building it over the local bases of `tests.verify.safe_fixes`. Prints by verdict, and for
what is refused by what differs, how many there are; and the changes of all that a build accepts, to
be read.
"""

from __future__ import annotations

import argparse
import difflib
import random
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

from dflint.build.request import BuildRequest
from dflint.build.session import BuildSession
from dflint.errors import BuildError
from dflint.lint.contract import SAME_IMAGE
from dflint.verify.image.proof import prove
from dflint.verify.image.verdict import Level
from dflint.verify.image.verifier import ImageVerifier, silence
from dflint.verify.texts import builds_otherwise
from tests.conformance.builds.bases import make_bases
from tests.conformance.builds.corpus import make_case
from tests.verify.mutants import document
from tests.verify.safe_fixes import ROOT, request_of
from tests.verify.stand_ins import STAND_INS

_AT_ONCE = 100


def rewritten(paths, command, place):
    """Names and texts, before and after, of the files that a command changes."""
    folder = Path(place) / "rewritten"
    folder.mkdir()
    for start in range(0, len(paths), _AT_ONCE):
        copies = {}
        for path in paths[start : start + _AT_ONCE]:
            copy = folder / path.name
            shutil.copyfile(path, copy)
            copies[copy] = path
        subprocess.run(
            [*shlex.split(command), *map(str, copies)], capture_output=True, check=False, cwd=folder
        )
        for copy, path in copies.items():
            before, after = path.read_bytes(), copy.read_bytes()
            try:
                if before != after:
                    yield path.name, before.decode(), after.decode()
            except UnicodeDecodeError:
                continue


def harm(verdict):
    """In a few words what differs: of many files and keys the first."""
    one = verdict.differences[0]
    if one.kind == "build":
        reason = re.sub(r"[\"'`].*", "", one.after)[:60]
        return "builds no longer" if "process" in reason else reason.strip()
    if one.kind == "config":
        return f"configuration {one.place.partition('.')[0]}"
    if one.after == "absent":
        return f"a {one.before} is gone"
    if one.before == "absent":
        return f"a {one.after} is new"
    return f"{one.field or 'kind'} of a file"


class Judge:
    """Judges changes over local bases in a place.

    What cannot be built there is told by whether the plans differ.
    """

    def __init__(self, place, session, base):
        self._place, self._session, self._base = place, session, base
        self._count = 0

    def verdict(self, before, after):
        """The verdict, or what keeps one from being found."""
        texts = document(before), document(after)
        try:
            planned = prove(*texts, self._unbuilt, SAME_IMAGE)
        except _UnbuiltError:
            planned = None
        if planned is not None:
            return planned
        found = make_case(f"c{self._count}", before)
        if found is None:
            return _told_by_plan(*texts)
        self._count += 1
        case, images = found
        other = make_case("after", after)
        images = [*images, *(other[1] if other else ())]
        request = request_of(
            case, images, f"{self._place}/{self._count}", self._base, f"{self._place}/store"
        )
        try:
            self._session.build(before, silence(), request=request)
        except BuildError:
            return _told_by_plan(*texts)
        return ImageVerifier(self._session, request=request).compare(before, after)

    def _unbuilt(self):
        raise _UnbuiltError


def _told_by_plan(before, after):
    if before.problems:
        return "not built: no builder takes the file"
    otherwise = builds_otherwise(before, after.text) is not None
    return f"not built: the plans {'differ' if otherwise else 'are the same'}"


class _UnbuiltError(Exception):
    """The plan does not prove it."""


def main():
    parser = argparse.ArgumentParser(description="what verdicts say of another tool's fixes")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--command", required=True)
    parser.add_argument("--files", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--seconds", type=float, default=300)
    given = parser.parse_args()
    from dflint.kernel.userns import enter_mount_namespace

    enter_mount_namespace()
    paths = sorted(one for one in given.folder.rglob("*Dockerfile*") if one.is_file())
    random.Random(given.seed).shuffle(paths)
    place = tempfile.mkdtemp(prefix="dflint-peers-")
    counts, harms, changed, begun = Counter(), Counter(), 0, time.monotonic()
    try:
        base = make_bases(f"{place}/tools", str(ROOT / ".cache" / "busybox"), STAND_INS)["base"]
        with BuildSession(BuildRequest(context=place, store=f"{place}/store")) as session:
            judge = Judge(place, session, base)
            for name, before, after in rewritten(paths[: given.files], given.command, place):
                if time.monotonic() - begun > given.seconds:
                    break
                changed += 1
                verdict = judge.verdict(before, after)
                if isinstance(verdict, str):
                    counts[verdict] += 1
                    continue
                how = "plan" if verdict.is_planned else "build"
                counts[f"{verdict.level.value}, by {how}"] += 1
                if verdict.level is Level.DIFFERENT:
                    harms[harm(verdict)] += 1
                elif verdict.is_accepted and not verdict.is_planned:
                    print(f"  {verdict.level.value}: {name}")
                    lines = difflib.unified_diff(
                        before.splitlines(), after.splitlines(), lineterm="", n=0
                    )
                    print("\n".join(f"    {one}" for one in list(lines)[2:60]), flush=True)
    finally:
        shutil.rmtree(place, ignore_errors=True)
    print(f"{changed} files rewritten")
    for table in (counts, harms):
        print("\n".join(f"{count:6}  {what}" for what, count in table.most_common()))
    return 0


if __name__ == "__main__":
    sys.exit(main())
