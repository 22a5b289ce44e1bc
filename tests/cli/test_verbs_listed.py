"""`dflint --help` lists every verb once."""

from __future__ import annotations

import re
import subprocess
import sys
from collections import Counter

from dflint.cli.options import BUILD_VERBS, VERBS


def test_every_verb_is_listed_once() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "dflint", "--help"], capture_output=True, text=True, check=True
    )
    overview = done.stdout.partition("`dflint VERB --help`")[0]
    listed = Counter(re.findall(r"^  (\S+) +\S", overview, re.MULTILINE))
    assert listed == Counter([*VERBS, *BUILD_VERBS])
