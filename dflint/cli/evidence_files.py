"""Where evidence is written: statements as JSON, and a page that shows them to people."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterable, Sequence

from dflint.cli.output.evidence_page import evidence_page
from dflint.engine.report import FixedFile
from dflint.errors import UsageError
from dflint.verify.image.evidence import Statement

#: A file, and the statements on its fixes.
Kept = tuple[FixedFile, Sequence[Statement]]


def write_evidence(place: str, kept: Iterable[Kept]) -> None:
    """Write statements: into a file that ends in `.json` or `.jsonl`, a line each, else a folder.

    A folder has a file for each fix and `index.html`. Raises UsageError when that cannot be done.
    """
    files = list(kept)
    try:
        if place.endswith((".json", ".jsonl")):
            lines = [json.dumps(one, ensure_ascii=False) for _, found in files for one in found]
            _write(place, "".join(f"{line}\n" for line in lines))
            return
        os.makedirs(place, exist_ok=True)
        number = 0
        for _, found in files:
            for one in found:
                number += 1
                rule = re.sub(r"[^\w.-]", "-", str(one["predicate"].get("fix", {}).get("rule", "")))
                text = json.dumps(one, indent=2, ensure_ascii=False)
                _write(os.path.join(place, f"{number:03}-{rule or 'change'}.json"), text + "\n")
        shown = [(one.path, one.before, one.after, found) for one, found in files]
        _write(os.path.join(place, "index.html"), evidence_page(shown))
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise UsageError(f"--evidence: cannot write `{place}`: {reason}") from None


def _write(path: str, text: str) -> None:
    with open(path, "w", encoding="utf-8", errors="backslashreplace", newline="") as file:
        file.write(text)
