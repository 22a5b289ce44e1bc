"""Edits of real Dockerfiles, sent to the language server as an editor would.

    python -m tests.conformance.lsp_edits FOLDER [--edits 20000] [--seed 1] [--encoding utf-16]

After each burst of edits the server must say of the text, as the client has it, what a check of
that text says; a character that went elsewhere, or a finding of an earlier version, would show.
The client's text is kept apart from the server's code, as code units.
"""

from __future__ import annotations

import argparse
import random
import sys
from pathlib import Path

from dflint.config.schema import Config
from dflint.text.source import Source
from dflint_lsp.checking import Checker
from dflint_lsp.documents import DocumentVersion
from tests.lsp.wire import Wire

WIDTHS = {"utf-8": ("utf-8", 1), "utf-16": ("utf-16-le", 2), "utf-32": ("utf-32-le", 4)}
PIECES = (
    "\n", "\r\n", "\r", " \\\n", "\\", "`", " ", "RUN ", "FROM a AS b\n", "<<EOF\n", "EOF\n", "#",
    "'", '"', "$", "${A:-", "}", "é", "😀", "\u2028", "\u0085", "\f", "COPY --from=b a b\n", "[",
)  # fmt: skip


class Text:
    """A text as a client has it: lines of code units."""

    def __init__(self, text: str, encoding: str) -> None:
        self.text = text
        self.codec, self.width = WIDTHS[encoding]

    def position(self, offset: int) -> tuple[int, int]:
        """Line and character, from 0."""
        before = self.text[:offset].replace("\r\n", "\n\n")
        line = self.text[:offset].replace("\r\n", "\n").replace("\r", "\n").count("\n")
        start = max(before.rfind("\n"), before.rfind("\r")) + 1
        return line, len(self.text[start:offset].encode(self.codec)) // self.width

    def edit(self, rng: random.Random) -> dict[str, object]:
        """A random change of the text, made and told."""
        length = len(self.text)
        start = self._boundary(rng.randrange(length + 1))
        end = self._boundary(min(length, start + rng.choice((0, 0, 0, 1, 1, 2, 5, 40))))
        end = max(start, end)
        new = rng.choice(PIECES) if rng.random() < 0.8 else ""
        (line, char), (end_line, end_char) = self.position(start), self.position(end)
        self.text = self.text[:start] + new + self.text[end:]
        return {
            "range": {
                "start": {"line": line, "character": char},
                "end": {"line": end_line, "character": end_char},
            },
            "text": new,
        }

    def _boundary(self, offset: int) -> int:
        """The offset, or the one before where it is within a line end."""
        return offset - 1 if self.text[offset - 1 : offset + 1] == "\r\n" else offset


def expected(checker: Checker, text: str, path: str) -> list[tuple[object, ...]]:
    """What a check of the text says."""
    version = DocumentVersion("file://" + path, text, 1, "utf-16", path)
    found = checker.check_now(version, [(version, [Config()])])
    return sorted(shown(one.code, one.range) for one in found.diagnostics)


def shown(code: object, span: object) -> tuple[object, ...]:
    """A finding in a form that can be compared."""
    if isinstance(span, dict):
        start, end = span["start"], span["end"]
        ends = (start["line"], start["character"], end["line"], end["character"])
    else:
        ends = (span.start.line, span.start.character, span.end.line, span.end.character)
    return (str(code), *ends)


def burst(wire: Wire, text: Text, uri: str, number: int, rng: random.Random, size: int) -> int:
    """Send some edits, one notification each; the number of the last version."""
    for _ in range(size):
        number += 1
        identifier = {"uri": uri, "version": number}
        changes = [text.edit(rng) for _ in range(rng.choice((1, 1, 1, 3)))]
        wire.send("textDocument/didChange", {"textDocument": identifier, "contentChanges": changes})
    return number


def told(wire: Wire, uri: str, number: int) -> list[tuple[object, ...]]:
    """What the server says of a version; ShellCheck's findings are left out."""
    while True:
        message = wire.read()
        assert message.get("method") != "window/showMessage", message
        params = message.get("params")
        if message.get("method") != "textDocument/publishDiagnostics" or params["uri"] != uri:
            continue
        assert params.get("version") is None or params["version"] <= number, "from the future"
        if params.get("version") == number:
            return sorted(shown(one["code"], one["range"]) for one in params["diagnostics"])


def run(paths: list[Path], edits: int, seed: int) -> int:
    """Make the edits; the number of bursts after which the two disagreed."""
    rng = random.Random(seed)
    wire = Wire()
    wire.initialize({"shellcheck": {"enable": False}})
    checker = Checker(shellcheck=False)
    done, wrong = 0, 0
    while done < edits:
        path = rng.choice(paths)
        text = Text(Source.read(str(path)).data.decode("utf-8", "replace"), "utf-16")
        if len(text.text) > 20_000:
            continue
        uri = f"file:///fuzz/{done}/Dockerfile"
        wire.open(text.text, uri)
        number = 1
        for _ in range(5):
            size = rng.choice((1, 5, 20))
            number = burst(wire, text, uri, number, rng, size)
            done += size
            want = expected(checker, text.text, f"/fuzz/{done}/Dockerfile")
            if told(wire, uri, number) != want:
                wrong += 1
                print(f"{path}: version {number} (seed {seed}, {done} edits)")
        wire.send("textDocument/didClose", {"textDocument": {"uri": uri}})
    wire.send("shutdown", None, 99)
    wire.answer(99)
    wire.send("exit")
    status, said = wire.end()
    print(f"{done} edits, {wrong} disagreements, exit {status}, {len(said)} characters on stderr")
    return wrong + bool(said) + status


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--edits", type=int, default=20_000)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    paths = sorted(path for path in options.folder.rglob("*") if path.is_file())
    return min(run(paths, options.edits, options.seed), 1)


if __name__ == "__main__":
    sys.exit(main())
