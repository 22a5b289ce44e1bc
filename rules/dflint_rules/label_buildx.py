"""The rule `label-buildx`."""

from __future__ import annotations

from functools import partial

from dflint.cst.instructions import Label, OnBuild
from dflint.lint.rule import Category, Invalid, Meta, Rule, Severity, Valid

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from dflint.lint.document import Document
    from dflint.lint.finding import Finding
    from dflint.lint.fix import Fix
    from dflint.semantic.occurrences import Occurrence


_KEYS = frozenset((
    "org.opencontainers.image.revision", "org.opencontainers.image.source",
    "com.docker.image.source.entrypoint",
))  # fmt: skip


class LabelBuildx(Rule):
    """A label says what the builder adds by itself.

    `docker buildx build` can write source, revision and creation time into the image
    (`BUILDX_GIT_LABELS`, and provenance attestations have them anyway). Written by hand they are
    as old as the last change of the file, or make every build another image.

    The fix takes the label out. It is unsafe: the image has one again only if it is built with
    `BUILDX_GIT_LABELS`, `full` for the source.

    Off unless selected: other builders do not add them.

    OCI image specification, "Pre-Defined Annotation Keys".
    """

    meta = Meta(
        "label-buildx",
        Category.LABELS,
        Severity.INFO,
        since="0.1",
        aliases=("tally/labels/no-buildx-git-overlap",),
        default=False,
        fix="unsafe",
    )
    on = (
        Label,
        OnBuild,
    )
    mentions = (
        "org.opencontainers.image.",
        "com.docker.image.source",
    )
    bad = (
        "FROM debian:12-slim\n"
        "LABEL "
        "org.opencontainers.image.revision=0123456789abcdef0123456789abcdef01234567\n"
    )
    good = "FROM debian:12-slim\nLABEL org.opencontainers.image.title=app\n"
    valid = (
        Valid("FROM a\nLABEL revision=b\n"),
        Valid("FROM a\nENV org.opencontainers.image.revision=b\n"),
    )
    invalid = (
        Invalid("FROM a\nLABEL b=c org.opencontainers.image.source=d\n",
                at="org.opencontainers.image.source",
                fixed="FROM a\nLABEL b=c\n", unsafe=True),
        Invalid("FROM a\n# e\nLABEL com.docker.image.source.entrypoint=Dockerfile\n",
                at="com.docker.image.source.entrypoint",
                fixed="FROM a\n# e\n", unsafe=True),
        Invalid("FROM a\nARG B\nLABEL \\\n  org.opencontainers.image.revision=$B \\\n  c=d\n",
                at="org.opencontainers.image.revision",
                fixed="FROM a\nARG B\nLABEL \\\n  c=d\n", unsafe=True),
        Invalid("FROM a\nONBUILD LABEL org.opencontainers.image.revision=b\n",
                at="org.opencontainers.image.revision"),
    )  # fmt: skip

    def check(self, doc: Document) -> Iterator[Finding]:
        """Report each."""
        for occurrence in doc.occurrences(Label):
            arguments = occurrence.reading.arguments
            for at in range(0, len(arguments), 3):
                if arguments[at].strip("\"'") in _KEYS:
                    yield self.finding(
                        doc,
                        occurrence.argument(at),
                        "buildx can add this label itself, and is never out of date; leave it out",
                        fix=partial(_fix, doc, occurrence, at),
                    )


def _fix(doc: Document, occurrence: Occurrence, at: int) -> Fix | None:
    from dflint.lint.fixing import Applicability, Contract, Effect, Fix
    from dflint.lint.pair_removal import pair_removal

    edit = None if occurrence.is_trigger else pair_removal(doc, occurrence.instruction, at)
    if edit is None:
        return None
    key, value = (one.strip("\"'") for one in occurrence.reading.arguments[at : at + 2])
    contract = Contract(keys=(f"Labels.{key}",))
    unsafe, effect = Applicability.UNSAFE, Effect.METADATA
    return Fix("remove the label", (edit,), unsafe, effect, lost=(value,), contract=contract)
