"""What is known of instructions that were laid out before makes no difference but to the time."""

from __future__ import annotations

import pytest

from dflint.cst.parser.build import parse
from dflint.format.formatter import format_source
from dflint.format.instruction import InstructionFormatter, LaidOut
from dflint.format.options import FormatOptions
from dflint.text.source import Source

OPTIONS = FormatOptions()
EDITS = (
    "from a\nrun  b &&   c\nrun  b &&   c\n",
    "from a\nrun  b &&   c\nenv A=1   B=2\nrun  b &&   c\n",
    # The same text is read by another shell.
    'from a\nSHELL ["powershell"]\nrun  b &&   c\n',
    "# escape=`\nfrom a\nrun  b &&   c\n",
    "from a\r\nrun  b &&   c\r\n",
    "from a\nrun  b &&   c\r\n\r\n\r\nrun  b &&   c\r\n",
    "from a\ncopy <<E   /x\n  b\nE\n",
    "from a\ncopy <<E   /x\n  c\nE\n",
)


def laid_out(text: str, known: LaidOut | None) -> str:
    return format_source(Source("Dockerfile", text.encode()), OPTIONS, parse(text), known).text


@pytest.mark.parametrize("rounds", [1, 3])
def test_the_text_is_the_same(rounds: int) -> None:
    known = LaidOut(OPTIONS)
    for text in EDITS * rounds:
        assert laid_out(text, known) == laid_out(text, None)


def test_an_instruction_is_laid_out_once(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[str] = []
    plain = InstructionFormatter._format

    def counted(self: InstructionFormatter, instruction: object, whole: str) -> object:
        seen.append(whole)
        return plain(self, instruction, whole)  # type: ignore[arg-type]

    monkeypatch.setattr(InstructionFormatter, "_format", counted)
    known = LaidOut(OPTIONS)
    laid_out("from a\nrun  b\nrun  c\n", known)
    assert len(seen) == 3
    laid_out("from a\nrun  b\nrun  d\n", known)
    assert seen[3:] == ["run  d\n"]
    laid_out("from a\n", known)
    laid_out("from a\nrun  b\n", known)
    assert seen[4:] == ["run  b\n"], "what is not met is forgotten"
