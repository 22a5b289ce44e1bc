"""Asks BuildKit's own planner whether two Dockerfiles make the same plan.

`build.sh` beside this makes the planner. Scripts are compared by their tokens, as `shfmt` writes
them with as few blanks as possible; everything else to the letter.
"""

from __future__ import annotations

import functools
import json
import subprocess
import sys
from pathlib import Path


def plans(program: str, paths: list[Path]) -> dict[str, dict]:
    """The plan of each Dockerfile by its path: `ops` and `image`, or `error`."""
    asked = "".join(f"{path}\n" for path in paths)
    done = subprocess.run(
        [program], input=asked, capture_output=True, text=True, errors="replace", check=True
    )
    rows = map(json.loads, done.stdout.split("\n")[:-1])
    return {row["path"]: _stable(row) for row in rows}


def _stable(row: dict) -> dict:
    """The plan with numbers for digests, and without what differs at every call."""
    numbers: dict[str, int] = {}
    for number, (op, digest) in enumerate(
        zip(row.get("ops", ()), row.get("digests", ()), strict=True)
    ):
        numbers[digest] = number
        for one in op.get("inputs", ()):
            one["digest"] = numbers[one["digest"]]
        source = (op.get("Op") or {}).get("source")
        if source is not None:
            source.get("attrs", {}).pop("local.unique", None)
    row.pop("digests", None)
    return row


def same(one: dict, other: dict) -> bool:
    """Whether two plans are the same but for blanks in scripts; of two errors any is like any."""
    if "error" in one or "error" in other:
        return "error" in one and "error" in other
    return _bare(one) == _bare(other)


def _bare(plan: dict) -> object:
    image = json.loads(json.dumps(plan.get("image") or {}))
    config = image.get("config", {})
    for key in ("Cmd", "Entrypoint"):
        config[key] = _command(config.get(key))
    health = config.get("Healthcheck") or {}
    health["Test"] = _command(health.get("Test"))
    config["OnBuild"] = [" ".join(trigger.split()) for trigger in config.get("OnBuild") or ()]
    return _bare_scripts(plan.get("ops")), image


def _bare_scripts(value: object) -> object:
    if isinstance(value, dict):
        return {
            key: _command(one) if key == "args" else _bare_scripts(one)
            for key, one in value.items()
        }
    return [_bare_scripts(one) for one in value] if isinstance(value, list) else value


def _command(words: object) -> object:
    if not isinstance(words, list) or len(words) < 2:
        return words
    return [*words[:-1], _tokens(words[-1])]


@functools.cache
def _tokens(script: str) -> str:
    done = subprocess.run(
        ["shfmt", "-mn", "-ln=bash"],
        input=script.encode("utf-8", "replace"),
        capture_output=True,
    )
    return done.stdout.decode("utf-8", "replace") if done.returncode == 0 else script


def main() -> None:
    """Compare two folders of Dockerfiles, file by file: `plans.py PROGRAM BEFORE AFTER`."""
    program, before, after = sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3])
    names = sorted(path.name for path in after.iterdir() if (before / path.name).is_file())
    ones = plans(program, [before / name for name in names])
    others = plans(program, [after / name for name in names])
    different = [
        name for name in names if not same(ones[str(before / name)], others[str(after / name)])
    ]
    refused = sum("error" in plan for plan in ones.values())
    print(f"{len(names)} files, {refused} refused by BuildKit, {len(different)} differ")
    for name in different:
        print(f"  {name}")


if __name__ == "__main__":
    main()
