"""The rule `relative-copy-destination`."""

from __future__ import annotations

from functools import partial

from dflint.cst.instructions import Add, Copy, OnBuild
from dflint.lint.rule import Category, Invalid, Meta, Rule, Severity, Valid
from dflint.semantic.relative_destinations import relative_destinations
from dflint.text.quoted import quoted

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from dflint.cst.instructions import Instruction
    from dflint.lint.document import Document
    from dflint.lint.fix import Fix
    from dflint.lint.rule import Finding
    from dflint.text.span import Span


class RelativeCopyDestination(Rule):
    """A relative destination with no `WORKDIR` before it leads wherever the base image says.

    `COPY` and `ADD` join it to the working directory of the base image, which a new version of
    that image may change; then the files are elsewhere and whatever looks for them does not find
    them. Write an absolute destination, or a `WORKDIR` above.

    A `WORKDIR` of the stage or of a stage of the file that it is built on settles it, as does one
    that a trigger leaves. `ONBUILD COPY` runs in the directory that the image ends with. What
    begins with a variable of unknown value may be absolute and is passed over, and so is a path
    with a drive's letter. In `scratch` the directory is `/` for certain: worth a note only.

    The fix writes the absolute path where it is known in which directory the base begins: safe for
    `scratch`, unsafe for images that many build on, for which that may change. For others a path
    below `/` is proposed.

    Dockerfile reference, "WORKDIR".
    """

    meta = Meta(
        "relative-copy-destination",
        Category.CORRECTNESS,
        Severity.WARNING,
        since="0.1",
        aliases=("DL3045",),
        fix="safe",
    )
    on = (
        Copy,
        Add,
        OnBuild,
    )
    occasion = "relative destination"
    bad = 'FROM node:22-slim\nCOPY server.js ./\nCMD ["node", "server.js"]\n'
    good = 'FROM node:22-slim\nWORKDIR /app\nCOPY server.js ./\nCMD ["node", "server.js"]\n'
    valid = (
        Valid("FROM a AS b\nWORKDIR /c\nFROM b\nCOPY d e\nADD d e\n"),
        Valid('FROM a\nARG D\nCOPY b $D/c\nCOPY ["b", "/c"]\nCOPY b "C:\\\\c"\nADD b c:/d\n'),
        Valid("FROM a\nONBUILD COPY . .\nONBUILD WORKDIR c\nWORKDIR /b\n"),
    )
    invalid = (
        Invalid("FROM a\nCOPY b c/\nWORKDIR /x\nCOPY b c/\n", at="c/"),
        Invalid("FROM golang\nRUN make && cd /x\nCOPY b c/\n", at="c/"),
        Invalid("FROM a\nENV D=c\nADD b \\\n  # comment\n  ${D}/e\n", at="${D}/e"),
        Invalid(
            "FROM a\nONBUILD COPY . .\nFROM scratch\nCOPY <<E c\nE\nCOPY . ./\n",
            at=(".", "c", "./"),
            fixed="FROM a\nONBUILD COPY . .\nFROM scratch\nCOPY <<E /c\nE\nCOPY . /\n",
        ),
        Invalid(
            'FROM golang\nCOPY . .\nADD ["b", "./c/"]\nCOPY b .c\nCOPY b ..\nCOPY b ./../c\n',
            at=(".", '"./c/"', ".c", "..", "./../c"),
            fixed='FROM golang\nCOPY . /go/\nADD ["b", "/go/c/"]\nCOPY b /go/.c\nCOPY b ..\n'
            "COPY b ./../c\n",
            unsafe=True,
        ),
    )

    def check(self, doc: Document) -> Iterator[Finding]:
        """Report each destination that depends on the base image."""
        for found in relative_destinations(doc.model):
            path = quoted(found.path)
            if found.base == "scratch":
                message = f"{path} is relative to `/`, no `WORKDIR` says otherwise; write `/` first"
            else:
                base = quoted(found.base) if found.base else "the base image"
                message = (
                    f"{path} is relative to the working directory of {base}, which may change; "
                    "write an absolute path, or `WORKDIR` above"
                )
            last = len(found.occurrence.reading.arguments) - 1
            place = found.occurrence.argument(last)
            fix = partial(_fix, doc, place, found.occurrence.instruction)
            finding = self.finding(doc, place, message, fix=fix)
            if found.base == "scratch":
                finding.severity = min(self.severity, Severity.INFO)
            yield finding


def _fix(doc: Document, place: Span, instruction: Instruction) -> Fix | None:
    import dflint.lint.path_fixes as fixes  # costs less each time than a name of it

    return fixes.absolute_path(doc, place, doc.model.stage_of(instruction), is_destination=True)
