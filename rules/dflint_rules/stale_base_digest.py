"""The rule `stale-base-digest`."""

from __future__ import annotations

from functools import partial

from dflint.cst.instructions import Label
from dflint.lint.rule import Category, Invalid, Meta, Rule, Severity, Valid

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from dflint.lint.document import Document
    from dflint.lint.finding import Finding
    from dflint.lint.fix import Fix
    from dflint.semantic.stages import Stage


_KEY = "org.opencontainers.image.base.digest"


class StaleBaseDigest(Rule):
    """A label names another base image than `FROM` does.

    `org.opencontainers.image.base.digest` is where scanners and registries look to find out
    whether an image is built on one that has been replaced. When `FROM` is raised and the label
    is not, they compare with an image that has nothing to do with it.

    The fix writes the digest of `FROM`. It is unsafe, as only whoever wrote them knows which of the
    two is right, and there is none where a build argument is part of `FROM`.

    OCI image specification, "Pre-Defined Annotation Keys".
    """

    meta = Meta(
        "stale-base-digest",
        Category.CORRECTNESS,
        Severity.WARNING,
        since="0.1",
        aliases=("tally/labels/no-stale-base-digest",),
        fix="unsafe",
    )
    on = (Label,)
    mentions = ("org.opencontainers.image.base.digest",)
    bad = (
        "FROM "
        "debian:12-slim@sha256:0000000000000000000000000000000000000000000000000000000000000000\n"
        "LABEL "
        "org.opencontainers.image.base.digest=sha256:1111111111111111111111111111111111111111111111111111111111111111\n"
    )
    good = (
        "FROM "
        "debian:12-slim@sha256:0000000000000000000000000000000000000000000000000000000000000000\n"
        "LABEL "
        "org.opencontainers.image.base.digest=sha256:0000000000000000000000000000000000000000000000000000000000000000\n"
    )
    valid = (
        Valid(
            "FROM a\n"
            "LABEL "
            "org.opencontainers.image.base.digest=sha256:1111111111111111111111111111111111111111111111111111111111111111\n"
        ),
        Valid(
            "FROM "
            "a@sha256:0000000000000000000000000000000000000000000000000000000000000000\n"
            "LABEL org.opencontainers.image.base.digest=$X b=sha256:1\n"
        ),
    )
    invalid = (
        Invalid(
            "FROM a@sha256:0000000000000000000000000000000000000000000000000000000000000000 AS b\n"
            "FROM b\nLABEL org.opencontainers.image.base.digest=sha256:1\n",
            at="sha256:1",
            fixed=(
                "FROM a@sha256:"
                "0000000000000000000000000000000000000000000000000000000000000000 AS b\n"
                "FROM b\nLABEL org.opencontainers.image.base.digest=sha256:"
                "0000000000000000000000000000000000000000000000000000000000000000\n"
            ),
            unsafe=True,
        ),
        Invalid(
            (
                "FROM "
                "a@sha256:0000000000000000000000000000000000000000000000000000000000000000\n"
                "LABEL b=c \\\n"
                '  org.opencontainers.image.base.digest="sha256:1"\n'
            ),
            at='"sha256:1"',
            fixed=(
                "FROM "
                "a@sha256:0000000000000000000000000000000000000000000000000000000000000000\n"
                "LABEL b=c \\\n"
                '  org.opencontainers.image.base.digest="sha256:'
                '0000000000000000000000000000000000000000000000000000000000000000"\n'
            ),
            unsafe=True,
        ),
        Invalid(
            (
                "ARG "
                "D=sha256:0000000000000000000000000000000000000000000000000000000000000000\n"
                "FROM a@$D\n"
                "LABEL org.opencontainers.image.base.digest sha256:2\n"
            ),
            at="sha256:2",
        ),
    )

    def check(self, doc: Document) -> Iterator[Finding]:
        """Report each."""
        for stage in doc.model.stages:
            _, at, digest = (stage, *stage.ancestors())[-1].image.partition("@")
            if not at or not digest.startswith("sha256:"):
                continue
            for instruction in stage.instructions:
                if not isinstance(instruction, Label):
                    continue
                arguments = instruction.reading.arguments
                for place in range(0, len(arguments), 3):
                    value = arguments[place + 1].strip("\"'")
                    is_digest = value.startswith("sha256:") and "$" not in value
                    if arguments[place] == _KEY and is_digest and value != digest:
                        yield self.finding(
                            doc,
                            doc.argument(instruction, place + 1),
                            "the stage is built on another image than this label says; write the "
                            "digest of `FROM`, or leave the label to what builds",
                            fix=partial(_fix, doc, stage, instruction, place + 1, value, digest),
                        )


def _fix(
    doc: Document, stage: Stage, label: Label, place: int, value: str, digest: str
) -> Fix | None:
    from dflint.lint.contract import may_set
    from dflint.lint.fixing import Applicability, Edit, Effect, Fix, Span

    bottom = (stage, *stage.ancestors())[-1]
    if "$" in "".join(bottom.from_instruction.reading.arguments[:1]):
        return None
    span = doc.argument(label, place)
    at = span.slice(doc.text).find(value)
    if at < 0:
        return None
    edit = Edit(Span(span.start + at, span.start + at + len(value)), digest)
    level, effect = Applicability.UNSAFE, Effect.METADATA
    title, contract = "write the digest of the base image", may_set("label")
    return Fix(title, (edit,), level, effect, lost=(value,), contract=contract)
