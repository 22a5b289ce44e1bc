"""The rule `run-in-scratch`."""

from __future__ import annotations

from dflint.cst.instructions import Add, Copy, Run
from dflint.lint.rule import Category, Invalid, Meta, Rule, Severity, Valid

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from dflint.lint.document import Document
    from dflint.lint.finding import Finding


class RunInScratch(Rule):
    """A `RUN` in an empty image finds no program to run.

    `scratch` has no file: no shell for the shell form, no program for the exec form. Unless
    something was copied in before, or is mounted, the build fails with `no such file or
    directory`.

    Docker documentation, "Create a base image".
    """

    meta = Meta(
        "run-in-scratch",
        Category.CORRECTNESS,
        Severity.ERROR,
        since="0.1",
        aliases=("tally/shell-run-in-scratch",),
    )
    on = (Run,)
    mentions = ("scratch",)
    bad = 'FROM scratch\nRUN mkdir /data\nCOPY app /app\nENTRYPOINT ["/app"]\n'
    good = 'FROM scratch\nWORKDIR /data\nCOPY app /app\nENTRYPOINT ["/app"]\n'
    valid = (
        Valid("FROM scratch\nADD rootfs.tar /\nRUN a\n"),
        Valid("FROM scratch\nRUN --mount=from=busybox,dst=/bin,source=/bin a\n"),
        Valid("FROM a\nRUN b\n"),
    )
    invalid = (
        Invalid("FROM scratch\nENV A=b\nRUN c\nRUN d\n", at="RUN"),
        Invalid('FROM a\nFROM scratch AS b\nRUN ["/c"]\nCOPY d e\n', at="RUN"),
    )

    def check(self, doc: Document) -> Iterator[Finding]:
        """Report each."""
        for stage in doc.model.stages:
            if not stage.is_scratch:
                continue
            for instruction in stage.instructions:
                if isinstance(instruction, (Copy, Add)):
                    break
                if isinstance(instruction, Run):
                    if not instruction.reading.flag_values("mount"):
                        yield self.finding(
                            doc,
                            doc.keyword(instruction),
                            "the image is empty here: there is no shell and no program, and the "
                            "build "
                            "fails; do this in another stage and copy what it makes",
                        )
                    break
