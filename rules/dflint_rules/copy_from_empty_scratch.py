"""The rule `copy-from-empty-scratch`."""

from __future__ import annotations

from dflint.cst.instructions import Add, Copy, OnBuild, Run, Workdir
from dflint.lint.rule import Category, Invalid, Meta, Rule, Severity, Valid

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from dflint.lint.document import Document
    from dflint.lint.finding import Finding


class CopyFromEmptyScratch(Rule):
    """A stage copies from one that has no file in it.

    A stage that begins with `FROM scratch` and has no `COPY`, `ADD`, `RUN` or `WORKDIR` is empty:
    whatever is copied from it is not there, and the build fails.

    Dockerfile reference, "FROM".
    """

    meta = Meta(
        "copy-from-empty-scratch",
        Category.CORRECTNESS,
        Severity.ERROR,
        since="0.1",
        aliases=("tally/copy-from-empty-scratch-stage",),
    )
    on = (Copy,)
    mentions = ("scratch",)
    bad = (
        "FROM scratch AS files\n"
        "LABEL team=web\n"
        "FROM debian:12-slim\n"
        "COPY --from=files /etc/app.conf /etc/app.conf\n"
    )
    good = (
        "FROM scratch AS files\n"
        "COPY app.conf /etc/app.conf\n"
        "FROM debian:12-slim\n"
        "COPY --from=files /etc/app.conf /etc/app.conf\n"
    )
    valid = (
        Valid("FROM scratch AS a\nWORKDIR /b\nFROM c\nCOPY --from=a /b /b\n"),
        Valid("FROM scratch AS a\nFROM b\nCOPY --from=a / /c\n"),
        Valid("FROM a AS scratchy\nFROM b\nCOPY --from=scratchy c d\n"),
    )
    invalid = (
        Invalid("FROM scratch AS a\nFROM b\nCOPY --from=a c d\n", at="a"),
        Invalid("FROM scratch\nENV A=b\nFROM c\nCOPY --from=0 d e\n", at="0"),
    )

    def check(self, doc: Document) -> Iterator[Finding]:
        """Report each."""
        for reference in doc.model.references:
            stage = reference.stage
            if stage is None or not isinstance(reference.instruction, Copy):
                continue
            chain = (stage, *stage.ancestors())
            if any("$" in one.from_instruction.line.text for one in chain):
                continue
            made = (Copy, Add, Run, Workdir, OnBuild)
            if "/" in reference.instruction.reading.arguments:
                continue  # all of nothing can be copied
            if chain[-1].is_scratch and not any(
                isinstance(one, made) for each in chain for one in each.instructions
            ):
                yield self.finding(
                    doc,
                    reference.span,
                    f"stage {stage.title} is empty, so that the build fails here; copy into it "
                    "first, or "
                    "name another stage",
                )
