"""Configuration and history of images against what BuildKit made of the same files."""

from __future__ import annotations

import json

from dflint.graph.refused import RefusedError
from tests.build.bases import base, document

SUITES = ("bud", "buildah", "imagebuilder", "moby")
#: What fails at the files, not at the Dockerfile.
OF_FILES = ("failed to compute cache key", "lstat /License.txt")


def recorded(folder):
    """Each build that says something about the Dockerfile, and what BuildKit made of it."""
    for suite in SUITES:
        lines = (folder / f"snap_{suite}.jsonl").read_text().splitlines()
        made = {row["name"]: row for row in map(json.loads, lines)}
        seen = {}
        for line in (folder / f"conf_{suite}.jsonl").read_text().splitlines():
            row = json.loads(line)
            name = row["name"]
            seen[name] = seen.get(name, 0) + 1
            name += f"#{seen[name]}" if seen[name] > 1 else ""
            file = row["context"].get(row["dockerfile_path"]) or {}
            found = made.get(name)
            if found is not None and found["usable"] and "content" in file:
                yield f"{suite}: {name}", row, file["content"], found


def _tells(message, error):
    """Whether a message is BuildKit's, which leaves out the text behind some of its reasons."""
    return message.startswith(error.partition("solve: ")[2])


def differences(row, text, found):
    """What our image has otherwise than BuildKit's."""
    values = {"arguments": row.get("build_args") or {}, "target": row.get("target") or ""}
    try:
        ours = document(text, layers=found.get("layers", 0), base=base, **values)
    except RefusedError as error:
        if not found["ok"] and _tells(error.message, found["error"]):
            return []
        return [f"refused: {error}"]
    if not found["ok"]:
        return [] if any(one in found["error"] for one in OF_FILES) else ["not refused"]
    settings, theirs = ours["config"], found["config"]
    wrong = [
        f"{key}: {settings.get(key)} instead of {theirs.get(key)}"
        for key in sorted({*settings, *theirs})
        if (settings.get(key) or None) != (theirs.get(key) or None)
    ]
    entries = [
        [(one.get("created_by"), bool(one.get("empty_layer"))) for one in history]
        for history in (ours["history"], found["history"])
    ]
    return wrong if entries[0] == entries[1] else [*wrong, f"history: {entries}"]


def test_every_recorded_build_has_buildkits_configuration_and_history(shared):
    wrong = {}
    count = 0
    for name, row, text, found in recorded(shared / "oracle" / "builder"):
        count += 1
        different = differences(row, text, found)
        if different:
            wrong[name] = different

    assert wrong == {}
    assert count > 330
