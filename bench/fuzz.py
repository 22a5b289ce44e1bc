"""Fuzzing at length: no text loses a byte or raises.

    python bench/fuzz.py [--examples N] [--corpus DIR] [--seed S]

A third each of random text, of mutated files of CORPUS (or of generated ones), and of generated
Dockerfiles goes through parser, nodes, readings, the model, the refusals and every rule.
"""

from __future__ import annotations

import argparse
import random
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from dflint.config.schema import Config
from dflint.engine.session import Session
from dflint.lint.document import Document
from dflint.text.source import Source
from tests.cst.strategies import KEYWORDS, LINES, PIECES

ALPHABET = "RUNFROMENVCOPYas =[]{}\"'\\`$#<>-,:;&|()\t\r\n\0\xa0\ufeff\x85\u2028é😀\udcff"
NOISE = ("\\\n", '"', "'", "<<E", "\n", "[", "]", "\\", "#", "", "--", "=", "$", "${", "}", "`")


def generated(chance: random.Random) -> str:
    lines = []
    for _ in range(chance.randrange(12)):
        if chance.random() < 0.2:
            lines.append(chance.choice(LINES))
            continue
        words = [chance.choice(KEYWORDS)]
        words += (chance.choice(PIECES) for _ in range(chance.randrange(7)))
        lines.append(chance.choice((" ", " ", "", "\t")).join(words) + chance.choice("\n\n\r"))
    return "".join(lines)


def mutated(chance: random.Random, text: str) -> str:
    for _ in range(chance.randrange(1, 6)):
        at = chance.randrange(len(text) + 1)
        text = text[:at] + chance.choice(NOISE) + text[at + chance.randrange(5) :]
    return text


def check(session: Session, config: Config, text: str) -> None:
    data = text.encode("utf-8", "surrogateescape")
    source = Source("Dockerfile", data)
    doc = Document(source)
    for instruction in doc.instructions:
        assert instruction.keyword is not None
        assert instruction.reading is not None
    assert doc.tree.code.encode("utf-8", "surrogateescape") == data
    report = session.check(source, config)
    assert report.failure is None, report.failure


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--examples", type=int, default=50_000)
    parser.add_argument("--corpus", type=Path)
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    chance = random.Random(arguments.seed)
    files = sorted(arguments.corpus.glob("*.Dockerfile")) if arguments.corpus else []
    texts = [file.read_bytes().decode("utf-8", "surrogateescape")[:4000] for file in files]
    session = Session(debug=True)
    config = Config(select=("ALL",))
    begin = time.process_time()
    worst = 0.0
    for number in range(arguments.examples):
        if number % 3 == 0:
            text = "".join(chance.choices(ALPHABET, k=chance.randrange(200)))
        elif number % 3 == 1:
            text = mutated(chance, chance.choice(texts) if texts else generated(chance))
        else:
            text = generated(chance)
        start = time.process_time()
        try:
            check(session, config, text)
        except BaseException:
            print(f"example {number} of seed {arguments.seed}: {text!r}", file=sys.stderr)
            raise
        worst = max(worst, time.process_time() - start)
    seconds = time.process_time() - begin
    print(f"{arguments.examples} examples, none lost a byte or raised; {seconds:.0f} s CPU")
    print(f"the slowest took {worst * 1000:.0f} ms")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
