"""Figures of dflint.shell on a corpus: `python bench/shell.py SHARED`.

Needs `bash` to tell which bodies are programs, and the repository on PYTHONPATH.
"""

from __future__ import annotations

import gc
import subprocess
import sys
from pathlib import Path
from time import process_time

from dflint.shell.normalise import hide, normalise
from dflint.shell.parser import parse
from tests.shell.bodies import shell_bodies


def is_program(text: str) -> bool:
    run = subprocess.run(
        ["bash", "-n"], input=text.encode("utf-8", "surrogateescape"), capture_output=True
    )
    return run.returncode == 0


def count_words(body) -> tuple[int, int]:
    """How many words there are, and how many of them do not lie on their characters."""
    script = body.read()
    words = wrong = 0
    for command in script.commands:
        for word in command.words:
            words += 1
            piece = word.span.slice(body.source)
            is_whole = len(piece) == word.end - word.start
            wrong += word.text != script.text[word.start : word.end]
            wrong += is_whole and piece != word.text
            wrong += not is_whole and not is_subsequence(word.text, piece)
    return words, wrong


def is_subsequence(text: str, piece: str) -> bool:
    letters = iter(piece)
    return all(letter in letters for letter in text)


def microseconds(work, items, times=5) -> float:
    best = float("inf")
    for _ in range(times):
        start = process_time()
        for item in items:
            work(item)
        best = min(best, process_time() - start)
    return 1e6 * best / len(items)


def main() -> None:
    bodies = [body for body in shell_bodies(Path(sys.argv[1])) if body.dialect.is_posix]
    same = sum(body.read().text == body.joined for body in bodies)
    heredocs = sum(body.heredoc is not None for body in bodies)
    print(f"bodies: {len(bodies)}, of them {heredocs} heredocs; joined as BuildKit does: {same}")
    unique = {body.joined: body for body in bodies if "\0" not in body.joined}
    programs = [body for text, body in unique.items() if is_program(text)]
    wrong = [body for body in programs if body.read().error is not None]
    share = 100 * (1 - len(wrong) / len(programs))
    print(f"unique: {len(unique)}, programs by `bash -n`: {len(programs)}, read: {share:.2f} %")
    for body in wrong[:20]:
        print(f"  {body.file}:{body.line}: {body.read().error}")
    refused = [body for text, body in unique.items() if body not in programs]
    missed = sum(body.read().error is None for body in refused)
    print(f"refused by `bash -n`: {len(refused)}, of them read without an error: {missed}")
    counts = [count_words(body) for body in bodies]
    print(f"words: {sum(c[0] for c in counts)}, misplaced: {sum(c[1] for c in counts)}")

    sample = programs[::15]
    texts = [hide(normalise(body.read().text)[0]) for body in sample]
    gc.freeze()
    print(f"tree-sitter alone: {microseconds(parse, texts):.1f} us per body")
    for name, work in (
        ("join", lambda body: body.read().text),
        ("join, normalise", lambda body: hide(normalise(body.read().text)[0])),
        ("join to all commands", lambda body: body.read().commands),
        ("join to finding `cd`", lambda body: body.read().commands_named("cd")),
    ):
        print(f"{name}: {microseconds(work, sample):.1f} us per body")


if __name__ == "__main__":
    main()
