"""`dflint smoke`: whether an image starts, is healthy, answers, and stops when it is told to."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Sequence
from dataclasses import asdict, replace

from dflint.cli.container_options import SMOKE, smoke_help
from dflint.cli.container_values import read_container
from dflint.cli.docker_flags import Given, choice, read_flags
from dflint.containers.container import open_container
from dflint.containers.smoke import FAILED, OK, SKIPPED, Check, SmokeOptions
from dflint.containers.smoke import smoke as run_smoke
from dflint.errors import BuildError, UsageError
from dflint.semantic.duration import Duration, parse_duration

_MARKS = {OK: "ok  ", FAILED: "FAIL", SKIPPED: "-   "}
_INTERRUPTED = 130


def smoke(words: Sequence[str]) -> int:
    """Run the verb; the exit status is 1 when something failed."""
    from dflint.cli.build import enter_namespace

    try:
        given = read_flags(words, SMOKE, ends_early=True)
        if given.is_on("--help"):
            sys.stdout.write(smoke_help())
            return 0
        request = read_container(given, os.environ)
        request = replace(request, network=choice(given, "--network", ("none", "host")))
        options, form = _options(given), choice(given, "--format", ("text", "json"))
    except UsageError as error:
        raise UsageError(f"smoke: {error} (`dflint smoke --help` lists the options)") from None
    try:
        enter_namespace()
        with open_container(request) as container:
            checks = run_smoke(container, options)
            digest = container.image.digest
    except BuildError as error:
        sys.stderr.write(f"dflint: smoke: {error}\n")
        return 1
    except KeyboardInterrupt:
        return _INTERRUPTED
    has_failed = any(one.status == FAILED for one in checks)
    if form == "json":
        said = {
            "image": request.image,
            "digest": digest,
            "passed": not has_failed,
            "checks": [asdict(one) for one in checks],
        }
        sys.stdout.write(json.dumps(said, indent=2, ensure_ascii=False) + "\n")
    else:
        sys.stdout.write("".join(map(_line, checks)))
    return int(has_failed)


def _line(check: Check) -> str:
    return f"{_MARKS[check.status]}  {check.name}: {check.message}\n"


def _options(given: Given) -> SmokeOptions:
    default = SmokeOptions()
    interval = given.last("--health-interval")
    return SmokeOptions(
        _seconds(given, "--wait", default.wait),
        _seconds(given, "--timeout", default.timeout),
        None if interval is None else _duration(interval),
        given.is_on("--allow-root"),
    )


def _seconds(given: Given, option: str, default: float) -> float:
    text = given.last(option)
    if text is None:
        return default
    try:
        found = float(text)
    except ValueError:
        found = -1.0
    if not 0 <= found < float("inf"):
        raise UsageError(f"{option}: expected a number of seconds, found `{text}`")
    return found


def _duration(text: str) -> float:
    found = parse_duration(text)
    if not isinstance(found, Duration) or found.nanoseconds <= 0:
        raise UsageError(f"--health-interval: expected a duration such as `2s`, found `{text}`")
    return found.nanoseconds / 1e9
