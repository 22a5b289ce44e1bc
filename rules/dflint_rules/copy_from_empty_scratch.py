"""The rule `copy-from-empty-scratch`."""

from __future__ import annotations

from dflint.cst.instructions import Add, Copy, Run, Workdir
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
        Valid("FROM scratch AS a\nWORKDIR /b/c\nFROM d\nCOPY --from=a b /b*/$E f/\n"),
        Valid("FROM scratch AS a\nWORKDIR /b\nFROM c\nCOPY --from=a /b /b\n"),
        Valid("FROM scratch AS a\nFROM b\nCOPY --from=a / /c\n"),
        Valid("FROM a AS scratchy\nFROM b\nCOPY --from=scratchy c d\n"),
    )
    invalid = (
        Invalid("FROM scratch AS a\nWORKDIR /b\nFROM c\nCOPY --from=a /d /d\n", at="a"),
        Invalid("FROM scratch AS a\nONBUILD COPY b c\nFROM d\nCOPY --from=a c c\n", at="a"),
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
            sources = reference.instruction.reading.arguments[:-1]
            if "/" in sources or not chain[-1].is_scratch:
                continue  # all of nothing can be copied
            inside = [one for each in chain for one in each.instructions]
            if any(isinstance(one, (Copy, Add, Run)) for one in inside):
                continue
            made = [
                doc.model.state_after(one).workdir or ""
                for one in inside
                if isinstance(one, Workdir)
            ]
            if not any(_is_made(source, made) for source in sources):
                yield self.finding(
                    doc,
                    reference.span,
                    f"stage {stage.title} is empty, so that the build fails here; copy into it "
                    "first, or "
                    "name another stage",
                )


def _is_made(source: str, directories: list[str]) -> bool:
    """Whether a source may be one of the directories that WORKDIR has made, or hold one."""
    path = "/" + source.strip("/")
    return bool(directories) and (
        any(sign in path for sign in "$*?[")
        or any(f"{one}/".startswith(f"{path}/") for one in directories)
    )
