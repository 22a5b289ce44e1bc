"""CPU time of whole processes, paired in one run: dflint beside hadolint, tally and dprint.

    python bench/speed.py CORPUS [--dflint CMD] [--hadolint CMD] [--tally CMD] [--rounds N]
                          [--dprint CMD --dprint-plugin FILE]

CORPUS is a folder of Dockerfiles. Every round runs each program once on the same input, in turn;
the ratios are those of the medians, without ShellCheck and with it (hadolint cannot go without).
Fixing is measured on copies that are made anew for each run. With `--dprint`, checking the layout
is measured, too, beside `dprint check` with its plug-in compiled already and not yet compiled.
Run it in a virtual environment with PYTHONDONTWRITEBYTECODE
unset. Peak memory is that of the largest process.
"""

from __future__ import annotations

import argparse
import gc
import json
import os
import shlex
import shutil
import statistics
import sys
import tempfile
import time
from pathlib import Path

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

#: A run that has the reports of the run before; the one that is not counted fills the cache.
SECOND = "dflint, second run"


def measure(command: list[str]) -> tuple[float, float]:
    """CPU seconds and peak MiB of a command with all its children."""
    pid = os.fork()
    if pid == 0:
        null = os.open(os.devnull, os.O_WRONLY)
        os.dup2(null, 1)
        os.dup2(null, 2)
        for name in ("PYTHONDONTWRITEBYTECODE", "PYTHONUNBUFFERED"):
            os.environ.pop(name, None)
        os.execvp(command[0], command)
    _, _, usage = os.wait4(pid, 0)
    return usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


def compare(
    title: str,
    commands: dict[str, list[str]],
    rounds: int,
    prepare: Callable[[], None] = lambda: None,
) -> None:
    """Print medians and ratios; `prepare` is called before each run."""
    times: dict[str, list[float]] = {name: [] for name in commands}
    memory: dict[str, float] = dict.fromkeys(commands, 0.0)
    for command in commands.values():
        prepare()
        measure(command)
    for _ in range(rounds):
        for name, command in commands.items():
            prepare()
            seconds, peak = measure(command)
            times[name].append(seconds)
            memory[name] = max(memory[name], peak)
    medians = {name: statistics.median(values) for name, values in times.items()}
    print(title)
    for name, median in medians.items():
        ratio = medians[next(iter(medians))] / (median or 1e-9)
        line = (
            f"  {name:<22} {median * 1000:9.1f} ms {memory[name]:7.1f} MiB  dflint/it {ratio:.3f}"
        )
        if SECOND in medians:
            line += f"  second run/it {medians[SECOND] / (median or 1e-9):.4f}"
        print(line)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("corpus", type=Path)
    parser.add_argument("--dflint", default=str(Path(sys.executable).parent / "dflint"))
    parser.add_argument("--hadolint", default="hadolint")
    parser.add_argument("--tally", default="tally")
    parser.add_argument("--dprint", help="also measure checking the layout, beside this program")
    parser.add_argument("--dprint-plugin", help="the file plugin.wasm of @dprint/dockerfile")
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--files", type=int, default=1000)
    parser.add_argument("--accepted", type=Path, help="names of files that every program takes")
    arguments = parser.parse_args()
    dflint = shlex.split(arguments.dflint)
    hadolint = shlex.split(arguments.hadolint)
    tally = [*shlex.split(arguments.tally), "lint", "--slow-checks=off"]
    files = sorted(map(str, arguments.corpus.glob("*.Dockerfile")))
    if arguments.accepted is not None:
        accepted = set(arguments.accepted.read_text().split())
        files = [file for file in files if Path(file).name in accepted]
    cache = tempfile.TemporaryDirectory()
    thirty = [file for file in files if len(Path(file).read_bytes().splitlines()) == 30]
    files = files[:: max(1, len(files) // arguments.files)][: arguments.files]

    def commands(paths: list[str]) -> dict[str, list[str]]:
        return {
            "dflint": [*dflint, "check", "--no-cache", "--no-shellcheck", *paths],
            SECOND: [*dflint, "check", "--no-shellcheck", "--cache-dir", cache.name, *paths],
            "hadolint": [*hadolint, *paths],
            "tally, no ShellCheck": [*tally, "--ignore", "shellcheck/*", *paths],
        }

    def with_shellcheck(paths: list[str]) -> dict[str, list[str]]:
        return {
            "dflint, ShellCheck": [*dflint, "check", "--no-cache", "--shellcheck", *paths],
            SECOND: [*dflint, "check", "--shellcheck", "--cache-dir", cache.name, *paths],
            "hadolint": [*hadolint, *paths],
            "tally, ShellCheck": [*tally, *paths],
        }

    rounds = arguments.rounds
    if arguments.dprint is not None:
        if arguments.dprint_plugin is None:
            parser.error("--dprint: expected --dprint-plugin beside it")
        checking(files, dflint, shlex.split(arguments.dprint), arguments.dprint_plugin, rounds)
        return
    compare("one 30-line file", commands(thirty[:1]), rounds * 3)
    compare("one 30-line file, ShellCheck", with_shellcheck(thirty[:1]), rounds * 3)
    if arguments.files > 1:
        title = f"{len(files)} files"
        compare(title, commands(files), max(1, rounds // 3))
        compare(f"{title}, ShellCheck", with_shellcheck(files), max(1, rounds // 3))
        fixing(files, dflint, tally, max(1, rounds // 3))
    growth()


def fixing(files: list[str], dflint: list[str], tally: list[str], rounds: int) -> None:
    """Cost of applying safe fixes to copies of files."""
    with tempfile.TemporaryDirectory() as place, tempfile.TemporaryDirectory() as cache:
        copies = [os.path.join(place, os.path.basename(file)) for file in files]

        def copy() -> None:
            for file, to in zip(files, copies, strict=True):
                shutil.copyfile(file, to)

        # tally takes all memory there is for some files.
        limited = 'ulimit -v 8000000; exec "$@"'
        options = ["--fix", "--ignore", "shellcheck/*"]
        fix = [*dflint, "check", "--fix", "--no-shellcheck"]
        commands = {
            "dflint": [*fix, "--no-cache", *copies],
            SECOND: [*fix, "--cache-dir", cache, *copies],
            "tally": ["sh", "-c", limited, "sh", *tally, *options, *copies],
        }
        compare(f"{len(files)} files, fixed", commands, rounds, copy)


def checking(
    files: list[str], dflint: list[str], dprint: list[str], plugin: str, rounds: int
) -> None:
    """Cost of telling which files are not formatted, where most are not and where all are."""
    with tempfile.TemporaryDirectory() as place:
        below = os.path.join(place, "files")
        os.mkdir(below)
        copies = [shutil.copy(file, below) for file in files]
        settings = {
            "dockerfile": {"associations": ["**/*.Dockerfile"]},
            "includes": ["files/*.Dockerfile"],
            "plugins": [os.path.abspath(plugin)],
        }
        config = os.path.join(place, "dprint.json")
        Path(config).write_text(json.dumps(settings))
        check = [*dprint, "check", "--incremental=false", "--config", config]

        def with_cache(folder: str, first: str) -> list[str]:
            folder = os.path.join(place, folder)
            # It looks for files below the folder that it runs in.
            return [
                "sh",
                "-c",
                f'{first}; cd {place}; export DPRINT_CACHE_DIR={folder}; exec "$@"',
                "sh",
            ]

        clean = f"rm -rf {os.path.join(place, 'cold')}"
        cache = ["--cache-dir", os.path.join(place, "dflint")]
        commands = {
            "dflint": [*dflint, "format", "--check", "--no-cache", *copies],
            SECOND: [*dflint, "format", "--check", *cache, *copies],
            "dprint": [*with_cache("warm", ":"), *check],
            "dprint, compiling": [*with_cache("cold", clean), *check],
        }
        compare(f"{len(files)} files, layout checked", commands, rounds)
        measure([*dflint, "format", "--no-cache", *copies])
        compare(f"{len(files)} files, formatted before", commands, rounds)


def growth() -> None:
    """Cost of an instruction in a short and in a long file, in one process without start-up."""
    from dflint.config.schema import Config
    from dflint.engine.session import Session
    from dflint.text.source import Source

    gc.disable()
    session, config = Session(), Config()
    for count, repeats in ((100, 100), (100, 100), (1_000, 10), (10_000, 1)):
        body = "".join(f"RUN echo {at} && ls\nENV A{at}=$B\n" for at in range(count // 2))
        source = Source("Dockerfile", f"FROM debian:12\n{body}".encode())
        begin = time.process_time()
        for _ in range(repeats):
            session.check(source, config)
        each = (time.process_time() - begin) / repeats / count * 1e6
        print(f"{count:>6} instructions: {each:.1f} µs each")


if __name__ == "__main__":
    main()
