"""The rule `digest-pin`."""

from __future__ import annotations

from dflint.cst.instructions import From
from dflint.lint.rule import Category, Invalid, Meta, Rule, Severity, Valid

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from dflint.lint.document import Document
    from dflint.lint.finding import Finding


class DigestPin(Rule):
    """The base image is not pinned by a digest.

    A tag is a name that can be given to another image at any time: `debian:12-slim` of today is
    not that of next month. Only a digest says which image is meant (`debian:12-slim@sha256:…`);
    tools such as Renovate and Dependabot raise it with a change that can be reviewed.

    Off unless selected: what is pinned that way gets no fixes by itself, and who does not have a
    tool raise the digests is better off without. Not reported are `scratch`, stages of the file,
    and names of which a build argument without a default is part.

    Docker documentation, "Building best practices".
    """

    meta = Meta(
        "digest-pin",
        Category.REPRODUCIBILITY,
        Severity.INFO,
        since="0.1",
        aliases=(
            "dockerfile-source-not-pinned",
            "S7023",
        ),
        default=False,
    )
    on = (From,)
    bad = "FROM debian:12-slim\nRUN ./make\n"
    good = (
        "FROM "
        "debian:12-slim@sha256:0000000000000000000000000000000000000000000000000000000000000000\n"
        "RUN ./make\n"
    )
    valid = (
        Valid("FROM scratch\nCOPY a b\n"),
        Valid(
            "ARG DIGEST\n"
            "FROM $IMAGE\n"
            "FROM "
            "a@sha256:0000000000000000000000000000000000000000000000000000000000000000 "
            "AS b\n"
            "FROM b\n"
        ),
    )
    invalid = (
        Invalid("FROM a\nFROM b:1 AS c\nFROM c\n", at=("a", "b:1")),
        Invalid("ARG V=1\nFROM a:$V\n", at="a:$V"),
    )

    def check(self, doc: Document) -> Iterator[Finding]:
        """Report each."""
        for stage in doc.model.stages:
            instruction = stage.from_instruction
            if not _is_complete(stage.image):
                continue
            if stage.base is None and not stage.is_scratch and "@" not in stage.image:
                yield self.finding(
                    doc,
                    doc.argument(instruction, 0),
                    "the tag may name another image tomorrow; add the digest of the one that is "
                    "meant",
                )


def _is_complete(image: str) -> bool:
    """Whether nothing is missing where a variable had no value."""
    return bool(image) and not image.endswith((":", "/", "-", "@")) and not image.startswith("/")
