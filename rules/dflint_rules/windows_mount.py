"""The rule `windows-mount`."""

from __future__ import annotations

from dflint.cst.instructions import Run
from dflint.lint.rule import Category, Invalid, Meta, Rule, Severity, Valid
from dflint.lint.windows_steps import WINDOWS_MARKS, is_windows

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from dflint.lint.document import Document
    from dflint.lint.rule import Finding

_CORE = "FROM mcr.microsoft.com/windows/servercore:ltsc2022\n"


class WindowsMount(Rule):
    """`RUN --mount` is used in a stage for Windows.

    Secrets, SSH agents and tmpfs are mounted with means of Linux, and Docker's builder for Windows
    does not have `RUN --mount` at all: the build stops. Copy what is needed, and fetch secrets at
    run time.

    Docker documentation, "Windows containers" of BuildKit.
    """

    meta = Meta(
        "windows-mount",
        Category.CORRECTNESS,
        Severity.WARNING,
        since="0.1",
        aliases=("tally/windows/no-run-mounts",),
    )
    on = (Run,)
    mentions = WINDOWS_MARKS
    bad = _CORE + "RUN --mount=type=secret,id=key install.cmd\n"
    good = _CORE + "RUN install.cmd\n"
    valid = (
        Valid("FROM a\nRUN --mount=type=cache,target=/b c\n"),
        Valid(
            _CORE + "RUN a --mount=type=cache\nFROM alpine\nRUN --mount=type=tmpfs,target=/a b\n"
        ),
    )
    invalid = (
        Invalid('FROM a\nSHELL ["cmd", "/C"]\nRUN --mount=target=/b c\n', at="--mount=target=/b"),
        Invalid(_CORE + "RUN --mount=type=cache,target=/a b\n", at="--mount=type=cache,target=/a"),
        Invalid(
            "FROM --platform=windows/amd64 a\nRUN --network=none --mount=target=/b c\n",
            at="--mount=target=/b",
        ),
    )

    def check(self, doc: Document) -> Iterator[Finding]:
        """Report the first mount of each RUN."""
        for run in doc.all(Run):
            if run.reading.flag("mount") is not None and is_windows(doc, run):
                yield self.finding(
                    doc,
                    doc.flag(run, "mount"),
                    "the builder for Windows has no `RUN --mount`: the build stops; copy what is "
                    "needed",
                )
