"""The rule `windows-chown`."""

from __future__ import annotations

from functools import partial

from dflint.cst.instructions import Add, Copy
from dflint.lint.rule import Category, Invalid, Meta, Rule, Severity, Valid
from dflint.lint.windows_steps import WINDOWS_MARKS, is_windows

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from dflint.cst.instructions import Instruction
    from dflint.lint.document import Document
    from dflint.lint.fix import Fix
    from dflint.lint.rule import Finding

_CORE = "FROM mcr.microsoft.com/windows/servercore:ltsc2022\n"


class WindowsChown(Rule):
    """`--chown` or `--chmod` is used in a stage for Windows, where it does nothing.

    Owners and modes are those of Linux; Windows has access control lists. Set them with `icacls`
    in a RUN.

    Dockerfile reference, "COPY --chown --chmod": "not supported on Windows containers".
    """

    meta = Meta(
        "windows-chown",
        Category.CORRECTNESS,
        Severity.WARNING,
        since="0.1",
        aliases=("tally/windows/no-chown-flag",),
        fix="unsafe",
    )
    on = (Copy, Add)
    mentions = WINDOWS_MARKS
    bad = _CORE + "COPY --chown=app app.exe C:/app/\n"
    good = _CORE + "COPY app.exe C:/app/\n"
    valid = (
        Valid("FROM a\nCOPY --chown=b --chmod=644 c /d/\n"),
        Valid(_CORE + "COPY --link a C:/b/\nFROM a\nADD --chown=b c /d/\n"),
    )
    invalid = (
        Invalid('FROM a\nSHELL ["powershell"]\nCOPY --chown=b c d\n', at="--chown=b",
                fixed='FROM a\nSHELL ["powershell"]\nCOPY c d\n', unsafe=True),
        Invalid(_CORE + "COPY --chown=a --chmod=644 b C:/c/\n", at=("--chown=a", "--chmod=644"),
                fixed=_CORE + "COPY b C:/c/\n", unsafe=True),
        Invalid("FROM golang:1.24-nanoserver\nADD --link --chmod=1 b C:/c/\n", at="--chmod=1",
                fixed="FROM golang:1.24-nanoserver\nADD --link b C:/c/\n", unsafe=True),
    )  # fmt: skip

    def check(self, doc: Document) -> Iterator[Finding]:
        """Report each flag."""
        for instruction in (*doc.all(Copy), *doc.all(Add)):
            for name in ("chown", "chmod"):
                if instruction.reading.flag(name) is not None and is_windows(doc, instruction):
                    yield self.finding(
                        doc,
                        doc.flag(instruction, name),
                        f"`--{name}` does nothing for Windows; set the rights with `icacls`",
                        fix=partial(_fix, doc, instruction, name),
                    )


def _fix(doc: Document, instruction: Instruction, name: str) -> Fix:
    from dflint.lint.edits import flag_removal
    from dflint.lint.fixing import SAME_IMAGE, Applicability, Effect, Fix

    edits = (flag_removal(doc, instruction, name),)
    unsafe, effect = Applicability.UNSAFE, Effect.FILES
    return Fix(f"remove `--{name}`", edits, unsafe, effect, contract=SAME_IMAGE)
