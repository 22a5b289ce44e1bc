"""Shell bodies of the shared corpus, cut out of the sources by the oracle's lines."""

from __future__ import annotations

import json
import lzma
import re
from dataclasses import dataclass
from pathlib import Path

from dflint.shell.dialect import Dialect, dialect_of, dialect_of_heredoc
from dflint.shell.script import Script, read_heredoc, read_shell_form

_KEYWORDS = ("RUN", "CMD", "ENTRYPOINT")
_LONE_HEREDOC = re.compile(r"<<(-?)\S+")


@dataclass(frozen=True)
class Body:
    file: str
    line: int
    source: str  # the whole Dockerfile
    start: int
    end: int
    escape: str
    joined: str  # what BuildKit gives to the shell
    dialect: Dialect
    heredoc: str | None  # the marker when the body is a heredoc's

    def read(self) -> Script:
        text = self.source[self.start : self.end]
        if self.heredoc is None:
            return read_shell_form(text, self.start, self.escape)
        return read_heredoc(text, self.start, self.heredoc.startswith("<<-"))


def shell_bodies(shared: Path, every: int = 1):
    """The shell-form bodies of every n-th file of the corpus."""
    with lzma.open(shared / "oracle/buildkit-dev.jsonl.xz", "rt") as rows:
        for number, line in enumerate(rows):
            row = json.loads(line) if number % every == 0 else {}
            if row.get("ast"):
                data = (shared / "corpus/dev" / row["file"]).read_bytes()
                source = data.decode("utf-8", "surrogateescape").removeprefix("\ufeff")
                yield from _file_bodies(row, source)


def _file_bodies(row, source):
    starts = [0, *(match.end() for match in re.finditer("\n", source)), len(source)]
    escape = row.get("escape") or "\\"
    shell = base_image = None
    for instruction in row["ast"]:
        keyword, words = instruction["c"].upper(), instruction.get("a") or []
        is_json = (instruction.get("t") or {}).get("json")
        if keyword == "FROM":
            shell, base_image = None, words[0] if words else None
        elif keyword == "SHELL":
            shell = words
        elif keyword in _KEYWORDS and not is_json and len(words) == 1:
            dialect = dialect_of(shell, "", base_image)
            yield _body(row["file"], source, starts, escape, instruction, dialect)


def _body(file, source, starts, escape, instruction, dialect):
    first, last = instruction["s"], instruction["e"]
    line_start, end = starts[first - 1], starts[min(last, len(starts) - 1)]
    gap = rf"(?:[ \t]|{re.escape(escape)}[ \t]*\r?\n(?:\s*#[^\n]*\n|[ \t\r]*\n)*)*"
    flags = len(instruction.get("f") or [])
    head = re.compile(
        rf"\s*{instruction['c']}{gap}(?:--[\w-]+(?:=(?:[^\s\\]|\\[^\s])*)?{gap}){{{flags}}}", re.I
    )
    start = head.match(source, line_start).end()
    heredocs = instruction.get("h") or []
    joined = instruction["a"][0]
    marker = None
    if heredocs and _LONE_HEREDOC.fullmatch(joined):
        marker, joined = joined, heredocs[0]["Content"]
        start = source.index("\n", start) + 1
        end = start + len(joined)
        if marker.startswith("<<-"):
            joined = re.sub(r"(?m)^\t+", "", joined)
        dialect = dialect_of_heredoc(joined, dialect)
    else:
        joined += "".join(f"\n{item['Content']}{item['Name']}" for item in heredocs)
    return Body(file, first, source, start, end, escape, joined, dialect, marker)
