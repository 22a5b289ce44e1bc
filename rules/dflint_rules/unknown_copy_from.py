"""The rule `unknown-copy-from`."""

from __future__ import annotations

from functools import partial

from dflint.cst.instructions import Copy, Run
from dflint.lint.rule import Category, Invalid, Meta, Rule, Severity, Valid
from dflint.semantic.copy_sources import (
    copy_references,
    is_numbered_mount,
    meant_stage,
    stageless_copies,
)
from dflint.semantic.stages import ReferenceKind

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from dflint.lint.document import Document
    from dflint.lint.fix import Fix
    from dflint.lint.rule import Finding
    from dflint.semantic.stages import StageReference


#: What stages are called, and no image of Docker Hub's library is.
_NAMES = frozenset(("build", "builder", "build-env", "build-stage", "base", "deps", "compile"))


class UnknownCopyFrom(Rule):
    """`from` names a stage that does not exist.

    A number that no stage has stops the build. A name that no stage has is taken as an image
    or a named build context, so that a misspelt stage name ends in an attempt to pull an image.
    `RUN --mount` knows stages by name only: `from=0` is an image named `0`.

    A bare name that is like no stage's name may well be an image or a named context and is left
    alone, unless the file has no stage at all, or the name is one that stages have and no official
    image (`builder`).

    Dockerfile reference, "COPY --from" and "RUN --mount".
    """

    meta = Meta(
        "unknown-copy-from",
        Category.CORRECTNESS,
        Severity.ERROR,
        since="0.1",
        aliases=(
            "DL3022",
            "COPY_from_Without_FROM_Alias_Defined_Previously",
        ),
        fix="unsafe",
    )
    on = (Copy, Run)
    mentions = ("from=",)
    bad = (
        "FROM golang:1.25 AS builder\n"
        "WORKDIR /src\nCOPY . .\n"
        "RUN go build -o /app .\n"
        "\n"
        "FROM alpine:3.22\n"
        "COPY --from=bulider /app /app\n"
    )
    good = (
        "FROM golang:1.25 AS builder\n"
        "WORKDIR /src\nCOPY . .\n"
        "RUN go build -o /app .\n"
        "\n"
        "FROM alpine:3.22\n"
        "COPY --from=builder /app /app\n"
    )
    valid = (
        Valid("FROM a AS build\nFROM b\nCOPY --from=0 x y\nCOPY --from=Build x y\n"),
        Valid("FROM a AS nodes\nFROM b\nCOPY --from=node x y\nCOPY --from=context x y\n"),
        Valid("FROM a AS ab\nFROM b\nCOPY --from=a/b x y\nCOPY --from=ab:1 x y\n"),
    )
    invalid = (
        Invalid("FROM a\nFROM b\nCOPY --from=builder x y\n", at="builder"),
        Invalid("FROM a\nFROM b\nCOPY --from=2 x y\n", at="2"),
        Invalid(
            "FROM a AS builder\nFROM b\nCOPY \\\n  # x\n  --from=buidler x y\n",
            at="buidler",
            fixed="FROM a AS builder\nFROM b\nCOPY \\\n  # x\n  --from=builder x y\n",
            unsafe=True,
        ),
        Invalid("FROM a\nFROM b\nRUN --mount=from=0,target=/x x\n", at="0"),
        Invalid(
            "FROM a AS c\nFROM b\nRUN --mount=from=0,target=/x x\n",
            at="0",
            fixed="FROM a AS c\nFROM b\nRUN --mount=from=c,target=/x x\n",
            unsafe=True,
        ),
        Invalid("COPY --from=build x y\nCOPY --from=0 x y\n", at=("build", "0")),
    )

    def check(self, doc: Document) -> Iterator[Finding]:
        """Report the numbers that no stage has, and the names that are nearly a stage's."""
        if "from=" not in doc.text:
            return
        for reference in copy_references(doc.model):
            name = reference.text
            severity = self.severity
            if is_numbered_mount(reference):
                message = f"a mount takes no stage number: `{name}` is pulled as an image; name it"
            elif reference.kind is ReferenceKind.NO_SUCH_INDEX:
                last = len(doc.model.stages) - 1
                message = (
                    f"there is no stage {name}, the build stops: stages count from 0 to {last}"
                )
            else:
                meant = meant_stage(doc.model, reference)
                if meant is None and not _is_of_stages(reference):
                    continue
                message = f"no stage above is `{name}`, so it is pulled as an image; "
                message += f"did you mean `{meant}`?" if meant else "write `AS` behind the FROM"
                # It may be an image after all.
                severity = min(severity, Severity.WARNING)
            fix = partial(_fix, doc, reference)
            finding = self.finding(doc, reference.span, message, fix=fix)
            finding.severity = severity
            yield finding
        for name, span in stageless_copies(doc.model):
            message = f"there is no stage here that could be `{name}`"
            yield self.finding(doc, span, message + "; a stage begins with `FROM image AS name`")


def _is_of_stages(reference: StageReference) -> bool:
    return reference.kind is ReferenceKind.IMAGE and reference.text.lower() in _NAMES


def _fix(doc: Document, reference: StageReference) -> Fix | None:
    """Write the name of the stage that was meant."""
    from dflint.lint.fixing import SAME_IMAGE, Applicability, Edit, Effect, Fix

    meant = meant_stage(doc.model, reference)
    if is_numbered_mount(reference):
        index = int(reference.text[:6])
        above = index < reference.user.index
        meant = doc.model.stages[index].name if above else None
    if not meant or reference.span.slice(doc.text) != reference.text:
        return None
    edit = Edit(reference.span, meant)
    return Fix(f"write `{meant}`", [edit], Applicability.UNSAFE, Effect.FILES, contract=SAME_IMAGE)
