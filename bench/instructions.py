"""How many processor instructions `dflint check --fix` takes: what seconds on a busy machine hide.

    python bench/instructions.py CORPUS [--files N] [--python PYTHON]

CORPUS is a folder of Dockerfiles, of which N are taken at even distances and copied. It takes
valgrind, whose cachegrind counts the instructions of one process. The count is the same each time
to about a thousandth, whatever else runs meanwhile; it knows nothing of caches and of the disk.
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path


def counted(python: str, arguments: list[str]) -> int:
    """The instructions of `python -m dflint` with some arguments."""
    command = ["valgrind", "--tool=cachegrind", "--cache-sim=no", "--cachegrind-out-file=/dev/null"]
    environment = {**os.environ, "PYTHONHASHSEED": "0"}
    done = subprocess.run(
        [*command, python, "-m", "dflint", *arguments],
        capture_output=True,
        text=True,
        errors="replace",
        env=environment,
    )
    found = re.search(r"I\s+refs:\s+([\d,]+)", done.stderr)
    if found is None:
        sys.exit(f"valgrind gave no count: {done.stderr[-500:]}")
    return int(found[1].replace(",", ""))


def main() -> None:
    """Count `check` and `check --fix` over copies of some files, and what each file takes."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("corpus", type=Path)
    parser.add_argument("--files", type=int, default=200)
    parser.add_argument("--python", default=sys.executable)
    arguments = parser.parse_args()
    files = sorted(arguments.corpus.glob("*.Dockerfile"))
    files = files[:: max(1, len(files) // arguments.files)][: arguments.files]
    common = ["--no-cache", "--no-shellcheck", "--no-config", "--jobs", "1"]
    for name, options in (("check", []), ("check --fix", ["--fix"])):
        counts = []
        for some in (files[:1], files):
            with tempfile.TemporaryDirectory() as place:
                for turn in range(2):  # the first compiles modules
                    copies = [shutil.copyfile(file, Path(place, file.name)) for file in some]
                    asked = ["check", *options, *common, *map(str, copies)]
                    if turn == 0:
                        subprocess.run(
                            [arguments.python, "-m", "dflint", *asked], capture_output=True
                        )
                    else:
                        counts.append(counted(arguments.python, asked))
        each = (counts[1] - counts[0]) / max(1, len(files) - 1) / 1e6
        print(
            f"{name}: {counts[0] / 1e6:.0f} million for one file, {counts[1] / 1e6:.0f} for "
            f"{len(files)}: {each:.2f} for each more"
        )


if __name__ == "__main__":
    main()
